import { execFileSync } from "node:child_process";
import { describeWithPostgres, postgresUrl, withDatabases } from "../servers/postgres-server.ts";
import { CANARY, type FaultServer, survivesFaults } from "./fault-suite.ts";
import { runPostgres, withPostgresSession } from "./postgres-examiner.ts";

const server: FaultServer = {
  withDatabases,
  fill: async (url, events) => {
    await runPostgres(
      url,
      `CREATE TABLE events (id int PRIMARY KEY, code varchar(40) UNIQUE, note varchar(200));
       CREATE TABLE visits (id int PRIMARY KEY, event_code varchar(40) REFERENCES events (code));
       CREATE VIEW last_event AS SELECT max(id) FROM events;
       INSERT INTO events SELECT n, '${CANARY} ' || n, '${CANARY} note ' || repeat('x', 80) || n FROM generate_series(1, ${events}) n;
       INSERT INTO visits SELECT id, code FROM events ORDER BY id LIMIT 3;
       CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TRIGGER on_visit BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION pass()`,
    );
  },
  run: runPostgres,
  endSessions: (url) =>
    withPostgresSession(postgresUrl!, async (session) => {
      const name = [new URL(url).pathname.slice(1)];
      await session.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name);
      const list = "SELECT 1 FROM pg_stat_activity WHERE datname = $1";
      while ((await session.query(list, name)).rowCount! > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }),
  picture: async (url) =>
    execFileSync("pg_dump", ["-d", url], { encoding: "utf8", maxBuffer: 2 ** 28 }).replace(/^\\(un)?restrict .*$/gm, ""),
  sql: {
    noteIsNumber: "ALTER TABLE events ALTER note TYPE int USING 0",
    visitOfNothing: `SET session_replication_role = replica; INSERT INTO visits VALUES (1000, '${CANARY} nowhere')`,
    fragile: "",
  },
};

describeWithPostgres("faults on PostgreSQL", () => survivesFaults(server));
