import { inspect } from "node:util";
import { expect, it } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import { StandinError, type StandinErrorCode } from "../../src/errors.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { TEST_KEY } from "../test-key.ts";

/** Begins every text of the source: found anywhere in an error, it has told a value. */
export const CANARY = "CANARY-7f3a";

export interface FaultServer {
  withDatabases(prefixes: readonly string[], use: (...urls: string[]) => Promise<void>): Promise<void>;
  /** Makes `events` (id, code unique, note), so many of them, and `visits` (id, event_code), which points to three of them, with a trigger. */
  fill(url: string, events: number): Promise<void>;
  run(url: string, sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Ends every session in a database, and waits until they are gone. */
  endSessions(url: string): Promise<void>;
  /** Everything in a database as text: definitions and rows. */
  picture(url: string): Promise<string>;
  readonly sql: {
    /** Lets events.note hold numbers only, with no row there. */
    readonly noteIsNumber: string;
    /** Adds a visit to an event that is not there. */
    readonly visitOfNothing: string;
    /** Takes away what the server itself would break when it is cut off while publishing. */
    readonly fragile: string;
  };
}

/** So many rows that neither end's buffers hold them, and so early a blow that most are still to come. */
const MANY = 200_000;
const BLOW_AT = 20_000;
/** Longer than any clean-up takes, and shorter than a test may. */
const SOON = 30_000;

interface Ends {
  readonly source: string;
  readonly target: string;
}

/** Faults in the middle of a run: the same claims for every server. */
export function survivesFaults(server: FaultServer): void {
  /** Spoils one end, runs into the fault, and holds the target against what it was. */
  const between = (events: number, spoil: (ends: Ends) => Promise<unknown>, fail: (ends: Ends) => Promise<unknown>) =>
    server.withDatabases(["standin_fault_source", "standin_fault_target"], async (source, target) => {
      await server.fill(source, events);
      await spoil({ source, target });
      const before = await server.picture(target);
      await fail({ source, target });
      const after = await server.picture(target);
      expect(after).toBe(before);
    });
  const filled = ({ target }: Ends) => server.fill(target, 5);
  const empty = () => Promise.resolve();

  const targets = { filled, empty };
  it.each([
    ["source", "filled"],
    ["target", "filled"],
    ["source", "empty"],
    ["target", "empty"],
  ] as const)(
    "tells CONNECTION_LOST when the server ends the session of the %s, and leaves a target that is %s as it was",
    (end, state) =>
      between(MANY, targets[state], async (ends) => {
        const { note, onProgress } = blow(() => server.endSessions(ends[end]));
        await expectFailure("CONNECTION_LOST", runOf(ends, note, { onProgress }));
      }),
  );

  it("tells ABORTED when the caller stops it, and leaves the target as it was", () =>
    between(MANY, filled, async (ends) => {
      const controller = new AbortController();
      const { note, onProgress } = blow(() => controller.abort());
      await expectFailure("ABORTED", runOf(ends, note, { onProgress, signal: controller.signal }));
    }));

  it("tells TRANSFORM_FAILED when a mask throws on the last row, and leaves the target as it was", () =>
    between(MANY, filled, async (ends) => {
      let calls = 0;
      const note = custom((value) => {
        if (++calls === MANY) throw new Error(`cannot mask ${value}`);
        return value;
      });
      const { table, column } = await expectFailure("TRANSFORM_FAILED", runOf(ends, note));
      expect({ calls, table, column }).toEqual({ calls: MANY, table: "events", column: "note" });
    }));

  it("tells SINK_REJECTED when the target refuses a duplicate, and leaves it as it was", () =>
    between(
      50,
      async ({ source, target }) => {
        await server.fill(target, 5);
        await server.run(target, "CREATE UNIQUE INDEX one_of_each ON events (note)");
        await server.run(source, `UPDATE events SET note = '${CANARY} again' WHERE id > 48`);
      },
      (ends) => expectFailure("SINK_REJECTED", runOf(ends, keep())),
    ));

  it("tells SINK_REJECTED when the target's type cannot hold a value, and leaves it as it was", () =>
    between(
      50,
      async ({ target }) => {
        await server.fill(target, 0);
        await server.run(target, server.sql.noteIsNumber);
      },
      (ends) => expectFailure("SINK_REJECTED", runOf(ends, keep())),
    ));

  it.each(["filled", "empty"] as const)(
    "tells REFERENCE_BROKEN when a row points nowhere, and leaves a target that is %s as it was",
    (state) =>
      between(
        50,
        async (ends) => {
          await targets[state](ends);
          await server.run(ends.source, server.sql.visitOfNothing);
        },
        (ends) => expectFailure("REFERENCE_BROKEN", runOf(ends, keep())),
      ),
  );

  it.each([0, 5, 10, 15, 20, 25, 30, 40])(
    "holds all of the old rows or all of the new when its session ends %s ms into publishing, and the next run puts everything right",
    (delay) =>
      server.withDatabases(["standin_fault_source", "standin_fault_target"], async (source, target) => {
        await server.fill(source, 50);
        await server.fill(target, 5);
        for (const url of [source, target]) await server.run(url, server.sql.fragile);
        let blown = Promise.resolve();
        const strike = () => new Promise((resolve) => setTimeout(resolve, delay)).then(() => server.endSessions(target));
        await runOf({ source, target }, keep(), {
          onProgress: ({ type }) => {
            if (type === "publishing") blown = strike();
          },
        }).catch((error: unknown) => expect(error).toBeInstanceOf(StandinError));
        await blown;
        const [counted] = await server.run(target, "SELECT COUNT(*) AS events FROM events");
        expect([5, 50]).toContain(Number(counted!.events));
        await runOf({ source, target }, keep());
        expect(await server.picture(target)).toBe(await server.picture(source));
      }),
  );

  it("runs after a fault as if there had been none", () =>
    server.withDatabases(["standin_fault_source", "standin_fault_target"], async (source, target) => {
      await server.fill(source, MANY);
      await server.fill(target, 5);
      const { note, onProgress } = blow(() => server.endSessions(target));
      await expectFailure("CONNECTION_LOST", runOf({ source, target }, note, { onProgress }));
      const { rows } = await runOf({ source, target }, keep());
      expect(rows).toBe(MANY + 3);
      expect(await server.picture(target)).toBe(await server.picture(source));
    }));
}

const runOf = (ends: Ends, note: Rule, options: RefreshOptions = {}) =>
  refresh(
    { ...ends, tables: { events: { id: keep(), code: keep(), note }, visits: { id: keep() } } },
    { key: TEST_KEY, ...options },
  );

/** Strikes once so many rows have passed, and holds the masks until the blow has fallen. */
function blow(strike: () => Promise<void> | void): { readonly note: Rule; readonly onProgress: RefreshOptions["onProgress"] } {
  let rows = 0;
  let struck: Promise<void> | null = null;
  return {
    note: custom((value) => (struck === null ? value : struck.then(() => value))),
    onProgress: (event) => {
      if (event.type === "rows") rows += event.rows;
      if (rows >= BLOW_AT) struck ??= Promise.resolve(strike());
    },
  };
}

/** A run must fail in time, during the run, with an error of our own that holds no value anywhere. */
async function expectFailure(code: StandinErrorCode, run: Promise<unknown>): Promise<StandinError> {
  const started = performance.now();
  const error = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StandinError);
  expect(performance.now() - started).toBeLessThan(SOON);
  const failure = error as StandinError;
  expect({ code: failure.code, phase: failure.phase }).toEqual({ code, phase: "during" });
  const { message, stack, hint } = failure;
  const everything = [message, stack, hint, JSON.stringify(failure), inspect(failure, { depth: 20, showHidden: true })];
  expect(everything.join("\n")).not.toContain(CANARY);
  return failure;
}
