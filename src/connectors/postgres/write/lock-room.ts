import { counted } from "../../../written-numbers.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import { type PostgresClient, queryJson } from "../postgres-client.ts";

interface LockRoom {
  /** Locks that one session takes to read the tables: partitions and indexes are locked too. */
  readonly needed: number;
  /** Locks that the server's sessions may hold without fail. */
  readonly room: number;
}

/** $1: oids as a JSON array. */
const LOCK_ROOM = `
  WITH relations AS (
    SELECT COALESCE(p.relid, w.oid::pg_catalog.oid) AS oid
      FROM pg_catalog.json_array_elements_text($1::text::json) w (oid)
      LEFT JOIN LATERAL pg_catalog.pg_partition_tree(w.oid::pg_catalog.oid) p ON true)
  SELECT pg_catalog.json_build_object(
           'needed', (SELECT pg_catalog.count(*) FROM relations)
                     + (SELECT pg_catalog.count(*) FROM pg_catalog.pg_index i JOIN relations r ON r.oid = i.indrelid),
           'room', pg_catalog.current_setting('max_locks_per_transaction')::bigint
                   * (pg_catalog.current_setting('max_connections')::bigint
                      + pg_catalog.current_setting('max_prepared_transactions')::bigint))::text`;

/**
 * Why so many readers of these tables would crowd the server's lock table, null where they would not. A server whose lock table is full refuses the statements
 * of everybody, so half of it is left to them: it holds twice as many entries of sessions as `room` says.
 */
export async function crowdedLocks(
  client: PostgresClient,
  tables: readonly CatalogTable[],
  readers: number,
): Promise<string | null> {
  const [{ needed, room }] = (await queryJson<LockRoom>(client, LOCK_ROOM, [JSON.stringify(tables.map(({ oid }) => oid))])) as [
    LockRoom,
  ];
  if (readers * needed <= room) return null;
  return `${readers} readers would hold ${counted(readers * needed, "lock")}, and max_locks_per_transaction of the source's server leaves room for ${counted(room, "lock")}.`;
}
