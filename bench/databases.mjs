import { execFileSync } from "node:child_process";
import { COLUMNS } from "./make-data.mjs";

const PG = new URL(process.env.STANDIN_BENCH_PG_URL ?? "postgres://root@127.0.0.1:5432/postgres");
const MYSQL = new URL(process.env.STANDIN_BENCH_MYSQL_URL ?? "mysql://root@127.0.0.1:3306/");

const named = (server, database) => Object.assign(new URL(server), { pathname: `/${database}` }).toString();

/** A table of the 12 columns in a source and in a target database, made anew from a CSV and dropped at the end. */
export function postgresPair(rows) {
  const names = [`standin_bench_source_${rows}`, `standin_bench_target_${rows}`];
  const [source, target] = names.map((name) => named(PG, name));
  const psql = (url, sql) =>
    execFileSync("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql], { stdio: ["ignore", "pipe", "inherit"] });
  return {
    source,
    target,
    create(csv) {
      this.drop();
      for (const name of names) psql(PG.toString(), `CREATE DATABASE ${name}`);
      const table =
        "CREATE TABLE customers (id bigint PRIMARY KEY, uuid uuid, first_name text, last_name text, email text, phone text, ssn text, card text, dob date, address text, notes jsonb, created_at timestamp)";
      for (const url of [source, target]) psql(url, table);
      psql(source, `\\copy customers FROM '${csv}' (FORMAT csv, HEADER)`);
      psql(source, "ANALYZE");
      psql(source, "CHECKPOINT");
    },
    truncate: () => psql(target, "TRUNCATE customers"),
    drop() {
      for (const name of names) psql(PG.toString(), `DROP DATABASE IF EXISTS ${name}`);
    },
  };
}

export function mysqlPair(rows) {
  const names = [`standin_bench_source_${rows}`, `standin_bench_target_${rows}`];
  const [source, target] = names.map((name) => named(MYSQL, name));
  const connection = ["-h", MYSQL.hostname, "-P", MYSQL.port || "3306", "-u", MYSQL.username || "root"];
  const environment = { ...process.env, ...(MYSQL.password ? { MYSQL_PWD: decodeURIComponent(MYSQL.password) } : {}) };
  const client = (sql, database = "") =>
    execFileSync("mariadb", [...connection, "--local-infile=1", "-e", sql, ...(database ? [database] : [])], {
      env: environment,
    });
  const shell = connection.map((part) => `'${part}'`).join(" ");
  return {
    source,
    target,
    environment,
    pipe: `mariadb-dump ${shell} ${names[0]} | mariadb ${shell} ${names[1]}`,
    create(csv) {
      this.drop();
      for (const name of names) {
        client(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
        client(
          "CREATE TABLE customers (id bigint PRIMARY KEY, uuid char(36), first_name varchar(80), last_name varchar(80), email varchar(120), phone varchar(40), ssn varchar(40), card varchar(40), dob date, address text, notes text, created_at datetime) ENGINE=InnoDB",
          name,
        );
      }
      client(
        `LOAD DATA LOCAL INFILE '${csv}' INTO TABLE customers CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' ESCAPED BY '' LINES TERMINATED BY '\\n' IGNORE 1 LINES (${COLUMNS.join(",")})`,
        names[0],
      );
      client("ANALYZE TABLE customers", names[0]);
    },
    truncate: () => client("TRUNCATE customers", names[1]),
    drop() {
      for (const name of names) client(`DROP DATABASE IF EXISTS ${name}`);
    },
  };
}
