import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { describe } from "vitest";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";

/** Two places with the same small data, a way to reach them, and a way to see what the target holds. */
export interface Places {
  readonly source: string;
  readonly target: string;
  /** A location of this system where nothing answers. */
  readonly nowhere: string;
  targetContent(): Promise<unknown>;
}

interface PlaceSystem {
  readonly name: string;
  readonly describe: (name: string, suite: () => void) => void;
  withPlaces(use: (places: Places) => Promise<void>): Promise<void>;
}

const TABLES = [
  "CREATE TABLE users (id int PRIMARY KEY, email varchar(60) NOT NULL)",
  "CREATE TABLE visits (id int, page varchar(60))",
];
const ROWS = ["INSERT INTO users VALUES (1, 'canary@acme.com')", "INSERT INTO visits VALUES (1, '/canary')"];
const FORMER = "INSERT INTO users VALUES (7, 'as it was')";
const PREFIXES = ["standin_refusal_source", "standin_refusal_target"];

const csv: PlaceSystem = {
  name: "CSV",
  describe,
  async withPlaces(use) {
    const folder = mkdtempSync(join(tmpdir(), "standin-places-"));
    const [source, target, nowhere] = ["in", "out", "nowhere"].map((name) => join(folder, name)) as [string, string, string];
    try {
      for (const place of [source, target]) mkdirSync(place);
      writeFileSync(join(source, "users.csv"), "id,email\n1,canary@acme.com\n");
      writeFileSync(join(source, "visits.csv"), "id,page\n1,/canary\n");
      writeFileSync(join(target, "users.csv"), "as it was");
      const files = () => readdirSync(target).map((name) => [name, readFileSync(join(target, name), "utf8")]);
      await use({ source, target, nowhere, targetContent: async () => [files(), existsSync(nowhere)] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

const postgres: PlaceSystem = {
  name: "PostgreSQL",
  describe: describeWithPostgres,
  withPlaces: (use) =>
    withDatabases(PREFIXES, async (source, target) => {
      const [from, to] = [new pg.Client(source), new pg.Client(target)];
      try {
        for (const client of [from, to]) {
          await client.connect();
          for (const statement of TABLES) await client.query(statement);
        }
        for (const statement of ROWS) await from.query(statement);
        await to.query(FORMER);
        // xmin tells a row that was put back from one that was never touched.
        const content = async () => (await to.query("SELECT xmin, * FROM users UNION ALL SELECT xmin, * FROM visits")).rows;
        await use({ source, target, nowhere: "postgres://127.0.0.1:1/nowhere", targetContent: content });
      } finally {
        for (const client of [from, to]) await client.end();
      }
    }),
};

const mysql: PlaceSystem = {
  name: "MariaDB",
  describe: describeWithMysql,
  withPlaces: (use) =>
    withMysqlDatabases(PREFIXES, async (source, target) => {
      for (const url of [source, target]) for (const statement of TABLES) await runMysql(url, statement);
      for (const statement of ROWS) await runMysql(source, statement);
      await runMysql(target, FORMER);
      const content = async () => [
        await runMysql(target, "SELECT * FROM users UNION ALL SELECT * FROM visits"),
        // A table made anew is younger.
        await runMysql(
          target,
          "SELECT table_name, create_time FROM information_schema.tables WHERE table_schema = database() ORDER BY 1",
        ),
      ];
      await use({ source, target, nowhere: "mysql://127.0.0.1:1/nowhere", targetContent: content });
    }),
};

export const SYSTEMS: readonly PlaceSystem[] = [csv, postgres, mysql];
