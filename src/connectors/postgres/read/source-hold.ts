import type { TableRef } from "../../../contracts.ts";
import type { Finding } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { selectStatement } from "../postgres-sql.ts";
import { readDenials, type TableToRead } from "./read-access.ts";

/**
 * Tables whose rows lie in another file than in the snapshot's time: TRUNCATE and the ALTER TABLEs that rewrite are not kept out by a snapshot, which
 * then sees an empty table. $1: oids as a JSON array.
 */
const REWRITTEN = `
  SELECT w.oid
    FROM pg_catalog.json_array_elements_text($1::text::json) w (oid)
   WHERE EXISTS (
     SELECT FROM (SELECT w.oid::pg_catalog.oid AS relid
                   UNION SELECT p.relid FROM pg_catalog.pg_partition_tree(w.oid::pg_catalog.oid) p) t
       JOIN pg_catalog.pg_class c ON c.oid = t.relid
      WHERE c.relkind = 'r' AND c.relfilenode <> pg_catalog.pg_relation_filenode(c.oid))`;

export interface TableToLock {
  readonly ref: TableRef;
  readonly isPartitioned: boolean;
}

/** Who waits longer than this for a table finds a migration under way. */
const LOCK_TIMEOUT = "60s";

/**
 * Locks the tables as a reader does, until the transaction ends, and makes sure that the snapshot still sees their rows. Where something cannot be
 * read, that is told instead.
 */
export async function holdTables(client: PostgresClient, tables: readonly TableToRead[]): Promise<readonly Finding[]> {
  if (tables.length === 0) return [];
  const byOid = new Map(tables.map((one) => [one.found.oid, one]));
  const denied = await readDenials(client, tables, "source");
  if (denied.length > 0) return denied;

  await lockForReading(
    client,
    tables.map(({ found: { table, isPartitioned } }) => ({ ref: table.ref, isPartitioned })),
  );
  const rewritten = await client.query(REWRITTEN, [JSON.stringify([...byOid.keys()])]);
  return rewritten.map(([oid]) => rewrittenTable(byOid.get(oid!)!));
}

/** Locks tables as reading them does, until the transaction ends. */
export async function lockForReading(client: PostgresClient, tables: readonly TableToLock[]): Promise<void> {
  if (tables.length === 0) return;
  await client.query("SELECT pg_catalog.set_config('lock_timeout', $1::text, true)", [LOCK_TIMEOUT]);
  // Not LOCK TABLE, which wants a privilege on the whole table. LIMIT 0 reads no row, and still locks every partition.
  await client.script(tables.map(({ ref, isPartitioned }) => `${selectStatement(ref, [], isPartitioned)} LIMIT 0`).join(";\n"));
  await client.query("SELECT pg_catalog.set_config('lock_timeout', '0', true)");
}

function rewrittenTable({ wanted }: TableToRead): Finding {
  const name = tableName(wanted.table.ref);
  return {
    code: "SOURCE_FAILED",
    severity: "error",
    message: `${name} was emptied or rewritten while the run began.`,
    table: name,
    hint: "Run again when the source's migration is over.",
  };
}
