import { MOST_FORMS } from "../../keys/mixed-radix.ts";
import { dateOf, dayNumber } from "../dates/calendar.ts";

/** Some characters of an identifier that stand side by side. Their texts are numbered: what is encrypted is the number. */
export interface IdField {
  readonly width: number;
  /** How many texts there are; 1 where nothing is encrypted. */
  readonly size: number;
  /** Stays as it is, and binds what is encrypted beside it (a tweak), unless it is a prefix that means nothing. */
  readonly keeps?: "bound" | "unbound";
  /** The texts without a letter, where some have one; null where all have. */
  readonly letterless?: IdField | null;
  /** The same characters in several fields, each of fewer texts, where one of so many is too much. */
  readonly parts?: readonly IdField[];
  /** The number of the text that begins at `at`, -1 where it is none of the field's. */
  rank(text: string, at: number): number;
  text(rank: number): string;
  /** Writes the text as bytes of Latin-1: quicker than to join many short texts. Absent where it may have other characters. */
  write?(rank: number, target: Uint8Array, at: number): void;
}

/** What a scheme holds at a place that is worked out of the others: a check digit. */
export function check(width = 1): IdField {
  const zeros = "0".repeat(width);
  return {
    width,
    size: 1,
    rank: () => 0,
    text: () => zeros,
    write: (_, target, at) => target.fill(ZERO, at, at + width),
  };
}

/** Characters that stay. */
export function kept(width: number, keeps: "bound" | "unbound" = "bound"): IdField {
  return { width, size: 1, keeps, rank: () => 0, text: () => "" };
}

/** Numbers of one width with zeros at the front, from … to. */
export function span(from: number, to: number, width = String(to).length): IdField {
  const size = to - from + 1;
  return {
    width,
    size,
    rank(text, at) {
      let number = 0;
      for (let index = at; index < at + width; index++) {
        const digit = text.charCodeAt(index) - ZERO;
        if (!(digit >= 0 && digit <= 9)) return -1;
        number = number * 10 + digit;
      }
      return number < from || number > to ? -1 : number - from;
    },
    text: (rank) => String(rank + from).padStart(width, "0"),
    write(rank, target, at) {
      let rest = rank + from;
      for (let index = at + width - 1; index >= at; index--) {
        const higher = Math.floor(rest / 10);
        target[index] = ZERO + rest - higher * 10;
        rest = higher;
      }
    },
  };
}

export const digits = (width: number): IdField => ({
  ...span(0, 10 ** width - 1, width),
  ...inParts(10, width, digits),
});

/** A field of `width` characters out of `base` each, cut into as few as hold what a part may. */
function inParts(base: number, width: number, fieldOf: (width: number) => IdField): { readonly parts?: readonly IdField[] } {
  const most = Math.floor(Math.log(MOST_FORMS) / Math.log(base));
  if (width <= most) return {};
  const widths = Array.from({ length: Math.ceil(width / most) }, (_, index) => Math.min(most, width - index * most));
  return { parts: widths.map(fieldOf) };
}

/** Each character one of an alphabet. */
export function chars(alphabet: string, width = 1): IdField {
  const ranks = new Int16Array(128).fill(-1);
  for (const [rank, char] of [...alphabet].entries()) ranks[char.charCodeAt(0)] = rank;
  const base = alphabet.length;
  const codes = Uint8Array.from(alphabet, (char) => char.charCodeAt(0));
  const letterless = alphabet.replace(/[^0-9]/g, "");
  return {
    width,
    ...(letterless.length < base && { letterless: letterless === "" ? null : chars(letterless, width) }),
    size: base ** width,
    ...inParts(base, width, (some) => chars(alphabet, some)),
    rank(text, at) {
      let number = 0;
      for (let index = at; index < at + width; index++) {
        const rank = ranks[text.charCodeAt(index)] ?? -1;
        if (rank < 0) return -1;
        number = number * base + rank;
      }
      return number;
    },
    text(rank) {
      let written = "";
      for (let rest = rank, index = 0; index < width; index++) {
        written = alphabet[rest % base]! + written;
        rest = Math.floor(rest / base);
      }
      return written;
    },
    write(rank, target, at) {
      let rest = rank;
      for (let index = at + width - 1; index >= at; index--) {
        const higher = Math.floor(rest / base);
        target[index] = codes[rest - higher * base]!;
        rest = higher;
      }
    },
  };
}

export const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const letters = (width = 1): IdField => chars(LETTERS, width);
export const ALPHANUMERIC = `0123456789${LETTERS}`;

/** One of some texts of one width. */
export function oneOf(texts: readonly string[]): IdField {
  const ranks = new Map(texts.map((text, rank) => [text, rank]));
  const width = texts[0]!.length;
  return {
    width,
    size: texts.length,
    rank: (text, at) => ranks.get(text.slice(at, at + width)) ?? -1,
    text: (rank) => texts[rank]!,
    write(rank, target, at) {
      const text = texts[rank]!;
      for (let index = 0; index < width; index++) target[at + index] = text.charCodeAt(index);
    },
  };
}

/** `01`, `02` … as texts. */
export const codes = (from: number, to: number, width = 2): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index).padStart(width, "0"));

/** The days of some years, each as its scheme writes it. */
export function dates(
  fromYear: number,
  toYear: number,
  write: (year: number, month: number, day: number) => string,
): readonly string[] {
  const texts: string[] = [];
  for (let day = dayNumber(fromYear, 1, 1); day <= dayNumber(toYear, 12, 31); day++) {
    const date = dateOf(day);
    texts.push(write(date.year, date.month, date.day));
  }
  return texts;
}

/** A number of at least two digits, the last two of a year. */
export const two = (number: number): string => String(number % 100).padStart(2, "0");

/**
 * The last year of which any day may stand in a made-up number: a day of birth must lie in the past. Part of the mapping, so it never moves. The days
 * of later years stay as they are.
 */
export const LAST_YEAR = 2024;

const ZERO = 0x30;
