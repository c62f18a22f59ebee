import type { Column, Shard, ShardOptions, TableRef } from "../../../contracts.ts";
import { WHOLE_TABLE } from "../../../shard.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import { type PostgresClient, queryJson } from "../postgres-client.ts";
import { leavesInOrder } from "./partition-order.ts";

/** Blocks of one heap, a plain table's or a partition's: where a shard's rows lie. Holds no value of a row. */
export interface BlockRange {
  readonly heap: TableRef;
  readonly from: number;
  /** The first block behind it, null for all that follow. */
  readonly to: number | null;
}

interface Heap {
  readonly schema: string;
  readonly name: string;
  readonly oid: string;
  readonly bytes: number;
  /** What is stored out of line. */
  readonly toastBytes: number;
  readonly blockBytes: number;
  /** Whether its rows can be read by their blocks, by this role. */
  readonly canBeCut: boolean;
}

/** Reading by blocks without looking at all others: TID range scans. */
const FIRST_VERSION = 140_000;

/**
 * $1: `[{ schema, name }]`, $2: the columns to read. Blocks are a heap's; other access methods make of a ctid what they like. A privilege on the root of
 * partitions is none on them, one on columns is none on `ctid`, and row-level security is each partition's own.
 */
const HEAPS = `
  SELECT pg_catalog.json_build_object(
           'schema', n.nspname, 'name', c.relname, 'oid', c.oid::text,
           'bytes', pg_catalog.pg_relation_size(c.oid),
           'toastBytes', CASE WHEN c.reltoastrelid = 0 THEN 0 ELSE pg_catalog.pg_relation_size(c.reltoastrelid) END,
           'blockBytes', pg_catalog.current_setting('block_size')::integer,
           'canBeCut', c.relkind = 'r' AND m.amname = 'heap' AND NOT pg_catalog.row_security_active(c.oid)
                       AND pg_catalog.current_setting('server_version_num')::integer >= ${FIRST_VERSION}
                       AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                       AND pg_catalog.has_column_privilege(c.oid, 'ctid', 'SELECT')
                       AND NOT EXISTS (SELECT FROM pg_catalog.json_array_elements_text($2::text::json) r (name)
                                        WHERE NOT pg_catalog.has_column_privilege(c.oid, r.name, 'SELECT')))::text
    FROM pg_catalog.json_array_elements($1::text::json) WITH ORDINALITY w (heap, place)
    JOIN pg_catalog.pg_namespace n ON n.nspname = w.heap ->> 'schema'
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.heap ->> 'name'
    JOIN pg_catalog.pg_am m ON m.oid = c.relam
   ORDER BY w.place`;

/**
 * Cuts a table into ranges of blocks, in the order in which the server reads it whole. One part where it is small, where its rows do not lie in heaps, where the
 * role may not read them by their blocks, and before PostgreSQL 14.
 *
 * Everything is asked at once: the session may read while the parts are taken.
 */
export async function cutTable(
  client: PostgresClient,
  { table, isPartitioned }: CatalogTable,
  { columns, bytes }: Pick<ShardOptions, "columns" | "bytes">,
): Promise<Iterable<Shard>> {
  const leaves = isPartitioned ? await leavesInOrder(client, table.ref, columns) : [table.ref];
  const heaps = leaves === null ? [] : await readHeaps(client, leaves, columns);
  const isCuttable = heaps.length > 0 && heaps.length === leaves?.length && heaps.every(({ canBeCut }) => canBeCut);
  const total = heaps.reduce((sum, heap) => sum + heap.bytes + heap.toastBytes, 0);
  if (!isCuttable || total <= bytes) return [WHOLE_TABLE];
  return cutHeaps(heaps, bytes, isPartitioned);
}

function readHeaps(client: PostgresClient, heaps: readonly TableRef[], columns: readonly Column[]): Promise<Heap[]> {
  const wanted = heaps.map(({ schema, name }) => ({ schema: schema ?? "public", name }));
  return queryJson<Heap>(client, HEAPS, [JSON.stringify(wanted), JSON.stringify(columns.map(({ name }) => name))]);
}

function* cutHeaps(heaps: readonly Heap[], bytes: number, isPartitioned: boolean): Generator<Shard> {
  for (const heap of heaps) yield* cutHeap(heap, bytes, isPartitioned ? `${heap.oid}/` : "");
}

/** A heap without a block has no row in the snapshot; what comes into it later is nobody's to read. */
function* cutHeap(heap: Heap, bytes: number, prefix: string): Generator<Shard> {
  const { schema, name, blockBytes } = heap;
  const blocks = Math.ceil(heap.bytes / blockBytes);
  const step = blocksAtOnce(heap, bytes);
  for (let from = 0; from < blocks; from += step) {
    const to = from + step < blocks ? from + step : null;
    const range: BlockRange = { heap: { schema, name }, from, to };
    yield { id: `${prefix}${from}`, range };
  }
}

/** Fewer blocks where much is stored out of line. Halved, not divided: a table that grows until the next run is to be cut in the same places. */
function blocksAtOnce(heap: Heap, bytes: number): number {
  const halvings = Math.floor(Math.log2((heap.bytes + heap.toastBytes) / Math.max(heap.bytes, 1)));
  return Math.max(1, Math.floor(bytes / heap.blockBytes / 2 ** halvings));
}
