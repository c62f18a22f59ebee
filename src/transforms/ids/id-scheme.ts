import type { IdField } from "./id-field.ts";

/** One form that an identifier may have: its fields from the first character to the last, and how its check digits are worked out. */
export interface IdForm {
  readonly fields: readonly IdField[];
  /** Writes the check digits into a text, whatever stands in their places. Null where there is no such identifier. */
  complete?(text: string): string | null;
  /** Forms of one name share a permutation. @default the scheme's key and the form's place */
  readonly name?: string;
}

/** A kind of identifier. */
export interface IdScheme {
  /** In words, for the docs. */
  readonly describe: string;
  /** What `keep` keeps, absent where it keeps nothing. */
  readonly keeps?: string;
  /** Characters that count beside ASCII letters and digits: all others are layout. */
  readonly alsoCounts?: string;
  /** Letters that may stand before an identifier and are no part of it, as in `ISBN 0-306-40615-2`. */
  readonly head?: string;
  /** Letters are written small where the original has none. */
  readonly isSmall?: true;
  /** Nothing is layout, and capital and small letters are not the same. */
  readonly countsAll?: true;
  /** How many identifiers there are, where they may be fewer than a million. */
  size?(): number;
  /** Which forms a value may have; null where it is no such identifier. @default by its length */
  keyOf?(compact: string, value: string): string | null;
  /** The forms of a key: no identifier has two of them. They are made once, on first use. */
  forms(key: string, keep: boolean): readonly IdForm[];
}

/** Schemes by name. */
export type IdSchemes = Readonly<Record<string, IdScheme>>;

/** A scheme with one form, or with one for each of some lengths. */
export function fixed(describe: string, makeForms: () => readonly IdForm[]): IdScheme {
  let made: readonly IdForm[] | undefined;
  return {
    describe,
    forms(key) {
      made ??= makeForms();
      return made.filter(({ fields }) => fields.reduce((sum, { width }) => sum + width, 0) === Number(key));
    },
  };
}
