import type { ColumnValues, RowBatch } from "../contracts.ts";
import { HashSample } from "./hash-sample.ts";
import { isAscii } from "./key-comparison.ts";
import type { TextHash } from "./text-hash.ts";

/** A column of a key. */
export interface KeyPart {
  /** Where its cells are in a batch. */
  readonly place: number;
  /** What becomes of a cell before it is compared. */
  readonly compared: (value: string) => string;
  /** Whether it is known of ASCII alone what the system takes for equal. */
  readonly needsAscii: boolean;
}

/** Watches the values of a key, of one column or several, as rows go by: how many there are, and which are there twice. */
export class KeyWatch {
  readonly #hash: TextHash;
  readonly #parts: readonly KeyPart[];
  readonly #sample: HashSample;
  #repeats = 0;
  #unsureRows = 0;

  constructor(parts: readonly KeyPart[], hash: TextHash, mostSlots: number) {
    this.#parts = parts;
    this.#hash = hash;
    this.#sample = new HashSample(mostSlots);
  }

  /** Rows whose key had been there before, among those that are kept. */
  get repeats(): number {
    return this.#repeats;
  }

  /** Rows whose key the system may take for any other: they are not among those that are compared. */
  get unsureRows(): number {
    return this.#unsureRows;
  }

  /** A key with a NULL in it is none. */
  add(batch: RowBatch): void {
    const cells = this.#parts.map(({ place }) => batch.column(place));
    const texts = new Array<string>(cells.length);
    for (let row = 0; row < batch.rowCount; row++) {
      if (!this.#fill(texts, cells, row)) continue;
      this.#hash.takeAll(texts);
      if (!this.#sample.add(this.#hash.high, this.#hash.low)) this.#repeats++;
    }
  }

  /** How many different keys of these are not among the others', and how many were compared. One of `every` was. */
  missingIn(others: KeyWatch): { readonly missing: number; readonly compared: number; readonly every: number } {
    return this.#sample.missingIn(others.#sample);
  }

  /** A row's key as it is compared; false where a part of it is NULL, or nobody can tell what it is equal to. */
  #fill(texts: string[], cells: readonly ColumnValues[], row: number): boolean {
    let isSure = true;
    for (let part = 0; part < cells.length; part++) {
      const value = cells[part]![row]!;
      if (value === null) return false;
      const { compared, needsAscii } = this.#parts[part]!;
      if (needsAscii && !isAscii(value)) isSure = false;
      texts[part] = compared(value);
    }
    if (!isSure) this.#unsureRows++;
    return isSure;
  }
}
