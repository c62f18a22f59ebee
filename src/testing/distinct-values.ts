import type { Column, ColumnValues } from "../contracts.ts";
import { canonicalOf } from "../keys/canonical.ts";
import { type Circumstances, type Sitting, sit } from "./mask-sitting.ts";

/** Values masked at a time: as many as a run may have in a batch. */
const BATCH_ROWS = 50_000;

/** Where a collision by chance has at most this probability, one that happens is no chance. */
const NEVER = 1e-6;

/**
 * Masks so many different values of the column's kind and looks for two that met: what a bijection never lets happen. Batch by batch, so that a million
 * fit into memory; those that the transform cannot handle do not count.
 */
export async function brokenDistinctness(sitting: Sitting, usual: Circumstances, count: number): Promise<string[]> {
  const { rule, column } = sitting;
  const { uniqueness } = rule.transform.guarantees(rule.options, column);
  if (uniqueness.kind === "lossy" || rule.transform.windowRows(rule.options) > 1) return [];
  if (uniqueness.kind === "unlikely-lost" && count ** 2 / 2 ** (uniqueness.bits + 1) > NEVER) return [];
  const write = writerFor(column);
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
  const lost = handled - outputs.size;
  return lost === 0 ? [] : [`says that uniqueness is ${uniqueness.kind}, and ${lost} of ${handled} different values met another`];
}

/** Different values of a kind by their number, null beyond what the column holds; null for kinds that have few values or forms of their own. */
function writerFor({ kind, range, maxLength }: Column): ((index: number) => string | null) | null {
  const within = (value: string) => (maxLength === null || value.length <= maxLength ? value : null);
  switch (kind) {
    case "text":
      // Letters and digits, so that every transform finds what it masks. The prime spreads the numbers.
      return (index) => within(`Jo-${String((index * 7_919 + 1) % 1e9).padStart(9, "0")}`);
    case "integer":
      return (index) => (range === null || BigInt(index + 1) <= range.max ? String(index + 1) : null);
    case "uuid":
      return (index) => `3f2504e0-4f89-41d3-9a0c-${index.toString(16).padStart(12, "0")}`;
    default:
      return null;
  }
}
