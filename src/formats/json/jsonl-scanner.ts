import { isUtf8 } from "node:buffer";
import type { BatchSize, Column, TableRef } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { BoundsBuilder, cutBatches, RowCollector } from "../row-collector.ts";
import { JsonlBatch } from "./jsonl-batch.ts";
import { jsonlCells } from "./jsonl-cells.ts";
import { JsonlKeys } from "./jsonl-keys.ts";
import { type FaultyRow, scanJsonl } from "./jsonl-rows.ts";

export interface JsonlScanOptions {
  readonly table: TableRef;
  /** Every column that a line may have. */
  readonly columns: readonly Column[];
  /** The columns that batches hold, in this order. @default `columns` */
  readonly asked?: readonly Column[];
  readonly batchSize: BatchSize;
  /** As errors name the file. */
  readonly file: string;
  /** Bytes and rows of the file before what is read. @default none */
  readonly part?: { readonly offset: number; readonly firstRow: number } | undefined;
  /** @default 256 MiB */
  readonly maxRowBytes?: number | undefined;
}

const LF = 0x0a;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
/** A longer line is an error where nobody says otherwise. */
export const MAX_ROW_BYTES = 256 * 1024 * 1024;

/** Reads JSON Lines as batches of bytes with cell bounds: an object a line, of the names that are known and no other. */
export async function* readJsonl(chunks: AsyncIterable<Uint8Array>, options: JsonlScanOptions): AsyncGenerator<JsonlBatch> {
  const { table, columns, asked = columns, part } = options;
  const collector = new RowCollector(options.batchSize);
  const keys = new JsonlKeys(columns.map(({ name }) => name));
  const bounds = new BoundsBuilder();
  const identity = {
    table,
    format: jsonlCells(columns.map((known) => asked.find(({ name }) => name === known.name) ?? known)),
    columnCount: columns.length + 1,
  };
  const order = asked.map((column) => columns.findIndex(({ name }) => name === column.name));
  const iterator = chunks[Symbol.asyncIterator]();
  let offset = part?.offset ?? 0;
  let firstRow = part?.firstRow ?? 0;
  let isEnded = false;
  let wanted = collector.maxBytes;
  try {
    for (;;) {
      while (!isEnded && collector.length < wanted) {
        const { done, value } = await iterator.next();
        if (done) isEnded = true;
        else collector.append(value);
      }
      const { bytes, length } = collector;
      // Only whole lines are looked at.
      const to = isEnded ? length : bytes.subarray(0, length).lastIndexOf(LF) + 1;
      if (!isUtf8(bytes.subarray(0, to)))
        throw invalid(options, `is not UTF-8 (within the rows from ${firstRow + 1} on)`, firstRow, offset);
      const from = offset === 0 && bytes.subarray(0, Math.min(to, BOM.length)).equals(BOM) ? BOM.length : 0;
      const scan = scanJsonl(bytes, from, to, keys, bounds);
      if ("fault" in scan) throw explain(scan, options, firstRow, offset);
      const rows = cutBatches(bytes, 0, scan, identity, firstRow, collector.maxRows, () => collector.recycle(bytes));
      for (const batch of rows) yield new JsonlBatch(batch, order);
      firstRow += scan.rowCount;
      offset += to;
      if (to > 0) collector.carry(to);
      if (isEnded) return;
      if (to === 0 && length > (options.maxRowBytes ?? MAX_ROW_BYTES))
        throw invalid(options, `has a line that is longer than maxRowBytes`, firstRow, offset);
      // A line longer than a batch: twice as many bytes are awaited before the next look, so that looking stays linear.
      wanted = to === 0 ? length * 2 : collector.maxBytes;
    }
  } finally {
    await iterator.return?.();
  }
}

function explain({ row, fault }: FaultyRow, options: JsonlScanOptions, firstRow: number, offset: number): StandinError {
  const ordinal = firstRow + row;
  if ("what" in fault) return invalid(options, `is malformed in row ${ordinal + 1}: ${fault.what}`, ordinal, offset + fault.at);
  const place = offset + fault.nameFrom;
  if (fault.twice !== null) {
    const { name } = options.columns[fault.twice]!;
    return invalid(options, `has ${JSON.stringify(name)} twice in row ${ordinal + 1}`, ordinal, place);
  }
  // The name is not shown: nobody decided about it, and a name that comes with the data may be data.
  const { table, file } = options;
  const name = tableName(table);
  return new StandinError(
    "COLUMN_UNCOVERED",
    `${name}: row ${ordinal + 1} of ${file} has a key that the plan does not know, of ${fault.nameTo - fault.nameFrom - 2} bytes.`,
    {
      table: name,
      file,
      row: ordinal + 1,
      offset: place,
      hint: "The columns are the keys in the first lines, and those that the policy names. Give the key a rule under its name, or look at all lines first: jsonlSource({ paths, lookAt: Infinity }).",
    },
  );
}

function invalid({ file, table }: JsonlScanOptions, what: string, row: number, offset: number): StandinError {
  return new StandinError("FORMAT_INVALID", `${file} ${what}.`, {
    file,
    table: tableName(table),
    row: row + 1,
    offset,
    hint: "JSON Lines holds one JSON object a line (RFC 8259, UTF-8), in which no name occurs twice.",
  });
}
