import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { type ByteSink, packInto, writeFailed, writeWhole } from "../file-bytes.ts";

/** A file that grows piece by piece, each of them there for good or not at all. A packed file is a member of gzip for each piece, which unpack as one. */
export class GrowingFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #isGzip: boolean;
  /** Behind the last piece that is there for good. */
  #length: number;
  /** Behind what is written. */
  #position: number;

  private constructor(handle: FileHandle, path: string, isGzip: boolean, length: number) {
    this.#handle = handle;
    this.#path = path;
    this.#isGzip = isGzip;
    this.#length = length;
    this.#position = length;
  }

  /** Opens a file that is there up to `length`, or anew with its first bytes where nothing of it is. Follows no symbolic link. */
  static async open(path: string, isGzip: boolean, length: number | null, header: Buffer): Promise<GrowingFile> {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
    const handle = await open(path, flags, 0o600).catch((error) => {
      throw writeFailed(path, error);
    });
    const file = new GrowingFile(handle, path, isGzip, length ?? 0);
    try {
      await file.takeBack();
      if (length === null) {
        await file.write(isGzip ? gzipSync(header) : header);
        await file.sync();
        file.keep();
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    return file;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await writeWhole(this.#handle, this.#path, bytes, this.#position);
    this.#position += bytes.length;
  }

  /** What takes the bytes of one piece. */
  piece(): ByteSink {
    if (this.#isGzip) return packInto((bytes) => this.write(bytes));
    return { write: (bytes) => this.write(bytes), end: async () => {}, abort: async () => {} };
  }

  /** Brings what is written to the disk: resolves with the length of the file. It may be taken back until `keep`. */
  async sync(): Promise<number> {
    try {
      await this.#handle.datasync();
    } catch (error) {
      throw writeFailed(this.#path, error);
    }
    return this.#position;
  }

  /** What is written is there for good. */
  keep(): void {
    this.#length = this.#position;
  }

  /** Takes away what is not there for good. */
  async takeBack(): Promise<void> {
    try {
      await this.#handle.truncate(this.#length);
    } catch (error) {
      throw writeFailed(this.#path, error);
    }
    this.#position = this.#length;
  }

  async close(): Promise<void> {
    await this.#handle.close().catch(() => {});
  }
}
