import type { BatchSize } from "../../contracts.ts";
import { type CsvDialect, csvDialect, isUsualDialect } from "../../formats/csv/csv-dialect.ts";
import { normalizeCsv, normalizedDialect } from "../../formats/csv/csv-normalize.ts";
import { CsvScanner } from "../../formats/csv/csv-scanner.ts";
import { sniffCsv } from "../../formats/csv/sniff-csv.ts";
import { dottedRef } from "../dotted-ref.ts";
import { peekBytes } from "../peek-bytes.ts";
import type { CsvReadOptions } from "./csv-options.ts";

/** Bytes looked at to guess a dialect. */
const SNIFF_BYTES = 64 * 1024;

export interface OpenedCsv {
  readonly scanner: CsvScanner;
  /** The dialect of the bytes in the scanner's batches. */
  readonly dialect: CsvDialect;
  /** The bytes in the scanner's batches are not the file's own. */
  readonly isNormalized: boolean;
}

/** Starts to read a stream of CSV bytes: guesses what the caller did not say, and picks the reader that the dialect needs. */
export async function openCsv(
  chunks: AsyncIterable<Uint8Array>,
  table: string,
  file: string,
  options: CsvReadOptions,
  batchSize: BatchSize,
): Promise<OpenedCsv> {
  const [start, rest] = await peekBytes(chunks, SNIFF_BYTES);
  const sniffed = sniffCsv(start);
  const dialect = csvDialect({ ...sniffed, nulls: "unquoted-empty", ...definedOnly(options.dialect ?? {}) });
  const header = options.header ?? options.columns === undefined;
  const isUsual = isUsualDialect(dialect);
  const scanned = isUsual ? dialect : normalizedDialect(dialect);
  const bytes = isUsual ? rest : normalizeCsv(copies(rest), dialect, file);
  const scanner = new CsvScanner(bytes, { table: dottedRef(table), dialect: scanned, batchSize, header, file });
  return { scanner, dialect: scanned, isNormalized: !isUsual };
}

/** For readers that hold on to a chunk while they ask for the next. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

function definedOnly<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}
