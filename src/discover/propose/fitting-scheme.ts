import type { DataClass } from "../../policy/class-names.ts";
import { ID_SCHEMES } from "../../transforms/ids/id-schemes.ts";
import { schemeTest } from "../../transforms/ids/is-of-scheme.ts";
import type { ValueEvidence } from "../recognise/recogniser.ts";
import { wordsOf } from "../words/column-words.ts";

/** Classes of which there is one kind of identifier. */
const SCHEME_OF_CLASS: Readonly<Partial<Record<DataClass, string>>> = {
  cardNumber: "card",
  iban: "iban",
  bic: "bic",
  bankAccount: "iban",
  macAddress: "mac",
  vin: "vin",
  imei: "imei",
};

/** Classes whose identifiers have the form of their country, and what its scheme's name begins with. */
const FORM_OF_COUNTRY: Readonly<Partial<Record<DataClass, string>>> = { postcode: "postcode.", licencePlate: "plate." };

const OFFICIAL: readonly DataClass[] = ["nationalId", "taxId", "insuranceNumber", "passport", "drivingLicence"];

/** What stdnum calls the numbers of a scheme, where the two differ. */
const CALLED: Readonly<Record<string, string>> = {
  "be.insz": "be.nn",
  "ch.ssn": "ch.ahv",
  "cl.run": "cl.rut",
  "gr.vat": "gr.afm",
  "si.jmbg": "si.emso",
  "th.tin": "th.idnr",
};

/** Fewer values fit by chance. */
const ENOUGH = 3;
/** A layout alone is that of many schemes. */
const TOLD = 0.5;
const LOOKED_AT = 100;
/** A test set has invented numbers among it. */
const ALMOST_ALL = 0.9;

/** What kind of identifier, of those that `encryptId` knows, the values of a column are, and whether all of them are. */
export interface FittingScheme {
  readonly scheme: string;
  readonly fitsAll: boolean;
}

/**
 * The kind of identifier that a column of a class holds by its values; null where they are of none, or of several by their form alone. Undefined for classes
 * that have no such kinds.
 */
export function fittingScheme(
  kind: DataClass,
  name: string,
  evidence: readonly ValueEvidence[],
  seen: readonly string[],
): FittingScheme | null | undefined {
  const values = seen.slice(0, LOOKED_AT);
  const form = FORM_OF_COUNTRY[kind];
  if (form !== undefined) {
    const fitting = Object.keys(ID_SCHEMES).flatMap((scheme) => (scheme.startsWith(form) ? (fitTo(scheme, values) ?? []) : []));
    return fitting.length === 1 && seen.length >= ENOUGH ? fitting[0]! : null;
  }
  if (SCHEME_OF_CLASS[kind] === undefined && !OFFICIAL.includes(kind)) return undefined;
  return candidates(kind, name, evidence).reduce<FittingScheme | null>((found, scheme) => found ?? fitTo(scheme, values), null);
}

function candidates(kind: DataClass, name: string, evidence: readonly ValueEvidence[]): readonly string[] {
  const own = SCHEME_OF_CLASS[kind];
  if (own !== undefined) return [own];
  const words = wordsOf(name);
  const named = Object.keys(ID_SCHEMES).filter((scheme) => scheme.includes(".") && words.includes(scheme.split(".")[1]!));
  const measured = evidence.flatMap(({ kind: of, alone, scheme }) =>
    scheme === undefined || of !== kind || alone < TOLD ? [] : (CALLED[scheme] ?? scheme),
  );
  return [...named, ...measured.filter((scheme) => Object.hasOwn(ID_SCHEMES, scheme))];
}

function fitTo(scheme: string, values: readonly string[]): FittingScheme | null {
  const test = schemeTest(scheme);
  const [, country] = /^([a-z]{2})\./.exec(scheme) ?? [];
  const isOne = (value: string) =>
    test(value) ||
    // Countries write their letters before it, and numbers lose their zeros.
    (country !== undefined && value.toLowerCase().startsWith(country) && test(value.slice(2))) ||
    (/^\d+$/.test(value) && ["0", "00", "000"].some((zeros) => test(zeros + value)));
  if (!values.slice(0, ENOUGH).some(isOne)) return null;
  const share = values.filter(isOne).length / values.length;
  return share < ALMOST_ALL ? null : { scheme, fitsAll: share === 1 };
}
