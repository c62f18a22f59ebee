import type { SelectionGraph, SelectionPart, SelectionWay } from "../contracts.ts";
import { tableName } from "../table-ref.ts";
import type { SelectionCounts } from "./work-out.ts";

/** How many rows of a table are in a subset, and how they came. */
export interface SubsetTableRows {
  readonly table: string;
  /** "reached": rows that are chosen, brought or pointed to. "following": all but those that point to a row that is left out. "whole": all. */
  readonly part: SelectionPart;
  /** Null for a table that comes whole and that nobody counted. */
  readonly rows: number | null;
  /** Rows that the table has; an estimate where nobody counted them, null where there is none. */
  readonly of: number | null;
  /** Rows that the policy's words for this table chose, or all where it says "all". */
  readonly chosen: number;
}

/** Rows that one reference brought, or left out, that nothing had before it. */
export interface SubsetRelationRows {
  /** The table that points. */
  readonly from: string;
  /** The table that is pointed to. */
  readonly to: string;
  /** The foreign key's name, or the policy's reference. */
  readonly name: string;
  /** "children": rows of `from` that came with chosen ones of `to`. "parents": rows of `to` that are pointed to. "left-out": rows of `from` that point to what is not there. */
  readonly brings: SelectionWay;
  readonly rows: number;
}

/** What a subset comes to. Names and counts: no cell value. */
export interface Subset {
  /** Where its keys were: "temporary tables" of the source's server, or "spill files" here. */
  readonly keptIn: string;
  /** True where there was no key to draw rows by: as many of them, but others than a run's. */
  readonly isSample: boolean;
  readonly tables: readonly SubsetTableRows[];
  /** In the order in which rows came. */
  readonly relations: readonly SubsetRelationRows[];
}

export function describeSelection(
  { tables, edges }: SelectionGraph,
  { kept, totals, chosen, brought }: SelectionCounts,
  how: Pick<Subset, "keptIn" | "isSample">,
): Subset {
  const nameOf = (index: number) => tableName(tables[index]!.table.ref);
  return {
    ...how,
    tables: tables.map(({ part, table }, index) => ({
      table: nameOf(index),
      part,
      rows: kept[index]!,
      of: totals[index] ?? table.rowEstimate,
      chosen: chosen[index]!,
    })),
    relations: brought.map(({ edge, way, rows }) => {
      const { from, to, name } = edges[edge]!;
      return { from: nameOf(from), to: nameOf(to), name, brings: way, rows };
    }),
  };
}
