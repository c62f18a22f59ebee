import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { StandinError } from "../errors.ts";

/** Bytes read at a time. */
const CHUNK_BYTES = 256 * 1024;

/** A file as it was found. */
export interface BytesFile {
  readonly path: string;
  readonly isGzip: boolean;
  readonly size: number;
  readonly modified: number;
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
export async function* readFileBytes(file: BytesFile, signal: AbortSignal, range = WHOLE_FILE): AsyncGenerator<Uint8Array> {
  // Before as well: who has seen enough of a range never comes to the end.
  await refuseChanged(file);
  try {
    for await (const chunk of file.isGzip ? unpack(file) : readAhead(file, range)) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw failed(file, error);
  }
  await refuseChanged(file);
}

/** Throws SOURCE_FAILED where a file is no longer as it was described. */
export async function refuseChanged(file: BytesFile): Promise<void> {
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

async function* unpack(file: BytesFile): AsyncGenerator<Uint8Array> {
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
async function* readAhead(file: BytesFile, { from, to }: ByteRange): AsyncGenerator<Uint8Array> {
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

function failed(file: BytesFile, error: unknown): StandinError {
  if (error instanceof StandinError) return error;
  const { code } = error as { code?: unknown };
  const what = file.isGzip && String(code).startsWith("Z_") ? "is not a whole gzip file" : `could not be read (${String(code)})`;
  return new StandinError("SOURCE_FAILED", `${file.path} ${what}.`, { file: file.path });
}
