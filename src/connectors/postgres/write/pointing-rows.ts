import type { PointingRows } from "../../../contracts.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import { type PostgresClient, queryJson } from "../postgres-client.ts";
import { quoteName, quoteTable } from "../postgres-sql.ts";
import { TREE } from "./target-obstacles.ts";

interface PointingKey {
  readonly key: string;
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly isPartitioned: boolean;
  readonly isReadable: boolean;
  readonly toSchema: string;
  readonly to: string;
  readonly toColumns: readonly string[];
}

/** Foreign keys to the written tables from tables that are not written. $1: oids as a JSON array. */
const KEYS = `
  WITH ${TREE}
  SELECT pg_catalog.json_build_object(
           'key', f.conname, 'schema', n.nspname, 'table', c.relname, 'isPartitioned', c.relkind = 'p',
           'isReadable', pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT pg_catalog.row_security_active(c.oid),
           'columns', (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (f.conkey)),
           'toColumns', (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = f.confrelid AND a.attnum = ANY (f.confkey)),
           'toSchema', rn.nspname, 'to', r.relname)::text
    FROM pg_catalog.pg_constraint f
    JOIN pg_catalog.pg_class c ON c.oid = f.conrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class r ON r.oid = COALESCE(pg_catalog.pg_partition_root(f.confrelid)::pg_catalog.oid, f.confrelid)
    JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
   WHERE f.contype = 'f' AND f.conparentid = 0
     AND f.confrelid IN (SELECT oid FROM tree) AND f.conrelid NOT IN (SELECT oid FROM tree)
   ORDER BY n.nspname, c.relname, f.conname`;

/** Which of those keys have rows behind them. Where the role may not look, rows are taken to be there. */
export async function pointingRows(client: PostgresClient, written: readonly CatalogTable[]): Promise<readonly PointingRows[]> {
  const keys = await queryJson<PointingKey>(client, KEYS, [JSON.stringify(written.map(({ oid }) => oid))]);
  const found: PointingRows[] = [];
  for (const key of keys) {
    const from = { schema: key.schema, name: key.table };
    const isSet = key.columns.map((column) => `${quoteName(column)} IS NOT NULL`).join(" AND ");
    const select = `SELECT EXISTS (SELECT FROM ${key.isPartitioned ? "" : "ONLY "}${quoteTable(from)} WHERE ${isSet})::text`;
    const hasRows = key.isReadable ? (await client.query(select))[0]![0] === "true" : true;
    if (hasRows) found.push({ from, key: key.key, to: { schema: key.toSchema, name: key.to }, columns: key.toColumns });
  }
  return found;
}
