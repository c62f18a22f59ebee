import { mysqlSink, mysqlSource } from "../../src/connectors/mysql/index.ts";
import { mysqlDefinitions } from "../end-to-end/mysql-definitions.ts";
import { exactRows } from "../end-to-end/mysql-examiner.ts";
import { describeWithMysql, mysqlUrl, runMysql, withMysqlDatabases, withMysqlSession } from "../servers/mysql-server.ts";
import { CANARY, type FaultSystem } from "./fault-system.ts";

/** The numbers from 0 to 999,999, on every server: none has a limit for this. */
const DIGIT =
  "(SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)";
const NUMBERS = `(SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d AS n
                    FROM ${["a", "b", "c", "e", "f", "g"].map((name) => `${DIGIT} ${name}`).join(", ")})`;

function listSessions(urls: readonly string[]): Promise<readonly number[]> {
  return withMysqlSession(mysqlUrl!, async (session) => {
    const names = urls.map((url) => new URL(url).pathname.slice(1));
    const [found] = await session.query("SELECT id FROM information_schema.processlist WHERE db IN (?)", [names]);
    return (found as { id: number }[]).map(({ id }) => id);
  });
}

export const mysqlSystem: FaultSystem = {
  name: "MariaDB",
  describe: describeWithMysql,
  withDatabases: withMysqlDatabases,
  fill: async (url, events) => {
    await runMysql(
      url,
      `CREATE TABLE events (id int PRIMARY KEY, code varchar(40) UNIQUE, note varchar(1200));
       CREATE TABLE visits (id int PRIMARY KEY, event_code varchar(40), remark varchar(200), FOREIGN KEY (event_code) REFERENCES events (code));
       CREATE VIEW last_event AS SELECT max(id) FROM events;
       INSERT INTO events SELECT n + 1, CONCAT('${CANARY} ', n + 1), CONCAT('${CANARY} note ', REPEAT('x', 1000), n) FROM ${NUMBERS} numbers WHERE n < ${events};
       INSERT INTO visits SELECT id, code, '${CANARY} remark' FROM events ORDER BY id LIMIT 3;
       CREATE TRIGGER on_visit BEFORE INSERT ON visits FOR EACH ROW SET NEW.id = NEW.id;
       CREATE TRIGGER behind_visit AFTER INSERT ON visits FOR EACH ROW UPDATE events SET note = NULL WHERE id = 0;
       -- The server's own guess of a size comes seconds later, and shards are cut by it.
       ANALYZE TABLE events`,
    );
  },
  clear: async (url) => {
    await runMysql(url, "DROP VIEW last_event; DROP TABLE visits, events");
  },
  run: runMysql,
  endSessions: async (...urls) => {
    // A session that has ended by itself in the meantime is none to end.
    for (const id of await listSessions(urls)) await runMysql(mysqlUrl!, `KILL ${id}`).catch(() => {});
    // Each ends at the next point where it looks up from its work.
    while ((await listSessions(urls)).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  },
  sessions: async (...urls) => (await listSessions(urls)).length,
  picture: async (url) => {
    const definitions = await mysqlDefinitions(url);
    const tables = Object.keys(definitions).flatMap((name) => /^base table (.*)$/s.exec(name)?.[1] ?? []);
    const parts = [JSON.stringify(definitions, null, 1)];
    for (const table of tables) parts.push((await exactRows(url, table)).sort().join("\n"));
    return parts.join("\n");
  },
  source: (url, silenceSeconds) => mysqlSource({ url, silenceSeconds }),
  sink: (url, silenceSeconds) => mysqlSink({ url, silenceSeconds }),
  sql: {
    noteIsNumber: "ALTER TABLE events MODIFY note int",
    visitOfNothing: `SET foreign_key_checks = 0; INSERT INTO visits VALUES (1000, '${CANARY} nowhere', NULL)`,
    // MariaDB 10.11 loses triggers, and spoils the file that lists them, when a RENAME of their table is killed.
    fragile: "DROP TRIGGER on_visit; DROP TRIGGER behind_visit",
  },
};
