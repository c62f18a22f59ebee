import type { Column } from "../../contracts.ts";
import type { DataClass } from "../../policy/class-names.ts";
import { orderOfDates } from "../../transforms/dates/written-date.ts";
import type { ValueEvidence } from "../recognise/recogniser.ts";
import { fittingScheme } from "./fitting-scheme.ts";
import { type SuggestedRule, suggested } from "./suggested-rule.ts";

/** A column of one class, and what its values say. */
export interface SeenColumn {
  readonly kind: DataClass;
  readonly column: Column;
  readonly isUnique: boolean;
  readonly evidence: readonly ValueEvidence[];
  /** Distinct values. */
  readonly seen: readonly string[];
}

/** Of so many unique values, all of one form, the next will be of it too. */
const ENOUGH_OF_ONE_FORM = 5;
const MOST = 0.8;
/** Browsers say much of themselves. */
const LONGEST_AGENT = 255;

const ISO_DATE = /^\d{4}-\d\d-\d\d$/;

const SCRAMBLED = suggested("scramble", { onUnsupported: "redact" });

/** Rules that the values of a column speak for, better than those that its class has anywhere. */
export function rulesByValues(of: SeenColumn): readonly SuggestedRule[] {
  const { kind, column, isUnique, seen } = of;
  if (kind === "userAgent") return column.maxLength === null || column.maxLength >= LONGEST_AGENT ? [] : [suggested("tokenize")];
  if (seen.length === 0) return [];
  if (kind === "birthDate") return column.kind === "text" ? datesAsWritten(seen, isUnique) : [];
  if (kind === "url") return isUnique || shareOfUrls(seen) >= MOST ? [] : [suggested("tokenize")];
  if (kind === "phone") return isUnique ? phonesOfOneForm(seen) : [];
  return idsOfScheme(of);
}

/** Dates in a text column, in the order that its values write them in: they stay dates. */
function datesAsWritten(seen: readonly string[], isUnique: boolean): readonly SuggestedRule[] {
  const order = orderOfDates(seen);
  // Scrambled, a unique date would be one of month 47.
  if (order === null) return isUnique && areOfOneForm(seen, ISO_DATE) ? [suggested("permuteDates", { max: "2029-12-31" })] : [];
  return [
    isUnique ? suggested("permuteDates", { order }) : suggested("shiftDates", { days: 180, order, onUnsupported: "redact" }),
  ];
}

const shareOfUrls = (seen: readonly string[]) =>
  seen.filter((value) => /^(?:[a-z][a-z\d+.-]*:)?\/\/|^www\.|^\//i.test(value)).length / seen.length;

/** Numbers that somebody's form has brought into one form (E.164) stay what it lets in. Unlike those of `fake` they may be somebody's, but no two meet. */
function phonesOfOneForm(seen: readonly string[]): readonly SuggestedRule[] {
  return areOfOneForm(seen, /^\+[1-9]\d{6,14}$/) ? [suggested("encryptPhone")] : [];
}

const areOfOneForm = (seen: readonly string[], form: RegExp) =>
  seen.length >= ENOUGH_OF_ONE_FORM && seen.every((value) => form.test(value));

/** Another valid identifier of the kind that the values are; where they are none, signs of the same class in the same places. */
function idsOfScheme({ kind, column, isUnique, evidence, seen }: SeenColumn): readonly SuggestedRule[] {
  const found = fittingScheme(kind, column.name, evidence, seen);
  if (found === undefined) return [];
  if (found === null) return isUnique ? [] : [SCRAMBLED];
  const { scheme, fitsAll } = found;
  if (isUnique) return fitsAll && seen.length >= ENOUGH_OF_ONE_FORM ? [suggested("encryptId", { scheme })] : [];
  const otherwise = ["redact", "nullify"].map((onUnsupported) => suggested("encryptId", { scheme, onUnsupported }));
  return fitsAll ? [...otherwise, suggested("encryptId", { scheme })] : otherwise;
}
