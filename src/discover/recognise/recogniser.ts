import type { ColumnKind } from "../../contracts.ts";
import type { DataClass } from "../../policy/class-names.ts";

/** What the values of a column say of one class. */
export interface ValueEvidence {
  readonly kind: DataClass;
  /** The part of the values that are of the class, from 0 to 1. */
  readonly share: number;
  /** How sure the values alone make, where all are of the class; 0 where many harmless columns look the same. */
  readonly alone: number;
  /** How sure they make beside a name that says the same. */
  readonly support: number;
  /** A name is not believed where the values do not look like it. */
  readonly isNeeded: boolean;
  /** Below this share values alone say nothing: chance, or a word of many senses, explains as many. @default 0.02 */
  readonly least?: number;
  /** What things are called as well: words of films, brands and firms, codes of parts. @default false */
  readonly isOfWords?: boolean;
  /** The scheme of numbers that fits best, as `nl.bsn`. @default none */
  readonly scheme?: string;
  /** For the reason: `pass the check digits of ISO 7064`. Never a value. */
  readonly says: string;
}

/** Looks at distinct values of one column, none of them empty or longer than `MAX_CHARACTERS`. Prepared once: what it loads is loaded lazily. */
export interface Recogniser {
  readonly kind: DataClass;
  /** @default text */
  readonly accepts?: readonly ColumnKind[];
  /** Null where there is nothing to say. Takes time in proportion to the length of the values, whatever they hold. */
  measure(values: readonly string[]): ValueEvidence | null;
}

export const TEXT: readonly ColumnKind[] = ["text"];
export const TEXT_OR_NUMBER: readonly ColumnKind[] = ["text", "integer"];

type Weights = Omit<ValueEvidence, "kind" | "share">;

/** A recogniser that looks at one value at a time. */
export function eachValueIs(
  kind: DataClass,
  test: (value: string) => boolean,
  { accepts = TEXT, ...weights }: Partial<Weights> & { readonly says: string; readonly accepts?: readonly ColumnKind[] },
): Recogniser {
  return {
    kind,
    accepts,
    measure: (values) => ({ kind, share: shareOf(values, test), alone: 0, support: 0.5, isNeeded: true, ...weights }),
  };
}

export function shareOf(values: readonly string[], test: (value: string) => boolean): number {
  return values.length === 0 ? 0 : values.filter(test).length / values.length;
}
