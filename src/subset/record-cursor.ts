import type { SpillFile, SpillRegion } from "./spill-file.ts";

/** Numbers that a cursor has in memory: whole records of any width up to five. */
const BUFFERED = 15_360;

/** Goes through records, each of so many numbers, one after the other. */
export class RecordCursor {
  readonly #file: SpillFile;
  readonly #parts: readonly SpillRegion[];
  readonly #width: number;
  #part = 0;
  #read = 0;
  #held = 0;
  /** The numbers among which the record is. */
  readonly numbers: Uint32Array;
  /** Where the record begins in them. */
  at: number;

  constructor(file: SpillFile, parts: readonly SpillRegion[], width: number) {
    this.#file = file;
    this.#parts = parts;
    this.#width = width;
    this.numbers = new Uint32Array(Math.min(BUFFERED, Math.max(0, ...parts.slice(0, 1).map(({ length }) => length))));
    this.at = -width;
  }

  /** Steps to the next record; false behind the last. */
  next(): boolean {
    this.at += this.#width;
    if (this.at < this.#held) return true;
    let part = this.#parts[this.#part];
    if (part !== undefined && this.#read === part.length) {
      part = this.#parts[++this.#part];
      this.#read = 0;
    }
    if (part === undefined) return false;
    this.#held = this.#file.read(part, this.#read, this.numbers);
    this.#read += this.#held;
    this.at = 0;
    return this.#held > 0;
  }
}
