import { expect, it } from "vitest";
import { refresh } from "../../src/refresh.ts";
import { keepEverything } from "../end-to-end/automatic-policy.ts";
import { postgresExaminer, runPostgres } from "../end-to-end/postgres-examiner.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { begin, definitionOf, resume, stageFrom, tablesOf, withSink } from "./staging-run.ts";

const SOURCE = `
  CREATE EXTENSION citext;
  CREATE SCHEMA sales;
  CREATE TYPE sales.mood AS ENUM ('sad', 'ok');
  CREATE DOMAIN sales.positive AS integer CHECK (VALUE > 0);
  CREATE FUNCTION sales.twice(integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT 2 * $1';
  CREATE SEQUENCE sales.numbers;
  CREATE TABLE people (id serial PRIMARY KEY, name citext UNIQUE, mood sales.mood, twice integer GENERATED ALWAYS AS (sales.twice(3)) STORED);
  CREATE TABLE sales.orders (
    number integer DEFAULT nextval('sales.numbers') PRIMARY KEY, person integer NOT NULL REFERENCES people, amount sales.positive);
  CREATE TABLE days (day date NOT NULL, seen people) PARTITION BY RANGE (day);
  CREATE TABLE days_all PARTITION OF days DEFAULT;
  CREATE TABLE heirs (extra text) INHERITS (people);
  CREATE FUNCTION found(text) RETURNS SETOF people LANGUAGE sql AS 'SELECT * FROM public.people WHERE name = $1';
  CREATE VIEW names AS SELECT name FROM people;
  CREATE MATERIALIZED VIEW counts AS SELECT count(*) FROM names;
  COMMENT ON SCHEMA public IS 'as ever';
  INSERT INTO people (name, mood) SELECT 'p' || g, 'ok' FROM generate_series(1, 20) g;
  INSERT INTO sales.orders (person, amount) SELECT g, g FROM generate_series(1, 20) g;
  INSERT INTO days SELECT date '2024-01-01' + id, people FROM people;
  REFRESH MATERIALIZED VIEW counts;`;

const OBJECTS = `
  SELECT (pg_identify_object(c.classid, c.objid, 0)).type || ' ' || (pg_identify_object(c.classid, c.objid, 0)).identity AS object
    FROM (SELECT DISTINCT classid, objid FROM pg_depend WHERE objid >= 16384 AND deptype = 'n') c ORDER BY 1`;

const objectsIn = async (url: string) => (await runPostgres(url, OBJECTS)).map(({ object }) => object);
const contentsOf = (url: string) =>
  runPostgres(
    url,
    "SELECT t::text AS row FROM people t UNION ALL SELECT t::text FROM sales.orders t UNION ALL SELECT t::text FROM days t UNION ALL SELECT t::text FROM counts t ORDER BY 1",
  );

function withEnds(use: (source: string, target: string) => Promise<void>): Promise<void> {
  return withDatabases(["standin_source", "standin_target"], async (source, target) => {
    await runPostgres(source!, SOURCE);
    await use(source!, target!);
  });
}

/** Begins a run on the empty target, stages everything, and breaks off. */
async function beginAndBreakOff(source: string, target: string): Promise<readonly string[]> {
  const tables = await tablesOf(source);
  const definition = await definitionOf(source);
  return withSink(target, async (sink) => {
    expect((await sink.schema()).tables).toEqual([]);
    const { notes } = await begin(sink.stage, tables, definition);
    await stageFrom(source, sink.stage, tables);
    return notes;
  });
}

describeWithPostgres("a run that keeps its shards on an empty PostgreSQL", () => {
  it("makes the tables, which are nobody's until it is finished, and then completes them", async () => {
    await withEnds(async (source, target) => {
      expect(await beginAndBreakOff(source, target)).toEqual(["created 4 tables"]);
      expect(await runPostgres(target, "SELECT * FROM people")).toEqual([]);
      const tables = await tablesOf(source);
      await withSink(target, async (sink) => {
        expect((await sink.schema()).tables).toEqual([]);
        expect(await sink.stage.left()).toMatchObject({ mark: { createsTables: true }, shards: { length: 4 } });
        await expect(resume(sink.stage, tables)).rejects.toMatchObject({ code: "RESUME_REFUSED" });
        expect(await resume(sink.stage, tables, await definitionOf(source))).toEqual({ notes: [] });
        await sink.commit();
      });
      expect(await contentsOf(target)).toEqual(await contentsOf(source));
      expect(await postgresExaminer.definitions(target)).toEqual(await postgresExaminer.definitions(source));
    });
  });

  it("takes away all that an unfinished one made, when it begins anew", async () => {
    await withEnds(async (source, target) => {
      const before = await objectsIn(target);
      await beginAndBreakOff(source, target);
      const made = await objectsIn(target);
      expect(made.length).toBeGreaterThan(before.length + 10);
      expect(await beginAndBreakOff(source, target)).toEqual(["dropped what an unfinished run had left", "created 4 tables"]);
      expect(await objectsIn(target)).toEqual(made);
      await withSink(target, async (sink) => {
        // A run without a definition has nothing to make them from.
        const begun = sink.begin(await tablesOf(source), null, new AbortController().signal);
        await expect(begun).rejects.toMatchObject({ code: "TARGET_TABLE_MISSING" });
      });
      expect(await objectsIn(target)).toEqual(before);

      await beginAndBreakOff(source, target);
      const schema = { system: "postgres" as const, tables: (await tablesOf(source)).map(({ table }) => table) };
      const { notes } = await refresh({ source, target, tables: keepEverything(schema) }, { key: TEST_KEY });
      expect(notes).toEqual(["dropped what an unfinished run had left", "created 4 tables"]);
      expect(await contentsOf(target)).toEqual(await contentsOf(source));
      expect(await postgresExaminer.definitions(target)).toEqual(await postgresExaminer.definitions(source));
    });
  });

  it("takes nothing away that is in use by now", async () => {
    await withEnds(async (source, target) => {
      await beginAndBreakOff(source, target);
      const refused = (what: string) => ({ code: "TARGET_MISMATCH", message: expect.stringContaining(what) });
      await runPostgres(target, "INSERT INTO days VALUES ('2024-01-01')");
      await expect(beginAndBreakOff(source, target)).rejects.toMatchObject(
        refused("public.days, which cannot be taken away: it holds rows"),
      );
      await runPostgres(target, "TRUNCATE days; CREATE VIEW mine AS SELECT * FROM sales.orders");
      await expect(beginAndBreakOff(source, target)).rejects.toMatchObject(
        refused("sales.orders, which cannot be taken away: something"),
      );
      await withSink(target, async ({ stage }) => expect(await stage.left()).toMatchObject({ shards: { length: 4 } }));
      await runPostgres(target, "DROP VIEW mine; DROP TABLE sales.orders CASCADE");
      await withSink(target, async ({ stage }) => {
        const resumed = resume(stage, await tablesOf(source), await definitionOf(source));
        await expect(resumed).rejects.toMatchObject({
          code: "RESUME_REFUSED",
          message: "The target no longer has sales.orders.",
        });
      });
      expect(await beginAndBreakOff(source, target)).toHaveLength(2);
    });
  });
});
