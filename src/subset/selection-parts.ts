import type { SelectionEdge, SelectionPart } from "../contracts.ts";

/** What is known of a table before it is known how its rows come. */
export interface PartlyKnownTable {
  readonly seed: object | null;
  readonly isAll: boolean;
}

/**
 * Tells how the rows of each table come into a selection. Reached are the tables that are chosen from, all that children come from over open relations, and every table that one
 * of those points to. Of the rest, those follow that point to a reached table, by way of others as well.
 */
export function partsOf(tables: readonly PartlyKnownTable[], edges: readonly SelectionEdge[]): readonly SelectionPart[] {
  const chosen = spread(
    tables.map(({ seed }) => seed !== null),
    edges.flatMap(({ from, to, children }) => (children.come ? [[to, from] as const] : [])),
  );
  const reached = spread(
    tables.map(({ isAll }, index) => isAll || chosen[index]!),
    edges.map(({ from, to }) => [from, to] as const),
  );
  const following = spread(
    reached,
    edges.map(({ from, to }) => [to, from] as const),
  );
  return tables.map((_, index) => (reached[index] ? "reached" : following[index] ? "following" : "whole"));
}

/** Whatever can be come to from where it holds already. */
function spread(start: readonly boolean[], ways: readonly (readonly [from: number, to: number])[]): readonly boolean[] {
  const holds = [...start];
  const onward = new Map<number, number[]>();
  for (const [from, to] of ways) onward.set(from, [...(onward.get(from) ?? []), to]);
  const left = [...holds.keys()].filter((index) => holds[index]);
  for (let index = left.pop(); index !== undefined; index = left.pop())
    for (const other of onward.get(index) ?? [])
      if (!holds[other]) {
        holds[other] = true;
        left.push(other);
      }
  return holds;
}
