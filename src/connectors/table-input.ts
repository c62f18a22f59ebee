import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { StandinError } from "../errors.ts";
import { peekBytes } from "./peek-bytes.ts";
import { type ByteRange, readFileBytes } from "./read-file.ts";
import type { TableFile } from "./table-files.ts";

/** Bytes that a caller gives: a stream of Node or of the Web, or any other that can be read in a loop. */
export type GivenBytes = AsyncIterable<Uint8Array>;

/** Opens the bytes of a table from their start, each time it is called: once to look at them, once to read them. */
export type OpenBytes = () => GivenBytes | Promise<GivenBytes>;

/** Where the bytes of one table come from. Each reading opens them anew. */
export interface TableInput {
  readonly table: string;
  /** As errors name it. */
  readonly file: string;
  /** Where the file is, null where the bytes are the caller's. */
  readonly path: string | null;
  readonly isGzip: boolean;
  /** Bytes, packed where they are; null where nobody knows. */
  readonly size: number | null;
  /** The bytes, unpacked, each chunk valid until the next is asked for; a range of them where they are a file that is not packed. */
  open(signal: AbortSignal, range?: ByteRange): AsyncIterable<Uint8Array>;
}

export function fileInput(file: TableFile): TableInput {
  const { table, path, isGzip, size } = file;
  return { table, file: path, path, isGzip, size, open: (signal, range) => readFileBytes(file, signal, range) };
}

/** Bytes that a caller opens. What is packed is told by its first bytes. */
export function givenInput(table: string, open: OpenBytes): TableInput {
  return { table, file: table, path: null, isGzip: false, size: null, open: (signal) => readGiven(table, open, signal) };
}

const GZIP = Buffer.from([0x1f, 0x8b]);

async function* readGiven(table: string, open: OpenBytes, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  let given: GivenBytes | undefined;
  // A stream that gives nothing would be waited for until it does.
  const stop = () => {
    if (given instanceof Readable) given.destroy(new Error("aborted"));
  };
  signal.addEventListener("abort", stop);
  try {
    given = await open();
    const [start, all] = await peekBytes(asBytes(given), GZIP.length);
    const isPacked = GZIP.equals(start.subarray(0, GZIP.length));
    for await (const chunk of isPacked ? unpack(all) : all) {
      signal.throwIfAborted();
      yield chunk;
    }
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StandinError) throw error;
    throw new StandinError("SOURCE_FAILED", `The bytes of ${table} could not be read (${codeOf(error)}).`, { table });
  } finally {
    signal.removeEventListener("abort", stop);
    if (given instanceof Readable) given.destroy();
  }
}

async function* asBytes(given: GivenBytes): AsyncGenerator<Uint8Array> {
  for await (const chunk of given as AsyncIterable<Uint8Array | string>)
    yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

async function* unpack(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(packed);
  const gunzip = createGunzip();
  source.on("error", (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Uint8Array;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

/** What an error calls itself. Whatever else it says may quote what was read. */
function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return (
    ([code, name].find((word) => typeof word === "string" && /^\w{1,60}$/.test(word)) as string | undefined) ?? "unknown error"
  );
}
