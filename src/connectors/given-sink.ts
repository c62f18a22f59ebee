import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type { DataSchema, Sink, SystemName, TableToWrite, TableWriter } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import { tableName } from "../table-ref.ts";
import { untilAborted } from "../until-aborted.ts";
import { errorCode } from "./error-code.ts";
import type { ByteSink } from "./file-bytes.ts";
import { StreamBytes } from "./stream-bytes.ts";

/** What takes the bytes of one table, where more is to be waited for, or done, than the stream's own end. */
export interface GivenTarget {
  readonly stream: Writable;
  /** Resolves when what was written is there for readers: an upload that is completed. Called once the stream has ended. */
  done?(): Promise<unknown>;
  /** Takes back what was written: an upload that is given up. Called in place of `done`, once the stream is destroyed, and waited for ten seconds at most. */
  abort?(): Promise<unknown>;
}

/** Opens what takes the bytes of a table, by its name as a policy writes it. */
export type OpenTarget = (table: string) => Writable | GivenTarget | Promise<Writable | GivenTarget>;

/** How a format writes a table into bytes. */
export type WriterOf = (toWrite: TableToWrite, bytes: ByteSink) => TableWriter | Promise<TableWriter>;

const GIVE_UP_MILLISECONDS = 10_000;

interface Opened {
  readonly table: string;
  readonly target: GivenTarget;
  readonly bytes: StreamBytes;
}

/**
 * Writes each table to a stream that the caller opens. No stream is ended before `commit`, which then ends all: what is published at the end of its stream (an
 * upload in parts) is not there before. A run that fails destroys them. Between the end of the first and of the last there is no undoing.
 */
export class GivenSink implements Sink {
  readonly system: SystemName;
  readonly #open: OpenTarget;
  readonly #writerOf: WriterOf;
  #opened: Opened[] = [];
  #signal = new AbortController().signal;

  constructor(system: SystemName, open: OpenTarget, writerOf: WriterOf) {
    this.system = system;
    this.#open = open;
    this.#writerOf = writerOf;
  }

  async open(): Promise<void> {}

  async identity(): Promise<string> {
    return `${this.system}:given:out`;
  }

  /** Takes any table. */
  async schema(): Promise<DataSchema> {
    return { system: this.system, tables: [] };
  }

  async begin(_tables: unknown, _definition: unknown, signal: AbortSignal): Promise<{ notes: readonly string[] }> {
    this.#signal = signal;
    return { notes: [] };
  }

  async writer(toWrite: TableToWrite): Promise<TableWriter> {
    const table = tableName(toWrite.table.ref);
    const target = await this.#openTarget(table);
    const other = this.#opened.find((one) => one.target.stream === target.stream);
    if (other !== undefined) throw failed(table, `is the stream that ${other.table} is written to: open one for each table`);
    const bytes = new StreamBytes(target.stream);
    bytes.watch(this.#signal);
    this.#opened.push({ table, target, bytes });
    return this.#writerOf(toWrite, bytes);
  }

  async commit(): Promise<void> {
    const done: string[] = [];
    for (const { table, target, bytes } of this.#opened) {
      try {
        bytes.check();
        target.stream.end();
        await untilAborted(finished(target.stream, { readable: false }), this.#signal);
        await untilAborted(Promise.resolve(target.done?.()), this.#signal);
      } catch (error) {
        const already = done.length === 0 ? "" : ` Already complete: ${done.join(", ")}.`;
        await this.#giveUp(done);
        throw failed(table, `could not be completed (${errorCode(error)}).${already}`);
      }
      done.push(table);
    }
    for (const { bytes } of this.#opened) bytes.unwatch();
    this.#opened = [];
  }

  rollback(): Promise<void> {
    return this.#giveUp([]);
  }

  close(): Promise<void> {
    return this.#giveUp([]);
  }

  async #openTarget(table: string): Promise<GivenTarget> {
    const opening = (async () => this.#open(table))();
    const given = await untilAborted(opening, this.#signal).catch((error) => {
      // One that comes too late is of no use to anybody.
      opening.then((late) => giveUp(asTarget(late))).catch(() => {});
      this.#signal.throwIfAborted();
      throw failed(table, `could not be opened (${errorCode(error)})`);
    });
    const target = asTarget(given);
    if (target === null) throw failed(table, "is no stream that can be written to");
    return target;
  }

  /** Gives up all but those that are done. */
  async #giveUp(done: readonly string[]): Promise<void> {
    const opened = this.#opened;
    this.#opened = [];
    const givenUp = opened.filter(({ table }) => !done.includes(table));
    for (const { table, bytes } of opened) if (done.includes(table)) bytes.unwatch();
    // Their listeners stay: what a destroyed stream says of it must not end the process.
    await Promise.all(givenUp.map(({ target }) => giveUp(target)));
  }
}

/** Whatever the caller's own `abort` does, the others are given up, and the run ends. */
async function giveUp(target: GivenTarget | null): Promise<void> {
  target?.stream.destroy();
  if (target?.abort === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GIVE_UP_MILLISECONDS);
  });
  const aborted = (async () => target.abort?.())().catch(() => {});
  await Promise.race([aborted, late]);
  clearTimeout(timer);
}

function asTarget(given: Writable | GivenTarget | undefined): GivenTarget | null {
  if (typeof given !== "object" || given === null) return null;
  const target: GivenTarget = "write" in given ? { stream: given } : given;
  return typeof target.stream?.write === "function" ? target : null;
}

function failed(table: string, what: string): StandinError {
  return new StandinError("SINK_FAILED", `The target of ${table} ${what}${what.endsWith(".") ? "" : "."}`, { table });
}
