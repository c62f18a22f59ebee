import type { Column } from "../contracts.ts";
import type { DataClass } from "../policy/class-names.ts";
import { isTellingNumber, joinedUnit, unitOf, wordsOf } from "./text-units.ts";

/** What many people share tells of nobody by itself: it is found everywhere, and means nothing there. */
const SHARED: ReadonlySet<DataClass> = new Set<DataClass>([
  "city",
  "region",
  "postcode",
  "coordinates",
  "birthDate",
  "birthPlace",
  "age",
  "bic",
  "cardCvv",
  "cardExpiry",
  "income",
  "userAgent",
  "healthCode",
  "health",
  "gender",
  "religion",
  "ethnicity",
  "nationality",
  "maritalStatus",
  "politicalOpinion",
  "sexualOrientation",
]);

/** Columns whose values are long, and hold a person's data among other words. */
const MIXED: ReadonlySet<DataClass> = new Set<DataClass>(["freeText", "document"]);
const MIXED_KINDS = new Set<Column["kind"]>(["json", "xml", "array"]);

const NUMBER_KINDS = new Set<Column["kind"]>(["integer", "decimal", "float"]);
const SILENT_KINDS = new Set<Column["kind"]>(["boolean", "date", "time", "timestamp", "interval", "enum", "bytes"]);

/** Characters of the shortest text that is looked for. */
const SHORTEST = 6;

/** Characters of the shortest passage that is looked for as a whole. */
const PASSAGE = 24;

const EMAIL = /[^\s"'<>(),;:\\]+@[^\s"'<>(),;:\\]+\.[a-z]{2,}/gi;
/** A long number that is no part of a longer word, as of a UUID. */
const LONG_NUMBER = /(?<![\w-])\+?\(?\d[\d ().\-/]{6,}\d(?![\w-])/g;

/** Dates and times as databases and people write them. A moved date is often another row's: it tells of nobody, in a date column as in a range or a text. */
const WRITTEN_DATE =
  /(?<![\d./-])(?:\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?Z\b| ?[+-]\d\d(?::?\d\d)*)?)?|\d\d?([./-])\d\d?\1(?:1[89]|20)\d\d)(?![\d/-])/g;

/** Words that fill columns, and names that thousands share. */
export type IsCommon = (word: string) => boolean;

/**
 * How much it says that a text is in the copy.
 * - `strong`: an address, a long number, words that are not common: it should be nowhere.
 * - `common`: words that thousands share, side by side: a stand-in may be equal, so it counts where nothing is masked.
 * - `alone`: one word, which may mean something else inside of a text: it counts as a whole cell.
 */
export type Strength = "strong" | "common" | "alone";

export interface TellingUnit {
  readonly unit: string;
  readonly strength: Strength;
}

/** Which of a column's values would give a person away if they were found in the copy; null for a column without such. */
export function tellingUnits(
  column: Column,
  dataClass: DataClass | null,
  isCommon: IsCommon,
): ((value: string) => readonly TellingUnit[]) | null {
  if (SILENT_KINDS.has(column.kind) || (dataClass !== null && SHARED.has(dataClass))) return null;
  if (NUMBER_KINDS.has(column.kind) && dataClass === null) return null;
  const isMixed = MIXED_KINDS.has(column.kind) || (dataClass !== null && MIXED.has(dataClass));
  // A text of which nobody says that it names a person does so by a number or an address in it.
  if (isMixed || dataClass === null) return unitsOfPassage;
  return (value) => {
    const unit = unitOf(value);
    return unit === null ? [] : toldBy(unit, isCommon);
  };
}

/** First and last name side by side. The other way round too, but for common ones: a list of names holds them by chance. */
export function nameUnits(first: string, last: string, isCommon: IsCommon): readonly TellingUnit[] {
  const [one, other] = [wordsOf(first), wordsOf(last)];
  if (one.length + other.length < 2) return [];
  const forwards = toldByWords([...one, ...other], isCommon);
  // The same words in another order are common or not as well.
  return forwards[0]?.strength === "strong" ? [...forwards, ...toldByWords([...other, ...one], NONE_IS_COMMON)] : forwards;
}

const NONE_IS_COMMON: IsCommon = () => false;

function toldByWords(words: readonly string[], isCommon: IsCommon): readonly TellingUnit[] {
  const unit = joinedUnit(words);
  return unit.includes(" ") ? toldBy(unit, isCommon) : [];
}

function toldBy(unit: string, isCommon: IsCommon): readonly TellingUnit[] {
  if (unit.startsWith("#") || unit.includes("@")) return [{ unit, strength: "strong" }];
  if (unit.length < SHORTEST) return [];
  const words = unit.includes(" ") ? unit.split(" ") : [unit];
  const areCommon = words.every(isCommon);
  if (words.length > 1) return [{ unit, strength: areCommon ? "common" : "strong" }];
  return areCommon ? [] : [{ unit, strength: /\d/.test(unit) ? "strong" : "alone" }];
}

/** A long text as a whole, and the addresses and numbers in it. */
function unitsOfPassage(value: string): readonly TellingUnit[] {
  // Most texts have neither, and the expressions take long to find that out.
  const hasDigits = /[0-9]/.test(value);
  const undated = hasDigits ? value.replace(WRITTEN_DATE, " ") : value;
  const numbers = hasDigits ? (undated.match(LONG_NUMBER) ?? []) : [];
  const addresses = value.includes("@") ? (value.match(EMAIL) ?? []) : [];
  const parts = [...addresses, ...numbers.filter((one) => isTellingNumber(wordsOf(one).join("")))].map(unitOf);
  if (value.length >= PASSAGE || parts.length === 0) parts.push(wholeOf(value, undated));
  return parts.flatMap((unit) => (unit === null ? [] : [{ unit, strength: "strong" }]));
}

/** The whole of a passage; of a shorter text only a number, and nothing of dates alone. */
function wholeOf(value: string, undated: string): string | null {
  const rest = unitOf(undated);
  if (rest === null) return null;
  if (value.length >= PASSAGE) return unitOf(value);
  return rest.startsWith("#") ? rest : null;
}
