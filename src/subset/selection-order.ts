import type { SelectionEdge, SelectionWay } from "../contracts.ts";

/** Edges to be gone over until nothing new comes: once where they close no cycle. */
export interface SelectionStep {
  readonly way: SelectionWay;
  readonly edges: readonly number[];
  readonly repeats: boolean;
}

/**
 * Puts edges into the order in which rows are brought over them: whatever can bring rows into a table comes before the edges that lead on from it, and edges of one cycle are
 * one step. `edges` are indexes.
 */
export function orderSteps(
  tableCount: number,
  all: readonly SelectionEdge[],
  edges: readonly number[],
  way: SelectionWay,
): readonly SelectionStep[] {
  // Children come from their parents, parents from their children.
  const startOf = ({ from, to }: SelectionEdge) => (way === "parents" ? from : to);
  const endOf = ({ from, to }: SelectionEdge) => (way === "parents" ? to : from);
  const next: number[][] = Array.from({ length: tableCount }, () => []);
  for (const index of edges) next[startOf(all[index]!)]!.push(endOf(all[index]!));
  const groupOf = groupsOf(next);
  const steps: SelectionStep[] = [];
  const byGroup = new Map<number, number[]>();
  for (const index of edges) {
    const group = groupOf[startOf(all[index]!)]!;
    byGroup.set(group, [...(byGroup.get(group) ?? []), index]);
  }
  // Groups are numbered from the ends of the ways to their beginnings.
  for (const group of [...byGroup.keys()].sort((one, other) => other - one)) {
    const own = byGroup.get(group)!;
    const isWithin = (index: number) => groupOf[endOf(all[index]!)] === group;
    const [within, out] = [own.filter(isWithin), own.filter((index) => !isWithin(index))];
    if (within.length > 0) steps.push({ way, edges: within, repeats: true });
    if (out.length > 0) steps.push({ way, edges: out, repeats: false });
  }
  return steps;
}

/** The strongly connected component of each table (Tarjan 1972), without recursion: a schema may be a chain of thousands. */
function groupsOf(next: readonly (readonly number[])[]): readonly number[] {
  const found = next.map(() => -1);
  const lowest = next.map(() => -1);
  const groups = next.map(() => -1);
  const waiting: number[] = [];
  let [order, group] = [0, 0];
  for (const start of next.keys()) {
    if (found[start] !== -1) continue;
    const path: { readonly table: number; at: number }[] = [{ table: start, at: 0 }];
    while (path.length > 0) {
      const step = path.at(-1)!;
      const { table } = step;
      if (step.at === 0) {
        found[table] = lowest[table] = order++;
        waiting.push(table);
      }
      const other = next[table]![step.at++];
      if (other !== undefined) {
        if (found[other] === -1) path.push({ table: other, at: 0 });
        else if (groups[other] === -1) lowest[table] = Math.min(lowest[table]!, found[other]!);
        continue;
      }
      path.pop();
      const before = path.at(-1);
      if (before !== undefined) lowest[before.table] = Math.min(lowest[before.table]!, lowest[table]!);
      if (lowest[table] !== found[table]) continue;
      for (let last = waiting.pop()!; ; last = waiting.pop()!) {
        groups[last] = group;
        if (last === table) break;
      }
      group++;
    }
  }
  return groups;
}
