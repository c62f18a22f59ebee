import type { Column, SystemName, Table } from "../../contracts.ts";
import type { DataClass } from "../../policy/class-names.ts";
import type { SuggestedRule } from "./suggested-rule.ts";

/** What a proposed policy says of one column. Holds no value of a row. */
export interface ProposedColumn {
  readonly column: Column;
  /** "inherit": a foreign key gives it the rule of another column. "generated": the server computes it. Neither is written into the policy. */
  readonly decision: "mask" | "keep" | "review" | "inherit" | "generated";
  /** Null where it seems to hold nothing personal, and where nobody looked. */
  readonly kind: DataClass | null;
  /** How sure the decision is, from 0 to 1. */
  readonly confidence: number;
  /** One line for whoever reads the policy. */
  readonly reason: string;
  /** The mask; for "review" what to choose if the guess is right; otherwise null. */
  readonly rule: SuggestedRule | null;
  /** The column, `customers.email`, whose values it seems to hold without a foreign key; its rule is the same, in one domain. */
  readonly sharesWith: string | null;
}

export interface ProposedTable {
  /** As the policy names it. */
  readonly name: string;
  readonly table: Table;
  readonly columns: readonly ProposedColumn[];
}

/** A policy for a whole source, for a person to read and correct. */
export interface Proposal {
  readonly system: SystemName;
  readonly tables: readonly ProposedTable[];
  /** What could not be looked at, as sentences. */
  readonly notes: readonly string[];
}

/** Columns of a proposal whose rule stands in the policy. */
export function writtenColumns({ columns }: Pick<ProposedTable, "columns">): readonly ProposedColumn[] {
  return columns.filter(({ decision }) => decision !== "inherit" && decision !== "generated");
}
