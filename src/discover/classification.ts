import type { Column, Table } from "../contracts.ts";
import type { DataClass } from "../policy/class-names.ts";
import type { SuggestedRule } from "./propose/suggested-rule.ts";

/** One column with what was seen of it. */
export interface ColumnSample {
  /** The column's table with its keys: a unique column needs a rule that keeps it unique. */
  readonly table: Table;
  readonly column: Column;
  /** Sampled values as the source writes them, NULL as null. A few hundred are enough; they are looked at in memory and kept nowhere. */
  readonly values: readonly (string | null)[];
  /** Names of the columns beside it. @default those of `table` */
  readonly neighbours?: readonly string[];
  /** Whether it is no column but a part of one's values, as a path in JSON: its rule stands within another. @default false */
  readonly isPart?: boolean;
}

/** What a column is thought to hold, and what to do about it. Holds no value of a row: neither the reason nor anything else. */
export interface Classification {
  /** Null where it seems to hold nothing personal. */
  readonly kind: DataClass | null;
  /** How sure the decision is, from 0 to 1. */
  readonly confidence: number;
  /** "review": a person must decide; the rule, where there is one, is what to choose if the guess is right. */
  readonly decision: "mask" | "keep" | "review";
  /** One line for whoever reviews the policy. */
  readonly reason: string;
  /** A rule that the plan accepts on this column; null for `keep`, and where no rule fits. */
  readonly rule: SuggestedRule | null;
}
