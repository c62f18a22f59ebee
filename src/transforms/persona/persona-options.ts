import { boolean, json, type OptionSpec, type OptionsValue, text } from "../../option-spec.ts";
import { FAKE_LOCALES, type FakeLocale } from "../fake/fake-locales.ts";
import { nearestNames } from "../nearest-name.ts";
import { subjectOption } from "../subject.ts";
import { PERSONA_FIELDS, type PersonaField } from "./persona-fields.ts";

function oneOfThese<Name extends string>(describe: string, choices: readonly Name[]) {
  return {
    kind: "choice" as const,
    describe,
    choices,
    problem: (value: unknown) =>
      choices.includes(value as Name) ? null : `must be one of ${nearestNames(String(value), choices).join(", ")}, …`,
  };
}

export const PERSONA_OPTIONS = {
  field: {
    ...oneOfThese<PersonaField>("What of the persona the column holds.", PERSONA_FIELDS),
    isOptional: false,
    default: undefined,
  } as OptionSpec<PersonaField, false>,
  by: subjectOption(
    "The column that names the subject, or the columns that do together. Without it the column's own value is the subject.",
  ),
  locale: {
    ...oneOfThese<FakeLocale>("The locale of names and places.", FAKE_LOCALES),
    isOptional: true,
    default: "en",
  } as OptionSpec<FakeLocale, true>,
  localeFrom: text({
    describe:
      "A column that names each row's country (DE, DEU, Germany) or language (de, pt-BR); `locale` where it says nothing known.",
    optional: true,
    minLength: 1,
  }),
  scriptOf: text({
    describe:
      "A column in whose script personas are written: Cyrillic, Greek, Chinese, Japanese, Korean, Arabic, Hebrew, Devanagari.",
    optional: true,
    minLength: 1,
  }),
  format: text({
    describe: "The shape of a full name, user name or what stands before the @: `{last}, {first}`, `{initial}{last}`.",
    optional: true,
    minLength: 1,
  }),
  coding: json<readonly string[] | undefined>({
    kind: "list",
    describe:
      "What the column writes for male and for female, in this order, where that is neither common words nor an enum's labels.",
    optional: true,
    problem: (value) =>
      Array.isArray(value) && value.length === 2 && value.every((word) => typeof word === "string" && word !== "")
        ? null
        : "must be two words: for male, for female",
  }),
  unique: boolean({ describe: "Makes every email or userName different by 64 keyed bits in it.", default: false }),
} as const;

export type PersonaOptions = OptionsValue<typeof PERSONA_OPTIONS>;

/** Whether the field carries keyed bits that keep different values apart. */
export const hasTail = ({ unique, field }: PersonaOptions) => unique && (field === "email" || field === "userName");
