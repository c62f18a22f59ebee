import type { Finding } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import { type PostgresClient, queryJson } from "../postgres-client.ts";
import type { Standing } from "./standing-obstacles.ts";

/**
 * Tables whose updates are published for logical replication, and which have no replica identity, or none once the keys over masked columns are off: the server then refuses to
 * update them. Of partitions each has its own. $1: {oid: [masked columns]}.
 */
const WITHOUT_IDENTITY = `
  WITH masked AS (
    SELECT t.oid::pg_catalog.oid AS oid, ARRAY(SELECT pg_catalog.json_array_elements_text(t.columns)) AS names
      FROM pg_catalog.json_each($1::text::json) t (oid, columns)),
  leaves AS (
    SELECT m.oid, m.names, m.oid AS leaf FROM masked m
     UNION
    SELECT m.oid, m.names, p.relid::pg_catalog.oid FROM masked m CROSS JOIN LATERAL pg_catalog.pg_partition_tree(m.oid) p)
  SELECT DISTINCT pg_catalog.json_build_object('oid', l.oid::text, 'columns', pg_catalog.to_json(i.columns))::jsonb::text
    FROM leaves l
    JOIN pg_catalog.pg_class c ON c.oid = l.leaf AND c.relkind = 'r' AND c.relreplident <> 'f'
    LEFT JOIN LATERAL (
      SELECT ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = x.indrelid AND a.attnum = ANY (COALESCE(f.conkey, x.indkey::pg_catalog.int2[]))) AS columns
        FROM pg_catalog.pg_index x
        LEFT JOIN pg_catalog.pg_constraint f ON f.conindid = x.indexrelid AND f.conrelid = x.indrelid AND f.contype IN ('p', 'u')
       WHERE x.indrelid = c.oid
         AND ((c.relreplident = 'd' AND x.indisprimary) OR (c.relreplident = 'i' AND x.indisreplident))) i ON true
   WHERE (i.columns IS NULL OR i.columns && l.names)
     AND EXISTS (
       SELECT FROM pg_catalog.pg_publication p
         JOIN pg_catalog.pg_publication_tables t ON t.pubname = p.pubname
         JOIN pg_catalog.pg_class r ON r.relname = t.tablename
         JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace AND n.nspname = t.schemaname
        WHERE p.pubupdate
          AND (r.oid = l.leaf OR EXISTS (SELECT FROM pg_catalog.pg_partition_ancestors(l.leaf) o WHERE o.relid = r.oid)))`;

interface LostIdentity {
  readonly oid: string;
  /** Null where there is none to lose. */
  readonly columns: readonly string[] | null;
}

export async function findLostIdentities(client: PostgresClient, tables: readonly Standing[]): Promise<readonly Finding[]> {
  const masked = new Map(
    tables.map(({ wanted, found }) => [found.oid, wanted.masked.map((index) => wanted.columns[index]!.name)]),
  );
  const names = new Map(tables.map(({ found }) => [found.oid, tableName(found.table.ref)]));
  const lost = await queryJson<LostIdentity>(client, WITHOUT_IDENTITY, [JSON.stringify(Object.fromEntries(masked))]);
  return lost.map(({ oid, columns }): Finding => {
    const table = names.get(oid)!;
    const column = columns?.find((name) => masked.get(oid)!.includes(name));
    const why =
      column === undefined
        ? "and has no replica identity"
        : `and its replica identity holds ${column}, which is masked, and goes with the key meanwhile`;
    return {
      ...{ code: "IN_PLACE_UNSUPPORTED", severity: "error", table, column },
      message: `Updates of ${table} are published for logical replication, ${why}: the server would refuse to update it.`,
      hint: `ALTER TABLE ${table} REPLICA IDENTITY FULL, or take it out of the publication; mask, and put it back as it was.`,
    };
  });
}
