/** What libphonenumber's metadata say of the numbers of a country; the fields have places, no names. */
type Plan = readonly unknown[];

interface PhoneMetadata {
  readonly country_calling_codes: Readonly<Record<string, readonly string[]>>;
  readonly countries: Readonly<Record<string, Plan>>;
  readonly nonGeographic: Readonly<Record<string, Plan>>;
}

const [CALLING_CODE, ABROAD, NUMBER, LENGTHS, TRUNK, PREFIX, REWRITTEN] = [0, 1, 2, 3, 5, 7, 8];
const LONGEST_CODE = 3;

/** Digits that may be dialled before a number within its country, or that a rewriting takes away or adds. */
const MOST_BEFORE = 6;

/**
 * Tells which digits libphonenumber may take for a phone number, a hundred times as fast as by asking it: long rows of numbers are no phones nearly
 * everywhere.
 */
export async function possiblePhone(country: string | undefined): Promise<(found: string) => boolean> {
  const metadata = (await import("libphonenumber-js/metadata.min.json")).default as unknown as PhoneMetadata;
  const codes = new Map<string, ((digits: string) => boolean)[]>();
  const home = country === undefined ? undefined : metadata.countries[country];
  const abroad = home === undefined ? null : new RegExp(`^(?:${home[ABROAD] as string})`);

  return (found) => {
    const digits = found.replace(/\D/g, "");
    if (found.includes("+")) return isInternational(digits);
    if (home === undefined || abroad === null) return false;
    // A country that shares its calling code shares its numbers too.
    const code = home[CALLING_CODE] as string;
    if (isOf(code, digits) || (digits.startsWith(code) && isOf(code, digits.slice(code.length)))) return true;
    const prefix = abroad.exec(digits)?.[0] ?? "";
    return prefix !== "" && isInternational(digits.slice(prefix.length));
  };

  function isInternational(digits: string): boolean {
    for (let width = 1; width <= LONGEST_CODE; width++) if (isOf(digits.slice(0, width), digits.slice(width))) return true;
    return false;
  }

  function isOf(code: string, digits: string): boolean {
    return testsOf(code).some((isNumber) => isNumber(digits));
  }

  function testsOf(code: string): readonly ((digits: string) => boolean)[] {
    let tests = codes.get(code);
    if (tests === undefined) {
      const everywhere = metadata.nonGeographic[code];
      const plans = (metadata.country_calling_codes[code] ?? []).map((name) => metadata.countries[name]!);
      tests = (everywhere === undefined ? plans : [everywhere]).map(numberTest);
      codes.set(code, tests);
    }
    return tests;
  }
}

/** Whether digits are a number of a plan, with what is dialled before it within the country or without. */
function numberTest(plan: Plan): (digits: string) => boolean {
  const isNumber = new RegExp(`^(?:${plan[NUMBER] as string})$`);
  const prefix = plan[PREFIX] || plan[TRUNK];
  if (typeof prefix !== "string") return (digits) => isNumber.test(digits);
  const begins = new RegExp(`^(?:${prefix})`);
  const rewritten = (plan[REWRITTEN] || "") as string;
  const lengths = plan[LENGTHS] as readonly number[];
  const [fewest, most] = [Math.min(...lengths) - MOST_BEFORE, Math.max(...lengths) + MOST_BEFORE];
  return (digits) => {
    if (digits.length < fewest || digits.length > most) return false;
    if (isNumber.test(digits)) return true;
    const found = begins.exec(digits);
    if (found === null) return false;
    return isNumber.test(digits.slice(found[0].length)) || (rewritten !== "" && isNumber.test(digits.replace(begins, rewritten)));
  };
}
