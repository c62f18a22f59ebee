import type { ColumnValues, MaskedValues } from "../../contracts.ts";
import { askRecogniser, type Recogniser } from "./ask-recogniser.ts";
import { loadFinders, type TextKind } from "./text-patterns.ts";
import { resolveSpans, type TextSpan } from "./text-spans.ts";
import { addValue, addWord, findNumbers, findTerms, isNumber, type Terms, withoutZeros } from "./text-terms.ts";
import { tokensOf } from "./text-tokens.ts";

export interface TextSearchSettings {
  /** Position in this list is the rule's. */
  readonly kinds: readonly TextKind[];
  readonly words: readonly string[];
  readonly country: string | undefined;
  readonly recogniser: Recogniser | null;
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
  const { kinds, words, country, recogniser, labels } = settings;
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
    if (recogniser !== null) await addRecognised(recogniser, labels, texts, found);
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
  recogniser: Recogniser,
  labels: ReadonlyMap<string, number>,
  texts: ColumnValues,
  found: TextSpan[][],
): Promise<void> {
  const rows = [...texts.keys()].filter((row) => texts[row] !== null && texts[row] !== "");
  if (rows.length === 0) return;
  const recognised = await askRecogniser(
    recogniser,
    rows.map((row) => texts[row]!),
  );
  for (const [index, row] of rows.entries())
    for (const { start, end, label } of recognised[index]!) found[row]!.push({ start, end, rule: labels.get(label) ?? -1 });
}
