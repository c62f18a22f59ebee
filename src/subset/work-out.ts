import type { SelectionGraph, SelectionWay, SelectionWork } from "../contracts.ts";
import type { SelectionStep } from "./selection-order.ts";
import { planSteps } from "./selection-steps.ts";

/** Rows that one edge brought that were not there yet. */
export interface BroughtRows {
  readonly edge: number;
  readonly way: SelectionWay;
  readonly rows: number;
}

/** What a selection came to, before a row of it is read. */
export interface SelectionCounts {
  /** By table: rows that its own words chose. */
  readonly chosen: readonly number[];
  /** By table: rows of the selection; null for a table that comes whole and that nobody counted. */
  readonly kept: readonly (number | null)[];
  /** By table: rows that there are, null where nobody counted them. */
  readonly totals: readonly (number | null)[];
  /** By table: keys of its keep list that are in no row. */
  readonly unkept: readonly number[];
  /** Edges in the order in which rows came over them. Together with `chosen` they are all rows of the reached tables. */
  readonly brought: readonly BroughtRows[];
}

/** Works a selection out to its end: rows are only ever added, so there is one, whatever the order. */
export async function workOut(graph: SelectionGraph, work: SelectionWork, signal: AbortSignal): Promise<SelectionCounts> {
  const steps = planSteps(graph);
  const { tables, edges } = graph;
  const chosen = tables.map(() => 0);
  const marked = tables.map(() => 0);
  const seed = async (table: number) => {
    signal.throwIfAborted();
    const rows = await work.seed(table);
    chosen[table]! += rows;
    marked[table]! += rows;
  };
  const brought = new Map<string, { readonly edge: number; readonly way: SelectionWay; rows: number }>();
  const goOver = async ({ edges: own, way, repeats }: SelectionStep) => {
    for (let isOver = false; !isOver; ) {
      isOver = true;
      for (const edge of own) {
        signal.throwIfAborted();
        const rows = await work.bring(edge, way);
        const sum = brought.get(`${way} ${edge}`) ?? { edge, way, rows: 0 };
        brought.set(`${way} ${edge}`, sum);
        sum.rows += rows;
        marked[way === "parents" ? edges[edge]!.to : edges[edge]!.from]! += rows;
        if (rows > 0 && repeats) isOver = false;
      }
    }
  };
  for (const table of steps.seeds) await seed(table);
  for (const step of steps.children) await goOver(step);
  for (const table of steps.whole) await seed(table);
  for (const step of [...steps.parents, ...steps.leftOut]) await goOver(step);

  const kept: (number | null)[] = [];
  const totals: (number | null)[] = [];
  const unkept: number[] = [];
  for (const [index, { part, seed }] of tables.entries()) {
    const total = await work.total(index);
    totals.push(total);
    kept.push(part === "reached" ? marked[index]! : total === null ? null : total - marked[index]!);
    unkept.push((seed?.keep.length ?? 0) === 0 ? 0 : await work.unkept(index));
  }
  return { chosen, kept, totals, unkept, brought: [...brought.values()] };
}
