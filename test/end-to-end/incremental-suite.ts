import fc from "fast-check";
import { expect, it } from "vitest";
import type { Sink } from "../../src/contracts.ts";
import { StandinError } from "../../src/errors.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { fake, keep, shuffle, tokenize } from "../../src/transforms/index.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { changedEnd } from "../pipeline/changed-end.ts";
import { TEST_KEY } from "../test-key.ts";

/** Two databases of one system, and a third that is always copied whole. */
export interface IncrementalPlaces {
  readonly source: string;
  readonly target: string;
  readonly whole: string;
  /** How the rows of `people` that changed are told. */
  readonly changedBy: string;
  /** Runs statements, and gives the rows of the last, or only, one. */
  run(place: string, sql: string): Promise<Record<string, unknown>[]>;
  sink(place: string): Promise<Sink>;
}

/** Random histories, of which a busy machine makes few in a minute. */
export const HISTORIES = { timeout: IS_THOROUGH ? 900_000 : 60_000 };

/** Stands in cells of the source, the column that tells changes among them. */
const CANARY = 987_654_321;

/** Circles of references, a masked key of two columns, a unique column that is masked, and a table that no entry names. */
const SCHEMA = `
  CREATE TABLE people (id int PRIMARY KEY, email varchar(120) UNIQUE, boss int, changed_at timestamp NULL, CONSTRAINT boss_of FOREIGN KEY (boss) REFERENCES people (id));
  CREATE TABLE orders (person int, line int, note varchar(60), version int, PRIMARY KEY (person, line), CONSTRAINT of_person FOREIGN KEY (person) REFERENCES people (id));
  CREATE TABLE countries (code varchar(2), label varchar(40))`;

const ORDER = { people: "id", orders: "person, line", countries: "code, label" } as const;

const policyOf = ({ source, changedBy }: IncrementalPlaces, target: string | Sink, rest: Partial<Policy> = {}): Policy => ({
  source,
  target,
  tables: {
    people: { id: tokenize(), email: fake("internet.email", { unique: true }), changed_at: keep() },
    orders: { line: tokenize(), note: fake("lorem.words"), version: keep() },
    countries: { code: keep(), label: fake("location.country") },
  },
  incremental: { people: { changedBy }, orders: { changedBy: "version", overlap: 0 } },
  ...rest,
});

type Step =
  | { readonly kind: "insert"; readonly id: number; readonly boss: number }
  | { readonly kind: "rename" | "swap" | "order"; readonly id: number; readonly other: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("insert" as const), id: fc.nat(40), boss: fc.nat(40) }),
  fc.record({ kind: fc.constantFrom("rename" as const, "swap" as const, "order" as const), id: fc.nat(40), other: fc.nat(40) }),
);

/** What an incremental run must do on one system. */
export function incrementalSuite(withPlaces: (use: (places: IncrementalPlaces) => Promise<void>) => Promise<void>): void {
  const prepare = async ({ run, source, target, whole }: IncrementalPlaces) => {
    for (const place of [source, target, whole]) await run(place, `DROP TABLE IF EXISTS orders, people, countries; ${SCHEMA}`);
    const people = Array.from(
      { length: 12 },
      (_, id) => `(${id}, 'p${id}@acme.test', ${id === 0 ? "NULL" : id - 1}, CURRENT_TIMESTAMP)`,
    );
    await run(
      source,
      `INSERT INTO people VALUES ${people.join(", ")}; INSERT INTO orders VALUES (0, 1, 'first', 1), (3, 1, 'second', ${CANARY});
       INSERT INTO countries VALUES ('DE', 'Deutschland'), ('DE', 'Deutschland')`,
    );
  };

  const rowsOf = async ({ run }: IncrementalPlaces, place: string) => {
    const all: Record<string, unknown> = {};
    for (const [table, order] of Object.entries(ORDER)) all[table] = await run(place, `SELECT * FROM ${table} ORDER BY ${order}`);
    return all;
  };

  const expectAsWhole = async (places: IncrementalPlaces) => {
    await refresh(policyOf(places, places.whole), { key: TEST_KEY });
    expect(await rowsOf(places, places.target)).toEqual(await rowsOf(places, places.whole));
  };

  const apply = async ({ run, source }: IncrementalPlaces, one: Step, round: number) => {
    const at = "changed_at = CURRENT_TIMESTAMP";
    const ids = (await run(source, "SELECT id FROM people ORDER BY id")).map(({ id }) => Number(id));
    const has = ids[one.id % ids.length]!;
    if (one.kind === "insert") {
      if (ids.includes(one.id)) return;
      const boss = ids[one.boss % ids.length]!;
      return run(source, `INSERT INTO people VALUES (${one.id}, 'n${one.id}r${round}@acme.test', ${boss}, CURRENT_TIMESTAMP)`);
    }
    const other = ids[one.other % ids.length]!;
    if (one.kind === "order") {
      const [{ last }] = (await run(source, "SELECT MAX(version) AS last FROM orders")) as [{ last: number }];
      const [{ line }] = (await run(source, "SELECT COUNT(*) + 10 AS line FROM orders")) as [{ line: number }];
      await run(source, `INSERT INTO orders VALUES (${has}, ${line}, 'round ${round}', ${Number(last) + 1})`);
      return run(
        source,
        `UPDATE orders SET note = 'again', version = ${Number(last) + 2} WHERE person = ${other}; SELECT 1 AS one`,
      );
    }
    if (one.kind === "rename")
      return run(
        source,
        `UPDATE people SET email = 'r${has}x${round}@acme.test', boss = ${other}, ${at} WHERE id = ${has}; SELECT 1 AS one`,
      );
    // Unique values change places: written one row after the other, they would collide.
    if (has === other) return;
    const [one_, two] = await run(source, `SELECT email FROM people WHERE id IN (${has}, ${other}) ORDER BY id`);
    const [low, high] = [Math.min(has, other), Math.max(has, other)];
    return run(
      source,
      `UPDATE people SET email = NULL, ${at} WHERE id = ${low}; UPDATE people SET email = '${one_!.email}', ${at} WHERE id = ${high};
       UPDATE people SET email = '${two!.email}', ${at} WHERE id = ${low}; SELECT 1 AS one`,
    );
  };

  const refused = async (policy: Policy, options: RefreshOptions = {}): Promise<StandinError> => {
    const error: unknown = await refresh(policy, { key: TEST_KEY, incremental: true, ...options }).then(
      () => expect.fail("the run was not refused"),
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(StandinError);
    return error as StandinError;
  };

  it("leaves after any changes what a whole run leaves, row for row, and reads the changed rows alone", HISTORIES, () =>
    withPlaces(async (places) => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(step, { maxLength: 5 }), { minLength: 2, maxLength: 3 }), async (rounds) => {
          await prepare(places);
          await refresh(policyOf(places, places.target), { key: TEST_KEY });
          for (const [round, steps] of rounds.entries()) {
            for (const one of steps) await apply(places, one, round);
            const report = await refresh(policyOf(places, places.target), { key: TEST_KEY, incremental: true });
            expect(report.isIncremental).toBe(true);
            await expectAsWhole(places);
          }
        }),
        { numRuns: IS_THOROUGH ? 25 : 1, ...(IS_THOROUGH ? {} : { seed: 7 }) },
      );
      await places.run(
        places.source,
        `UPDATE people SET changed_at = '2001-02-03 04:05:06'; UPDATE orders SET version = person; SELECT 1 AS one`,
      );
      const { version } = (await places.run(places.source, "SELECT MAX(version) AS version FROM orders"))[0]!;
      await refresh(policyOf(places, places.target), { key: TEST_KEY });
      const told = (await places.run(places.source, `SELECT COUNT(*) AS n FROM orders WHERE version >= ${version}`))[0]!;
      const { tables, notes } = await refresh(policyOf(places, places.target), { key: TEST_KEY, incremental: true });
      expect(tables.find(({ table }) => table.endsWith("orders"))!.rows).toBe(Number(told.n));
      expect(tables.find(({ table }) => table.endsWith("countries"))!.rows).toBe(2);
      expect(notes.join()).toContain("rows that the source deleted since then stay");
    }),
  );

  it("leaves rows and mark as they were where it fails, and goes on from there", () =>
    withPlaces(async (places) => {
      await prepare(places);
      await refresh(policyOf(places, places.target), { key: TEST_KEY });
      const before = await rowsOf(places, places.target);
      await apply(places, { kind: "insert", id: 30, boss: 1 }, 1);
      await apply(places, { kind: "order", id: 30, other: 3 }, 1);
      const broken = changedEnd(await places.sink(places.target), {
        commit: () => Promise.reject(new StandinError("SINK_FAILED", "The server said no.")),
      });
      expect((await refused(policyOf(places, broken))).code).toBe("SINK_FAILED");
      const stop = new AbortController();
      const stopped = await refused(policyOf(places, places.target), {
        signal: stop.signal,
        onProgress: ({ type }) => type === "table-finished" && stop.abort(),
      });
      expect(stopped.code).toBe("ABORTED");
      expect(await rowsOf(places, places.target)).toEqual(before);
      await refresh(policyOf(places, places.target), { key: TEST_KEY, incremental: true });
      await expectAsWhole(places);
    }));

  it("refuses to begin at no mark, or at one of another key, plan or telling, or one that a whole run has overwritten", () =>
    withPlaces(async (places) => {
      await prepare(places);
      const { target } = places;
      expect(await refused(policyOf(places, target))).toMatchObject({
        code: "INCREMENT_REFUSED",
        message: expect.stringContaining("no mark"),
      });
      await refresh(policyOf(places, target), { key: TEST_KEY });
      const before = await rowsOf(places, target);
      const other = "standin_key_kMvcmO9bL3yZbB5hYw0GkzPjv1rZ4W9n3qkUj2f7XQs";
      expect((await refused(policyOf(places, target), { key: other })).message).toContain("another key");
      const tables = { ...policyOf(places, target).tables, countries: { code: keep(), label: keep() } };
      expect((await refused(policyOf(places, target, { tables }))).message).toContain("another plan");
      const incremental = { orders: "version" };
      expect((await refused(policyOf(places, target, { incremental }))).message).toContain("told changes otherwise");
      expect((await refused(policyOf(places, target), { workers: 2 })).code).toBe("OPTION_INVALID");
      const shuffled = { ...policyOf(places, target).tables, orders: { line: tokenize(), note: shuffle(), version: keep() } };
      const { findings } = await refused(policyOf(places, target, { tables: shuffled }));
      expect(findings.map(({ code, column }) => [code, column])).toContainEqual(["INCREMENT_REFUSED", "note"]);
      expect(await rowsOf(places, target)).toEqual(before);
      await refresh(policyOf(places, target, { incremental: undefined }), { key: TEST_KEY });
      expect((await refused(policyOf(places, target))).message).toContain("no mark");
    }));

  it("keeps its mark sealed, and out of sight of plans and copies", () =>
    withPlaces(async (places) => {
      await prepare(places);
      await places.run(places.source, `UPDATE people SET changed_at = '2001-02-03 04:05:06'; SELECT 1 AS one`);
      await refresh(policyOf(places, places.target), { key: TEST_KEY });
      const marks = await places.run(
        places.target,
        places.changedBy === "xmin" ? "SELECT mark FROM _standin_mark.sealed" : "SELECT mark FROM _standin_left_off",
      );
      expect(marks).toHaveLength(1);
      const mark = String(marks[0]!.mark);
      const opened = [mark, ...mark.split(" ").map((part) => Buffer.from(part, "base64url").toString("latin1"))].join("\n");
      expect(opened).not.toMatch(/2001|987654321|people|orders/);
      const schema = await (await places.sink(places.target)).schema.call(await openSink(places)).catch(() => null);
      expect(schema?.tables.map(({ ref }) => ref.name).sort()).toEqual(["countries", "orders", "people"]);
    }));
}

async function openSink({ sink, target }: IncrementalPlaces): Promise<Sink> {
  const opened = await sink(target);
  await opened.open(new AbortController().signal);
  return opened;
}
