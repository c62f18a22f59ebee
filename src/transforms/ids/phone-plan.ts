import type { LabelledPattern } from "./automaton.ts";
import { createLanguage, type Language } from "./language.ts";
import { type Pattern, parseRegexp } from "./parse-regexp.ts";

/** What libphonenumber's metadata say of the numbers of a country; the fields have places, no names. */
type Plan = readonly unknown[];

/** The countries of a calling code, the main one first. */
type CountryPlans = readonly (readonly [country: string, plan: Plan])[];

/** The part of the metadata that is read. */
export interface PhoneMetadata {
  readonly country_calling_codes: Readonly<Record<string, readonly string[]>>;
  readonly countries: Readonly<Record<string, Plan>>;
  readonly nonGeographic: Readonly<Record<string, Plan>>;
}

/** Places of the fields in a plan, and of the types among the types. */
const [CALLING_CODE, NUMBER, LENGTHS, TRUNK, PREFIX_PARSED, LEADING, TYPES] = [0, 2, 3, 5, 7, 10, 11];
const [FIXED_LINE, MOBILE] = [0, 1];
/** In the order in which libphonenumber asks: mobile, premium rate, toll free, shared cost, voip, personal, pager, uan, voicemail. */
const ASKED = [MOBILE, 3, 2, 9, 8, 4, 7, 6, 5];
/** Both, where the mobile numbers of a country have no pattern of their own. */
const EITHER = "0/1";

/** A valid number: where it belongs, and what before it is no part of it. */
export interface PhoneReading {
  readonly callingCode: string;
  /** Characters before the national number: calling code, trunk prefix. */
  readonly prefix: number;
  /** Country and type. */
  readonly label: string;
}

/** Reads numbers by the plans of all countries. */
export interface PhonePlans {
  /** A number with its calling code, as digits: `4915112345678`. */
  readInternational(digits: string, from: number): PhoneReading | null;
  /** As it is dialled within a country: `015112345678`. */
  readNational(digits: string, country: string): PhoneReading | null;
  language(callingCode: string, length: number): Language;
  /** Says whether a reader of national numbers would take the first digits for a prefix. */
  isStripped(number: string, callingCode: string): boolean;
}

/** The longest calling code. */
const MAX_CODE = 3;

export function createPhonePlans(metadata: PhoneMetadata): PhonePlans {
  const plans = new Map<string, CountryPlans>();
  const languages = new Map<string, Language>();
  const strippers = new Map<string, ((number: string) => boolean) | null>();

  return { readInternational, readNational, language: languageOf, isStripped };

  function readInternational(digits: string, from: number): PhoneReading | null {
    for (let width = 1; width <= MAX_CODE; width++) {
      const callingCode = digits.slice(from, from + width);
      if (plansOf(callingCode).length > 0) return readBehind(digits, from + width, callingCode);
    }
    return null;
  }

  function readNational(digits: string, country: string): PhoneReading | null {
    const plan = metadata.countries[country];
    return plan === undefined ? null : readBehind(digits, 0, plan[CALLING_CODE] as string);
  }

  /** With the trunk prefix (the 0 of `+49 (0)30`) or without. */
  function readBehind(digits: string, prefix: number, callingCode: string): PhoneReading | null {
    const label = labelOf(digits.slice(prefix), callingCode);
    if (label !== null) return { callingCode, prefix, label };
    const trunk = plansOf(callingCode)[0]![1][TRUNK];
    if (typeof trunk !== "string" || !digits.startsWith(trunk, prefix)) return null;
    const behind = labelOf(digits.slice(prefix + trunk.length), callingCode);
    return behind === null ? null : { callingCode, prefix: prefix + trunk.length, label: behind };
  }

  function labelOf(number: string, callingCode: string): string | null {
    return number.length < 2 || number.length > 17 || isStripped(number, callingCode)
      ? null
      : languageOf(callingCode, number.length).labelOf(number);
  }

  function plansOf(callingCode: string): CountryPlans {
    let found = plans.get(callingCode);
    if (found === undefined) {
      const everywhere = metadata.nonGeographic[callingCode];
      const countries = metadata.country_calling_codes[callingCode] ?? [];
      found =
        everywhere !== undefined ? [["001", everywhere]] : countries.map((country) => [country, metadata.countries[country]!]);
      plans.set(callingCode, found);
    }
    return found;
  }

  function languageOf(callingCode: string, length: number): Language {
    const key = `${callingCode} ${length}`;
    const found = languages.get(key);
    if (found !== undefined) return found;
    const own = plansOf(callingCode);
    const made = createLanguage(
      own.flatMap(([country, plan]) => patternsOf(country, plan, length)),
      (labels) => chooseLabel(own, labels),
    );
    languages.set(key, made);
    return made;
  }

  function isStripped(number: string, callingCode: string): boolean {
    let isPrefixed = strippers.get(callingCode);
    if (isPrefixed === undefined) {
      const [first] = plansOf(callingCode);
      isPrefixed = first === undefined ? null : prefixTest(first[1]);
      strippers.set(callingCode, isPrefixed);
    }
    return isPrefixed?.(number) ?? false;
  }
}

/** What begins like a prefix and is a number without it is read without it. */
function prefixTest(plan: Plan): ((number: string) => boolean) | null {
  const prefix = plan[PREFIX_PARSED] || plan[TRUNK];
  if (typeof prefix !== "string") return null;
  const begins = new RegExp(`^(?:${prefix})`);
  const isNumber = new RegExp(`^(?:${plan[NUMBER] as string})$`);
  return (number) => {
    const found = begins.exec(number);
    return found !== null && found[0] !== "" && isNumber.test(number.slice(found[0].length));
  };
}

/** The patterns of a country that numbers of this length may have. */
function patternsOf(country: string, plan: Plan, length: number): LabelledPattern[] {
  const found: LabelledPattern[] = [];
  const add = (name: string | number, source: unknown, behind: readonly Pattern[] = []) => {
    const pattern = typeof source === "string" && source !== "" ? parseRegexp(source) : null;
    if (pattern !== null) found.push({ label: `${country} ${name}`, pattern: { kind: "all", parts: [pattern, ...behind] } });
  };
  add("number", plan[NUMBER]);
  add("leading", plan[LEADING], [{ kind: "repeat", part: { kind: "chars", ranges: [[0x30, 0x39]] }, min: 0, max: length }]);
  for (const [type, entry] of ((plan[TYPES] || []) as Plan).entries()) {
    if (!Array.isArray(entry)) continue;
    const [source, lengths = plan[LENGTHS]] = entry as [string, number[]?];
    if ((lengths as readonly number[]).includes(length)) add(type, source);
  }
  return found;
}

/** Which country and type a number has, asked in libphonenumber's order. */
function chooseLabel(plans: CountryPlans, labels: ReadonlySet<string>): string | null {
  for (const [country, plan] of plans) {
    const type = typeOf(country, plan, labels);
    const isHere = plans.length === 1 || !plan[LEADING] ? type !== null : labels.has(`${country} leading`);
    if (isHere) return type === null ? null : `${country} ${type}`;
  }
  return null;
}

function typeOf(country: string, plan: Plan, labels: ReadonlySet<string>): string | null {
  const has = (name: string | number) => labels.has(`${country} ${name}`);
  if (!has("number")) return null;
  if (has(FIXED_LINE)) {
    const mobile = ((plan[TYPES] || []) as Plan)[MOBILE];
    const isSame = !Array.isArray(mobile) || mobile[0] === "";
    return isSame || has(MOBILE) ? EITHER : String(FIXED_LINE);
  }
  const type = ASKED.find(has);
  return type === undefined ? null : String(type);
}
