import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { StandinError } from "../errors.ts";

/** Bytes after which the system is asked to bring them to the disk. */
const SYNC_BYTES = 16 * 1024 * 1024;

/** Where bytes go: a file, or a stream of the caller's. */
export interface ByteSink {
  /** Resolves when the bytes are written and their memory may be used again. */
  write(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
  abort(): Promise<void>;
}

/** Creates a file that must not exist, readable by its owner alone, and follows no symbolic link. */
export async function createFile(path: string, isGzip: boolean): Promise<ByteSink> {
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600).catch(
    (error) => {
      throw writeFailed(path, error);
    },
  );
  return isGzip ? gzipSink(handle, path) : plainSink(handle, path);
}

function plainSink(handle: FileHandle, path: string): ByteSink {
  let unsynced = 0;
  let syncing: Promise<unknown> | null = null;
  let failure: unknown;
  const check = () => {
    if (failure !== undefined) throw writeFailed(path, failure);
  };
  return {
    async write(bytes) {
      check();
      await writeWhole(handle, path, bytes);
      unsynced += bytes.length;
      if (unsynced < SYNC_BYTES || syncing !== null) return;
      unsynced = 0;
      // On its way while the next rows are made, so that the end has little left to wait for. Linux tells of a page that did not reach the disk once:
      // the sync at the end would know nothing of it.
      syncing = handle
        .datasync()
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => {
          syncing = null;
        });
    },
    async end() {
      await syncing;
      check();
      await finish(handle, path);
    },
    async abort() {
      await syncing;
      await handle.close().catch(() => {});
    },
  };
}

function gzipSink(handle: FileHandle, path: string): ByteSink {
  const packing = packInto((bytes) => writeWhole(handle, path, bytes));
  return {
    write: packing.write,
    async end() {
      await packing.end();
      await finish(handle, path);
    },
    async abort() {
      await packing.abort();
      await handle.close().catch(() => {});
    },
  };
}

/** Packs bytes on their way to `write`. */
export function packInto(write: (bytes: Buffer) => Promise<void>): ByteSink {
  const gzip = createGzip();
  let failure: unknown;
  const packed = pipeline(gzip, async (chunks) => {
    for await (const chunk of chunks) await write(chunk as Buffer);
  }).catch((error: unknown) => {
    failure = error;
  });
  const check = () => {
    if (failure !== undefined) throw failure;
  };
  return {
    async write(bytes) {
      check();
      // Resolves also when the stream is destroyed, so a full disk ends the wait.
      await new Promise<void>((resolve) => gzip.write(bytes, () => resolve()));
      check();
    },
    async end() {
      gzip.end();
      await packed;
      check();
    },
    async abort() {
      gzip.destroy();
      await packed;
    },
  };
}

/** Writes at a place of the file, by itself behind what was written last. */
export async function writeWhole(
  handle: FileHandle,
  path: string,
  bytes: Uint8Array,
  position: number | null = null,
): Promise<void> {
  try {
    for (let written = 0; written < bytes.length; ) {
      const at = position === null ? null : position + written;
      written += (await handle.write(bytes, written, bytes.length - written, at)).bytesWritten;
    }
  } catch (error) {
    throw writeFailed(path, error);
  }
}

async function finish(handle: FileHandle, path: string): Promise<void> {
  try {
    await handle.sync();
  } catch (error) {
    throw writeFailed(path, error);
  } finally {
    await handle.close();
  }
}

export function writeFailed(path: string, error: unknown): StandinError {
  const { code } = error as { code?: unknown };
  const why = {
    ENOSPC: "the disk is full",
    EACCES: "it may not be written",
    EROFS: "the file system is read-only",
    EEXIST: "it exists already",
  };
  const what = why[String(code) as keyof typeof why] ?? String(code);
  return new StandinError("SINK_FAILED", `${path} could not be written: ${what}.`, { file: path });
}
