import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { StandinError } from "../errors.ts";
import { untilAborted } from "../until-aborted.ts";
import { errorCode } from "./error-code.ts";
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
  const used = new WeakSet<GivenBytes>();
  const openNew = async () => {
    const given = await open();
    if (used.has(given) || (given instanceof Readable && (given.destroyed || given.readableEnded))) throw usedUp(table);
    if (isUsedUp(given)) used.add(given);
    return given;
  };
  return { table, file: table, path: null, isGzip: false, size: null, open: (signal) => readGiven(table, openNew, signal) };
}

/** Whether bytes can be read once: of a stream that was read there are none, and no rows would look like an empty table. */
const isUsedUp = (given: GivenBytes): boolean => "getReader" in given || "next" in given || given instanceof Readable;

const usedUp = (table: string): StandinError =>
  new StandinError(
    "SOURCE_FAILED",
    `The bytes of ${table} were asked for again, and the same stream was given, which has been read.`,
    {
      table,
      hint: "Make a new stream at each call: files: { orders: () => createReadStream(path) }.",
    },
  );

const GZIP = Buffer.from([0x1f, 0x8b]);

async function* readGiven(table: string, open: () => Promise<GivenBytes>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  let given: GivenBytes | undefined;
  try {
    given = await untilAborted(open(), signal);
    const [start, all] = await peekBytes(asBytes(given, signal), GZIP.length);
    const isPacked = GZIP.equals(start.subarray(0, GZIP.length));
    for await (const chunk of isPacked ? unpack(all) : all) {
      signal.throwIfAborted();
      yield chunk;
    }
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StandinError) throw error;
    throw new StandinError("SOURCE_FAILED", `The bytes of ${table} could not be read (${errorCode(error)}).`, { table });
  } finally {
    if (given instanceof Readable) given.destroy();
  }
}

/** A stream that gives nothing is waited for until an abort. */
async function* asBytes(given: GivenBytes, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = (given as AsyncIterable<Uint8Array | string>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await untilAborted(iterator.next(), signal);
      if (done) return;
      yield typeof value === "string" ? Buffer.from(value) : value;
    }
  } finally {
    const ended = Promise.resolve(iterator.return?.()).catch(() => {});
    // What is asked for its next bytes ends when they come.
    if (!signal.aborted) await ended;
  }
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
