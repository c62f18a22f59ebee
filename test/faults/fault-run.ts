import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, expect } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import { StandinError, type StandinErrorCode } from "../../src/errors.ts";
import type { Report } from "../../src/pipeline/report.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { TEST_KEY } from "../test-key.ts";
import { CANARY, type Ends, type FaultSystem } from "./fault-system.ts";

/** Whoever makes temporary files, in this process or in one of its own, makes them here: P20, none is left when the tests of a file are over. */
const temporary = mkdtempSync(join(tmpdir(), "standin-fault-"));
process.env.TMPDIR = temporary;
// Servers of the tests' own run as another user.
chmodSync(temporary, 0o755);
afterAll(() => {
  const left = readdirSync(temporary);
  rmSync(temporary, { recursive: true });
  expect(left).toEqual([]);
});

/** Longer than any clean-up takes, and shorter than a test may. */
export const SOON = 30_000;

/** How a run ended, and everything that it told on its way. */
export interface Outcome {
  readonly report: Report | null;
  readonly error: StandinError | null;
}

/**
 * Runs a policy, by itself the one of `events` and `visits`, and holds the end against what is true of every run, failed or not: it comes
 * soon, its error is one of ours, nothing that it tells holds a value.
 */
export async function runToEnd(ends: Pick<Policy, "source" | "target">, options: RunToEnd = {}): Promise<Outcome> {
  const { note = keep(), tables = tablesWith(note), soon = SOON, ...rest } = options;
  const told: unknown[] = [];
  const started = performance.now();
  const outcome: Outcome = await refresh(
    { ...ends, tables },
    {
      key: TEST_KEY,
      ...rest,
      onProgress: (event) => {
        told.push(event);
        rest.onProgress?.(event);
      },
    },
  ).then(
    (report) => ({ report, error: null }),
    (error: unknown) => ({ report: null, error: error as StandinError }),
  );
  expect(performance.now() - started).toBeLessThan(soon);
  const { error, report } = outcome;
  if (error !== null) expect(error, inspect(error)).toBeInstanceOf(StandinError);
  const spoken = [error?.message, error?.stack, error?.hint, JSON.stringify([error, report, told])];
  expect([...spoken, inspect([error, report], { depth: 20, showHidden: true })].join("\n")).not.toContain(CANARY);
  return outcome;
}

export interface RunToEnd extends RefreshOptions {
  readonly note?: Rule;
  readonly tables?: Policy["tables"];
  /** Milliseconds in which the run must end. */
  readonly soon?: number;
}

export const tablesWith = (note: Rule): Policy["tables"] => ({
  events: { id: keep(), code: keep(), note },
  visits: { id: keep(), remark: keep() },
});

/** A run that must fail while rows move, with a code of these. */
export async function expectFailure(code: StandinErrorCode, run: Promise<Outcome>): Promise<StandinError> {
  const { error } = await run;
  expect({ code: error?.code, phase: error?.phase }, inspect(error)).toEqual({ code, phase: "during" });
  return error!;
}

/** Sessions that a run left behind would hold its locks; they must go by themselves. */
export const expectNoSessions = (system: FaultSystem, ...urls: string[]) =>
  expect.poll(() => system.sessions(...urls), { timeout: 10_000 }).toBe(0);

/** Two databases for the tests of a suite: a full source, which no run may change, and a target of five events. */
export function sharedEnds(system: FaultSystem, events: number): Ends {
  const ends = { source: "", target: "" };
  let release = () => {};
  let released: Promise<void>;
  let sourceBefore: string;
  beforeAll(
    () =>
      new Promise<void>((resolve, reject) => {
        released = system.withDatabases(["standin_fault_source", "standin_fault_target"], async (source, target) => {
          await system.fill(source!, events);
          await system.fill(target!, 5);
          Object.assign(ends, { source, target });
          sourceBefore = await system.picture(source!);
          resolve();
          await new Promise<void>((done) => {
            release = done;
          });
        });
        released.catch(reject);
      }),
  );
  afterAll(async () => {
    const isUnchanged = (await system.picture(ends.source)) === sourceBefore;
    release();
    await released;
    expect(isUnchanged).toBe(true);
  });
  return ends;
}
