import type { ColumnContext, ColumnValues, MaskColumn, MaskedValues, RowBatch } from "../../contracts.ts";
import { canonicalOf } from "../../keys/canonical.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { defineTransform, EMPTY_STAYS, isEmptyCell } from "../define-transform.ts";
import type { FakeLocale } from "../fake/fake-locales.ts";
import { keyedTail, TAIL_BITS } from "../fake/fake-tail.ts";
import { columnsOf, inForm, subjectReader } from "../subject.ts";
import { checkPersonaColumn } from "./persona-column.ts";
import { fieldWriter } from "./persona-fields.ts";
import { localeChooser } from "./persona-locale.ts";
import { hasTail, PERSONA_OPTIONS, type PersonaOptions } from "./persona-options.ts";
import { loadPeople, type People } from "./persona-people.ts";

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
  unsupported:
    "a row whose `by` is NULL, a field that is longer than its column and must not be cut (a number, a postcode), and for `gender` a word that is none it knows",
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
  options: PERSONA_OPTIONS,
  shorthand: "field",
  defaultDomain: () => "persona",
  maxOutputLength: (_, { maxLength }) => maxLength,
  reads: ({ by, localeFrom, scriptOf }) => [...columnsOf(by), ...[localeFrom, scriptOf].filter((name) => name !== undefined)],
  checkColumn: checkPersonaColumn,
  prepare,
});

async function prepare(options: PersonaOptions, context: ColumnContext): Promise<MaskColumn> {
  const { by, locale } = options;
  const { column } = context;
  const subjectsOf = subjectReader(by, context);
  const prf = createColumnPrf(context.deriveKey("persona"));
  const tails = hasTail(options) ? createColumnPrf(context.deriveKey("persona:unique")) : null;
  const ownOf = canonicalOf(column);
  const localesOf = localeChooser(options, context);
  const loaded = new Map<FakeLocale, People>([[locale, await loadPeople(locale)]]);
  const write = fieldWriter(options, column);

  const mask = (values: ColumnValues, batch: RowBatch, locales: readonly FakeLocale[] | null): MaskedValues => {
    const subjects = subjectsOf(values, batch);
    const words = prf.words(subjects);
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
