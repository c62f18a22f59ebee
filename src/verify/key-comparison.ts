import type { Column, SystemName } from "../contracts.ts";
import { canonicalOf } from "../keys/canonical.ts";
import { comparedText } from "../subset/key-hash.ts";

/**
 * By what the two ends of a reference are compared: by their server's weights, by their texts, by texts without regard to case, or by those of keys that are ASCII alone, where a
 * collation is not known that may take any other letter for another, or for nothing.
 */
export type KeyComparison = "weight" | "text" | "caseless" | "ascii";

/** What compares keys. */
export interface KeySystem {
  readonly system: SystemName;
  /** Whether a server says what it compares text by. */
  readonly hasWeights: boolean;
}

/** Never finds two values different that their system takes for equal. Null where that cannot be promised of any values. */
export function comparisonIn(
  { system, hasWeights }: KeySystem,
  ends: readonly [Column, Column],
  isWeighed: boolean,
): KeyComparison | null {
  if (isWeighed) return "weight";
  const caseless = ends.filter(({ ignoresCase }) => ignoresCase);
  // A nondeterministic collation takes for equal what its rules say, and gives no weights.
  if (system === "postgres" && caseless.length > 0) return caseless.every(isCitext) ? "caseless" : null;
  const isUnknown = system === "mysql" && !hasWeights && ends.every(({ kind }) => kind === "text");
  return caseless.length > 0 || isUnknown ? "ascii" : "text";
}

/** What becomes of a cell of one end before it is compared. */
export function textFor(how: KeyComparison, system: SystemName, column: Column, other: Column): (text: string) => string {
  switch (how) {
    case "weight":
      return (weight) => weight;
    case "text":
      return canonicalText({ kind: column.kind, isPadded: isPaddedIn(system, column) });
    case "caseless":
      return comparedText(column, other);
    case "ascii":
      return asciiText(comparedText({ ...column, ignoresCase: true }, other));
  }
}

/** How one end is compared, in as many words as tell two ways apart. */
export function wayOf(how: KeyComparison, system: SystemName, column: Column, other: Column): string {
  return `${how} ${how === "text" ? isPaddedIn(system, column) : column.isPadded || other.isPadded}`;
}

/** How a unique key is compared: only equal texts count as equal. What else a collation takes for equal, the server that holds the key has refused. */
export function uniqueText(column: Column): { readonly compared: (text: string) => string; readonly way: string } {
  return { compared: canonicalText(column), way: `text ${column.isPadded}` };
}

export const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);

/** Lithuanian takes y for i, and classical Latin j for i and v for u. */
function asciiText(caseless: (text: string) => string): (text: string) => string {
  return (text) => caseless(text).replace(/[jy]/g, "i").replace(/v/g, "u");
}

/** Spaces at the end mean nothing to most of MySQL's collations, those of bytes included. */
const isPaddedIn = (system: SystemName, { kind, isPadded }: Column): boolean =>
  isPadded || (system === "mysql" && kind === "text");

const canonicalText = (column: Pick<Column, "kind" | "isPadded">) => canonicalOf(column) ?? ((text: string) => text);

const isCitext = ({ type, baseType = type }: Column): boolean => /(^|\.)"?citext"?$/.test(baseType);
