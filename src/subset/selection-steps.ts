import type { SelectionEdge, SelectionGraph } from "../contracts.ts";
import { orderSteps, type SelectionStep } from "./selection-order.ts";

/** How a selection is worked out, in order: plain data, to be printed and tested. */
export interface SelectionSteps {
  /** Tables whose own words choose rows. */
  readonly seeds: readonly number[];
  /** Chosen rows bring their children. */
  readonly children: readonly SelectionStep[];
  /** Tables whose every row comes, without children. */
  readonly whole: readonly number[];
  /** Whatever is there brings its parents. */
  readonly parents: readonly SelectionStep[];
  /** Of tables that follow, rows that point to one that is left out are left out. */
  readonly leftOut: readonly SelectionStep[];
}

/**
 * Plans a selection: the least set of rows that holds what is chosen, its children over open relations, and the parents of all of it. Parents bring no children, or the whole
 * database would come along by way of the first table that everything points to.
 */
export function planSteps({ tables, edges }: SelectionGraph): SelectionSteps {
  const order = (way: SelectionStep["way"], isGone: (edge: SelectionEdge) => boolean) =>
    orderSteps(
      tables.length,
      edges,
      [...edges.keys()].filter((index) => isGone(edges[index]!)),
      way,
    );
  const indexes = [...tables.keys()];
  const seeds = indexes.filter((index) => tables[index]!.seed !== null);
  const isChosen = chosenTables(seeds, edges);
  return {
    seeds,
    children: order("children", ({ to, children }) => children.come && isChosen.has(to)),
    whole: indexes.filter((index) => tables[index]!.isAll),
    // A table that comes whole needs no row from anywhere.
    parents: order("parents", ({ from, to }) => tables[from]!.part === "reached" && !tables[to]!.isAll),
    leftOut: order("left-out", ({ from, to }) => tables[from]!.part === "following" && tables[to]!.part !== "whole"),
  };
}

function chosenTables(seeds: readonly number[], edges: readonly SelectionEdge[]): ReadonlySet<number> {
  const chosen = new Set(seeds);
  // A set tells what is added to it while it is gone through.
  for (const table of chosen) for (const { from, to, children } of edges) if (to === table && children.come) chosen.add(from);
  return chosen;
}
