import type { IdScheme, IdSchemes } from "./id-scheme.ts";
import { createLanguage } from "./language.ts";
import { type Pattern, parseRegexp } from "./parse-regexp.ts";

/** What a regular expression describes: all texts of it of one length, each to another. Null where it is not understood. */
export function patternScheme(source: string): IdScheme | null {
  const pattern = parseRegexp(source);
  if (pattern === null) return null;
  const language = createLanguage([{ label: "", pattern }]);
  return {
    describe: "texts of a pattern",
    countsAll: true,
    size: () => LENGTHS.reduce((sum, length) => sum + (language.field("", length)?.size ?? 0), 0),
    keyOf: (compact) => (language.labelOf(compact) === null ? null : String(compact.length)),
    forms: (key) => {
      const field = language.field("", Number(key));
      return field === null ? [] : [{ fields: [field] }];
    },
  };
}

/** Lengths that are counted. */
const LENGTHS = Array.from({ length: 12 }, (_, index) => index + 1);

/** Where letters and digits stand, which spaces and dashes between them tell. */
const shapeOf = (text: string) => text.replace(/\d/g, "9").replace(/\D/g, (char) => (char === "9" ? char : "A"));

const DIGIT: Pattern = { kind: "chars", ranges: [[0x30, 0x39]] };
const NO_DIGIT: Pattern = {
  kind: "chars",
  ranges: [
    [0, 0x2f],
    [0x3a, 0xffff],
  ],
};

/** The same for a code that is written with and without spaces: letters stay letters, digits digits. */
function placeScheme(describe: string, source: string): IdScheme {
  const pattern = parseRegexp(source)!;
  let made: IdScheme | undefined;
  const scheme = () => {
    made ??= patternScheme(source)!;
    return made;
  };
  return {
    describe,
    ...(/[ÄÖÜ]/.test(source) ? { alsoCounts: "ÄÖÜ" } : {}),
    size: () => scheme().size!(),
    keyOf: (compact, value) => (scheme().keyOf!(compact, value) === null ? null : shapeOf(compact)),
    forms: (shape) => {
      const parts = [...shape].map((char) => (char === "9" ? DIGIT : NO_DIGIT));
      const language = createLanguage(
        [
          { label: "code", pattern },
          { label: "shape", pattern: { kind: "all", parts } },
        ],
        (labels) => (labels.size === 2 ? "" : null),
      );
      const field = language.field("", shape.length);
      return field === null ? [] : [{ fields: [field] }];
    },
  };
}

/** Postal codes without their spaces and dashes (Universal Postal Union). */
const POSTCODES = {
  us: "\\d{5}(\\d{4})?",
  gb: "([A-PR-UWYZ]\\d[\\dA-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y]\\d[\\dABEHMNPRVWXY]?)\\d[ABD-HJLNP-UW-Z]{2}",
  ca: "[ABCEGHJ-NPRSTVXY]\\d[ABCEGHJ-NPRSTV-Z]\\d[ABCEGHJ-NPRSTV-Z]\\d",
  nl: "[1-9]\\d{3}([A-RT-Z][A-Z]|S[BCE-RT-Z])",
  de: "(0[1-9]|[1-9]\\d)\\d{3}",
  fr: "(0[1-9]|[1-8]\\d|9[0-8])\\d{3}",
  es: "(0[1-9]|[1-4]\\d|5[0-2])\\d{3}",
  it: "\\d{5}",
  pt: "[1-9]\\d{3}(\\d{3})?",
  pl: "\\d{5}",
  se: "[1-9]\\d{4}",
  no: "\\d{4}",
  dk: "[1-9]\\d{3}",
  fi: "\\d{5}",
  be: "[1-9]\\d{3}",
  at: "[1-9]\\d{3}",
  ch: "[1-9]\\d{3}",
  cz: "[1-7]\\d{4}",
  ie: "([AC-FHKNPRTV-Y]\\d{2}|D6W)[0-9AC-FHKNPRTV-Y]{4}",
  br: "\\d{8}",
  mx: "\\d{5}",
  au: "(0[289]|[1-9]\\d)\\d{2}",
  jp: "\\d{7}",
  kr: "\\d{5}",
  cn: "\\d{6}",
  in: "[1-9]\\d{5}",
  za: "\\d{4}",
};

/** Licence plates as they are given out today, without spaces and dashes. */
const PLATES = {
  gb: "[A-HJ-PR-Y]{2}\\d{2}[A-HJ-PR-Z]{3}",
  de: "[A-ZÄÖÜ]{1,3}[A-Z]{1,2}[1-9]\\d{0,3}[EH]?",
  fr: "[A-HJ-NP-TV-Z]{2}\\d{3}[A-HJ-NP-TV-Z]{2}",
  it: "[A-HJ-NPR-TV-Z]{2}\\d{3}[A-HJ-NPR-TV-Z]{2}",
  es: "\\d{4}[BCDFGHJ-NPR-TV-Z]{3}",
  nl: "[BDFGHJ-NPR-TV-Z]{2}\\d{3}[BDFGHJ-NPR-TV-Z]|[BDFGHJ-NPR-TV-Z]\\d{3}[BDFGHJ-NPR-TV-Z]{2}|\\d{2}[BDFGHJ-NPR-TV-Z]{3}\\d|\\d[BDFGHJ-NPR-TV-Z]{3}\\d{2}|[BDFGHJ-NPR-TV-Z]{4}\\d{2}|\\d{2}[BDFGHJ-NPR-TV-Z]{4}|\\d{2}[BDFGHJ-NPR-TV-Z]{2}\\d{2}",
  be: "[1-8][A-Z]{3}\\d{3}",
  pl: "[A-Z]{2,3}[0-9A-Z]{4,5}",
  se: "[A-HJ-PR-UW-Z]{3}\\d{2}[0-9A-HJ-NPR-UW-Z]",
  no: "[A-Z]{2}[1-9]\\d{4}",
  dk: "[A-Z]{2}\\d{5}",
  fi: "[A-Z]{3}[1-9]\\d{0,2}",
  ch: "(AG|AI|AR|BE|BL|BS|FR|GE|GL|GR|JU|LU|NE|NW|OW|SG|SH|SO|SZ|TG|TI|UR|VD|VS|ZG|ZH)[1-9]\\d{2,5}",
  br: "[A-Z]{3}\\d[A-J0-9]\\d{2}",
  in: "[A-Z]{2}\\d{2}[A-Z]{1,3}\\d{4}",
};

const schemes = <Kind extends string, Country extends string>(
  kind: Kind,
  what: string,
  patterns: Readonly<Record<Country, string>>,
): Readonly<Record<`${Kind}.${Country}`, IdScheme>> =>
  Object.fromEntries(
    Object.entries<string>(patterns).map(([country, source]) => [
      `${kind}.${country}`,
      placeScheme(`${what} of ${country.toUpperCase()}`, source),
    ]),
  ) as Record<`${Kind}.${Country}`, IdScheme>;

/** Postal codes and licence plates of some countries. */
export const IDS_OF_PLACES = {
  ...schemes("postcode", "a postal code", POSTCODES),
  ...schemes("plate", "a licence plate", PLATES),
} satisfies IdSchemes;
