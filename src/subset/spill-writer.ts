import type { SpillFile, SpillRegion } from "./spill-file.ts";

/** Numbers that are written at a time: whole records of any width up to five. */
const WRITTEN = 61_440;

/** Writes records into a file one after the other: others may be written meanwhile, so they lie in parts. */
export class SpillWriter {
  readonly #file: SpillFile;
  readonly #held = new Uint32Array(WRITTEN);
  readonly #parts: SpillRegion[] = [];
  #length = 0;

  constructor(file: SpillFile) {
    this.#file = file;
  }

  /** Adds `width` numbers from `at`. */
  addRecord(numbers: Uint32Array, at: number, width: number): void {
    for (let index = at; index < at + width; index++) this.#held[this.#length++] = numbers[index]!;
    if (this.#length === WRITTEN) this.#flush();
  }

  add(one: number, other: number): void {
    this.#held[this.#length++] = one;
    this.#held[this.#length++] = other;
    if (this.#length === WRITTEN) this.#flush();
  }

  /** Where everything lies. */
  ended(): readonly SpillRegion[] {
    if (this.#length > 0) this.#flush();
    return this.#parts;
  }

  #flush(): void {
    this.#parts.push(this.#file.append(this.#held.subarray(0, this.#length)));
    this.#length = 0;
  }
}
