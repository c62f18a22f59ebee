import type { CountryCode } from "libphonenumber-js";
import { type Recogniser, shareOf, TEXT_OR_NUMBER } from "./recogniser.ts";

/** Where numbers without a country code are looked up, until one country fits. */
const COUNTRIES: readonly CountryCode[] = [
  "US", "GB", "DE", "FR", "ES", "IT", "BR", "NL", "PL", "SE", "PT", "BE", "AT", "CH", "DK", "NO", "FI", "IE", "AU", "NZ", "IN", "MX", "AR", "CO", "CL", "ZA",
  "CZ", "GR", "RO", "HU", "TR", "RU", "UA", "JP", "CN", "KR", "SG", "IL", "NG", "ID", "PH",
]; // biome-ignore format: a list of codes

/** Parsing costs 20 µs a number and country. */
const LOOKED_AT = 60;
/** Few numbers tell which countries are worth to ask about all of them. */
const FIRST_LOOKED_AT = 12;
const LIKELY_COUNTRIES = 3;

const FEWEST_AMONG_OTHERS = 3;

/** Numbers that their country's numbering plan knows (libphonenumber), with or without the country's code. */
export async function loadPhones(): Promise<Recogniser> {
  const { parsePhoneNumberFromString } = await import("libphonenumber-js/max");
  const isValid = (value: string, country?: CountryCode) => parsePhoneNumberFromString(value, country)?.isValid() ?? false;
  return {
    kind: "phone",
    accepts: TEXT_OR_NUMBER,
    measure: (all) => {
      const looked = all.slice(0, LOOKED_AT);
      const values = looked.filter(hasFormOfPhone);
      const form = looked.length === 0 ? 0 : values.length / looked.length;
      const evidence = { kind: "phone", support: 0.85, isNeeded: true } as const;
      const valid = values.filter((value) => value.startsWith("+") && isValid(value)).length;
      // Articles have numbers of as many digits, which countries' plans know as well.
      if (looked.length >= 5 && shareOf(looked, isArticleNumber) > 0.9)
        return { ...evidence, share: 0, alone: 0, says: "are numbers of articles" };
      // Among other things, as in a column of values of all kinds: nothing else begins so and is valid.
      if (form < 0.3 && valid >= FEWEST_AMONG_OTHERS)
        return { ...evidence, share: valid / looked.length, alone: 0.95, says: "are valid numbers with a country code" };
      if (form < 0.3) return { ...evidence, share: 0, alone: 0, says: "do not look like phone numbers" };
      const international = form * shareOf(values, (value) => value.startsWith("+") && isValid(value));
      if (international >= 0.5)
        return { ...evidence, share: international, alone: 0.95, says: "are valid numbers with a country code" };
      const rank = (countries: readonly CountryCode[], some: readonly string[]) =>
        countries
          .map((country) => ({ country, share: form * shareOf(some, (value) => isValid(value, country)) }))
          .sort((one, other) => other.share - one.share);
      const likely = rank(COUNTRIES, values.slice(0, FIRST_LOOKED_AT)).slice(0, LIKELY_COUNTRIES);
      const best = rank(
        likely.map(({ country }) => country),
        values,
      )[0]!;
      const layout = shareOf(values, hasLayout);
      if (best.share >= 0.5)
        return { ...evidence, share: best.share, alone: layout >= 0.5 ? 0.8 : 0.2, says: `are valid numbers of ${best.country}` };
      return { ...evidence, share: form, alone: layout >= 0.8 ? 0.5 : 0, support: 0.5, says: "have the form of phone numbers" };
    },
  };
}

/** The check digit of UPC, EAN and GTIN: every other digit counts three times. */
function isArticleNumber(value: string): boolean {
  if (!/^\d{12,14}$/.test(value)) return false;
  return [...value].reverse().reduce((sum, digit, at) => sum + Number(digit) * (at % 2 === 0 ? 1 : 3), 0) % 10 === 0;
}

/** Seven to fifteen digits (E.164) with the signs that people put between them, and an extension. */
export function hasFormOfPhone(value: string): boolean {
  if (value.length > 40) return false;
  const main = value.trim().replace(/\s*(?:x|ext\.?|#)\s*\d{1,6}$/i, "");
  if (!/^[+(\d][\d ().\-/\u00a0\u2011]+$/.test(main) || /^\d{4}-\d\d-\d\d$/.test(main) || /^\d+\.\d+$/.test(main)) return false;
  const digits = main.replace(/\D/g, "").length;
  return digits >= 6 && digits <= 15;
}

/** Groups in brackets or with a leading zero or plus, as amounts and counters have none. */
function hasLayout(value: string): boolean {
  return /^\+|^\(?0\d|^\(\d|^\d{3}[-. ]\d{3}[-. ]\d{4}/.test(value.trim());
}
