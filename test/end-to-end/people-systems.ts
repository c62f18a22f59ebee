import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe } from "vitest";
import { describeWithMysql, runMysql, withMysqlDatabases, withMysqlSession } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { PEOPLE, type Person, type Route } from "./people.ts";
import { runPostgres, withPostgresSession } from "./postgres-examiner.ts";

/** One system with the people in it. */
export interface PeopleSystem {
  /** Begins a suite, where the system is at hand. */
  describe(name: string, suite: () => void): void;
  /** Fills a place with the people, lends it, and clears it away. */
  use(run: (route: Route) => Promise<void>): Promise<void>;
  /** The masked people by id. */
  read(route: Route): Promise<readonly Person[]>;
}

const COLUMNS = Object.keys(PEOPLE[0]!);
const create = (text: string, timestamp: string) =>
  `CREATE TABLE people (id int PRIMARY KEY, token ${text}, number int, email ${text}, full_name ${text}, card ${text}, code ${text},
     plate ${text}, digest ${text}, born date, seen ${timestamp}, amount decimal(12,2), score int)`;

const postgres: PeopleSystem = {
  describe: describeWithPostgres,
  use: (run) =>
    withDatabases(["standin_people_source", "standin_people_target"], async (source, target) => {
      await withPostgresSession(source, async (session) => {
        await session.query(create("varchar(200)", "timestamp"));
        await session.query("INSERT INTO people SELECT * FROM json_populate_recordset(NULL::people, $1)", [
          JSON.stringify(PEOPLE),
        ]);
      });
      await run({ system: "postgres", source, target });
    }),
  read: async ({ target }) => {
    const list = COLUMNS.map((name) => `${name}::text`).join(", ");
    return (await runPostgres(target, `SELECT ${list} FROM people ORDER BY people.id`)) as Person[];
  },
};

const mysql: PeopleSystem = {
  describe: describeWithMysql,
  use: (run) =>
    withMysqlDatabases(["standin_people_source", "standin_people_target"], async (source, target) => {
      await withMysqlSession(source, async (session) => {
        await session.query(create("varchar(200)", "datetime"));
        await session.query("INSERT INTO people VALUES ?", [PEOPLE.map((person) => COLUMNS.map((name) => person[name]))]);
      });
      await run({ system: "mysql", source, target });
    }),
  read: async ({ target }) => {
    const list = COLUMNS.map((name) => `CAST(${name} AS CHAR) AS ${name}`).join(", ");
    return (await runMysql(target, `SELECT ${list} FROM people ORDER BY people.id`)).map((row) => ({ ...row }) as Person);
  },
};

/** An empty string is quoted, a NULL is not. */
const quoteCsv = (value: string | null) => (value === null ? "" : `"${value.replaceAll('"', '""')}"`);

const csv: PeopleSystem = {
  describe,
  use: async (run) => {
    const folder = mkdtempSync(join(tmpdir(), "standin-people-"));
    try {
      const [source, target] = [join(folder, "source"), join(folder, "target")];
      mkdirSync(source);
      const lines = PEOPLE.map((person) => COLUMNS.map((name) => quoteCsv(person[name]!)).join(","));
      writeFileSync(join(source, "people.csv"), `${COLUMNS.join(",")}\n${lines.join("\n")}\n`);
      await run({ system: "csv", source, target });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  read: async ({ target }) =>
    parse(readFileSync(join(target, "people.csv"), "utf8"), {
      columns: true,
      cast: (value, { quoting, header }) => (value === "" && !quoting && !header ? null : value),
    }) as Person[],
};

/** Memory has no place of its own: what it masked comes from the run itself. */
const memory: PeopleSystem = {
  describe,
  use: (run) => run({ system: "memory", source: "", target: "" }),
  read: () => Promise.resolve([]),
};

export const PEOPLE_SYSTEMS = { csv, memory, postgres, mysql };
