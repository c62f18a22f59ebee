import { type Prng, scale32 } from "../../keys/prng.ts";
import type { Corpus } from "./fake-corpus.ts";
import type { Draw } from "./fake-draw.ts";

/** Names in `a` to `z`, for addresses and logins. */
export interface AsciiNames {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

/** Fewer names than this make addresses too alike: another locale's names serve. */
const ENOUGH_NAMES = 20;

/** The locale's names in ASCII, null where its script leaves too few of them. */
export function asciiNames(corpus: Corpus): AsciiNames | null {
  const names = (entry: string) => {
    const lists = ["generic", "female", "male"].flatMap((key) => corpus.list(`person.${entry}.${key}`) ?? []);
    return [...new Set(lists.map(toAscii))].filter((name) => /^[a-z]{2,}$/.test(name));
  };
  const first = names("first_name");
  const last = names("last_name");
  return first.length < ENOUGH_NAMES || last.length < ENOUGH_NAMES ? null : { first, last };
}

/** Two-digit endings, as people choose them. */
export const ENDINGS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, "0"));

/** `mo.brandt`, `mo_brandt`, `mbrandt`, `mo.brandt84`, `mo84`: at most `maxLength` characters, by shorter forms first and then by cutting. */
export function localPart({ first, last }: AsciiNames, maxLength: number): Draw {
  const longest = Math.max(...first.map(lengthOf)) + Math.max(...last.map(lengthOf)) + 3;
  const draw = (random: Prng): string => {
    const given = first[scale32(random.nextUint32(), first.length)]!;
    const family = last[scale32(random.nextUint32(), last.length)]!;
    switch (scale32(random.nextUint32(), 8)) {
      case 0:
      case 1:
      case 2:
        return `${given}.${family}`;
      case 3:
        return `${given}_${family}`;
      case 4:
        return given[0]! + family;
      case 5:
      case 6:
        return `${given}.${family}${ENDINGS[scale32(random.nextUint32(), 100)]!}`;
      default:
        return given + ENDINGS[scale32(random.nextUint32(), 100)]!;
    }
  };
  if (longest <= maxLength) return draw;
  return (random) => {
    const text = draw(random);
    if (text.length <= maxLength) return text;
    const given = first[scale32(random.nextUint32(), first.length)]!;
    const short = given[0]! + last[scale32(random.nextUint32(), last.length)]!;
    return short.slice(0, maxLength);
  };
}

function lengthOf(text: string): number {
  return text.length;
}

/** Letters that do not decompose into an ASCII letter and marks. */
const TRANSLITERATED: Readonly<Record<string, string>> = Object.fromEntries(
  (
    "ß=ss æ=ae œ=oe ø=o ł=l đ=d ð=d þ=th ı=i ə=a " +
    "а=a б=b в=v г=g ґ=g д=d е=e є=ye ж=zh з=z и=i і=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch " +
    "ъ= ы=y ь= э=e ю=yu я=ya ј=j љ=lj њ=nj џ=dz ѕ=dz " +
    "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o"
  )
    .split(" ")
    .map((pair) => pair.split("=") as [string, string]),
);

/** Lower case without marks, spaces and punctuation; letters of other scripts than Latin, Cyrillic and Greek stay what they are. */
export function toAscii(name: string): string {
  const plain = name
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\p{M}\p{P}\p{Z}]/gu, "");
  return plain.replace(/[^a-z]/gu, (letter) => TRANSLITERATED[letter] ?? letter);
}
