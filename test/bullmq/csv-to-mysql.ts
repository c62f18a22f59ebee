import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runMysql, withMysqlSession } from "../servers/mysql-server.ts";
import { CANARY } from "./many-processes.ts";

const SCHEMA = `
  CREATE TABLE people (id int PRIMARY KEY, email varchar(100) UNIQUE, note text);
  CREATE TABLE visits (person int, at varchar(100), CONSTRAINT of_person FOREIGN KEY (person) REFERENCES people (id));
  CREATE TABLE few (id int AUTO_INCREMENT PRIMARY KEY)`;

/** Files whose rows go to the tables of `makeMysqlTarget`: those of visits have no key, and lie as they came. */
export function makeCsvSource(folder: string): void {
  const lines = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, index) => line(index + 1));
  const note = "x".repeat(600);
  const people = lines(24_000, (index) => `${(index * 7919) % 24_001},${CANARY}.${index}@acme.com,${note}`);
  const visits = lines(120_000, (index) => `${((index * 31) % 24_000) + 1},${CANARY}${index}`);
  const few = lines(10, String);
  const files = { people: ["id,email,note", ...people], visits: ["person,at", ...visits], few: ["id", ...few] };
  for (const [name, rows] of Object.entries(files)) writeFileSync(join(folder, `${name}.csv`), `${rows.join("\n")}\n`);
}

/** With a row that a refresh takes away. */
export async function makeMysqlTarget(url: string): Promise<void> {
  await runMysql(url, `${SCHEMA}; INSERT INTO few VALUES (77)`);
}

/** Checksums of the rows in the order in which they lie, and how the tables are made. */
export async function mysqlDigest(url: string): Promise<unknown> {
  return withMysqlSession(url, async (session) => {
    await session.query("SET SESSION group_concat_max_len = 100000000");
    const found: unknown[] = [];
    for (const [table, columns] of Object.entries({ people: "id, email, note", visits: "person, at", few: "id" })) {
      const rows = `SELECT COUNT(*), SHA2(GROUP_CONCAT(SHA2(CONCAT_WS('|', ${columns}), 224)), 256) FROM ${table}`;
      found.push((await session.query(rows))[0], (await session.query(`SHOW CREATE TABLE ${table}`))[0]);
    }
    return found;
  });
}
