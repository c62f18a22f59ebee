import type { Rule } from "../contracts.ts";
import { outcomesOf } from "../inner-rules.ts";
import type { DataClass } from "./class-names.ts";

/** What a preset says of one column. */
export interface Advice {
  /** Why the rule is not what the text asks for, as the end of a sentence that begins with the column. */
  readonly because: string;
  /** A rule to think of. */
  readonly suggestion: string;
}

/**
 * A text (a law, a standard) read as advice about columns. It asks questions and suggests rules; following it makes nobody compliant, and neither does
 * a run without its warnings.
 */
export interface Preset {
  /** The text, for whoever reads the warning. */
  readonly text: string;
  /** Null where the text has nothing to say about a column of this class under this rule. */
  advise(dataClass: DataClass, rule: Rule): Advice | null;
  /** The same of two columns of one copy. */
  adviseOnPair?(one: ClassedRule, other: ClassedRule): Advice | null;
}

export interface ClassedRule {
  readonly dataClass: DataClass;
  readonly rule: Rule;
}

/** What masks a class, as a policy in code writes it. */
const SUGGESTIONS: Readonly<Partial<Record<DataClass, string>>> = {
  firstName: 'fake("person.firstName")',
  middleName: 'fake("person.middleName")',
  lastName: 'fake("person.lastName")',
  maidenName: 'fake("person.lastName")',
  fullName: 'fake("person.fullName")',
  userName: 'fake("internet.username")',
  email: 'fake("internet.email")',
  phone: 'fake("phone.number")',
  streetAddress: 'fake("location.streetAddress")',
  postalAddress: 'fake("location.streetAddress")',
  city: 'fake("location.city")',
  birthPlace: 'fake("location.city")',
  postcode: "scramble()",
  coordinates: "addNoise({ amount: 0.5 })",
  birthDate: "shiftDates({ days: 180 })",
  age: "addNoise({ amount: 3, min: 0 })",
  income: "addNoise({ ratio: 0.1 })",
  cardNumber: 'encryptId({ scheme: "card" })',
  iban: 'encryptId({ scheme: "iban" })',
  ipAddress: "encryptIp()",
  macAddress: 'fake("internet.mac")',
  url: "maskUrl()",
  freeText: "maskText()",
};

const NAMES: readonly DataClass[] = ["firstName", "middleName", "lastName", "maidenName", "fullName"];
const PLACES: readonly DataClass[] = ["streetAddress", "postalAddress", "city", "postcode", "coordinates", "birthPlace"];
const OFFICIAL_NUMBERS: readonly DataClass[] = [
  "nationalId",
  "taxId",
  "passport",
  "drivingLicence",
  "insuranceNumber",
  "licencePlate",
  "vin",
];
const ACCOUNTS: readonly DataClass[] = ["iban", "bankAccount", "cardNumber"];
const DEVICES: readonly DataClass[] = ["ipAddress", "macAddress", "imei", "deviceId"];
const SECRETS: readonly DataClass[] = ["password", "passwordHash", "secret", "sessionId"];
const PICTURES: readonly DataClass[] = ["image", "signature", "biometric"];
const SPECIAL: readonly DataClass[] = [
  "healthCode",
  "health",
  "religion",
  "ethnicity",
  "politicalOpinion",
  "sexualOrientation",
  "biometric",
];
const DESCRIBING: readonly DataClass[] = ["birthDate", "age", "gender", "nationality", "maritalStatus", "income", "region"];

const PERSONAL: readonly DataClass[] = [
  ...NAMES,
  ...PLACES,
  ...OFFICIAL_NUMBERS,
  ...ACCOUNTS,
  ...DEVICES,
  ...SECRETS,
  ...PICTURES,
  "userName",
  "email",
  "phone",
  "url",
  "userAgent",
  "cardCvv",
  "cardExpiry",
  "freeText",
  "document",
];

/** 45 CFR 164.514(b)(2)(i), A to R, by the classes that hold them. A state may stay; dates but for the year and ages over 89 may not. */
const SAFE_HARBOR: readonly DataClass[] = ([...PERSONAL, "birthDate", "age"] as const).filter(
  (one) => !SECRETS.includes(one) || one === "sessionId",
);

const keeps = ({ transform }: Rule) => transform.technique === "none";
const isKept = (rule: Rule) => outcomesOf(rule).some(keeps);
/** "is kept", or "is kept in some rows". */
const kept = (rule: Rule) => (outcomesOf(rule).every(keeps) ? "is kept" : "is kept in some rows");
const removes = (rule: Rule) =>
  outcomesOf(rule).every(
    ({ transform, options }) =>
      transform.technique === "generalization" || (transform.technique === "suppression" && !keepsPart(options)),
  );
const keepsPart = ({ keepFirst = 0, keepLast = 0 }: { keepFirst?: number; keepLast?: number }) => keepFirst + keepLast > 0;

const truncates = ({ transform, options }: Rule) => transform.technique === "suppression" && keepsPart(options);
const isTruncated = (rule: Rule) => outcomesOf(rule).some(truncates);
const isDerived = (rule: Rule) => outcomesOf(rule).some(({ transform }) => transform.technique === "pseudonymization");

const masked = (because: string, dataClass: DataClass): Advice => ({
  because,
  suggestion: SUGGESTIONS[dataClass] ?? "redact()",
});
const removed = (because: string): Advice => ({ because, suggestion: "redact(), nullify() or constant(…)" });

/** What Safe Harbor leaves of a date of birth and of an age: (C). */
const COARSE: Readonly<Partial<Record<DataClass, string>>> = {
  birthDate: 'generalizeDate({ to: "year", topAge: 90, at: "2026-01-01" })',
  age: "generalizeAge({ top: 90 })",
};
const coarser = (because: string, dataClass: DataClass): Advice => ({
  because,
  suggestion: `${COARSE[dataClass] ?? "redact()"}, redact() or nullify()`,
});

/** Why a date or an age that was made coarser is not coarse enough; null where it is, or nobody can tell. */
function tooFine(rule: Rule): string | null {
  for (const { options } of outcomesOf(rule)) {
    const { to, topAge, top } = options as { to?: unknown; topAge?: number; top?: number };
    if (typeof to === "string" && to !== "year" && to !== "decade")
      return `keeps the ${to} of a date, and no more than its year may stay`;
    if ((typeof to === "string" && (topAge ?? 151) > 90) || (top ?? 0) > 90) return "tells ages above 89 apart";
  }
  return null;
}

/** The presets by name. */
export const PRESETS = {
  gdpr: {
    text: "GDPR Art. 4(5), 9, 25, 32",
    advise(dataClass, rule) {
      if (!isKept(rule)) return null;
      if (SPECIAL.includes(dataClass)) return removed(`is of a special category (Art. 9) and ${kept(rule)}`);
      if (PERSONAL.includes(dataClass)) return masked(`identifies a person and ${kept(rule)}`, dataClass);
      if (DESCRIBING.includes(dataClass)) return masked(`helps to single a person out (Recital 26) and ${kept(rule)}`, dataClass);
      return null;
    },
  },
  "hipaa-safe-harbor": {
    text: "HIPAA Safe Harbor, 45 CFR 164.514(b)(2)",
    advise(dataClass, rule) {
      if (!SAFE_HARBOR.includes(dataClass)) return null;
      if (dataClass in COARSE) {
        const reason = removes(rule)
          ? tooFine(rule)
          : isKept(rule)
            ? `is among the identifiers to remove and ${kept(rule)}`
            : null;
        if (reason !== null) return coarser(reason, dataClass);
      }
      if (removes(rule)) return null;
      if (isKept(rule)) return removed(`is among the identifiers to remove and ${kept(rule)}`);
      if (isTruncated(rule)) return removed("keeps some of its characters, which is a part of the identifier");
      return removed(`goes through ${rule.transform.name}, whose result is derived from the value (164.514(c))`);
    },
  },
  "hipaa-expert": {
    text: "HIPAA Expert Determination, 45 CFR 164.514(b)(1), which needs an expert's opinion of the whole",
    advise(dataClass, rule) {
      return isKept(rule) && SAFE_HARBOR.includes(dataClass)
        ? masked(`is an identifier of 164.514(b)(2) and ${kept(rule)}`, dataClass)
        : null;
    },
  },
  "pci-dss": {
    text: "PCI DSS 4.0.1",
    advise(dataClass, rule) {
      if (dataClass === "cardCvv")
        return removes(rule) ? null : removed("must not be stored after authorisation (3.3.1), not even masked");
      if (dataClass !== "cardNumber") return null;
      if (isKept(rule)) return masked(`holds card numbers and ${kept(rule)} (3.5.1, 6.5.5)`, dataClass);
      const shows = ({ options: { keepFirst = 0, keepLast = 0 } }: Rule) => keepFirst > 8 || keepLast > 4;
      if (outcomesOf(rule).some(shows))
        return masked("keeps more of the card number than the BIN and four digits (3.4.1)", dataClass);
      return null;
    },
    adviseOnPair(one, other) {
      const isOfCards = one.dataClass === "cardNumber" && other.dataClass === "cardNumber";
      if (!isOfCards || !isTruncated(one.rule) || !isDerived(other.rule)) return null;
      return removed(
        "shows a part of the card number, and beside it stands one derived from the whole: together they tell it (3.5.1)",
      );
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;

/** The texts of law and standards that `presets` of a policy may name; their advice comes as warnings. */
export type PresetName = keyof typeof PRESETS;
