import type { Column, ColumnValues } from "../contracts.ts";
import { canonicalOf } from "../keys/canonical.ts";
import { type Circumstances, type Sitting, sit } from "./mask-sitting.ts";

/** So many different values, each by its number. */
export interface DistinctValues {
  readonly count: number;
  /** The value of a number from 0; null where there are no more. */
  write(index: number): string | null;
}

/** Values masked at a time: as many as a run may have in a batch. */
const BATCH_ROWS = 50_000;

/** Where a collision by chance has at most this probability, one that happens is no chance. */
const NEVER = 1e-6;

/**
 * Masks so many different values of the column's kind and looks for two that met: what a bijection never lets happen. Batch by batch, so that a million
 * fit into memory; those that the transform cannot handle do not count.
 */
export async function brokenDistinctness(
  sitting: Sitting,
  usual: Circumstances,
  distinct: number | DistinctValues,
): Promise<string[]> {
  const { rule, column } = sitting;
  const { count, write } = typeof distinct === "number" ? { count: distinct, write: writerFor(column) } : distinct;
  const { uniqueness } = rule.transform.guarantees(rule.options, column);
  if (uniqueness.kind === "lossy" || rule.transform.windowRows(rule.options) > 1) return [];
  if (uniqueness.kind === "unlikely-lost" && count ** 2 / 2 ** (uniqueness.bits + 1) > NEVER) return [];
  if (write === null) return [];
  const canonical = canonicalOf(column) ?? ((value: string) => value);
  const outputs = new Set<string>();
  let handled = 0;
  for (let from = 0; from < count; from += BATCH_ROWS) {
    const values = Array.from({ length: Math.min(BATCH_ROWS, count - from) }, (_, index) => write(from + index));
    const usable: ColumnValues = values.filter((value) => value !== null);
    if (usable.length === 0) break;
    const others = sitting.others.map((other) => ({ column: other.column, values: usable.map(() => "one subject") }));
    const outcome = await sit({ rule, column, values: usable, others }, { ...usual, batchRows: BATCH_ROWS });
    if (outcome.kind !== "masked") return [`${outcome.why} on ${count} different values`];
    for (const value of outcome.values) {
      if (typeof value !== "string") continue;
      handled++;
      outputs.add(canonical(value));
    }
  }
  if (handled === 0) return [`says that uniqueness is ${uniqueness.kind}, and can handle none of the different values`];
  const lost = handled - outputs.size;
  return lost === 0 ? [] : [`says that uniqueness is ${uniqueness.kind}, and ${lost} of ${handled} different values met another`];
}

/** Different values of a kind by their number, null beyond what the column holds; null for kinds that have few values or forms of their own. */
function writerFor({ kind, range, maxLength, type }: Column): DistinctValues["write"] | null {
  const write = WRITERS[kind];
  if (write === undefined || PRECISE.test(type)) return null;
  return (index) => {
    if (range !== null && BigInt(index + 1) > range.max) return null;
    const value = write(index);
    return maxLength === null || value.length <= maxLength ? value : null;
  };
}

/** A type that counts its digits: few of the values are of it. */
const PRECISE = /^(?:numeric|decimal)\(/i;

const hex = (index: number, width: number) => index.toString(16).padStart(width, "0");
const second = (index: number) => new Date(index * 1000).toISOString();

const WRITERS: Readonly<Partial<Record<Column["kind"], (index: number) => string>>> = {
  // Letters and digits, so that every transform finds what it masks. The prime spreads the numbers.
  text: (index) => `Jo-${String((index * 7_919 + 1) % 1e9).padStart(9, "0")}`,
  integer: (index) => String(index + 1),
  decimal: (index) => `${index + 1}.25`,
  float: (index) => `${index + 1}.5`,
  uuid: (index) => `3f2504e0-4f89-41d3-9a0c-${hex(index, 12)}`,
  timestamp: (index) => second(index).slice(0, 19).replace("T", " "),
  date: (index) => new Date((index - 300_000) * 86_400_000).toISOString().slice(-24, -14),
  time: (index) => `${second(Math.floor(index / 100)).slice(11, 19)}.${String((index % 100) + 1).padStart(2, "0")}`,
  network: (index) => [203, (index >> 16) & 255, (index >> 8) & 255, index & 255].join("."),
  bytes: (index) => `\\x${hex(index, 8)}`,
  json: (index) => `{"a": ${index}}`,
  xml: (index) => `<a>${index}</a>`,
  array: (index) => `{${index}}`,
};
