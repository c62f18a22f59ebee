import type { BatchSize, Column, RowBatch, Shard, Source, Table } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import { WHOLE_TABLE } from "../shard.ts";
import { tableName } from "../table-ref.ts";
import { CountedParts } from "./counted-parts.ts";
import type { TableScan } from "./scan-table.ts";

export interface SpillOptions {
  readonly batchSize: BatchSize;
  readonly signal: AbortSignal;
  /** Holds reading to what the source is to bear. */
  over(rows: AsyncIterable<RowBatch>): AsyncIterable<RowBatch>;
  /** How tables are cut whose rows will be read part by part. @default they are read as a whole */
  readonly cut?: CutOptions | undefined;
}

/** As of `ShardOptions`. */
export interface CutOptions {
  readonly bytes: number;
  /** Names of the parts that an earlier run had of a table. */
  like(table: string): readonly string[];
}

/** Rows that an ordinal of 32 bits tells apart. */
const MOST_ROWS = 2 ** 32 - 2;

/** A table whose rows have gone by once. */
export interface ScannedTable {
  readonly scan: TableScan;
  readonly parts: CountedParts;
}

/** Reads what a selection needs of a table: as a whole, or by the parts that it will be read by. */
export async function scanTable(source: Source, table: Table, scan: TableScan, options: SpillOptions): Promise<CountedParts> {
  const { columns, weights } = scan;
  const { batchSize, signal } = options;
  const parts = new CountedParts();
  for await (const shard of partsOf(source, table, scan, options)) {
    parts.begin(shard);
    const rows = source.read(table, { columns, weights, batchSize, shard, firstRow: parts.rows, signal });
    for await (const batch of options.over(rows)) {
      signal.throwIfAborted();
      scan.add(batch);
      parts.add(batch.rowCount);
      batch.release?.();
    }
  }
  if (parts.rows > MOST_ROWS) throw tooMany(tableName(table.ref));
  return parts;
}

/** Cut as for every column that is read now or later: what the role may not read by parts is one. */
function partsOf(source: Source, table: Table, scan: TableScan, { cut, signal }: SpillOptions): AsyncIterable<Shard> | Shard[] {
  if (cut === undefined || source.shards === undefined) return [WHOLE_TABLE];
  const isScanned = (column: Column) => scan.columns.includes(column) || scan.weights.includes(column);
  const columns = table.columns.filter((column) => !column.isGenerated || isScanned(column));
  return source.shards(table, { columns, bytes: cut.bytes, like: cut.like(tableName(table.ref)), signal });
}

function tooMany(table: string): StandinError {
  return new StandinError(
    "SOURCE_FAILED",
    `${table} has more than four thousand million rows: too many to select from by reading.`,
    {
      table,
      hint: "Let the source's user make temporary tables (PostgreSQL), or leave the table out of the subset.",
    },
  );
}
