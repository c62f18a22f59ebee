import type { TableToWrite } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { counted } from "../../written-numbers.ts";
import type { CatalogTable } from "./postgres-catalog.ts";
import { type PostgresClient, queryJson } from "./postgres-client.ts";
import { quoteName, quoteTable } from "./postgres-sql.ts";
import { stagedName } from "./stage-records.ts";
import { BEGIN_ANEW, STAGING } from "./stage-schema.ts";

/** A table of the target's, what is written to it, and where its rows are staged. */
export interface TableToStage {
  readonly number: number;
  readonly wanted: TableToWrite;
  readonly found: CatalogTable;
}

const stagedTable = (number: number): string => `${STAGING}.${stagedName(number)}`;
const listOf = ({ columns }: TableToWrite): string => columns.map(({ name }) => quoteName(name)).join(", ");

/**
 * Makes tables that take the same COPY as the target's own, and refuse what those would refuse of a column: its type, its length, a NULL. Indexes,
 * constraints, defaults and computed columns wait for the target's own. They are logged, as the records of what is in them are.
 */
export async function createStaged(client: PostgresClient, tables: readonly TableToStage[]): Promise<void> {
  const [[compression]] = (await client.query(
    "SELECT CASE WHEN pg_catalog.current_setting('server_version_num')::integer >= 140000 THEN ' INCLUDING COMPRESSION' ELSE '' END",
  )) as [[string]];
  const statements = tables.flatMap(({ number, wanted, found }) => {
    const written = new Set(wanted.columns.map(({ name }) => name));
    const others = found.table.columns.filter(({ name }) => !written.has(name));
    const staged = stagedTable(number);
    // A long value goes into the target's own table as it was packed for this one.
    const like = `LIKE ${quoteTable(found.table.ref)} INCLUDING STORAGE${compression}`;
    return [
      // Rows stay where they are, in their order: nobody else writes here, and nothing is to be counted.
      `CREATE TABLE ${staged} (${like}) USING heap WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false)`,
      ...(others.length === 0
        ? []
        : [`ALTER TABLE ${staged} ${others.map(({ name }) => `DROP COLUMN ${quoteName(name)}`).join(", ")}`]),
    ];
  });
  await client.script(statements.join(";\n"));
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

/** Rules that would rewrite an INSERT. A COPY, which fills the tables of a run that stages nothing, passes them by. */
const RULES = `
  SELECT pg_catalog.json_build_object(
           'disable', pg_catalog.format('ALTER TABLE %I.%I DISABLE RULE %I', n.nspname, c.relname, r.rulename),
           'enable', pg_catalog.format('ALTER TABLE %I.%I ENABLE %sRULE %I', n.nspname, c.relname,
                       CASE r.ev_enabled WHEN 'R' THEN 'REPLICA ' WHEN 'A' THEN 'ALWAYS ' ELSE '' END, r.rulename))::text
    FROM pg_catalog.json_array_elements_text($1::text::json) o (oid)
    JOIN pg_catalog.pg_rewrite r ON r.ev_class = o.oid::pg_catalog.oid AND r.ev_type = '3' AND r.ev_enabled <> 'D'
    JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   ORDER BY n.nspname, c.relname, r.rulename`;

/** Moves the staged rows into the target's own tables, which are empty and have nothing in their way, and sees that all are there. */
export async function moveRows(
  client: PostgresClient,
  tables: readonly TableToStage[],
  promised: ReadonlyMap<number, number>,
): Promise<void> {
  const rules = await queryJson<{ disable: string; enable: string }>(client, RULES, [
    JSON.stringify(tables.map(({ found }) => found.oid)),
  ]);
  for (const { disable } of rules) await client.script(disable);
  for (const { number, wanted, found } of tables) {
    const target = quoteTable(wanted.table.ref);
    const list = listOf(wanted);
    const into = list === "" ? "" : ` (${list})`;
    await client.script(`INSERT INTO ${target}${into} OVERRIDING SYSTEM VALUE SELECT ${list} FROM ${stagedTable(number)}`);
    const [[there]] = (await client.query(
      `SELECT pg_catalog.count(*)::text FROM ${found.isPartitioned ? "" : "ONLY "}${target}`,
    )) as [[string]];
    refuseOtherCount(wanted, promised.get(number) ?? 0, Number(there));
  }
  for (const { enable } of rules) await client.script(enable);
}

function refuseOtherCount({ table }: TableToWrite, promised: number, there: number): void {
  if (there === promised) return;
  const name = tableName(table.ref);
  const message = `${name}: ${counted(promised, "row")} ${promised === 1 ? "was" : "were"} staged, and ${there} came out.`;
  throw new StandinError("COUNT_MISMATCH", message, {
    table: name,
    hint: BEGIN_ANEW,
  });
}
