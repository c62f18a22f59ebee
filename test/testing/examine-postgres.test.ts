import pg from "pg";
import { expect, it } from "vitest";
import { postgresEncoder, postgresReader, postgresSink, postgresSource } from "../../src/connectors/postgres/index.ts";
import { checkSink, checkSource, type ExamRow } from "../../src/testing/index.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { NOTES, NOWHERE, PEOPLE, tableOf } from "./examined-people.ts";

describeWithPostgres("postgres", () => {
  const PEOPLE_TABLE = `
    CREATE TABLE teams (id int PRIMARY KEY);
    INSERT INTO teams VALUES (1);
    CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, note text);
    CREATE TABLE visits (person int REFERENCES people DEFERRABLE, day date);`;

  it("keeps the contract of a source", () =>
    withDatabases(["standin_exam_source"], async (url) => {
      await withClient(url, async (client) => {
        await client.query(PEOPLE_TABLE);
        for (const row of PEOPLE) await client.query("INSERT INTO people VALUES ($1, $2, $3)", [...row]);
        await client.query("CREATE TABLE computed (n int, twice int GENERATED ALWAYS AS (n * 2) STORED)");
        await client.query("INSERT INTO computed SELECT generate_series(1, 500)");
      });
      expect(await checkSource(() => postgresSource({ url }), { reader: postgresReader })).toEqual([]);
    }));

  it("keeps the contract of a sink", () =>
    withDatabases(["standin_exam_sink"], async (url) => {
      await withClient(url, async (client) => {
        await client.query(PEOPLE_TABLE);
        await client.query("CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
        await client.query("CREATE TRIGGER watching BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION watch()");
        await client.query("INSERT INTO people VALUES (1000, 'old', NULL)");
        await client.query("CREATE TABLE notes (note text PRIMARY KEY)");
        await client.query("INSERT INTO notes SELECT unnest($1::text[])", [NOTES]);
        await client.query("ALTER TABLE people ADD FOREIGN KEY (note) REFERENCES notes");
        const table = await tableOf(postgresSource({ url }));
        const readRows = () =>
          withClient(url, async (reader) => {
            const { rows } = await reader.query({ text: "SELECT id::text, name, note FROM people", rowMode: "array" });
            return rows as ExamRow[];
          });
        const readTraces = async () => [
          (await client.query("SELECT tgname, tgenabled FROM pg_trigger ORDER BY 1")).rows.filter(
            ({ tgname }) => tgname === "watching",
          ),
          (await client.query("SELECT conname, condeferrable, convalidated FROM pg_constraint ORDER BY 1")).rows,
          (await client.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1")).rows,
        ];
        const exam = { table, rows: PEOPLE, readRows, readTraces, refusedRows: NOWHERE, encoder: postgresEncoder };
        expect(await checkSink(() => postgresSink({ url }), exam)).toEqual([]);
      });
    }));

  async function withClient<Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  }
});
