import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
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
  const [start, rest] = await peek(chunks, SNIFF_BYTES);
  const sniffed = sniffCsv(start);
  const dialect = csvDialect({ ...sniffed, nulls: "unquoted-empty", ...definedOnly(options.dialect ?? {}) });
  const header = options.header ?? options.columns === undefined;
  const isUsual = isUsualDialect(dialect);
  const scanned = isUsual ? dialect : normalizedDialect(dialect);
  const bytes = isUsual ? rest : normalizeCsv(copies(rest), dialect, file);
  const scanner = new CsvScanner(bytes, { table: csvRef(table), dialect: scanned, batchSize, header, file });
  return { scanner, dialect: scanned, isNormalized: !isUsual };
}

/** Bytes of a file: `[from, to)`. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

const WHOLE_FILE: ByteRange = { from: 0, to: Number.POSITIVE_INFINITY };

/**
 * The bytes of a file, unpacked, or a range of them as they are, each chunk valid until the next is asked for. Fails where the file ends early, is not whole,
 * or changed since `file` was described.
 */
export async function* readFileBytes(file: CsvFile, signal: AbortSignal, range = WHOLE_FILE): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of file.isGzip ? unpack(file) : readAhead(file, range)) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw failed(file, error);
  }
  const { size, mtimeMs } = await stat(file.path).catch((error) => {
    throw failed(file, error);
  });
  if (size !== file.size || mtimeMs !== file.modified) {
    throw new StandinError("SOURCE_FAILED", `${file.path} changed while it was read.`, {
      file: file.path,
      hint: "Run again when the export is complete.",
    });
  }
}

async function* unpack(file: CsvFile): AsyncGenerator<Uint8Array> {
  const packed = createReadStream(file.path, { highWaterMark: CHUNK_BYTES });
  const bytes: Readable = pipeline(packed, createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
  try {
    for await (const chunk of bytes) yield chunk as Uint8Array;
  } finally {
    packed.destroy();
    bytes.destroy();
  }
}

/** Reads into two buffers in turn, one ahead of the caller: a stream's fresh memory costs a page fault for every 4 KiB. */
async function* readAhead(file: CsvFile, { from, to }: ByteRange): AsyncGenerator<Uint8Array> {
  const handle = await open(file.path);
  let position = from;
  const next = (buffer: Buffer<ArrayBuffer>): Reading => ({ buffer, read: readInto(handle, buffer, position, to) });
  let [reading, spare] = [next(Buffer.allocUnsafeSlow(CHUNK_BYTES)), Buffer.allocUnsafeSlow(CHUNK_BYTES)];
  try {
    for (;;) {
      const { buffer } = reading;
      const bytesRead = await reading.read;
      if (bytesRead === 0) return;
      position += bytesRead;
      reading = next(spare);
      spare = buffer;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    // The handle may not be closed under a read.
    await reading.read.catch(() => {});
    await handle.close();
  }
}

interface Reading {
  readonly buffer: Buffer<ArrayBuffer>;
  readonly read: Promise<number>;
}

function readInto(handle: FileHandle, buffer: Buffer, from: number, to: number): Promise<number> {
  const read = handle.read(buffer, 0, Math.min(buffer.length, to - from), from).then(({ bytesRead }) => bytesRead);
  // The failure is met by whoever awaits it; until then it must not count as unhandled.
  read.catch(() => {});
  return read;
}

/** The first bytes of a stream, and the whole stream. */
async function peek(chunks: AsyncIterable<Uint8Array>, length: number): Promise<[Uint8Array, AsyncIterable<Uint8Array>]> {
  const iterator = chunks[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let total = 0;
  while (total < length) {
    const { done, value } = await iterator.next();
    if (done) break;
    seen.push(Buffer.from(value));
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

/** For readers that hold on to a chunk while they ask for the next. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
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
