import { randomUUID } from "node:crypto";
import { closeSync, constants, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StandinError } from "../errors.ts";

/** Numbers that lie one after the other in a spill file. */
export interface SpillRegion {
  /** First byte. */
  readonly from: number;
  /** How many numbers of 32 bits. */
  readonly length: number;
}

/**
 * A file for what does not fit into memory: numbers alone, hashes under a passing key and ordinals of rows. It has no name, so that nothing stays behind however the process
 * ends, and nobody else can open it.
 */
export class SpillFile {
  readonly #file: number;
  #end = 0;
  #isClosed = false;

  /** Throws SOURCE_FAILED where the system's folder for passing files cannot be written to. */
  constructor() {
    try {
      this.#file = openNameless(tmpdir());
    } catch (error) {
      throw new StandinError("SOURCE_FAILED", `No passing file can be made for the keys of the subset${codeOf(error)}.`, {
        hint: "Set TMPDIR to a folder that can be written to.",
      });
    }
  }

  append(numbers: Uint32Array): SpillRegion {
    const from = this.#end;
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    for (let written = 0; written < bytes.length; ) {
      try {
        written += writeSync(this.#file, bytes, written, bytes.length - written, from + written);
      } catch (error) {
        throw notWritten(error);
      }
    }
    this.#end += bytes.length;
    return { from, length: numbers.length };
  }

  /** Fills `numbers` from a region, beginning at one of its numbers. Gives how many there were. */
  read(region: SpillRegion, at: number, numbers: Uint32Array): number {
    const count = Math.min(numbers.length, region.length - at);
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, count * 4);
    for (let read = 0; read < bytes.length; ) {
      const more = readSync(this.#file, bytes, read, bytes.length - read, region.from + at * 4 + read);
      if (more === 0) throw new StandinError("SOURCE_FAILED", "The passing file with the keys of the subset was cut short.");
      read += more;
    }
    return count;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    ftruncateSync(this.#file, 0);
    closeSync(this.#file);
  }
}

/** Linux's O_TMPFILE, which Node does not name: a file that never had a name. */
const WITHOUT_NAME = 0o20000000 | (constants.O_DIRECTORY ?? 0) | constants.O_RDWR;

function openNameless(folder: string): number {
  if (process.platform === "linux")
    try {
      return openSync(folder, WITHOUT_NAME, 0o600);
    } catch {
      // Not every file system knows it.
    }
  const path = join(folder, `standin-subset-${randomUUID()}`);
  const file = openSync(path, "wx+", 0o600);
  // Windows takes the name away when the file is closed, which it does for a process that ended as well.
  unlinkSync(path);
  return file;
}

const FULL: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the user's share of the disk is used up",
  EFBIG: "files of that size are not allowed",
};

/** The system's code says no more than what went wrong; its message may name a path. */
function notWritten(error: unknown): StandinError {
  const { code = "" } = error as NodeJS.ErrnoException;
  const why = FULL[code];
  return new StandinError(
    "SOURCE_FAILED",
    `The keys of the subset cannot be written to a passing file${why === undefined ? codeOf(error) : `: ${why}`}.`,
    { hint: "Set TMPDIR to a folder with more room: some 40 bytes for each row and reference." },
  );
}

function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? "" : ` (${code})`;
}
