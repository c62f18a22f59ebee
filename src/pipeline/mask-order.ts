import { standInsReadBy } from "../plan/check-reads.ts";
import type { ColumnPlan } from "../plan/plan.ts";

export interface PlacedColumn {
  /** Position in a batch. */
  readonly index: number;
  readonly planned: ColumnPlan;
}

/**
 * The columns `only`, or all of them, in an order in which each comes after those whose stand-ins its mask reads; these are added where they are missing.
 * The plan has refused those that wait for each other.
 */
export function maskOrder(columns: readonly ColumnPlan[], only: readonly string[] | null = null): readonly PlacedColumn[] {
  const placed = new Map(columns.map((planned, index) => [planned.column.name, { index, planned }]));
  const ordered = new Set<PlacedColumn>();
  const waiting = new Set<string>();
  const visit = (name: string) => {
    const found = placed.get(name);
    if (found === undefined || waiting.has(name)) return;
    waiting.add(name);
    for (const read of standInsReadBy(found.planned)) visit(read);
    ordered.add(found);
  };
  for (const name of only ?? placed.keys()) visit(name);
  return [...ordered];
}
