import type { TableToWrite } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { quoteName, quoteTable } from "../postgres-sql.ts";
import { stagedName } from "./stage-records.ts";
import { BEGIN_ANEW, STAGING } from "./stage-schema.ts";

/** A table of the target's, what is written to it, and where its rows are staged. */
export interface TableToStage {
  readonly number: number;
  readonly wanted: TableToWrite;
  readonly found: CatalogTable;
}

const stagedTable = (number: number, slot = 0): string => `${STAGING}.${stagedName(number, slot)}`;
/** Rows stay where they are, in their order: nobody else writes here, and nothing is to be counted. */
const STORED = "USING heap WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false)";

/**
 * Makes tables that take the same COPY as the target's own, and refuse what those would refuse of a column: its type, its length, a NULL. Indexes,
 * constraints, defaults and computed columns wait for the target's own. They are logged, as the records of what is in them are.
 */
export async function createStaged(client: PostgresClient, tables: readonly TableToStage[]): Promise<void> {
  const including = await includingStorage(client);
  const statements = tables.flatMap(({ number, wanted, found }) => {
    const written = new Set(wanted.columns.map(({ name }) => name));
    const others = found.table.columns.filter(({ name }) => !written.has(name));
    const staged = stagedTable(number);
    // A long value goes into the target's own table as it was packed for this one.
    const like = `LIKE ${quoteTable(found.table.ref)} ${including}`;
    return [
      `CREATE TABLE ${staged} (${like}) ${STORED}`,
      ...(others.length === 0
        ? []
        : [`ALTER TABLE ${staged} ${others.map(({ name }) => `DROP COLUMN ${quoteName(name)}`).join(", ")}`]),
    ];
  });
  await client.script(statements.join(";\n"));
}

/** Makes the table of a slot, as that of the session that began the run, where it is not there. */
export async function createSlot(client: PostgresClient, number: number, slot: number): Promise<void> {
  const like = `LIKE ${stagedTable(number)} ${await includingStorage(client)}`;
  await client.script(`CREATE TABLE IF NOT EXISTS ${stagedTable(number, slot)} (${like}) ${STORED}`);
}

async function includingStorage(client: PostgresClient): Promise<string> {
  const [[compression]] = (await client.query(
    "SELECT CASE WHEN pg_catalog.current_setting('server_version_num')::integer >= 140000 THEN ' INCLUDING COMPRESSION' ELSE '' END",
  )) as [[string]];
  return `INCLUDING STORAGE${compression}`;
}

/** Tables whose staged columns are no longer those of the target's own. $1: `[{ number, oid, columns }]`. */
const CHANGED = `
  WITH tables AS (
    SELECT * FROM pg_catalog.json_to_recordset($1::text::json) t (number integer, oid text, columns json)),
  wanted AS (
    SELECT t.number, c.name, a.atttypid, a.atttypmod, a.attcollation, a.attnotnull
      FROM tables t
     CROSS JOIN LATERAL pg_catalog.json_array_elements_text(t.columns) c (name)
      LEFT JOIN pg_catalog.pg_attribute a
        ON a.attrelid = t.oid::pg_catalog.oid AND a.attname = c.name AND NOT a.attisdropped AND a.attgenerated = ''),
  staged AS (
    SELECT t.number, a.attname::text, a.atttypid, a.atttypmod, a.attcollation, a.attnotnull
      FROM tables t
      JOIN pg_catalog.pg_class s ON s.relname = 't' || t.number AND s.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = '${STAGING}')
      JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped)
  SELECT DISTINCT d.number::text
    FROM ((TABLE wanted EXCEPT TABLE staged) UNION ALL (TABLE staged EXCEPT TABLE wanted)) d`;

/** Throws RESUME_REFUSED where a migration has changed the columns that rows are staged for. */
export async function refuseChanged(client: PostgresClient, tables: readonly TableToStage[]): Promise<void> {
  const asked = tables.map(({ number, wanted, found }) => ({
    number,
    oid: found.oid,
    columns: wanted.columns.map(({ name }) => name),
  }));
  const changed = (await client.query(CHANGED, [JSON.stringify(asked)])).map(([number]) => Number(number));
  const names = tables.filter(({ number }) => changed.includes(number)).map(({ wanted }) => tableName(wanted.table.ref));
  if (names.length === 0) return;
  throw new StandinError(
    "RESUME_REFUSED",
    `Rows are staged for other columns than ${names.join(", ")} ${names.length === 1 ? "has" : "have"} now.`,
    {
      table: names[0],
      hint: BEGIN_ANEW,
    },
  );
}
