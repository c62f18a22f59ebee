import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { BatchSize } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { type CsvDialect, csvDialect, isUsualDialect } from "../../formats/csv-dialect.ts";
import { normalizeCsv, normalizedDialect } from "../../formats/csv-normalize.ts";
import { CsvScanner } from "../../formats/csv-scanner.ts";
import { sniffCsv } from "../../formats/sniff-csv.ts";
import type { CsvFile } from "./csv-files.ts";
import type { CsvReadOptions } from "./csv-options.ts";
import { csvRef } from "./csv-table.ts";

/** Bytes read at a time. */
const CHUNK_BYTES = 256 * 1024;
/** Bytes looked at to guess a dialect. */
const SNIFF_BYTES = 64 * 1024;

export interface OpenedCsv {
  readonly scanner: CsvScanner;
  /** The dialect of the bytes in the scanner's batches. */
  readonly dialect: CsvDialect;
}

/** Starts to read a stream of CSV bytes: guesses what the caller did not say, and picks the reader that the dialect needs. */
export async function openCsv(
  chunks: AsyncIterable<Uint8Array>,
  table: string,
  file: string,
  options: CsvReadOptions,
  batchSize: BatchSize,
): Promise<OpenedCsv> {
  const [start, rest] = await peek(chunks, SNIFF_BYTES);
  const sniffed = sniffCsv(start);
  const dialect = csvDialect({ ...sniffed, nulls: "unquoted-empty", ...definedOnly(options.dialect ?? {}) });
  const header = options.header ?? options.columns === undefined;
  const isUsual = isUsualDialect(dialect);
  const scanned = isUsual ? dialect : normalizedDialect(dialect);
  const bytes = isUsual ? rest : normalizeCsv(rest, dialect, file);
  const scanner = new CsvScanner(bytes, { table: csvRef(table), dialect: scanned, batchSize, header, file });
  return { scanner, dialect: scanned };
}

/** The bytes of a file, unpacked. Fails where the file ends early, is not whole, or changed since `file` was described. */
export async function* readFileBytes(file: CsvFile, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(file.path, { highWaterMark: CHUNK_BYTES });
  const bytes: Readable = file.isGzip ? pipeline(stream, createGunzip({ chunkSize: CHUNK_BYTES }), () => {}) : stream;
  try {
    for await (const chunk of bytes) {
      signal.throwIfAborted();
      yield chunk as Uint8Array;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw failed(file, error);
  } finally {
    stream.destroy();
    bytes.destroy();
  }
  const { size, mtimeMs } = await stat(file.path);
  if (size !== file.size || mtimeMs !== file.modified) {
    throw new StandinError("SOURCE_FAILED", `${file.path} changed while it was read.`, {
      file: file.path,
      hint: "Run again when the export is complete.",
    });
  }
}

/** The first bytes of a stream, and the whole stream. */
async function peek(chunks: AsyncIterable<Uint8Array>, length: number): Promise<[Uint8Array, AsyncIterable<Uint8Array>]> {
  const iterator = chunks[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let total = 0;
  while (total < length) {
    const { done, value } = await iterator.next();
    if (done) break;
    seen.push(value);
    total += value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* seen;
      for (;;) {
        const { done, value } = await iterator.next();
        if (done) return;
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return [Buffer.concat(seen).subarray(0, length), all()];
}

function definedOnly<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function failed(file: CsvFile, error: unknown): StandinError {
  if (error instanceof StandinError) return error;
  const { code } = error as { code?: unknown };
  const what = file.isGzip && String(code).startsWith("Z_") ? "is not a whole gzip file" : `could not be read (${String(code)})`;
  return new StandinError("SOURCE_FAILED", `${file.path} ${what}.`, { file: file.path });
}
