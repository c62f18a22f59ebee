import { expect, it } from "vitest";
import type { RowBatch, Sink } from "../../src/contracts.ts";
import type { StandinError } from "../../src/errors.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { custom, fake, keep, mapValues, redact } from "../../src/transforms/index.ts";
import { verifyRefresh } from "../../src/verify-refresh.ts";
import { changedEnd } from "../pipeline/changed-end.ts";
import { TEST_KEY } from "../test-key.ts";
import { POLICY, type VerifyPlaces, withRules } from "./verify-suite.ts";

export interface RunPlaces extends VerifyPlaces {
  /** The target's sink, to be made a faulty one. */
  sink(): Sink;
  /** How the server calls the schema that tables are in. */
  readonly schema: string;
}

const refused = (policy: Policy, options: RefreshOptions = {}): Promise<StandinError> =>
  refresh(policy, { key: TEST_KEY, ...options }).then(
    () => expect.fail("the run was not refused"),
    (error) => error,
  );

const found = ({ findings }: { findings: StandinError["findings"] }) =>
  findings.map(({ code, severity, table, column }) => [code, severity, table, column]).sort();

/** The names of a place's tables, in order. */
const tablesOf = async ({ run, schema }: RunPlaces, place: string) => {
  const sql = `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${schema} ORDER BY 1`;
  return ((await run(place, sql)) as { name: string }[]).map(({ name }) => name);
};

const rowsOf = ({ target, run }: RunPlaces) =>
  Promise.all(["people", "tickets", "audit"].map((table) => run(target, `SELECT * FROM ${table} ORDER BY 1`)));

/** All that the target holds. */
const lookInto = async (places: RunPlaces) => [await tablesOf(places, places.target), ...(await rowsOf(places))];

/** What a run finds before it publishes, and that a target is then as it was. */
export function verifyRunSuite(withCopy: (use: (places: RunPlaces) => Promise<void>) => Promise<void>): void {
  it("publishes a clean copy, and its report tells what `standin verify` tells afterwards", () =>
    withCopy(async ({ source, target }) => {
      const people = { quasiIdentifiers: ["city"], k: 3 };
      const policy = { source, target, ...POLICY, verify: { anonymity: { people } } };
      const { verification, rows } = await refresh(policy, { key: TEST_KEY, verify: true });
      const afterwards = await verifyRefresh(policy);
      expect([rows, verification?.findings]).toEqual([800, []]);
      const shapesOf = ({ tables }: typeof afterwards) =>
        tables.map(({ columns, ...table }) => [table, columns.map(({ column, source, target }) => [column, source, target])]);
      expect(shapesOf(verification!)).toEqual(shapesOf(afterwards));
      expect(verification!.scope).toEqual(afterwards.scope);
      const of = (table: number, name: string) => verification!.tables[table]!.columns.find(({ column }) => column === name);
      // What is told of a mask that gives others, of one that gives the same ones to other rows, and of none.
      expect(of(0, "email")).toMatchObject({ isDeterministic: true, realShare: 0, unchangedShare: 0 });
      expect(of(0, "first_name")).toMatchObject({ isDeterministic: true, target: { mostCommonShare: 0.25 } });
      expect(of(0, "city")).toMatchObject({ isDeterministic: false, realShare: 1, source: { mostCommonShare: 134 / 400 } });
      expect(of(0, "city")!.unchangedShare).toBeGreaterThan(0.1);
      expect(of(1, "note")).toMatchObject({ transform: "keep", realShare: 1, unchangedShare: null });
      expect((await refresh({ ...policy }, { key: TEST_KEY })).verification).toBeNull();
    }));

  it("publishes nothing that holds what it should not, wherever that stands, and leaves the target as it was", () =>
    withCopy(async (places) => {
      const { source, target, run } = places;
      const policy = { source, target, ...POLICY };
      await refresh(policy, { key: TEST_KEY });
      await run(source, "UPDATE tickets SET note = 'wrote to QUbababa@acme.test, no answer' WHERE id = 7");
      await run(source, `UPDATE tickets SET extra = '{"old": [{"mail": "qukebaba@acme.test"}]}' WHERE id = 3`);
      await run(target, "INSERT INTO audit VALUES (1, 'not (030) 1, but +49 (30) 90-18-200-37')");
      const before = await lookInto(places);
      const leaking = { ...policy, ...withRules({ last_name: custom((value: string) => value.toUpperCase()) }) };
      const error = await refused(leaking, { verify: true });
      expect(error).toMatchObject({ code: "VERIFICATION_FAILED", phase: "during" });
      expect(found(error).filter(([, severity]) => severity === "error")).toEqual([
        ["LEAK_FOUND", "error", "audit", "entry"],
        ["LEAK_FOUND", "error", "people", "last_name"],
        ["LEAK_FOUND", "error", "tickets", "extra"],
        ["LEAK_FOUND", "error", "tickets", "note"],
      ]);
      expect(JSON.stringify([error.message, error.findings])).not.toMatch(/acme\.test|901 ?8|90-18|bury/i);
      expect(await lookInto(places)).toEqual(before);
      const allow = ["audit.entry", "tickets.note", "tickets.extra"];
      await refresh({ ...policy, verify: { allow } }, { key: TEST_KEY, verify: true });
      expect(await lookInto(places)).not.toEqual(before);
    }));

  it("looks through tables that it made itself, and leaves an empty target empty where they leak", () =>
    withCopy(async (places) => {
      const { source, target, run } = places;
      for (const table of ["tickets", "people", "audit"]) await run(target, `DROP TABLE ${table}`);
      const policy = { source, target, ...POLICY };
      const leaking = { ...policy, ...withRules({ phone: custom((value: string) => value) }) };
      const error = await refused(leaking, { verify: true });
      expect([error.code, found(error)]).toEqual(["VERIFICATION_FAILED", [["LEAK_FOUND", "error", "people", "phone"]]]);
      expect(await tablesOf(places, target)).toEqual([]);
      const { verification } = await refresh(policy, { key: TEST_KEY, verify: true });
      expect(verification).toMatchObject({ findings: [], scope: { keys: 2, references: 1 } });
      expect(verification!.tables.map(({ table, targetRows }) => [table, targetRows])).toEqual([
        ["people", 400],
        ["tickets", 400],
      ]);
      expect(await tablesOf(places, target)).toEqual(expect.arrayContaining(["people", "tickets"]));
    }));

  it("keeps what it staged where that leaks, and publishes it once that is allowed", () =>
    withCopy(async (places) => {
      const { source, target, run } = places;
      const policy = { source, target, ...POLICY, ...withRules({ city: keep() }) };
      await refresh(policy, { key: TEST_KEY });
      await run(source, "UPDATE tickets SET note = 'wrote to qubababa@acme.test, no answer' WHERE id = 7");
      const before = await lookInto(places);
      const error = await refused(policy, { verify: true, resumable: true });
      expect([error.code, error.isResumable, found(error)]).toEqual([
        "VERIFICATION_FAILED",
        true,
        [["LEAK_FOUND", "error", "tickets", "note"]],
      ]);
      expect(await rowsOf(places)).toEqual(before.slice(1));
      const again = await refused(policy, { verify: true, resume: true });
      expect(again).toMatchObject({ code: "VERIFICATION_FAILED", isResumable: true });
      const allowed = { ...policy, verify: { allow: ["tickets.note"] } };
      const report = await refresh(allowed, { key: TEST_KEY, verify: true, resume: true });
      expect(report).toMatchObject({ keptRows: 800, rows: 800, verification: { scope: { keys: 2, references: 1 } } });
      expect(report.verification!.findings.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(report.notes).toContainEqual(expect.stringContaining("reading the source once more"));
      const after = await lookInto(places);
      expect(after[0]).toEqual(before[0]);
      expect(after).not.toEqual(before);
    }));

  it("is stopped while it looks through the copy, and puts the target back", () =>
    withCopy(async (places) => {
      const { source, target } = places;
      const before = await lookInto(places);
      const controller = new AbortController();
      const error = await refused(
        { source, target, ...POLICY },
        {
          verify: true,
          signal: controller.signal,
          onProgress: (event) => event.type === "verifying" && event.table === "people" && controller.abort(),
        },
      );
      expect(error).toMatchObject({ code: "ABORTED", phase: "during" });
      expect(await lookInto(places)).toEqual(before);
    }));

  it("publishes nobody who is too easily told apart, refuses what cannot be counted, and warnings where asked", () =>
    withCopy(async (places) => {
      const { source, target } = places;
      const before = await lookInto(places);
      const policy = { source, target, ...POLICY };
      const tight = { people: { quasiIdentifiers: ["city", "last_name"] } };
      const low = await refused({ ...policy, verify: { anonymity: tight } }, { verify: true });
      expect([low.code, ...found(low)]).toEqual(["VERIFICATION_FAILED", ["ANONYMITY_LOW", "error", "people", undefined]]);
      const unknown = { people: { quasiIdentifiers: ["postcode"] } };
      const early = await refused({ ...policy, verify: { anonymity: unknown } }, { verify: true });
      expect(early).toMatchObject({ code: "COLUMN_UNKNOWN", phase: "before" });
      // One address of 400 meets an original, as a stand-in may: that is a warning.
      const email = mapValues({ map: { "qubababa@acme.test": "qukebaba@acme.test" }, unmatched: fake("internet.email") });
      const chance = { ...policy, ...withRules({ email }) };
      const strict = await refused(chance, { verify: { warningsAsErrors: true } });
      expect([strict.code, ...found(strict)]).toEqual(["VERIFICATION_FAILED", ["LEAK_FOUND", "warning", "people", "email"]]);
      expect(await lookInto(places)).toEqual(before);
      expect((await refresh(chance, { key: TEST_KEY, verify: true })).rows).toBe(800);
    }));

  it("fails where the target took fewer rows than were read, or more, or says so and did not", () =>
    withCopy(async (places) => {
      const { source, target, run, sink } = places;
      await run(source, "INSERT INTO audit VALUES (1, 'one'), (2, 'two')");
      await refresh({ source, target, ...POLICY }, { key: TEST_KEY });
      const before = await lookInto(places);
      const policy = { tables: { ...POLICY.tables, audit: { id: keep(), entry: redact() } } };
      const failOf = (fault: Fault, options: RefreshOptions = {}) =>
        refused({ source, target: faultySink(sink(), fault), ...policy }, options);
      expect(await failOf({ table: "people", writes: ["rest"] })).toMatchObject({
        code: "COUNT_MISMATCH",
        phase: "during",
        message: "people: 400 rows were read, and the target took 399.",
      });
      expect(await failOf({ table: "audit", writes: ["rest", "last", "last"] })).toMatchObject({
        code: "COUNT_MISMATCH",
        message: "audit: 2 rows were read, and the target took 3.",
      });
      const lying = await failOf({ table: "people", writes: ["rest"], claims: 400 }, { verify: true });
      expect(found(lying)).toContainEqual(["COUNT_MISMATCH", "error", "people", undefined]);
      expect(await lookInto(places)).toEqual(before);
    }));

  it("publishes no kept column that arrives otherwise than it was read, nor NULLs that were none", () =>
    withCopy(async (places) => {
      const { source, sink } = places;
      const before = await lookInto(places);
      const honest = sink();
      const writer: Sink["writer"] = async (toWrite) => {
        const own = await honest.writer(toWrite);
        return {
          write: (batch) => {
            const [column, cell] = toWrite.table.ref.name === "people" ? [3, null] : [2, "another"];
            const values = batch.replacement(column) ?? batch.column(column);
            batch.replace(column, [...values.slice(0, -1), cell]);
            return own.write(batch);
          },
          end: () => own.end(),
        };
      };
      const error = await refused({ source, target: changedEnd<Sink>(honest, { writer }), ...POLICY }, { verify: true });
      expect(found(error)).toEqual([
        ["FIDELITY_LOST", "error", "people", "email"],
        ["FIDELITY_LOST", "error", "tickets", "note"],
      ]);
      expect(await lookInto(places)).toEqual(before);
    }));
}

interface Fault {
  readonly table: string;
  /** What is written of each batch: all but its last row, and its last. */
  readonly writes: readonly ("rest" | "last")[];
  /** What the sink says that it took. @default what it took */
  readonly claims?: number;
}

function faultySink(honest: Sink, { table, writes, claims }: Fault): Sink {
  return changedEnd<Sink>(honest, {
    writer: async (toWrite) => {
      const writer = await honest.writer(toWrite);
      if (toWrite.table.ref.name !== table) return writer;
      return {
        write: async (batch) => {
          for (const part of writes) await writer.write(part === "last" ? masked(batch, -1) : masked(batch, 0, -1));
        },
        end: async () => {
          const took = await writer.end();
          return claims ?? took;
        },
      };
    },
  });

  /** A slice of a batch with what replaced its originals. */
  function masked(batch: RowBatch, ...[from, to]: [number, number?]): RowBatch {
    const all = Array.from({ length: batch.rowCount }, (_, row) => row).slice(from, to);
    const slice = batch.slice(all[0]!, all.at(-1)! + 1);
    for (let index = 0; index < COLUMNS; index++) {
      const values = batch.replacement(index);
      if (values !== undefined) slice.replace(index, values.slice(from, to));
    }
    return slice;
  }
}

/** As many as a table of the suite has at most. */
const COLUMNS = 7;
