import type { DataClass } from "../../policy/class-names.ts";
import {
  ADDRESS_NEIGHBOURS,
  AMOUNT_WORDS,
  BODY_WORDS,
  FACT_WORDS,
  HARMLESS_HEADS,
  HARMLESS_TAILS,
  MEASURE_WORDS,
  NAME_WORDS,
  NEUTRAL_WORDS,
  PEOPLE_WORDS,
  PICTURED_THINGS,
  PLACEHOLDERS,
  THING_WORDS,
} from "../words/context-words.ts";
import { classOfName, type Match, matchesIn, partsOf } from "../words/known-names.ts";

/** What a column's name says, before any value is seen. */
export interface NameEvidence {
  readonly kind: DataClass;
  /** From 0 to 1; below a half, the values must agree. */
  readonly strength: number;
}

const STRONG = 0.9;
/** A word of several senses in a table of people. */
const LIKELY = 0.63;
const WEAK = 0.45;
/** Another language has another sense for the rest of the name. */
const UNKNOWN_REST = 0.85;
/** A word of several senses beside another: the values must say it. */
const FAINT = 0.3;
const HARMLESS = 0.2;

/** Recognises what a column is called, in the languages of `class-words.ts`; the table and the columns beside it tell what `name` or `state` means. */
export function recogniseColumnName(column: string, table: string, neighbours: readonly string[]): NameEvidence | null {
  const words = partsOf(column);
  if (words.length === 0) return null;
  const others = neighbours.filter((name) => name !== column);
  const half = halfOfName(words, others);
  if (half !== null) return half;
  const found = matchesIn(words).at(-1);
  if (found === undefined) return nameOfSomebody(words, table);
  if (isListOf(found.kind, table)) return { kind: found.kind, strength: HARMLESS };
  return weighed(found, words, table, others);
}

/** What a list of its own may give numbers to, with the number still telling of a person: `gender_id`. */
const ATTRIBUTES: readonly DataClass[] = [
  "gender",
  "religion",
  "ethnicity",
  "nationality",
  "maritalStatus",
  "politicalOpinion",
  "sexualOrientation",
];

/** A table of cities, states or religions names what there is, whoever lives there or believes. */
function isListOf(kind: DataClass, table: string): boolean {
  if (kind !== "city" && kind !== "region" && !ATTRIBUTES.includes(kind)) return false;
  const words = partsOf(table);
  return (
    words.length <= 2 &&
    words.some((word) => [word, word.replace(/s$/, ""), word.replace(/ies$/, "y")].some((one) => classOfName(one) === kind))
  );
}

/** Whether a table's name says that its rows are people. */
export function isAboutPeople(table: string): boolean {
  return partsOf(table).some((word) => PEOPLE_WORDS.has(word));
}

function weighed(
  { kind, from, to, isWeak }: Match,
  words: readonly string[],
  table: string,
  neighbours: readonly string[],
): NameEvidence {
  const before = words.slice(0, from);
  const after = words.slice(to);
  // A yes or no to a fact about a person tells the fact.
  const isFact = (word: string) =>
    (FACTS.includes(kind) && FACT_WORDS.has(word)) ||
    (kind === "income" && !isWeak && AMOUNT_WORDS.has(word)) ||
    (kind === "health" && !isWeak && MEASURE_WORDS.has(word));
  if (
    before.some((word) => HARMLESS_HEADS.has(word) && !isFact(word)) ||
    after.some((word) => HARMLESS_TAILS.has(word) && !isFact(word))
  ) {
    const isIdentifier = after.length === 1 && after[0] === "id";
    if (isIdentifier && ATTRIBUTES.includes(kind)) return { kind, strength: isWeak ? WEAK : LIKELY };
    // `email_id` is an address in one half of the world and a reference in the other.
    return { kind, strength: isIdentifier && kind === "email" ? WEAK : HARMLESS };
  }
  const isWhole = [...before, ...after].every(
    (word) => /^\d+$/.test(word) || isFact(word) || NEUTRAL_WORDS.has(word) || PEOPLE_WORDS.has(word),
  );
  const hasAddress =
    PLACES.includes(kind) && neighbours.flatMap(partsOf).filter((word) => ADDRESS_NEIGHBOURS.has(word)).length > 1;
  const base = !isWeak || hasAddress ? STRONG : isAboutPeople(table) ? LIKELY : WEAK;
  // `estado_pedido` is no place, and `urun_adi` nobody's name.
  if (isWeak && OF_THINGS_TOO.includes(kind) && [...before, ...after].some((word) => isThing(word) && !NEUTRAL_WORDS.has(word)))
    return { kind, strength: HARMLESS };
  // Parcels have a weight as well: beside a pulse, or in a table of people, it is somebody's.
  if (kind === "health" && words.slice(from, to).some((word) => BODY_WORDS.has(word))) {
    const isOfBody = isAboutPeople(table) || neighbours.some(isOfSomebody);
    return { kind, strength: isOfBody && isWhole ? LIKELY : FAINT };
  }
  if (!isWhole) return { kind, strength: isWeak ? FAINT : base * UNKNOWN_REST };
  if (kind === "region" && base === WEAK) return { kind, strength: FAINT };
  return { kind, strength: base };
}

/** Whether a column says something that no thing has: a pulse, a birth, a sex. */
function isOfSomebody(name: string): boolean {
  const words = partsOf(name);
  return matchesIn(words).some(
    ({ kind, isWeak, from, to }) =>
      OF_BODIES.includes(kind) && !isWeak && !words.slice(from, to).some((word) => BODY_WORDS.has(word)),
  );
}

const OF_BODIES: readonly DataClass[] = ["health", "healthCode", "birthDate", "gender", "ethnicity"];

/** What a flag may say of a person. */
const FACTS: readonly DataClass[] = [...ATTRIBUTES, "health"];

/** Whether a yes or no under this name would tell something of somebody. */
export const isFactAboutPerson = (kind: DataClass) => kind === "income" || FACTS.includes(kind);

/** What things have as well, by the same word. */
const OF_THINGS_TOO: readonly DataClass[] = ["firstName", "middleName", "lastName", "region"];

/** Their words have other senses too: the state of an order, an address in memory. */
export const PLACES: readonly DataClass[] = ["streetAddress", "postalAddress", "city", "region", "postcode", "coordinates"];

/** `name`, `customer_name`, `assignee`: a person's, where the column or else the table is about people. */
function nameOfSomebody(words: readonly string[], table: string): NameEvidence | null {
  const rest = words.filter((word) => !NAME_WORDS.has(word) && !/^\d+$/.test(word));
  const isName = rest.length < words.length;
  const hasPeople = rest.some((word) => PEOPLE_WORDS.has(word));
  if (rest.some((word) => HARMLESS_TAILS.has(word) || HARMLESS_HEADS.has(word))) return null;
  if (!isName) return hasPeople && rest.length === 1 ? { kind: "fullName", strength: 0.3 } : null;
  if (hasPeople) return { kind: "fullName", strength: 0.85 };
  if (rest.some(isThing)) return null;
  const tableWords = partsOf(table);
  // What the rest says is unknown: the values must tell whether it is a person.
  if (tableWords.some((word) => PEOPLE_WORDS.has(word)) && !tableWords.some(isThing))
    return { kind: "fullName", strength: rest.every((word) => NEUTRAL_WORDS.has(word)) ? 0.75 : WEAK };
  return rest.length === 0 && !tableWords.some(isThing) ? { kind: "fullName", strength: 0.3 } : null;
}

function isThing(word: string): boolean {
  return THING_WORDS.has(word) || (word.length > 4 && THING_WORDS.has(word.replace(/s$/, "")));
}

/** Whether a column's name says that it holds names of things: titles, brands, what an article is called. */
export function isAboutThings(column: string): boolean {
  const words = partsOf(column);
  if (words.every((word) => PLACEHOLDERS.has(word) || /^\d+$/.test(word))) return false;
  // Whoever is to be asked at a site is a person.
  return words.some((word) => isThing(word) && classOfName(word) === undefined) && !words.some((word) => PEOPLE_WORDS.has(word));
}

/** Whether a column of pictures shows things: a logo, an article. */
export function showsThings(column: string): boolean {
  const words = partsOf(column);
  return words.some((word) => PICTURED_THINGS.has(word)) && !words.some((word) => PEOPLE_WORDS.has(word));
}

/** `nom` beside `prenom` is a family name, `nombre` beside `apellidos` a given one: the other half of what stands beside it. */
function halfOfName(words: readonly string[], neighbours: readonly string[]): NameEvidence | null {
  if (words.length !== 1 || !NAME_WORDS.has(words[0]!)) return null;
  const beside = new Set(neighbours.map((name) => classOfName(partsOf(name).join(""))));
  if (beside.has("firstName") === beside.has("lastName")) return null;
  return { kind: beside.has("firstName") ? "lastName" : "firstName", strength: 0.8 };
}
