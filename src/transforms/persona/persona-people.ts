import { createPrng, type Prng, scale32 } from "../../keys/prng.ts";
import { compose } from "../fake/fake-compose.ts";
import { type Corpus, createCorpus } from "../fake/fake-corpus.ts";
import { type Draw, oneDrawOf } from "../fake/fake-draw.ts";
import { type FakeLocale, loadLocale } from "../fake/fake-locales.ts";
import { asciiNames, ENDINGS, toAscii } from "../fake/fake-mailbox.ts";
import { RESERVED_DOMAINS } from "../fake/fake-reserved.ts";
import type { Gender } from "./persona-gender.ts";
import { type City, type Country, countryOfLocale } from "./persona-places.ts";

/** The people of one locale. Each is drawn by 128 keyed bits of a subject: `words[at]` to `words[at + 3]`. */
export interface People {
  readonly locale: FakeLocale;
  /** Null where the locale has no places. */
  readonly country: Country | null;
  gender(words: Uint32Array, at: number): Gender;
  firstName(words: Uint32Array, at: number): string;
  lastName(words: Uint32Array, at: number): string;
  /** First and last name as `a` to `z`; those of an English persona where the script has no such form. */
  asciiFirst(words: Uint32Array, at: number): string;
  asciiLast(words: Uint32Array, at: number): string;
  /** Draws for what else a persona has: each purpose has a stream of its own, so that one more field changes no other. */
  stream(words: Uint32Array, at: number, stream: Stream): Prng;
  readonly streetAddress: Draw;
  readonly street: Draw;
}

/** Streams of a subject's bits, by what they draw. A number once given stays: the mapping is public API. */
export const STREAMS = { first: 1, last: 2, mail: 3, city: 4, postcode: 5, street: 6, phone: 7, birth: 8, spot: 9 } as const;
type Stream = (typeof STREAMS)[keyof typeof STREAMS];

/** An odd constant: spreads the number of a stream over the word. */
const SPREADING = 0x9e3779b1;

export async function loadPeople(locale: FakeLocale): Promise<People> {
  const corpus = createCorpus((await loadLocale(locale)).definitions);
  const inAscii = asciiNames(corpus) === null ? createCorpus((await loadLocale("en")).definitions) : corpus;
  const random = createPrng();
  const names = namesOf(corpus);
  const plainNames = inAscii === corpus ? names : namesOf(inAscii);
  const inLetters = letterCache();
  const streetAddress = compose(corpus, "location.streetAddress");
  const street = compose(corpus, "location.street");
  const stream: People["stream"] = (words, at, number) => {
    random.seed(words[at]!, words[at + 1]!, words[at + 2]! ^ Math.imul(number, SPREADING), words[at + 3]!);
    return random;
  };
  // The highest bit alone: a stream begins with other bits.
  const gender = (words: Uint32Array, at: number): Gender => (words[at]! >>> 31 === 1 ? "male" : "female");
  const draw = (draws: Names, kind: "first" | "last") => (words: Uint32Array, at: number) =>
    draws[gender(words, at)][kind](stream(words, at, STREAMS[kind]));
  const plain = (kind: "first" | "last") => {
    const name = draw(plainNames, kind);
    return (words: Uint32Array, at: number) => inLetters(name(words, at));
  };
  return {
    locale,
    country: countryOfLocale(locale) ?? null,
    gender,
    firstName: draw(names, "first"),
    lastName: draw(names, "last"),
    asciiFirst: plain("first"),
    asciiLast: plain("last"),
    stream,
    streetAddress: streetAddress ?? street ?? names.female.last,
    street: street ?? streetAddress ?? names.female.last,
  };
}

/** Names that are held in letters: a locale has a few thousand, but double names make more. */
const MAX_NAMES = 20_000;

/** A name as `a` to `z`, held for the next time: writing one so costs more than all else of a mail address. */
function letterCache(): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    let letters = known.get(name);
    if (letters === undefined) {
      letters = toAscii(name).replace(/[^a-z]/g, "") || "x";
      if (known.size >= MAX_NAMES) known.clear();
      known.set(name, letters);
    }
    return letters;
  };
}

type Names = Readonly<Record<Gender, { readonly first: Draw; readonly last: Draw }>>;

function namesOf(corpus: Corpus): Names {
  const ofGender = (gender: Gender) => ({
    first: one(compose(corpus, "person.firstName", gender), compose(corpus, "person.firstName")),
    last: one(compose(corpus, "person.lastName", gender), compose(corpus, "person.lastName")),
  });
  return { female: ofGender("female"), male: ofGender("male") };
}

/** Every locale has names, its own or those that it falls back to. */
function one(...draws: readonly (Draw | null)[]): Draw {
  return oneDrawOf([draws.find((draw) => draw !== null)!]);
}

/** The city that a subject lives in. */
export function cityOf({ stream }: People, { cities }: Country, words: Uint32Array, at: number): City {
  return cities[scale32(stream(words, at, STREAMS.city).nextUint32(), cities.length)]!;
}

/** `mo.brandt`, `mo.brandt84`, `mbrandt84`: made of the persona's own names, at most `maxLength` characters. */
export function localPartOf(people: People, words: Uint32Array, at: number, maxLength: number): string {
  const first = people.asciiFirst(words, at);
  const last = people.asciiLast(words, at);
  const random = people.stream(words, at, STREAMS.mail);
  const style = scale32(random.nextUint32(), 4);
  const ending = ENDINGS[scale32(random.nextUint32(), 100)]!;
  const text = style < 2 ? `${first}.${last}` : style === 2 ? `${first}.${last}${ending}` : `${first[0]!}${last}${ending}`;
  return text.length <= maxLength ? text : `${first[0]!}${last}`.slice(0, Math.max(1, maxLength));
}

/** The domain of a persona's mailbox: mail to it reaches nobody. */
export function mailDomainOf({ stream }: People, words: Uint32Array, at: number): string {
  const random = stream(words, at, STREAMS.mail);
  random.nextUint32();
  random.nextUint32();
  return RESERVED_DOMAINS[scale32(random.nextUint32(), RESERVED_DOMAINS.length)]!;
}
