import pg from "pg";
import { expect } from "vitest";
import { countingTo, describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";

/** Enough that the middle is the middle, with the rests of the policy: a run of more than a second. */
export const ROWS = 100_000;
/** In cells that are masked and cells that are kept, in every row. */
export const CANARY = "canary";

type Side = "source" | "target";

/** Two databases with the tables of the policy: a small one and a large one in the source, some former rows in the target. */
export interface TwoDatabases {
  readonly from: string;
  readonly to: string;
  /** Everything in the target that a run could change. */
  targetContent(): Promise<unknown>;
  /** Makes the target's server refuse the large table's last row, by a constraint of this name; or takes it away. */
  refuseLastRow(constraint: string): Promise<void>;
  acceptLastRow(constraint: string): Promise<void>;
  /** Has the server end standin's session, as an administrator would. Fails where there is not exactly one. */
  endSession(side: Side): Promise<void>;
  /** Sessions of standin that are still there. */
  sessions(): Promise<number>;
}

/** A system to interrupt: how its suite is described (or skipped), and how its databases are made. */
export interface DatabaseSystem {
  readonly name: string;
  readonly describe: (name: string, suite: () => void) => void;
  withTwo(use: (databases: TwoDatabases) => Promise<void>): Promise<void>;
}

const TABLES = [
  "CREATE TABLE first (id int PRIMARY KEY)",
  "CREATE TABLE users (id int PRIMARY KEY, email varchar(60) NOT NULL UNIQUE, name varchar(60), note varchar(60))",
];
const PREFIXES = ["standin_interrupted_source", "standin_interrupted_target"];
const nameOf = (url: string) => new URL(url).pathname.slice(1);

const postgres: DatabaseSystem = {
  name: "PostgreSQL",
  describe: describeWithPostgres,
  withTwo: (use) =>
    withDatabases(PREFIXES, async (from, to) => {
      const [source, target] = [new pg.Client(from), new pg.Client(to)];
      try {
        for (const client of [source, target]) {
          await client.connect();
          await client.query(TABLES.join(";"));
        }
        await source.query(`INSERT INTO first VALUES (1); INSERT INTO users
          SELECT i, '${CANARY}-' || i || '@acme.com', '${CANARY} ' || i, '${CANARY}-' || i FROM generate_series(1, ${ROWS}) i; ANALYZE`);
        await target.query("INSERT INTO users SELECT i, 'as it was ' || i, NULL, NULL FROM generate_series(1, 100) i");
        const sessions = "FROM pg_stat_activity WHERE application_name = 'standin' AND datname = ANY($1)";
        await use({
          from,
          to,
          // xmin tells a row that was put back from one that was never touched.
          targetContent: async () => [
            (await target.query("SELECT xmin, * FROM users ORDER BY id")).rows,
            (await target.query("SELECT count(*) FROM first")).rows,
            (await target.query("SELECT conname, convalidated FROM pg_constraint ORDER BY 1")).rows,
          ],
          refuseLastRow: async (constraint) => {
            await target.query(`ALTER TABLE users ADD CONSTRAINT ${constraint} CHECK (name <> '${CANARY} ${ROWS}')`);
          },
          acceptLastRow: async (constraint) => {
            await target.query(`ALTER TABLE users DROP CONSTRAINT ${constraint}`);
          },
          endSession: async (side) => {
            const { rowCount } = await source.query(`SELECT pg_terminate_backend(pid) ${sessions}`, [
              [nameOf(side === "source" ? from : to)],
            ]);
            expect(rowCount).toBe(1);
          },
          sessions: async () => (await source.query(`SELECT pid ${sessions}`, [[nameOf(from), nameOf(to)]])).rows.length,
        });
      } finally {
        for (const client of [source, target]) await client.end();
      }
    }),
};

const mysql: DatabaseSystem = {
  name: "MariaDB",
  describe: describeWithMysql,
  withTwo: (use) =>
    withMysqlDatabases(PREFIXES, async (from, to) => {
      for (const url of [from, to]) for (const statement of TABLES) await runMysql(url, statement);
      const numbers = (count: number) => `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
      await runMysql(from, "INSERT INTO first VALUES (1)");
      await runMysql(
        from,
        `${countingTo(ROWS)}; INSERT INTO users
         ${numbers(ROWS)} SELECT i, concat('${CANARY}-', i, '@acme.com'), concat('${CANARY} ', i), concat('${CANARY}-', i) FROM n`,
      );
      await runMysql(to, `INSERT INTO users ${numbers(100)} SELECT i, concat('as it was ', i), NULL, NULL FROM n`);
      const sessions = async (...names: string[]) => {
        const list = names.map((name) => `'${name}'`).join(", ");
        const sql = `SELECT id FROM information_schema.processlist WHERE db IN (${list}) AND id <> connection_id()`;
        return (await runMysql(from, sql)).map(({ id }) => Number(id));
      };
      await use({
        from,
        to,
        targetContent: async () => [
          await runMysql(to, "SELECT * FROM users ORDER BY id"),
          await runMysql(to, "SELECT count(*) FROM first"),
          await runMysql(
            to,
            "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = database() ORDER BY 1",
          ),
        ],
        refuseLastRow: async (constraint) => {
          await runMysql(to, `ALTER TABLE users ADD CONSTRAINT ${constraint} CHECK (name <> '${CANARY} ${ROWS}')`);
        },
        acceptLastRow: async (constraint) => {
          await runMysql(to, `ALTER TABLE users DROP CONSTRAINT ${constraint}`);
        },
        endSession: async (side) => {
          const ids = await sessions(nameOf(side === "source" ? from : to));
          expect(ids).toHaveLength(1);
          await runMysql(from, `KILL ${ids[0]}`);
        },
        sessions: async () => (await sessions(nameOf(from), nameOf(to))).length,
      });
    }),
};

export const DATABASE_SYSTEMS: readonly DatabaseSystem[] = [postgres, mysql];
