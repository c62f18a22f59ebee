import type { Column, ColumnValues, RowBatch } from "../contracts.ts";
import { canonicalOf } from "../keys/canonical.ts";
import { comparedText } from "../subset/key-hash.ts";
import { HashSample } from "./hash-sample.ts";
import type { TextHash } from "./text-hash.ts";

/** Watches the values of a key, of one column or several, as rows go by: how many there are, and which are there twice. */
export class KeyWatch {
  readonly #hash: TextHash;
  readonly #columns: readonly Column[];
  readonly #canonical: readonly ((value: string) => string)[];
  readonly #sample: HashSample;
  #repeats = 0;

  /** `others` are the columns of a reference's other end: compared without regard to case where one of the two is. */
  constructor(columns: readonly Column[], hash: TextHash, mostSlots: number, others: readonly Column[] | null = null) {
    this.#columns = columns;
    this.#canonical = columns.map((column, part) =>
      others === null ? (canonicalOf(column) ?? ((value) => value)) : comparedText(column, others[part]),
    );
    this.#hash = hash;
    this.#sample = new HashSample(mostSlots);
  }

  get columns(): readonly Column[] {
    return this.#columns;
  }

  /** Rows whose key had been there before, among those that are kept. */
  get repeats(): number {
    return this.#repeats;
  }

  /** `places` are the key's columns in the batch. A key with a NULL in it is none. */
  add(batch: RowBatch, places: readonly number[]): void {
    const parts = places.map((place) => batch.column(place));
    const texts = new Array<string>(parts.length);
    for (let row = 0; row < batch.rowCount; row++) {
      if (!this.#fill(texts, parts, row)) continue;
      this.#hash.takeAll(texts);
      if (!this.#sample.add(this.#hash.high, this.#hash.low)) this.#repeats++;
    }
  }

  /** How many different keys of these are not among the others', and how many were compared. One of `every` was. */
  missingIn(others: KeyWatch): { readonly missing: number; readonly compared: number; readonly every: number } {
    return this.#sample.missingIn(others.#sample);
  }

  /** A row's key as it is compared; false where a part of it is NULL. */
  #fill(texts: string[], parts: readonly ColumnValues[], row: number): boolean {
    for (let part = 0; part < parts.length; part++) {
      const value = parts[part]![row]!;
      if (value === null) return false;
      texts[part] = this.#canonical[part]!(value);
    }
    return true;
  }
}
