import type { Column, ColumnContext, ColumnValues, MaskColumn, MaskParts, Rule } from "../../contracts.ts";
import { innerGuarantees, refuseWindows, ruleMap } from "../../inner-rules.ts";
import { choice, json, type OptionSpec, type OptionsValue, text } from "../../option-spec.ts";
import { defineTransform, EMPTY_STAYS } from "../define-transform.ts";
import { DEFAULT_RULES, TEXT_KINDS, type TextKind } from "./text-patterns.ts";
import { createTextSearch, type Recognise } from "./text-search.ts";
import { fitted, redactShape } from "./text-spans.ts";

type RuleMap = { readonly [name: string]: Rule } | undefined;

/** Rules by name that may be left out. */
const optionalRules = (spec: Parameters<typeof ruleMap>[0]): OptionSpec<RuleMap, true> =>
  ({ ...ruleMap({ problem: refuseWindows, ...spec }), isOptional: true }) as OptionSpec<RuleMap, true>;

const names = (describe: string, known: readonly string[] | null = null) =>
  json<readonly string[] | undefined>({
    kind: "list",
    describe,
    optional: true,
    problem: (value) => {
      if (!Array.isArray(value) || !value.every((name) => typeof name === "string" && name !== ""))
        return "must be a list of texts";
      const wrong = known && value.find((name) => !known.includes(name));
      return wrong ? `has "${wrong}", which is none of ${known.join(", ")}` : null;
    },
  });

const OPTIONS = {
  replace: names("Columns of the same row whose values are replaced in the text by what the target gets in them."),
  replaceBy: optionalRules({
    describe: "Columns of the same row whose values are replaced in the text by what a rule makes of them.",
  }),
  find: names("The kinds that are found by their form; all of them where left out.", TEXT_KINDS),
  patterns: optionalRules({
    describe: "The rule for a kind, in the place of the usual one.",
    nameProblem: (name) => (TEXT_KINDS.includes(name as TextKind) ? null : `is none of ${TEXT_KINDS.join(", ")}`),
  }),
  words: names("Words and phrases that are found wherever they stand."),
  country: text({ describe: "Where phone numbers without a calling code are from: DE, US.", optional: true, minLength: 2 }),
  recognise: {
    kind: "function",
    describe: "A function that finds more in a batch of texts: a model, or Presidio behind a service.",
    isOptional: true,
    default: undefined,
    problem: (value: unknown) => (typeof value === "function" ? null : "must be a function"),
  } as OptionSpec<Recognise | undefined, true>,
  labels: optionalRules({ describe: "The rule for what `recognise` found, by its label; what has none is redacted." }),
  rest: choice({
    describe: "What becomes of all else: `redact` makes letters x and digits 0, `keep` leaves it.",
    choices: ["redact", "keep"],
    default: "redact",
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

/** Rules of the kinds that are looked for, by kind. */
function kindRules({ find, patterns, words }: Options): ReadonlyMap<TextKind, Rule> {
  const asked = find === undefined ? TEXT_KINDS : TEXT_KINDS.filter((kind) => find.includes(kind) || (kind === "word" && words));
  return new Map(asked.map((kind) => [kind, patterns?.[kind] ?? DEFAULT_RULES[kind]()]));
}

const rulesOf = (options: Options): readonly Rule[] => [
  ...Object.values(options.replaceBy ?? {}),
  ...kindRules(options).values(),
  ...Object.values(options.labels ?? {}),
];

/**
 * Replaces what it finds of persons inside a text: with `replace: ["first_name", "email"]` and `rest: "keep"`, `Dear Jane, we wrote to jane@acme.com` becomes
 * `Dear Mo, we wrote to mo.brandt@example.net`, where the row's masked columns hold `Mo` and that address.
 *
 * It finds values of the row's columns whatever their case and accents, also the single words of a full name; mail addresses, URLs, keys, IBANs, cards, official
 * numbers, phone numbers, IP and MAC addresses by their form and check digits; your `words`; and what `recognise` tells. Each finding is masked by a rule, or to
 * the same shape where the rule cannot handle it. All else is redacted to the same shape, letters as x and digits as 0, unless `rest: "keep"` says otherwise.
 *
 * With `rest: "keep"` it cannot see: other people than the row's own, nicknames, misspellings, inflected names (`Olgas`), names glued to other letters or digits,
 * names in another script than the column's, numbers spelled out, addresses in prose, and who somebody is by what is told of them. It also replaces the word that
 * happens to be a name (`Mark my words`). A column in `replace` that is kept is kept in the text too. A text that outgrows its column is cut.
 * Hint: where nobody must read the texts, `redact` sees everything.
 */
export const maskText = defineTransform({
  name: "maskText",
  technique: "substitution",
  accepts: ["text"],
  guarantees: (options, column) => ({
    deterministic:
      options.recognise === undefined && rulesOf(options).every((rule) => innerGuarantees(rule, column).deterministic),
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  }),
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  usesFaker: true,
  options: OPTIONS,
  maxOutputLength: (_, { maxLength }) => maxLength,
  reads: ({ replace = [], replaceBy = {} }) => [...replace, ...Object.keys(replaceBy)],
  readsMasked: ({ replace = [] }) => replace,
  prepare,
});

/** A part of a text may be of any length. */
const asPart = (column: Column): Column => ({ ...column, maxLength: null, isPadded: false });

async function prepare(options: Options, context: ColumnContext): Promise<MaskColumn> {
  const { column, inner, other } = context;
  const part = asPart(column);
  const kinds = kindRules(options);
  const labels = Object.entries(options.labels ?? {});
  const masks: readonly MaskParts[] = await Promise.all(
    [...kinds.values(), ...labels.map(([, rule]) => rule)].map((rule) => inner(rule, part)),
  );
  const kindNames = [...kinds.keys()];
  const search = await createTextSearch({
    kinds: kindNames,
    words: options.words ?? [],
    country: options.country,
    recognise: options.recognise,
    labels: new Map(labels.map(([label], index) => [label, kinds.size + index])),
  });
  const masked = (options.replace ?? []).map((name) => other(name).index);
  const ruled = await Promise.all(
    Object.entries(options.replaceBy ?? {}).map(async ([name, rule]) => {
      const { index, column } = other(name);
      return { index, mask: await inner(rule, column) };
    }),
  );
  const writeRest = options.rest === "keep" ? (piece: string) => piece : redactShape;
  const { maxLength, maxBytes = null } = column;

  return async (values, batch) => {
    const columns = [
      ...masked.map((index) => ({ originals: batch.column(index), stands: batch.replacement(index) ?? batch.column(index) })),
      ...(await Promise.all(
        ruled.map(async ({ index, mask }) => ({
          originals: batch.column(index),
          stands: await mask(batch.column(index), batch),
        })),
      )),
    ];
    const spans = await search(values, columns);
    const stands = await maskSpans(masks, values, spans, (parts, rule, rows) => masks[rule]!(parts, batch, rows));
    return values.map((value, row) => {
      if (value === null || value === "") return value;
      let written = "";
      let from = 0;
      for (const [index, { start, end }] of spans[row]!.entries()) {
        written += writeRest(value.slice(from, start)) + (stands[row]![index] ?? redactShape(value.slice(start, end)));
        from = end;
      }
      return fitted(written + writeRest(value.slice(from)), maxLength, maxBytes);
    });
  };
}

type Spans = Awaited<ReturnType<Awaited<ReturnType<typeof createTextSearch>>>>;

/** What stands in the place of each span: all that one rule masks in a batch is masked at once. */
async function maskSpans(
  masks: readonly MaskParts[],
  values: ColumnValues,
  spans: Spans,
  mask: (parts: ColumnValues, rule: number, rows: readonly number[]) => ReturnType<MaskParts>,
): Promise<(string | null | undefined)[][]> {
  const stands = spans.map((found) => found.map(({ replacement }): string | null | undefined => replacement));
  for (const rule of masks.keys()) {
    const parts: string[] = [];
    const rows: number[] = [];
    const places: number[] = [];
    for (const [row, found] of spans.entries())
      for (const [place, span] of found.entries()) {
        if (span.rule !== rule || span.replacement !== undefined) continue;
        parts.push(values[row]!.slice(span.start, span.end));
        rows.push(row);
        places.push(place);
      }
    if (parts.length === 0) continue;
    const masked = await mask(parts, rule, rows);
    for (const [index, stand] of masked.entries()) stands[rows[index]!]![places[index]!] = stand;
  }
  return stands;
}
