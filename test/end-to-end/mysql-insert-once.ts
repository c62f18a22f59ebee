import type { Connection } from "mysql2/promise";
import { quoteMysql, withMysqlSession } from "../servers/mysql-server.ts";

/**
 * Takes the last row out of each table and inserts it again, with a new number where the server numbers rows: nothing else of it can then be a
 * duplicate. Gives what failed. What was inserted stays.
 */
export function insertOnce(url: string, tables: readonly string[]): Promise<string[]> {
  return withMysqlSession(url, async (session) => {
    // The row that is taken out for a moment may be pointed to.
    await session.query("SET foreign_key_checks = 0");
    const failures: string[] = [];
    for (const table of tables) {
      const failure = await insertInto(session, table).catch((error: { code?: string; sqlMessage?: string }) => error.sqlMessage);
      if (failure !== null) failures.push(`${table}: ${failure}`);
    }
    return failures;
  });
}

interface InsertColumn {
  readonly name: string;
  readonly isCounter: number;
}

async function insertInto(session: Connection, table: string): Promise<string | null> {
  const columns = (await session
    .query(
      `SELECT column_name AS name, extra LIKE '%auto_increment%' AS isCounter FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = ? AND COALESCE(generation_expression, '') = '' ORDER BY ordinal_position`,
      [table],
    )
    .then(([rows]) => rows)) as InsertColumn[];
  const counter = columns.find(({ isCounter }) => isCounter === 1);
  const copied = columns
    .filter((column) => column !== counter)
    .map(({ name }) => quoteMysql(name))
    .join(", ");
  const order = counter === undefined ? "" : `ORDER BY ${quoteMysql(counter.name)} DESC`;
  const name = quoteMysql(table);
  await session.query("DROP TEMPORARY TABLE IF EXISTS standin_one");
  await session.query(`CREATE TEMPORARY TABLE standin_one AS SELECT * FROM ${name} ${order} LIMIT 1`);
  const [deleted] = await session.query(`DELETE FROM ${name} ${order} LIMIT 1`);
  if ((deleted as { affectedRows: number }).affectedRows === 0) return null;
  const values = copied === "" ? "VALUES ()" : `SELECT ${copied} FROM standin_one`;
  await session.query(`INSERT INTO ${name} (${copied}) ${values}`);
  if (counter === undefined) return null;
  const number = quoteMysql(counter.name);
  const [rows] = await session.query(
    `SELECT (SELECT MAX(${number}) FROM ${name}) > (SELECT ${number} FROM standin_one) AS isNew`,
  );
  return (rows as { isNew: number }[])[0]!.isNew === 1 ? null : "the counter gives the number of the row that was taken out";
}
