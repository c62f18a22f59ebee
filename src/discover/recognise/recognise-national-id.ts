import { MORE_OFFICIAL_NUMBERS } from "./more-official-numbers.ts";
import { isBookNumber } from "./recognise-book-number.ts";
import { type Recogniser, shareOf, TEXT_OR_NUMBER, type ValueEvidence } from "./recogniser.ts";

/** The part of stdnum's validators that is used. */
interface Scheme {
  readonly country: string;
  readonly name: string;
  validate(value: string): { readonly isValid: boolean; readonly isIndividual?: boolean; readonly isCompany?: boolean };
}

/** Numbers that a country gives to companies, products or places alone. */
const OF_NO_PERSON = new Set(
  "cnpj cvr siren siret orgnr ico businessid registrikood uscc ubn brn cn acn uen onrc edrpou ogrn maticna ytunnus handelsregisternummer hrnummer wkn dni_empresa cbu ccc rtn esr gst pst qst bn ncf".split(
    " ",
  ),
);

/** Numbers of taxpayers, people among them. */
const OF_TAXES = new Set(
  "tin itin atin ptin ein nif cif nit rfc cuit idnr stnr uid vat tva iva ddv dph dic pib nip regon utr btw mva alv veronumero kmkr pvn pvm rut ruc rif inn pan gstin abn tfn ird npwp voen unp vkn nuit cpf coe nrt cui cf fodselsnummer_skatt".split(
    " ",
  ),
);

/** Schemes that are other schemes' sum, or no country's. */
const COVERED = new Set(["EU", "GEN", "US.tin"]);

/** Few values say all that many do: a check digit lets one of ten pass by chance. */
const LOOKED_AT = 60;

/** A scheme without a check digit takes nearly every other digit too. */
const CHANCE = 0.35;

/** Officials' numbers of more than 90 countries, by their own check digits and dates of birth (stdnum). */
export async function loadNationalIds(): Promise<readonly Recogniser[]> {
  const { stdnum } = await import("stdnum");
  const schemes: Scheme[] = Object.entries(stdnum).flatMap(([country, validators]) =>
    COVERED.has(country)
      ? []
      : Object.entries(validators).flatMap(([name, { validate }]) =>
          COVERED.has(`${country}.${name}`) ? [] : { country, name, validate },
        ),
  );
  const personal = [...schemes, ...MORE_OFFICIAL_NUMBERS].filter(({ name }) => !OF_NO_PERSON.has(name));
  const recogniser = (kind: "nationalId" | "taxId", own: readonly Scheme[]): Recogniser => ({
    kind,
    accepts: TEXT_OR_NUMBER,
    measure: (values) => measure(kind, own, values),
  });
  return [
    recogniser(
      "nationalId",
      personal.filter(({ name }) => !OF_TAXES.has(name)),
    ),
    recogniser(
      "taxId",
      personal.filter(({ name }) => OF_TAXES.has(name)),
    ),
  ];
}

function measure(kind: "nationalId" | "taxId", schemes: readonly Scheme[], all: readonly string[]): ValueEvidence | null {
  const values = withLostZeros(all.filter(hasFormOfNumber).slice(0, LOOKED_AT));
  if (values.length === 0 || values.length < 0.5 * Math.min(all.length, LOOKED_AT)) return null;
  const form = values.length / Math.min(all.length, LOOKED_AT);
  // The X of an ISBN is what no other number of its sum has.
  if (values.some((value) => value.endsWith("X")) && shareOf(values, isBookNumber) === 1) return null;
  let best: ValueEvidence | null = null;
  const first = values.slice(0, 10);
  for (const scheme of schemes) {
    if (shareOf(first, (value) => isValid(scheme, value)) < 0.4) continue;
    const share = form * shareOf(values, (value) => isValid(scheme, value));
    if (share < 0.5) continue;
    const says = `are valid numbers of ${scheme.country} (${scheme.name.toUpperCase()})`;
    const found: ValueEvidence = {
      kind,
      share,
      alone: aloneBy(scheme, values),
      support: 0.8,
      isNeeded: false,
      scheme: `${scheme.country.toLowerCase()}.${scheme.name}`,
      says,
    };
    if (best === null || found.share * (found.alone + 0.1) > best.share * (best.alone + 0.1)) best = found;
  }
  return best;
}

/** How sure a scheme's yes makes: a check digit much, a date within the number somewhat, a layout little. */
function aloneBy(scheme: Scheme, values: readonly string[]): number {
  const enough = values.length >= 5;
  const chance = shareOf(values.map(otherDigit), (value) => isValid(scheme, value));
  if (enough && chance <= CHANCE) return values.length >= 8 ? 0.9 : 0.7;
  if (values.length >= 8 && shareOf(otherDigits(values), (value) => isValid(scheme, value)) <= CHANCE / 2) return 0.5;
  return hasOwnLayout(values) && chance < 1 ? 0.5 : 0;
}

/** A column of numbers drops zeros at the front: where most have one length, the shorter ones are filled up to it. */
function withLostZeros(values: readonly string[]): readonly string[] {
  const length = Math.max(0, ...values.map((value) => value.length));
  const isPlain = values.every((value) => /^\d+$/.test(value) && value.length >= length - 3);
  if (!isPlain || shareOf(values, (value) => value.length === length) < 0.5) return values;
  return values.map((value) => value.padStart(length, "0"));
}

const hasFormOfNumber = (value: string) =>
  value.length >= 6 &&
  value.length <= 24 &&
  /\d{2}/.test(value) &&
  /^[\p{L}\d .\-/+]+$/u.test(value) &&
  !/^(?:\d{4}[-./]\d\d[-./]\d\d|\d\d[-./]\d\d[-./]\d{4})(?: |$)/.test(value);

/** Digits in groups, as nobody writes an amount or a counter: `172-32-1176`. */
function hasOwnLayout(values: readonly string[]): boolean {
  const layouts = new Set(values.map((value) => value.replace(/\d/g, "9")));
  const [layout] = layouts;
  return (
    layouts.size === 1 &&
    /^9+[-./ ]9+([-./ ]9+)+$/.test(layout!) &&
    !/^(9999-99-99|99[./-]99[./-]9999|99[./-]99[./-]99|9+\.9+\.9+)$/.test(layout!)
  );
}

function isValid({ validate }: Scheme, value: string): boolean {
  try {
    return validate(value).isValid;
  } catch {
    return false;
  }
}

/** The value with one digit changed: which one depends on its place among the others. */
function otherDigit(value: string, index: number): string {
  const places = [...value.matchAll(/\d/g)].map((found) => found.index);
  const at = places[places.length - 1 - (index % Math.min(4, places.length))]!;
  return value.slice(0, at) + ((Number(value[at]) + 1 + (index % 9)) % 10) + value.slice(at + 1);
}

/** The values with all digits changed that differ from one value to another; what they have in common is no evidence. */
function otherDigits(values: readonly string[]): readonly string[] {
  const signs = (at: number) => new Set(values.map((value) => value[at]));
  return values.map((value, index) =>
    [...value]
      .map((sign, at) =>
        /\d/.test(sign) && signs(at).size > 1 ? String((Number(sign) + 1 + ((index * 7 + at * 3) % 9)) % 10) : sign,
      )
      .join(""),
  );
}
