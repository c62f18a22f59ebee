import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, unlinkSync, writeSync } from "node:fs";
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
 * A file for what does not fit into memory: numbers alone, hashes under a passing key and ordinals of rows. It has no name from the moment that it is open, where the
 * system lets it (all but Windows do), so that nothing stays behind however the process ends; its folder is open to nobody else.
 */
export class SpillFile {
  readonly #folder: string;
  readonly #path: string;
  readonly #file: number;
  #end = 0;
  #isClosed = false;

  /** Throws SOURCE_FAILED where the system's folder for passing files cannot be written to. */
  constructor() {
    try {
      this.#folder = mkdtempSync(join(tmpdir(), "standin-subset-"));
      this.#path = join(this.#folder, "keys");
      this.#file = openSync(this.#path, "wx+", 0o600);
    } catch {
      throw new StandinError("SOURCE_FAILED", "No passing file can be made for the keys of the subset.", {
        hint: "Set TMPDIR to a folder that can be written to.",
      });
    }
    this.#removeName();
  }

  append(numbers: Uint32Array): SpillRegion {
    const from = this.#end;
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    for (let written = 0; written < bytes.length; ) {
      try {
        written += writeSync(this.#file, bytes, written, bytes.length - written, from + written);
      } catch {
        throw new StandinError("SOURCE_FAILED", "The keys of the subset cannot be written to a passing file: is the disk full?", {
          hint: "Set TMPDIR to a folder with more room: some 40 bytes for each row and reference.",
        });
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
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #removeName(): void {
    try {
      unlinkSync(this.#path);
    } catch {
      // Windows keeps the name until the file is closed.
      return;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
