import fc from "fast-check";
import { expect, it } from "vitest";
import { StandinError } from "../../src/errors.ts";
import type { IncrementalTable } from "../../src/policy/incremental-policy.ts";
import { planRefresh, refresh } from "../../src/refresh.ts";
import { fake, keep, persona, tokenize, unique } from "../../src/transforms/index.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { TEST_KEY } from "../test-key.ts";
import { HISTORIES, type IncrementalPlaces } from "./incremental-suite.ts";

/** Rules of foreign keys that would take rows along which stay, a circle of references, a key of three columns, one of them masked by a column that is not of it. */
const SCHEMA = `
  CREATE TABLE people (id varchar(40) PRIMARY KEY, email varchar(120) UNIQUE, boss varchar(40), version int,
    CONSTRAINT boss_of FOREIGN KEY (boss) REFERENCES people (id) ON DELETE CASCADE);
  CREATE TABLE orders (person varchar(40), line int, code varchar(40), note varchar(60), version int, owner int, PRIMARY KEY (line, code, person),
    CONSTRAINT of_person FOREIGN KEY (person) REFERENCES people (id) ON DELETE CASCADE);
  CREATE TABLE visits (id int PRIMARY KEY, person varchar(40), version int,
    CONSTRAINT by_person FOREIGN KEY (person) REFERENCES people (id) ON DELETE SET NULL)`;

const ORDER = { people: "id", orders: "person, line, code", visits: "id" } as const;

type Told = Partial<Record<keyof typeof ORDER, Partial<IncrementalTable>>>;

const COMPARE = { deletes: "compare", maxDeletedPercent: 100 } as const;
const ALL: Told = { people: COMPARE, orders: COMPARE, visits: COMPARE };

const policyOf = ({ source }: IncrementalPlaces, target: string, told: Told) => ({
  source,
  target,
  tables: {
    people: { id: tokenize(), email: fake("internet.email", { unique: true }), version: keep() },
    orders: {
      line: keep(),
      code: unique({ rule: persona({ field: "userName", by: "owner" }) }),
      note: fake("lorem.words"),
      version: keep(),
      owner: keep(),
    },
    visits: { id: keep(), version: keep() },
  },
  incremental: Object.fromEntries(
    Object.keys(ORDER).map((table) => [table, { changedBy: "version", overlap: 0, ...told[table as "people"] }]),
  ),
});

interface Step {
  readonly kind: "insert" | "rename" | "order" | "visit" | "rekey" | "drop" | "leave" | "return";
  readonly one: number;
  readonly other: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("insert", "rename", "order", "visit", "rekey", "drop", "leave", "return"),
  one: fc.nat(30),
  other: fc.nat(30),
});

/** The source as an application keeps it, which touches `version` with each change. */
class World {
  readonly #places: IncrementalPlaces;
  #version = 100;

  constructor(places: IncrementalPlaces) {
    this.#places = places;
  }

  async prepare(people = 8): Promise<void> {
    const { run, source, target, whole } = this.#places;
    for (const place of [source, target, whole]) await run(place, `DROP TABLE IF EXISTS visits, orders, people; ${SCHEMA}`);
    const rows = (write: (id: number) => string) => Array.from({ length: people }, (_, id) => write(id)).join(", ");
    await run(
      source,
      `INSERT INTO people VALUES ${rows((id) => `('p${id}', 'p${id}@acme.test', ${id === 0 ? "NULL" : `'p${id - 1}'`}, ${id})`)};
       INSERT INTO orders VALUES ${rows((id) => `('p${id}', ${id % 2}, 'c${id}', 'first', ${id}, ${id})`)};
       INSERT INTO visits VALUES ${rows((id) => `(${id}, 'p${id}', ${id})`)}`,
    );
  }

  run(sql: string) {
    return this.#places.run(this.#places.source, `${sql}; SELECT 1 AS one`);
  }

  async apply({ kind, one, other }: Step): Promise<void> {
    const { run, source } = this.#places;
    const list = async (sql: string) => (await run(source, sql)).map(({ found }) => String(found));
    const people = await list("SELECT id AS found FROM people ORDER BY id");
    const codes = await list("SELECT code AS found FROM orders ORDER BY code");
    const [person, friend] = [people[one % people.length], people[other % people.length]];
    const code = codes[one % codes.length];
    const version = ++this.#version;
    if (kind === "insert" && !people.includes(`p${one}`))
      await this.run(
        `INSERT INTO people VALUES ('p${one}', 'n${version}@acme.test', ${friend === undefined ? "NULL" : `'${friend}'`}, ${version})`,
      );
    if (person === undefined || friend === undefined) return;
    if (kind === "rename")
      await this.run(`UPDATE people SET email = 'r${version}@acme.test', version = ${version} WHERE id = '${person}'`);
    if (kind === "order")
      await this.run(`INSERT INTO orders VALUES ('${person}', ${other}, 'c${version}', 'more', ${version}, ${one})`);
    if (kind === "visit") await this.run(`INSERT INTO visits VALUES (${version}, '${person}', ${version})`);
    if (kind === "drop") await this.run(`DELETE FROM orders WHERE code = '${code}'; DELETE FROM visits WHERE id = ${one}`);
    // A key that changes, and one that another row takes over.
    if (kind === "rekey" && code !== undefined)
      await this.run(`UPDATE orders SET line = line + 1, person = '${friend}', version = ${version} WHERE code = '${code}'`);
    if (kind === "leave" && person !== friend)
      // What pointed to the row points to another before it goes: its rules have nothing to do here, and nothing to do in the target.
      await this.run(
        `UPDATE people SET boss = NULLIF('${friend}', id), version = ${version} WHERE boss = '${person}';
         UPDATE orders SET person = '${friend}', version = ${version} WHERE person = '${person}' AND line = 0;
         UPDATE visits SET person = '${friend}', version = ${version} WHERE person = '${person}';
         DELETE FROM orders WHERE person = '${person}'; DELETE FROM people WHERE id = '${person}'`,
      );
    // The same key comes back with a unique value that another row has left.
    if (kind === "return")
      await this.run(
        `UPDATE people SET email = NULL, version = ${version} WHERE id = '${friend}';
         DELETE FROM visits WHERE id = ${one}; INSERT INTO visits VALUES (${one}, '${friend}', ${version})`,
      );
  }
}

/** What an incremental run makes of deleted rows on one system, where it is to follow them. */
export function deletesSuite(withPlaces: (use: (places: IncrementalPlaces) => Promise<void>) => Promise<void>): void {
  const incremental = (places: IncrementalPlaces, told: Told = ALL) =>
    refresh(policyOf(places, places.target, told), { key: TEST_KEY, incremental: true });

  const rowsOf = async ({ run }: IncrementalPlaces, place: string) => {
    const all: Record<string, unknown> = {};
    for (const [table, order] of Object.entries(ORDER)) all[table] = await run(place, `SELECT * FROM ${table} ORDER BY ${order}`);
    return all;
  };

  const begun = async (places: IncrementalPlaces, people?: number): Promise<World> => {
    const world = new World(places);
    await world.prepare(people);
    await refresh(policyOf(places, places.target, ALL), { key: TEST_KEY });
    return world;
  };

  const refused = (run: Promise<unknown>): Promise<StandinError> =>
    run.then(
      () => expect.fail("the run was not refused"),
      (error) => {
        expect(error).toBeInstanceOf(StandinError);
        return error as StandinError;
      },
    );

  it("leaves after any inserts, updates and deletes what a whole run leaves, row for row", HISTORIES, () =>
    withPlaces(async (places) => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(step, { maxLength: 12 }), { minLength: 2, maxLength: 3 }), async (rounds) => {
          const world = await begun(places);
          for (const steps of rounds) {
            for (const one of steps) await world.apply(one);
            const before = await rowsOf(places, places.target);
            const { tables, notes } = await incremental(places);
            await refresh(policyOf(places, places.whole, ALL), { key: TEST_KEY });
            const after = await rowsOf(places, places.target);
            expect(after).toEqual(await rowsOf(places, places.whole));
            expect(notes.join()).not.toContain("stay");
            const ids = (rows: unknown) => new Set((rows as { id: string }[]).map(({ id }) => id));
            const gone = [...ids(before.people)].filter((id) => !ids(after.people).has(id)).length;
            expect(tables.find(({ table }) => table.endsWith("people"))!.deletedRows).toBe(gone);
          }
        }),
        { numRuns: IS_THOROUGH ? 20 : 1, ...(IS_THOROUGH ? {} : { seed: 12 }) },
      );
    }),
  );

  it("refuses to take out more than may go, or to leave rows alone, with the target as it was", () =>
    withPlaces(async (places) => {
      const world = await begun(places, 20);
      const before = await rowsOf(places, places.target);
      await world.run("DELETE FROM visits WHERE id < 3");
      const most = await refused(incremental(places, { ...ALL, visits: { deletes: "compare" } }));
      expect(most).toMatchObject({ code: "TOO_MANY_DELETED", hint: expect.stringContaining("maxDeletedPercent") });
      expect(most.message).toContain("3 of the 20 rows");
      expect(await rowsOf(places, places.target)).toEqual(before);

      // A child that does not follow: told by the plan, and refused by the server's keys, not deleted along.
      await world.run(
        "UPDATE people SET boss = NULL, version = 200 WHERE id = 'p6'; UPDATE visits SET person = NULL, version = 201 WHERE person = 'p5'; DELETE FROM orders WHERE person = 'p5'; DELETE FROM people WHERE id = 'p5'",
      );
      const { orders: _, ...rest } = ALL;
      const { findings } = await planRefresh(policyOf(places, places.target, rest));
      expect(findings.map(({ code, severity, table }) => [code, severity, table])).toContainEqual([
        "REFERENCE_STRANDED",
        "warning",
        expect.stringContaining("orders"),
      ]);
      const alone = await refused(incremental(places, rest));
      expect(alone).toMatchObject({ code: "REFERENCE_BROKEN", hint: expect.stringContaining("run the whole once") });
      expect(await rowsOf(places, places.target)).toEqual(before);

      await incremental(places, { ...ALL, visits: { deletes: "compare", maxDeletedPercent: 15 } });
      await refresh(policyOf(places, places.whole, ALL), { key: TEST_KEY });
      expect(await rowsOf(places, places.target)).toEqual(await rowsOf(places, places.whole));

      // A source that lost its rows.
      await world.run("DELETE FROM orders");
      const empty = await refused(incremental(places, { ...ALL, orders: { deletes: "compare", maxDeletedPercent: 99 } }));
      expect(empty.code).toBe("TOO_MANY_DELETED");
    }));

  it("takes a unique value that a row has left behind, and refuses where rows came that nothing tells", () =>
    withPlaces(async (places) => {
      const world = await begun(places);
      await world.run(
        `DELETE FROM visits WHERE person = 'p7'; DELETE FROM orders WHERE person = 'p7'; DELETE FROM people WHERE id = 'p7';
         UPDATE people SET email = 'p7@acme.test', version = 300 WHERE id = 'p6'`,
      );
      expect((await refused(incremental(places, {}))).hint).toContain("deletes: compare");
      await incremental(places);
      await refresh(policyOf(places, places.whole, ALL), { key: TEST_KEY });
      const before = await rowsOf(places, places.target);
      expect(before).toEqual(await rowsOf(places, places.whole));

      await world.run("INSERT INTO visits VALUES (900, NULL, 1)");
      const missing = await refused(incremental(places));
      expect(missing).toMatchObject({ code: "COUNT_MISMATCH", hint: expect.stringContaining("overlap") });
      expect(await rowsOf(places, places.target)).toEqual(before);
    }));
}
