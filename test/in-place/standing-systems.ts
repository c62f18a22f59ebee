import pg from "pg";
import { countingTo, describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";

/** In every cell that is masked. */
export const CANARY = "canary";
/** More than one batch: they begin with 500 rows. */
export const CUSTOMERS = 4000;

/** A system on which databases are masked where they stand. */
export interface StandingSystem {
  readonly name: string;
  readonly describe: (name: string, suite: () => void) => void;
  /** A database with rows, and as many empty ones as are asked for. */
  withThree(use: (standing: string, empty: string, other: string) => Promise<void>): Promise<void>;
  run(url: string, sql: string): Promise<Record<string, unknown>[]>;
  /** Every row of every table, and every key; what `standin mark` made is no table of the user's. */
  picture(url: string): Promise<{ readonly rows: string; readonly keys: string; readonly ours: string }>;
  /** Copies a database with its mark, as a restored backup would be. */
  copyWithMark(from: string, to: string): Promise<void>;
  /** What the planner knows of values. */
  statistics(url: string): Promise<string>;
  /** A table whose updates a trigger of the user's sees. */
  readonly trigger: string;
}

const EMAILS = "foreign key (customer_email) references customers (email)";
const CREATE = [
  "CREATE TABLE customers (id int PRIMARY KEY, email varchar(80) NOT NULL, code char(6) NOT NULL, note varchar(200), seen SEEN, CONSTRAINT customers_email UNIQUE (email), CONSTRAINT customers_code UNIQUE (code))",
  `CREATE TABLE orders (kind varchar(20) NOT NULL, number int NOT NULL, customer_email varchar(80), remark varchar(80), total int, PRIMARY KEY (kind, number), CONSTRAINT orders_customer ${EMAILS})`,
  "CREATE TABLE cities (id int PRIMARY KEY, city varchar(80) NOT NULL)",
  "CREATE TABLE countries (id int PRIMARY KEY, name varchar(80))",
];
/** `i` counts. Keys hold quotes and backslashes, texts what a line of COPY escapes, and the codes are dense: masked ones meet those that are not masked yet. */
const insert = (numbers: (count: number) => string, quoted: string, tab: string) => [
  `INSERT INTO customers ${numbers(CUSTOMERS)} SELECT i, concat('${CANARY}-', i, '@acme.com'), right(concat('000000', i), 6), concat('${CANARY}', ${tab}, i), '2020-01-01 10:00:00' FROM n`,
  `INSERT INTO orders ${numbers(1500)} SELECT concat(${quoted}, i % 3), i, concat('${CANARY}-', i, '@acme.com'), CASE WHEN i % 7 = 0 THEN NULL ELSE concat('${CANARY} ', i) END, i FROM n`,
  `INSERT INTO cities ${numbers(2500)} SELECT i, concat('${CANARY} city ', i) FROM n`,
  "INSERT INTO countries VALUES (1, 'Kept')",
];
const numbersOf = (count: number) => `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
const PREFIXES = ["standin_standing", "standin_standing_empty", "standin_standing_other"];
const TABLES = { customers: "id", orders: "kind, number", cities: "id", countries: "id" };

async function rowsOf(run: (sql: string) => Promise<unknown>): Promise<string> {
  const all: unknown[] = [];
  for (const [table, key] of Object.entries(TABLES)) all.push(await run(`SELECT * FROM ${table} ORDER BY ${key}`));
  return JSON.stringify(all);
}

async function runPostgres(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** What goes with a key that is taken off, beside its definition. */
const SAID_OF_KEYS = `
  COMMENT ON CONSTRAINT customers_email ON customers IS 'it''s one each'; COMMENT ON INDEX customers_email IS '\\ an index';
  COMMENT ON CONSTRAINT orders_customer ON orders IS 'who bought'; COMMENT ON INDEX customers_lower IS 'whatever its case';
  ALTER TABLE customers CLUSTER ON customers_code; ALTER TABLE customers REPLICA IDENTITY USING INDEX customers_email`;

const postgres: StandingSystem = {
  name: "PostgreSQL",
  describe: describeWithPostgres,
  run: runPostgres,
  withThree: (use) =>
    withDatabases(PREFIXES.slice(0, use.length), async (standing, empty, other) => {
      for (const sql of CREATE) await runPostgres(standing!, sql.replace("SEEN", "timestamp"));
      for (const sql of insert(numbersOf, "E'o''\\\\ne '", "E'\\t\\n\\\\'"))
        await runPostgres(
          standing!,
          sql
            .replace(/^(INSERT INTO \w+) (WITH .*?\)) (SELECT .*)$/, "$2 $1 $3")
            .replace("'2020-01-01 10:00:00'", "timestamp '2020-01-01 10:00:00'"),
        );
      await runPostgres(standing!, "CREATE UNIQUE INDEX customers_lower ON customers (lower(email)); ANALYZE");
      await runPostgres(standing!, SAID_OF_KEYS);
      await use(standing!, empty!, other!);
    }),
  picture: async (url) => ({
    rows: await rowsOf((sql) => runPostgres(url, sql)),
    keys: JSON.stringify([
      await runPostgres(
        url,
        "SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint WHERE conrelid > 16384 ORDER BY 1",
      ),
      await runPostgres(url, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"),
      await runPostgres(
        url,
        "SELECT indexrelid::regclass::text AS name, indisclustered, indisreplident, obj_description(indexrelid) FROM pg_index WHERE indrelid > 16384 ORDER BY 1",
      ),
      await runPostgres(url, "SELECT conname, obj_description(oid) FROM pg_constraint WHERE conrelid > 16384 ORDER BY 1"),
    ]),
    ours: JSON.stringify(await runPostgres(url, "SELECT nspname FROM pg_namespace WHERE nspname LIKE '%standin%'")),
  }),
  copyWithMark: async (from, to) => {
    const name = (url: string) => new URL(url).pathname.slice(1);
    const root = Object.assign(new URL(from), { pathname: "/postgres" }).toString();
    await runPostgres(root, `DROP DATABASE ${name(to)}`);
    await runPostgres(root, `CREATE DATABASE ${name(to)} TEMPLATE ${name(from)}`);
  },
  statistics: async (url) =>
    JSON.stringify(
      await runPostgres(url, "SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE schemaname = 'public'"),
    ),
  trigger: `CREATE TABLE audit (id serial PRIMARY KEY, old text);
    CREATE FUNCTION keep_old() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit (old) VALUES (OLD.city); RETURN NEW; END $$;
    CREATE TRIGGER keep_old BEFORE UPDATE ON cities FOR EACH ROW EXECUTE FUNCTION keep_old()`,
};

const mysql: StandingSystem = {
  name: "MariaDB",
  describe: describeWithMysql,
  run: runMysql,
  withThree: (use) =>
    withMysqlDatabases(PREFIXES.slice(0, use.length), async (standing, empty, other) => {
      for (const sql of CREATE)
        await runMysql(
          standing!,
          sql.replace("SEEN", "timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
        );
      for (const sql of insert(numbersOf, "'o''\\\\ne '", "'\\t\\n\\\\'"))
        await runMysql(standing!, `${countingTo(100_000)}; ${sql}`);
      await use(standing!, empty!, other!);
    }),
  picture: async (url) => ({
    rows: await rowsOf((sql) => runMysql(url, sql)),
    keys: JSON.stringify([
      await runMysql(
        url,
        "SELECT table_name, constraint_name, constraint_type FROM information_schema.table_constraints WHERE table_schema = DATABASE() ORDER BY 1, 2",
      ),
      await runMysql(
        url,
        "SELECT table_name, index_name, column_name, non_unique FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index",
      ),
    ]),
    ours: JSON.stringify(
      await runMysql(
        url,
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE '%standin%'",
      ),
    ),
  }),
  copyWithMark: async (from, to) => {
    const source = new URL(from).pathname.slice(1);
    for (const table of [...Object.keys(TABLES), "_standin_mark"])
      await runMysql(to, `CREATE TABLE ${table} LIKE ${source}.${table}; INSERT INTO ${table} SELECT * FROM ${source}.${table}`);
  },
  statistics: async () => "",
  trigger: `CREATE TABLE audit (id int AUTO_INCREMENT PRIMARY KEY, old text);
    CREATE TRIGGER keep_old BEFORE UPDATE ON cities FOR EACH ROW INSERT INTO audit (old) VALUES (OLD.city)`,
};

export const STANDING_SYSTEMS: readonly StandingSystem[] = [postgres, mysql];
