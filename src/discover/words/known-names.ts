import type { DataClass } from "../../policy/class-names.ts";
import { CLASS_WORDS } from "./class-words.ts";
import { CLASS_WORDS_ABROAD } from "./class-words-abroad.ts";
import { CLASS_WORDS_BY_FIELD } from "./class-words-by-field.ts";
import { inFull, splitWord, wordsOf } from "./column-words.ts";
import {
  HARMLESS_HEADS,
  HARMLESS_TAILS,
  NAME_WORDS,
  NEUTRAL_WORDS,
  PEOPLE_WORDS,
  THING_WORDS,
  WEAK_WORDS,
} from "./context-words.ts";

/** Most words that one name of a class has. */
const MAX_WORDS = 5;

/** What stands between the words of a name, and is left out as often: `permiso de conducir`. */
const PARTICLES = new Set("de du da do di del des dos of the el la".split(" "));

/** Each name as it is listed; before that, so that a listed one prevails, without particles and with its abbreviations in full. */
function namesOfClasses(): ReadonlyMap<string, DataClass> {
  const listed = [...CLASS_WORDS_ABROAD, ...CLASS_WORDS_BY_FIELD, ...Object.entries(CLASS_WORDS)].flatMap(([kind, names]) =>
    names.split(",").map((name) => ({ kind: kind as DataClass, words: wordsOf(name) })),
  );
  return new Map([
    ...listed.flatMap(({ kind, words }): [string, DataClass][] => {
      const bare = words.filter((word, at) => at === 0 || !PARTICLES.has(word));
      const isShorter = bare.length > 1 && bare.length < words.length;
      return [...(isShorter ? [bare] : []), ...(words.length > 1 ? [words.map(inFull)] : [])].map((one) => [one.join(""), kind]);
    }),
    ...listed.map(({ kind, words }): [string, DataClass] => [words.join(""), kind]),
  ]);
}

let classesByName: ReadonlyMap<string, DataClass> | null = null;

/** The class that a name in one piece is listed under. The list is made on first use: most commands need none. */
export function classOfName(name: string): DataClass | undefined {
  classesByName ??= namesOfClasses();
  return classesByName.get(name);
}

const isKnown = (word: string) =>
  (classOfName(word) !== undefined && (word.length > 3 || !WEAK_WORDS.has(word))) ||
  [PEOPLE_WORDS, NAME_WORDS, NEUTRAL_WORDS, HARMLESS_TAILS, HARMLESS_HEADS, THING_WORDS].some(
    (set) => word.length > 2 && set.has(word),
  );

/** Whether each word is one that columns are named with: such a name tells of a kind and of nobody. */
export function isMadeOfKnownWords(name: string): boolean {
  const words = partsOf(name);
  const matches = matchesIn(words);
  return words.length > 0 && words.every((word, at) => isKnown(word) || matches.some(({ from, to }) => from <= at && at < to));
}

/** The words of a name, known ones apart where they are written in one. */
export function partsOf(name: string): readonly string[] {
  return wordsOf(name).flatMap((word) => splitWord(word, isKnown));
}

/** The name of a class among the words of a name. */
export interface Match {
  readonly kind: DataClass;
  readonly from: number;
  readonly to: number;
  readonly isWeak: boolean;
}

/** What has an address that is no place: behind its name the word says nothing more. */
const WITH_ADDRESS: readonly DataClass[] = ["email", "ipAddress", "macAddress"];

/** The longest names that the words spell, from left to right; strong ones last where both occur. */
export function matchesIn(words: readonly string[]): readonly Match[] {
  const matches: Match[] = [];
  for (let from = 0; from < words.length; from++) {
    for (let to = Math.min(words.length, from + MAX_WORDS); to > from; to--) {
      const name = words.slice(from, to).join("");
      const kind = classOfName(name) ?? classOfName(words.slice(from, to).map(inFull).join(""));
      if (kind === undefined) continue;
      const before = matches.at(-1);
      if (before?.to === from && WITH_ADDRESS.includes(before.kind) && to === from + 1 && inFull(words[from]!) === "address")
        matches.splice(-1, 1, { ...before, to });
      else matches.push({ kind, from, to, isWeak: WEAK_WORDS.has(name) });
      from = to - 1;
      break;
    }
  }
  return matches.sort((one, other) => Number(other.isWeak) - Number(one.isWeak) || one.from - other.from);
}
