import { execFileSync } from "node:child_process";
import { postgresSink, postgresSource } from "../../src/connectors/postgres/index.ts";
import { runPostgres, withPostgresSession } from "../end-to-end/postgres-examiner.ts";
import { describeWithPostgres, postgresUrl } from "../servers/postgres-server.ts";
import { CANARY, type FaultSystem } from "./fault-system.ts";
import { withPooledDatabases } from "./pooled-databases.ts";

const namesOf = (urls: readonly string[]) => urls.map((url) => new URL(url).pathname.slice(1));

export const postgresSystem: FaultSystem = {
  name: "PostgreSQL",
  describe: describeWithPostgres,
  withDatabases: withPooledDatabases,
  fill: async (url, events) => {
    await runPostgres(
      url,
      `CREATE TABLE events (id int PRIMARY KEY, code varchar(40) UNIQUE, note varchar(1200));
       CREATE TABLE visits (id int PRIMARY KEY, event_code varchar(40) REFERENCES events (code), remark varchar(200));
       CREATE VIEW last_event AS SELECT max(id) FROM events;
       INSERT INTO events SELECT n, '${CANARY} ' || n, '${CANARY} note ' || repeat('x', 1000) || n FROM generate_series(1, ${events}) n;
       INSERT INTO visits SELECT id, code, '${CANARY} remark' FROM events ORDER BY id LIMIT 3;
       CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TRIGGER on_visit BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION pass()`,
    );
  },
  clear: async (url) => {
    await runPostgres(url, "DROP VIEW last_event; DROP TABLE visits, events; DROP FUNCTION pass()");
  },
  run: runPostgres,
  endSessions: (...urls) =>
    withPostgresSession(postgresUrl!, async (session) => {
      await session.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY($1)", [namesOf(urls)]);
      const list = "SELECT 1 FROM pg_stat_activity WHERE datname = ANY($1)";
      while ((await session.query(list, [namesOf(urls)])).rowCount! > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }),
  sessions: (...urls) =>
    withPostgresSession(postgresUrl!, async (session) => {
      const list = "SELECT 1 FROM pg_stat_activity WHERE datname = ANY($1) AND backend_type = 'client backend'";
      return (await session.query(list, [namesOf(urls)])).rowCount!;
    }),
  picture: async (url) =>
    execFileSync("pg_dump", ["-d", url], { encoding: "utf8", maxBuffer: 2 ** 28 })
      .replace(/^\\(un)?restrict .*$/gm, "")
      // "2 was given" is "3 is next".
      .replace(/(setval\(.*, )(\d+), true\)/g, (_, start, last) => `${start}${Number(last) + 1}, false)`),
  source: (url, silenceSeconds) => postgresSource({ url, silenceSeconds }),
  sink: (url, silenceSeconds) => postgresSink({ url, silenceSeconds }),
  sql: {
    noteIsNumber: "ALTER TABLE events ALTER note TYPE int USING 0",
    visitOfNothing: `SET session_replication_role = replica; INSERT INTO visits VALUES (1000, '${CANARY} nowhere', NULL)`,
    fragile: "",
  },
};
