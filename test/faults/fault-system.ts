import type { Sink, Source } from "../../src/contracts.ts";

/** Begins every text of the source: found anywhere in what a run tells, it has told a value. */
export const CANARY = "CANARY-7f3a";

/** The two databases of a run, by their URLs. */
export interface Ends {
  readonly source: string;
  readonly target: string;
}

/** A database server, and what a fault needs to know of it. */
export interface FaultSystem {
  readonly name: string;
  /** Describes a suite that needs the server, or skips it visibly. */
  readonly describe: (name: string, suite: () => void) => void;
  withDatabases(prefixes: readonly string[], use: (...urls: string[]) => Promise<void>): Promise<void>;
  /** Makes `events` (id, code unique, note), so many of them, and `visits` (id, event_code, remark), which points to three of them, with a trigger. */
  fill(url: string, events: number): Promise<void>;
  /** Takes away what `fill` made. */
  clear(url: string): Promise<void>;
  run(url: string, sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Ends every session in some databases, and waits until they are gone. */
  endSessions(...urls: string[]): Promise<void>;
  /** How many sessions are in some databases. */
  sessions(...urls: string[]): Promise<number>;
  /** Everything in a database as text: definitions and rows. */
  picture(url: string): Promise<string>;
  source(url: string, silenceSeconds: number): Source;
  sink(url: string, silenceSeconds: number): Sink;
  readonly sql: {
    /** Lets events.note hold numbers only, with no row there. */
    readonly noteIsNumber: string;
    /** Adds a visit to an event that is not there. */
    readonly visitOfNothing: string;
    /** Takes away what the server itself would break when it is cut off while publishing. */
    readonly fragile: string;
  };
}
