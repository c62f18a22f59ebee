import type { ColumnValues, SampleOptions } from "./contracts.ts";

const USUAL_ROWS = 1_000;
const MOST_ROWS = 5_000;

/** Characters of a sampled value that are looked at: enough to tell a document or a text from a name. */
export const SAMPLE_CHARACTERS = 2_000;

/** How many rows a sample may hold: what was asked for, within bounds. */
export function sampleRows({ rows = USUAL_ROWS }: Pick<SampleOptions, "rows">): number {
  return Math.min(MOST_ROWS, Math.max(1, Math.floor(rows)));
}

/** Rows as a server's query gives them, turned into columns. */
export function asColumns(rows: readonly ColumnValues[], columnCount: number): readonly ColumnValues[] {
  return Array.from({ length: columnCount }, (_, column) => rows.map((row) => cutSample(row[column]!)));
}

/** A value of a sample, cut to what is looked at. */
export function cutSample(value: string | null): string | null {
  return value === null || value.length <= SAMPLE_CHARACTERS ? value : value.slice(0, SAMPLE_CHARACTERS);
}

/** Up to `count` positions spread evenly over `length`, the first among them. */
export function evenlySpread(length: number, count: number): readonly number[] {
  if (length <= count) return Array.from({ length }, (_, index) => index);
  return Array.from({ length: count }, (_, index) => Math.floor((index * length) / count));
}
