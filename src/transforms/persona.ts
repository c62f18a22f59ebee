import type { Column, ColumnContext, ColumnKind, ColumnValues, MaskColumn, MaskedValues, RowBatch } from "../contracts.ts";
import { canonicalOf } from "../keys/canonical.ts";
import { createColumnPrf } from "../keys/column-prf.ts";
import { boolean, json, type OptionSpec, type OptionsValue, text } from "../option-spec.ts";
import { canStandIn } from "./cell-form.ts";
import { defineTransform, EMPTY_STAYS, isEmptyCell } from "./define-transform.ts";
import { FAKE_LOCALES, type FakeLocale } from "./fake-locales.ts";
import { keyedTail, TAIL_BITS, TAIL_LENGTH } from "./fake-tail.ts";
import { nearestNames } from "./nearest-name.ts";
import { fieldWriter, PERSONA_FIELDS, type PersonaField, PLACED } from "./persona-fields.ts";
import { localeChooser } from "./persona-locale.ts";
import { loadPeople, type People } from "./persona-people.ts";
import { countryOfLocale } from "./persona-places.ts";

function oneOfThese<Name extends string>(describe: string, choices: readonly Name[]) {
  return {
    kind: "choice" as const,
    describe,
    choices,
    problem: (value: unknown) =>
      choices.includes(value as Name) ? null : `must be one of ${nearestNames(String(value), choices).join(", ")}, …`,
  };
}

const OPTIONS = {
  field: {
    ...oneOfThese<PersonaField>("What of the persona the column holds.", PERSONA_FIELDS),
    isOptional: false,
    default: undefined,
  } as OptionSpec<PersonaField, false>,
  by: text({
    describe: "The column that names the subject. Without it the column's own value is the subject.",
    optional: true,
    minLength: 1,
  }),
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

type Options = OptionsValue<typeof OPTIONS>;

/**
 * Gives one subject one person: with `by: "customer_id"`, `jane@acme.com` becomes `mo.brandt84@example.net` where the same customer's first name becomes
 * `Mo` and the last name `Brandt`, in every table, database and file under one key and domain.
 *
 * First name and gender agree; mail address and user name are made of the masked names, and mail reaches nobody; city, postcode, state, country and
 * coordinates agree. Equal subjects are compared in their column's canonical form: an integer 42 is the text 42, but the text 042 is another. A subject
 * that is NULL is nobody, and its values are not handled. The street's name and the phone's area know nothing of the city, and numbers outside of the
 * ranges for fiction (USA, Canada, UK, Germany, France, Australia, Sweden) may be somebody's.
 *
 * Hides who somebody is from whoever lacks the key; that two rows are of one subject stays visible, as does what `localeFrom` and `scriptOf` follow. By
 * chance a persona may bear the name that the person had: a draw that excluded it would not agree between tables. Without `by`, two spellings of one
 * person are two. Hint: for a column that agrees with no other, `fake`.
 */
export const persona = defineTransform({
  name: "persona",
  technique: "substitution",
  accepts: ["text", "integer", "decimal", "float", "date", "enum", "other"],
  guarantees: (options) => ({
    deterministic: true,
    uniqueness: hasTail(options) ? { kind: "unlikely-lost", bits: TAIL_BITS } : { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  }),
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  usesFaker: true,
  options: OPTIONS,
  shorthand: "field",
  defaultDomain: () => "persona",
  maxOutputLength: (_, { maxLength }) => maxLength,
  reads: ({ by, localeFrom, scriptOf }) => [by, localeFrom, scriptOf].filter((name) => name !== undefined),
  checkColumn,
  prepare,
});

const hasTail = ({ unique, field }: Options) => unique && (field === "email" || field === "userName");

const KINDS: Partial<Record<PersonaField, readonly ColumnKind[]>> = {
  gender: ["text", "integer", "enum", "other"],
  latitude: ["text", "decimal", "float"],
  longitude: ["text", "decimal", "float"],
  birthDate: ["text", "date"],
};

/** Fewest characters that a field is written in; a gender, and a country's or state's code, have as many as the original. */
const SHORTEST: Partial<Record<PersonaField, number>> = {
  firstName: 2,
  lastName: 2,
  fullName: 2,
  userName: 3,
  email: 15,
  phone: 16,
  street: 4,
  city: 24,
  postcode: 9,
  latitude: 9,
  longitude: 10,
  birthDate: 10,
};

function checkColumn(options: Options, column: Column): readonly string[] {
  const { field, locale, localeFrom, scriptOf, format, coding, unique } = options;
  const { kind, type, maxLength } = column;
  const problems: string[] = [];
  if (!(KINDS[field] ?? ["text", "other"]).includes(kind))
    problems.push(`the ${field} of a persona does not fit a column of type ${type}`);
  const [, precision, scale = "0"] = /\((\d+)(?:,\s*(\d+))?\)/.exec(kind === "decimal" ? type : "") ?? [];
  if (precision !== undefined && Number(precision) - Number(scale) < 3)
    problems.push(`a column of type ${type} does not hold 180 degrees`);
  if (PLACED.includes(field) && localeFrom === undefined && scriptOf === undefined && countryOfLocale(locale) === undefined)
    problems.push(`the locale ${locale} has no places: its personas have no ${field}`);
  if (unique && !hasTail(options))
    problems.push(`a ${field} has no form that could be made unique: only email and userName have`);
  if (format !== undefined && !["fullName", "email", "userName"].includes(field)) problems.push(`a ${field} has no format`);
  if (coding !== undefined && !coding.every((word) => canStandIn(word, column)))
    problems.push(`a column of type ${type} does not hold the words that coding says`);
  const shortest = hasTail(options) ? TAIL_LENGTH + (field === "email" ? "@example.com".length : 0) : shortestOf(options);
  if (kind === "text" && maxLength !== null && maxLength < shortest)
    problems.push(`the ${field} of a persona has up to ${shortest} characters, and the column holds ${maxLength}`);
  return problems;
}

/** A postcode or city of one country may be shorter than of another. */
function shortestOf({ field, locale, localeFrom, scriptOf }: Options): number {
  const country = localeFrom === undefined && scriptOf === undefined ? countryOfLocale(locale) : undefined;
  const cities = country?.cities ?? [];
  if (cities.length > 0 && field === "postcode") return Math.max(...cities.map(({ postcodeLength }) => postcodeLength));
  if (cities.length > 0 && field === "city") return Math.max(...cities.map(({ name }) => name.length));
  return SHORTEST[field] ?? 1;
}

async function prepare(options: Options, context: ColumnContext): Promise<MaskColumn> {
  const { by, locale } = options;
  const { column } = context;
  const subject = by === undefined ? null : context.other(by);
  const subjectOf = canonicalOf(subject?.column ?? column);
  const prf = createColumnPrf(context.deriveKey("persona"));
  const tails = hasTail(options) ? createColumnPrf(context.deriveKey("persona:unique")) : null;
  const ownOf = canonicalOf(column);
  const localesOf = localeChooser(options, context);
  const loaded = new Map<FakeLocale, People>([[locale, await loadPeople(locale)]]);
  const write = fieldWriter(options, column);

  const mask = (values: ColumnValues, batch: RowBatch, locales: readonly FakeLocale[] | null): MaskedValues => {
    const subjects = subject === null ? values : batch.column(subject.index);
    const words = prf.words(subjectOf === null ? subjects : inForm(subjects, subjectOf));
    const own = tails?.words(ownOf === null ? values : inForm(values, ownOf));
    const usual = loaded.get(locale)!;
    return values.map((value, row) => {
      if (value === null || isEmptyCell(value, column.isPadded)) return value;
      // Nobody can tell whose value it is: no persona is right.
      if (subjects[row] === null) return undefined;
      const at = row * 4;
      const tail = own === undefined ? "" : keyedTail(own[at + 2]!, own[at + 3]!);
      return write(locales === null ? usual : loaded.get(locales[row]!)!, words, at, value, tail);
    });
  };
  return (values, batch) => {
    const locales = localesOf?.(batch) ?? null;
    const missing = locales === null ? [] : [...new Set(locales)].filter((name) => !loaded.has(name));
    if (missing.length === 0) return mask(values, batch, locales);
    return Promise.all(missing.map(loadPeople)).then((people) => {
      for (const one of people) loaded.set(one.locale, one);
      return mask(values, batch, locales);
    });
  };
}

function inForm(values: ColumnValues, canonical: (value: string) => string): ColumnValues {
  return values.map((value) => (value === null ? null : canonical(value)));
}
