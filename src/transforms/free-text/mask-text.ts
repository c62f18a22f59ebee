import type { Column, ColumnContext, ColumnValues, MaskColumn, MaskParts } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { innerGuarantees } from "../../inner-rules.ts";
import { tableName } from "../../table-ref.ts";
import { defineTransform, EMPTY_STAYS } from "../define-transform.ts";
import { callStopped } from "../pieces/ask-once.ts";
import type { Recogniser } from "./ask-recogniser.ts";
import { kindRules, MASK_TEXT_OPTIONS, type MaskTextOptions, rulesOf } from "./mask-text-options.ts";
import { createTextSearch } from "./text-search.ts";
import { fitted, redactShape } from "./text-spans.ts";

/**
 * Replaces what it finds of persons inside a text: with `replace: ["first_name", "email"]` and `rest: "keep"`, `Dear Jane, we wrote to jane@acme.com` becomes
 * `Dear Mo, we wrote to mo.brandt@example.net`, where the row's masked columns hold `Mo` and that address.
 *
 * It finds values of the row's columns whatever their case and accents, also the single words of a full name; mail addresses, URLs, keys, IBANs, cards, official
 * numbers, phone numbers, IP and MAC addresses by their form and check digits; your `words`; and what `recognise` tells. Each finding is masked by a rule, or to
 * the same shape where the rule cannot handle it. All else is redacted to the same shape, letters as x and digits as 0, unless `rest: "keep"` says otherwise.
 *
 * With `rest: "keep"` it cannot see: other people than the row's own, nicknames, initials, misspellings, inflected names (`Olgas`), names glued to other letters or
 * digits, names in another script than the column's, dates in another form than their column's, phone numbers without a calling code where no `country` is named,
 * numbers spelled out, `jane at acme`, passwords told in a sentence, addresses in prose, and who somebody is by what is told of them. It also replaces the word that
 * happens to be a name (`Mark my words`). A column in `replace` that is kept is kept in the text too. A text that outgrows its column is cut. Where `recognise`
 * throws, is late or gives what makes no sense, the run stops.
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
  options: MASK_TEXT_OPTIONS,
  maxOutputLength: (_, { maxLength }) => maxLength,
  checkColumn: ({ labels, recognise }) =>
    labels !== undefined && recognise === undefined
      ? ["maskText has rules for labels, which `recognise` alone gives: name it, or give kinds their rules in `patterns`"]
      : [],
  reads: ({ replace = [], replaceBy = {} }) => [...replace, ...Object.keys(replaceBy)],
  readsMasked: ({ replace = [] }) => replace,
  prepare,
});

/** A part of a text may be of any length. */
const asPart = (column: Column): Column => ({ ...column, maxLength: null, isPadded: false });

async function prepare(options: MaskTextOptions, context: ColumnContext): Promise<MaskColumn> {
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
    recogniser: recogniserOf(options, context),
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

function recogniserOf({ recognise, timeoutMs }: MaskTextOptions, context: ColumnContext): Recogniser | null {
  if (recognise === undefined) return null;
  const { column, signal } = context;
  const name = tableName(context.table);
  const failed = (what: string) =>
    signal.aborted
      ? callStopped("recogniser", context)
      : new StandinError("TRANSFORM_FAILED", `The recogniser for ${name}.${column.name} ${what}.`, {
          table: name,
          column: column.name,
          hint: "Its message is not shown, as it may quote a value. Call it with a text of your own to see it.",
        });
  return { recognise, timeoutMs, signal, failed };
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
