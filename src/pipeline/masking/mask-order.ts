import { standInsReadBy } from "../../plan/checks/check-reads.ts";
import type { ColumnPlan } from "../../plan/plan.ts";

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
  const readBy = (name: string) => standInsReadBy(placed.get(name)!.planned);
  return inOrderOfReading([...placed.keys()], readBy, only).map((name) => placed.get(name)!);
}

/** The same for names. */
export function inOrderOfReading(
  names: readonly string[],
  readBy: (name: string) => readonly string[],
  only: readonly string[] | null = null,
): readonly string[] {
  const known = new Set(names);
  const ordered = new Set<string>();
  const waiting = new Set<string>();
  const visit = (name: string) => {
    if (!known.has(name) || waiting.has(name)) return;
    waiting.add(name);
    for (const read of readBy(name)) visit(read);
    ordered.add(name);
  };
  for (const name of only ?? names) visit(name);
  return [...ordered];
}
