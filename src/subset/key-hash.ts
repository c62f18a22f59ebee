import type { Column, ColumnValues } from "../contracts.ts";
import { canonicalOf } from "../keys/canonical.ts";
import type { ColumnPrf } from "../keys/column-prf.ts";

/** Texts of a key's column as they are compared: one value has one text, whatever type and system wrote it. `other` is the column that it is compared with. */
export function comparedText(column: Column, other: Column = column): (text: string) => string {
  const isPadded = column.isPadded || other.isPadded;
  const canonical = canonicalOf({ kind: column.kind, isPadded }) ?? ((text: string) => text);
  if (!foldsCase(column, other)) return canonical;
  return (text) => caselessText(canonical(text));
}

/** Letters that collations take for others, and that no normal form takes apart. */
const ALIKE: Readonly<Record<string, string>> = {
  ...{ ß: "s", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ħ: "h", ł: "l", ŧ: "t", þ: "th", ı: "i", ς: "σ", ґ: "г" },
};

/** Coarser than the collations of letters that people write names with: at worst a row too many comes along. */
export function caselessText(text: string): string {
  const letters = text
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cc}\p{Cf}]/gu, "")
    .toLowerCase();
  const alike = letters.replace(/[ßæœøđðħłŧþıςґ]/g, (letter) => ALIKE[letter]!);
  // ß is "ss" to some collations, and "s" to others.
  return alike.replace(/s+/g, "s").trimEnd();
}

/** How a column is compared with another, where that does not follow from the column alone. */
export function comparisonOf(column: Column, other: Column): string {
  return `${foldsCase(column, other)} ${column.isPadded || other.isPadded}`;
}

const foldsCase = (column: Column, other: Column): boolean => column.ignoresCase === true || other.ignoresCase === true;

/** Hashes of the keys in a batch, as two numbers each at `4 * row`; and which rows have none, for a NULL in theirs. */
export interface HashedKeys {
  readonly words: Uint32Array;
  readonly isNull: (row: number) => boolean;
}

/** Hashes keys under a passing key: 64 bits, which say nothing about a value. */
export function hashKeys(
  prf: ColumnPrf,
  compared: readonly ((text: string) => string)[],
  parts: readonly ColumnValues[],
): HashedKeys {
  const [first] = parts as [ColumnValues];
  const texts = first.map((_, row) => {
    let key = "";
    for (let part = 0; part < parts.length; part++) {
      const value = parts[part]![row]!;
      if (value === null) return null;
      const text = compared[part]!(value);
      key += parts.length === 1 ? text : `${text.length}:${text}`;
    }
    return key;
  });
  return { words: prf.words(texts), isNull: (row) => texts[row] === null };
}
