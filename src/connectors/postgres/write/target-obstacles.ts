import type { CatalogTable } from "../postgres-catalog.ts";
import { type PostgresClient, queryJson } from "../postgres-client.ts";
import { quoteTable } from "../postgres-sql.ts";

/** What was taken out of the rows' way, as the statements that put it back exactly. */
export interface Obstacles {
  readonly foreignKeys: readonly ForeignKeyStatements[];
  readonly triggers: readonly TriggerStatements[];
}

interface ForeignKeyStatements {
  readonly name: string;
  readonly table: string;
  readonly drop: string;
  readonly add: string;
  readonly comment: string | null;
}

interface TriggerStatements {
  readonly disable: string;
  readonly enable: string;
}

/** The written tables with their partitions. $1 is a JSON array of oids. */
export const TREE = `
  written AS (
    SELECT o::pg_catalog.oid AS oid FROM pg_catalog.json_array_elements_text($1::text::json) o),
  tree AS (
    SELECT oid FROM written
     UNION
    SELECT p.relid FROM written CROSS JOIN LATERAL pg_catalog.pg_partition_tree(written.oid) p)`;

/** Foreign keys from and to the tables. `pg_get_constraintdef` keeps NOT VALID, DEFERRABLE and the actions. */
const FOREIGN_KEYS = `
  WITH ${TREE}
  SELECT pg_catalog.json_build_object(
           'name', f.conname, 'table', r.name,
           'drop', pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', r.name, f.conname),
           'add', pg_catalog.format('ALTER TABLE %s ADD CONSTRAINT %I %s', r.name, f.conname, pg_catalog.pg_get_constraintdef(f.oid)),
           'comment', (SELECT pg_catalog.format('COMMENT ON CONSTRAINT %I ON %s IS %L', f.conname, r.name, c.description)
                         FROM pg_catalog.pg_description c
                        WHERE c.objoid = f.oid AND c.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass))::text
    FROM pg_catalog.pg_constraint f
   CROSS JOIN LATERAL (
     SELECT pg_catalog.format('%I.%I', n.nspname, t.relname) AS name
       FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace WHERE t.oid = f.conrelid) r
   WHERE f.contype = 'f' AND f.conparentid = 0
     AND (f.conrelid IN (SELECT oid FROM tree) OR f.confrelid IN (SELECT oid FROM tree))
   ORDER BY r.name, f.conname`;

/**
 * Users' triggers that would fire. The clones that a partition holds have a state of their own; before PostgreSQL 15 they count as internal, as those of
 * constraints do.
 */
const TRIGGERS = `
  WITH ${TREE}
  SELECT pg_catalog.json_build_object(
           'disable', pg_catalog.format('ALTER TABLE ONLY %I.%I DISABLE TRIGGER %I', n.nspname, c.relname, t.tgname),
           'enable', pg_catalog.format('ALTER TABLE ONLY %I.%I ENABLE %sTRIGGER %I', n.nspname, c.relname,
                       CASE t.tgenabled WHEN 'R' THEN 'REPLICA ' WHEN 'A' THEN 'ALWAYS ' ELSE '' END, t.tgname))::text
    FROM pg_catalog.pg_trigger t
    JOIN tree ON tree.oid = t.tgrelid
    JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid
   WHERE (NOT t.tgisinternal OR t.tgconstraint = 0 OR f.proname !~ '^(RI_FKey_|unique_key_recheck$)') AND t.tgenabled <> 'D'
   ORDER BY n.nspname, c.relname, t.tgname`;

/**
 * Empties the tables and takes away what stands in the rows' way: foreign keys from and to them, so that order and cycles do not matter, and triggers.
 * All of it within the transaction, and all of it allowed to a plain owner: `session_replication_role` is not. With `keepsRows` the rows stay.
 */
export async function clearTheWay(
  client: PostgresClient,
  tables: readonly CatalogTable[],
  keepsRows: boolean,
): Promise<Obstacles> {
  const parameters = [JSON.stringify(tables.map(({ oid }) => oid))];
  const names = tables.map(({ table, isPartitioned }) => `${isPartitioned ? "" : "ONLY "}${quoteTable(table.ref)}`).join(", ");
  await client.script(`LOCK TABLE ${names} IN ACCESS EXCLUSIVE MODE`);
  const foreignKeys = await queryJson<ForeignKeyStatements>(client, FOREIGN_KEYS, parameters);
  const triggers = await queryJson<TriggerStatements>(client, TRIGGERS, parameters);
  const statements = [...foreignKeys.map(({ drop }) => drop), ...triggers.map(({ disable }) => disable)];
  if (!keepsRows) statements.push(`TRUNCATE ${names}`);
  for (const statement of statements) await client.script(statement);
  return { foreignKeys, triggers };
}

/** Puts everything back. Adding a foreign key checks it against the rows. */
export async function restoreObstacles(client: PostgresClient, { foreignKeys, triggers }: Obstacles): Promise<void> {
  for (const { add, comment } of foreignKeys) {
    await client.script(add);
    if (comment !== null) await client.script(comment);
  }
  for (const { enable } of triggers) await client.script(enable);
}
