import type { Column, ColumnValues, RowBatch } from "../contracts.ts";
import { canonicalOf } from "../keys/canonical.ts";
import type { ColumnPrf } from "../keys/column-prf.ts";
import { HashSample } from "./hash-sample.ts";

/** Watches the values of a key, of one column or several, as rows go by: how many there are, and which are there twice. */
export class KeyWatch {
  readonly #prf: ColumnPrf;
  readonly #columns: readonly Column[];
  readonly #sample: HashSample;
  #repeats = 0;

  constructor(columns: readonly Column[], prf: ColumnPrf, mostSlots: number) {
    this.#columns = columns;
    this.#prf = prf;
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
    const texts = joinedTexts(
      places.map((place) => batch.column(place)),
      this.#columns,
    );
    const words = this.#prf.words(texts);
    for (let row = 0; row < texts.length; row++) {
      if (texts[row] !== null && !this.#sample.add(words[row * 4]!, words[row * 4 + 1]!)) this.#repeats++;
    }
  }

  /** How many different keys of these are not among the others', and how many were compared. One of `every` was. */
  missingIn(others: KeyWatch): { readonly missing: number; readonly compared: number; readonly every: number } {
    return this.#sample.missingIn(others.#sample);
  }
}

/** Each row's key as one text; null where a part is NULL. */
function joinedTexts(parts: readonly ColumnValues[], columns: readonly Column[]): ColumnValues {
  const canonical = columns.map((column) => canonicalOf(column) ?? ((value: string) => value));
  return parts[0]!.map((_, row) => {
    let text = "";
    for (let part = 0; part < parts.length; part++) {
      const value = parts[part]![row]!;
      if (value === null) return null;
      const own = canonical[part]!(value);
      text += `${own.length}:${own}`;
    }
    return text;
  });
}
