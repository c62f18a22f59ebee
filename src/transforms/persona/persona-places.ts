import { type Draw, joined, oneOf } from "../fake/fake-draw.ts";
import type { FakeLocale } from "../fake/fake-locales.ts";
import { GAZETTEER } from "./persona-gazetteer.ts";

/** A city with what must agree with it. */
export interface City {
  readonly name: string;
  readonly state: string;
  /** The state's code, where one is in use. */
  readonly stateCode: string | null;
  readonly postcode: Draw;
  readonly postcodeLength: number;
  /** Degrees, of its centre. */
  readonly latitude: number;
  readonly longitude: number;
}

export interface Country {
  readonly alpha2: string;
  readonly alpha3: string;
  readonly englishName: string;
  readonly ownName: string;
  /** The first is the one that a persona of the country speaks. */
  readonly locales: readonly FakeLocale[];
  /** With its +. */
  readonly callingCode: string;
  /** What national numbers begin with, `0` or nothing. */
  readonly trunk: string;
  /** A number without calling code and trunk. */
  readonly number: Draw;
  readonly numberLength: number;
  readonly cities: readonly City[];
}

const DIGITS = [..."0123456789"];

/** Those that may stand in postcodes of the United Kingdom, Canada and the Netherlands alike. */
const LETTERS = [..."ABEGHJLNPRTWXYZ"];

const SYMBOLS: Readonly<Record<string, Draw>> = {
  "#": oneOf(DIGITS),
  "!": oneOf([..."23456789"]),
  "?": oneOf(LETTERS),
};

function compileFormat(format: string): Draw {
  const draws: Draw[] = [];
  const literals = [""];
  for (const character of format) {
    const draw = SYMBOLS[character];
    if (draw === undefined) literals.push(literals.pop()! + character);
    else {
      draws.push(draw);
      literals.push("");
    }
  }
  return joined(literals, draws);
}

function parseCity(line: string): City {
  const [name, place, postcode, latitude, longitude] = line.split(";") as [string, string, string, string, string];
  const [state, stateCode = null] = place.split("=") as [string, string?];
  return {
    name,
    state,
    stateCode,
    postcode: compileFormat(postcode),
    postcodeLength: postcode.length,
    latitude: Number(latitude),
    longitude: Number(longitude),
  };
}

function parseCountry(block: string): Country {
  const [head, ...cities] = block.split("\n") as [string, ...string[]];
  const [codes, locales, englishName, ownName] = head.split(": ") as [string, string, string, string];
  const [alpha2, alpha3, callingCode, trunk, number] = codes.split(" ") as [string, string, string, string, string];
  return {
    alpha2,
    alpha3,
    englishName,
    ownName,
    locales: locales.split(" ") as FakeLocale[],
    callingCode,
    trunk: trunk === "-" ? "" : trunk,
    number: compileFormat(number),
    numberLength: number.length,
    cities: cities.map(parseCity),
  };
}

export const COUNTRIES: readonly Country[] = GAZETTEER.trim()
  .split(/\n(?=[A-Z]{2} [A-Z]{3} )/)
  .map(parseCountry);

const BY_NAME = new Map(
  COUNTRIES.flatMap((country) => {
    const { alpha2, alpha3, englishName, ownName } = country;
    return [alpha2, alpha3, englishName, ownName].map((name) => [name.toLowerCase(), country] as const);
  }),
);

const BY_LOCALE = new Map(COUNTRIES.flatMap((country) => country.locales.map((locale) => [locale, country] as const)));

/** A country by ISO 3166-1 code, English name or its own. */
export function countryNamed(text: string): Country | undefined {
  return BY_NAME.get(text.trim().toLowerCase());
}

export function countryOfLocale(locale: FakeLocale): Country | undefined {
  return BY_LOCALE.get(locale);
}

/** A country as the column writes countries: by a code of two or three letters, else by its English name, or its own where the original is not Latin. */
export function writeCountry(country: Country, original: string): string {
  const code = /^[A-Z]{2}$/i.test(original) ? country.alpha2 : /^[A-Z]{3}$/i.test(original) ? country.alpha3 : null;
  if (code !== null) return original === original.toLowerCase() ? code.toLowerCase() : code;
  return /^\P{Script=Latin}*$/u.test(original) ? country.ownName : country.englishName;
}
