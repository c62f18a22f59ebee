import type { ColumnContext, MaskColumn } from "../../contracts.ts";
import type { OptionsValue } from "../../option-spec.ts";
import { countryOption } from "../country-option.ts";
import { defineTransform, EMPTY_STAYS } from "../define-transform.ts";
import { kept } from "./id-field.ts";
import { createIdMask } from "./id-mask.ts";
import type { IdScheme } from "./id-scheme.ts";
import { PHONE_EXTENSION, withExtensions } from "./phone-extension.ts";
import { createPhonePlans, type PhoneMetadata, type PhonePlans } from "./phone-plan.ts";

const OPTIONS = {
  country: countryOption("Country of numbers without a calling code, as two letters."),
} as const;

/**
 * Encrypts a phone number to another valid one of the same country, type and length: `+49 151 12345678` becomes `+49 172 50764239`.
 *
 * Type is what libphonenumber calls it: fixed line, mobile, toll free and so on. Calling code, trunk prefix and layout stay. All valid numbers of a
 * country, type and length are mapped to each other, one to one, by FF1 where they are a million or more; the number that comes out may be somebody's.
 * One number has one stand-in whether it is written with its calling code or without. An extension (`ext. 12`, `x12`,
 * `;ext=12`) becomes another of its length, the same behind every number. A number that its country's plan does not know is unsupported. Without `country` every number is read as beginning with its calling code, `+` or not.
 *
 * Whoever lacks the key cannot get the number back, and sees country, type, layout, and how often a value occurs. Source: ITU-T E.164; the plans are
 * libphonenumber's. Hint: where no number may be somebody's, use `fake` with `phone.number`.
 */
export const encryptPhone = defineTransform({
  name: "encryptPhone",
  technique: "pseudonymization",
  accepts: ["text", "integer"],
  unsupported: "a number that the plan of its country does not know, which without `country` are most that have no calling code",
  guarantees: (_, column) => ({
    deterministic: true,
    uniqueness: { kind: "preserved" },
    reversible: true,
    // A number loses the zeros at its front.
    preservesLength: column.kind !== "integer",
    changesInput: "almost-always",
  }),
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  options: OPTIONS,
  shorthand: "country",
  prepare: (options, context) => createMask(options, context, false),
  reveal: (options, context) => createMask(options, context, true),
});

async function createMask(
  { country }: OptionsValue<typeof OPTIONS>,
  { column, deriveKey }: ColumnContext,
  isBackward: boolean,
): Promise<MaskColumn> {
  const metadata = await import("libphonenumber-js/metadata.max.json");
  const scheme = phoneScheme(createPhonePlans(metadata.default as unknown as PhoneMetadata), country);
  const number = column.kind === "integer" ? (column.range ?? "unbounded") : null;
  const numbers = createIdMask({ scheme, keep: false, number, deriveKey, isBackward });
  if (number !== null) return numbers;
  return withExtensions(numbers, createIdMask({ scheme: PHONE_EXTENSION, keep: false, deriveKey, isBackward }));
}

function isDigits(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text !== "";
}

/** Calling code, label, length and what comes before, as one text. */
const SEPARATOR = "|";

function phoneScheme(plans: PhonePlans, country: string | undefined): IdScheme {
  return {
    describe: "a phone number",
    keyOf(compact, value) {
      if (!isDigits(compact)) return null;
      const isInternational = country === undefined || value.trimStart().startsWith("+");
      const reading = isInternational
        ? plans.readInternational(compact, value.trimStart().startsWith("+") || !compact.startsWith("00") ? 0 : 2)
        : (plans.readNational(compact, country) ?? (compact.startsWith("00") ? plans.readInternational(compact, 2) : null));
      if (reading === null) return null;
      const { callingCode, label, prefix } = reading;
      return callingCode + SEPARATOR + label + SEPARATOR + (compact.length - prefix) + SEPARATOR + prefix;
    },
    forms(key) {
      const [callingCode, label, length, prefix] = key.split(SEPARATOR) as [string, string, string, string];
      const number = plans.language(callingCode, Number(length)).field(label, Number(length));
      if (number === null) return [];
      return [
        {
          name: `${callingCode} ${label} ${length}`,
          fields: [kept(Number(prefix), "unbound"), number],
          complete: (text) => (plans.isStripped(text.slice(Number(prefix)), callingCode) ? null : text),
        },
      ];
    },
  };
}
