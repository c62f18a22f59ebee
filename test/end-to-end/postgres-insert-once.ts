import type pg from "pg";
import type { Plan, TablePlan } from "../../src/plan/plan.ts";
import { tableName } from "../../src/table-ref.ts";
import { qualifyPostgres, quotePostgres } from "./postgres-examiner.ts";

/**
 * Takes the last row out of each table and inserts it again, with new numbers where a sequence gives them: nothing else of it can then be a
 * duplicate. Gives what failed. Nothing of it stays.
 */
export async function insertOnce(session: pg.Client, plan: Plan): Promise<string[]> {
  const failures: string[] = [];
  for (const table of plan.tables) {
    await session.query("BEGIN; SET LOCAL session_replication_role = replica");
    const failure = await insertInto(session, table).catch(
      (error: { code?: string; constraint?: string }) => `${error.code} ${error.constraint}`,
    );
    await session.query("ROLLBACK");
    if (failure !== null) failures.push(`${tableName(table.table.ref)}: ${failure}`);
  }
  return failures;
}

const COLUMNS = `
  SELECT attname AS name, a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval%' AS "isCounter"
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`;

async function insertInto(session: pg.Client, table: TablePlan): Promise<string | null> {
  const name = qualifyPostgres(table);
  const columns: { name: string; isCounter: boolean | null }[] = (await session.query(COLUMNS, [name])).rows;
  const counters = columns.filter(({ isCounter }) => isCounter === true).map((column) => quotePostgres(column.name));
  const copied = columns.filter(({ isCounter }) => isCounter !== true).map((column) => quotePostgres(column.name));
  const order = counters.length === 0 ? "" : `ORDER BY ${counters.map((counter) => `${counter} DESC`).join(", ")}`;
  await session.query(
    `CREATE TEMP TABLE standin_one ON COMMIT DROP AS SELECT tableoid AS standin_part, ctid AS standin_at, * FROM ${name} ${order} LIMIT 1`,
  );
  const deleted = await session.query(
    `DELETE FROM ${name} WHERE (tableoid, ctid) IN (SELECT standin_part, standin_at FROM standin_one)`,
  );
  if (deleted.rowCount === 0) return null;
  const list = copied.join(", ");
  await session.query(
    copied.length === 0 ? `INSERT INTO ${name} DEFAULT VALUES` : `INSERT INTO ${name} (${list}) SELECT ${list} FROM standin_one`,
  );
  if (counters.length === 0) return null;
  const isNew = counters.map((counter) => `(SELECT max(${counter}) FROM ${name}) > (SELECT ${counter} FROM standin_one)`);
  const { rows } = await session.query(`SELECT ${isNew.join(" AND ")} AS "isNew"`);
  return rows[0].isNew === true ? null : "a sequence gives the number of the row that was taken out";
}
