import { type FileHandle, open, stat } from "node:fs/promises";
import type { AsyncBuffer } from "hyparquet";
import { StandinError } from "../../errors.ts";
import type { TableFile } from "../table-files.ts";

/** Bytes that are read at any place: a file, or what a caller gives. */
export interface OpenedBytes {
  readonly buffer: AsyncBuffer;
  /** Throws SOURCE_FAILED where the file is another than it was. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export async function openFile(file: TableFile): Promise<OpenedBytes> {
  const handle = await open(file.path).catch((error) => {
    throw failed(file, `could not be read (${String(error.code)})`);
  });
  return {
    buffer: { byteLength: file.size, slice: (start, end = file.size) => readSlice(handle, file, start, end) },
    async check() {
      const { size, mtimeMs } = await stat(file.path).catch(() => ({ size: -1, mtimeMs: -1 }));
      if (size !== file.size || mtimeMs !== file.modified) throw failed(file, "changed while it was read");
    },
    close: () => handle.close(),
  };
}

async function readSlice(handle: FileHandle, file: TableFile, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(Math.max(0, end - start));
  for (let read = 0; read < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, read, bytes.length - read, start + read);
    if (bytesRead === 0) throw failed(file, "ends early");
    read += bytesRead;
  }
  return bytes.buffer;
}

export function givenBytes(buffer: AsyncBuffer): OpenedBytes {
  return { buffer, check: async () => {}, close: async () => {} };
}

const failed = ({ path }: TableFile, what: string): StandinError =>
  new StandinError("SOURCE_FAILED", `${path} ${what}.`, { file: path });
