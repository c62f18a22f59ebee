import type { ColumnValues, MaskedValues } from "../../contracts.ts";
import { loadFinders, type TextKind } from "./text-patterns.ts";
import { resolveSpans, type TextSpan } from "./text-spans.ts";
import { addValue, addWord, findNumbers, findTerms, isNumber, type Terms, withoutZeros } from "./text-terms.ts";
import { tokensOf } from "./text-tokens.ts";

/** Where something is in a text, in UTF-16 units, as JavaScript counts: `text.slice(start, end)`. */
export interface RecognisedSpan {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** Looks at a batch of texts, none of them NULL or empty, and gives the spans of each, in their order. */
export type Recognise = (
  texts: readonly string[],
) => readonly (readonly RecognisedSpan[])[] | Promise<readonly (readonly RecognisedSpan[])[]>;

export interface TextSearchSettings {
  /** Position in this list is the rule's. */
  readonly kinds: readonly TextKind[];
  readonly words: readonly string[];
  readonly country: string | undefined;
  readonly recognise: Recognise | undefined;
  /** The rule for a label. */
  readonly labels: ReadonlyMap<string, number>;
}

/** A column of the row to be looked for, and what stands in its place. */
export interface SearchedColumn {
  readonly originals: ColumnValues;
  readonly stands: MaskedValues;
}

/** Finds what is to be masked in each text of a batch, spans in order and apart from each other. */
export type TextSearch = (texts: ColumnValues, columns: readonly SearchedColumn[]) => Promise<readonly (readonly TextSpan[])[]>;

export async function createTextSearch(settings: TextSearchSettings): Promise<TextSearch> {
  const { kinds, words, country, recognise, labels } = settings;
  const finders = (await loadFinders(kinds, country)).map(({ kind, find }) => ({ rule: kinds.indexOf(kind), find }));
  const dictionary: Terms = new Map();
  for (const word of words) addWord(dictionary, word, kinds.indexOf("word"));

  return async (texts, columns) => {
    const found = texts.map((text, row) => {
      const spans: TextSpan[] = [];
      if (text === null || text === "") return spans;
      findInRow(text, row, columns, spans);
      for (const { find, rule } of finders) find(text, (start, end) => spans.push({ start, end, rule }));
      if (dictionary.size > 0) findTerms(text, tokensOf(text), dictionary, spans);
      return spans;
    });
    if (recognise !== undefined) await addRecognised(recognise, labels, texts, found);
    return found.map(resolveSpans);
  };
}

function findInRow(text: string, row: number, columns: readonly SearchedColumn[], spans: TextSpan[]): void {
  const terms: Terms = new Map();
  const numbers: { digits: string; replacement: string | null }[] = [];
  for (const { originals, stands } of columns) {
    const original = originals[row] ?? null;
    if (original === null || original === "") continue;
    const replacement = stands[row] ?? null;
    if (isNumber(original)) numbers.push({ digits: withoutZeros(original.replace(/\D/g, "")), replacement });
    else addValue(terms, original, replacement);
  }
  if (terms.size > 0) findTerms(text, tokensOf(text), terms, spans);
  findNumbers(text, numbers, spans);
}

async function addRecognised(
  recognise: Recognise,
  labels: ReadonlyMap<string, number>,
  texts: ColumnValues,
  found: TextSpan[][],
): Promise<void> {
  const rows = [...texts.keys()].filter((row) => texts[row] !== null && texts[row] !== "");
  if (rows.length === 0) return;
  const recognised = await recognise(rows.map((row) => texts[row]!));
  // What it cannot mean is refused, not left out: the text would leave with what was found in it. The pipeline tells without the message.
  if (recognised.length !== rows.length) throw new RangeError("recognise gave spans for another number of texts");
  for (const [index, row] of rows.entries())
    for (const { start, end, label } of recognised[index]!) {
      if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end > start && end <= texts[row]!.length))
        throw new RangeError("recognise gave a span outside of its text");
      found[row]!.push({ start, end, rule: labels.get(label) ?? -1 });
    }
}
