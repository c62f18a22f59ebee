import type { ByteBatch } from "../../src/batch/byte-batch.ts";
import { ByteWriter } from "../../src/batch/byte-writer.ts";
import { encodeBatch } from "../../src/batch/encode-batch.ts";
import type { BatchSize } from "../../src/contracts.ts";
import { type CsvDialect, csvDialect, isUsualDialect } from "../../src/formats/csv/csv-dialect.ts";
import { csvFormat } from "../../src/formats/csv/csv-format.ts";
import { normalizeCsv, normalizedDialect } from "../../src/formats/csv/csv-normalize.ts";
import { CsvScanner } from "../../src/formats/csv/csv-scanner.ts";

export interface ReadCsv {
  names: readonly string[] | null;
  rows: (string | null)[][];
  /** Header and rows written again, nothing masked. */
  bytes: Buffer;
}

export interface ReadCsvOptions {
  dialect?: Partial<CsvDialect>;
  header?: boolean;
  chunkSize?: number;
  batchSize?: BatchSize;
}

export async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** Reads a whole CSV the way the connector does. */
export async function readCsv(bytes: Uint8Array, options: ReadCsvOptions = {}): Promise<ReadCsv> {
  const { header = true, chunkSize = 65_536, batchSize = {} } = options;
  const dialect = csvDialect(options.dialect);
  const chunks = chunksOf(bytes, chunkSize);
  const isUsual = isUsualDialect(dialect);
  const scanned = isUsual ? dialect : normalizedDialect(dialect);
  const scanner = new CsvScanner(isUsual ? chunks : normalizeCsv(chunks, dialect, "test.csv"), {
    table: { schema: null, name: "test" },
    dialect: scanned,
    batchSize,
    header,
    file: "test.csv",
  });
  const { names, columnCount, bytes: start } = await scanner.open();
  const rows: (string | null)[][] = [];
  const writer = new ByteWriter(16);
  writer.copy(start, 0, start.length);
  for await (const batch of scanner.batches()) {
    rows.push(...rowsOf(batch));
    encodeBatch(batch, columnCount, csvFormat(scanned), writer);
  }
  return { names, rows, bytes: writer.take() };
}

export function rowsOf(batch: ByteBatch): (string | null)[][] {
  const columns = Array.from({ length: batch.columnCount }, (_, column) => batch.column(column));
  return Array.from({ length: batch.rowCount }, (_, row) => columns.map((values) => values[row]!));
}
