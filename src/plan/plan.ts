import type { Column, Guarantees, Rule, SelectionGraph, SystemName, Table, TableRef, TableToWrite } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import type { Subset } from "../subset/describe-selection.ts";

/** What becomes of one column. */
export interface ColumnPlan {
  readonly column: Column;
  /** "generated": the server computes the column, so it is neither read nor written. "review": a person must decide first, and nothing runs. */
  readonly decision: "keep" | "mask" | "generated" | "review";
  /** Null for a generated column. */
  readonly rule: Rule | null;
  /** The identity space that the rule maps in. */
  readonly domain: string;
  readonly guarantees: Guarantees | null;
  /** Where the rule comes from, when a foreign key took it from the column that it points to. */
  readonly inheritedFrom: { readonly table: TableRef; readonly column: string } | null;
  /** Where the policy gives the rule without naming the column: `columns → *.email`, `when → email`. Absent for a rule under the column's own name. */
  readonly broughtBy?: string;
  /** Who says of what class the column is, where `when` brought the rule: `its name`, `classes → users.nick`. */
  readonly classedBy?: string;
  /** Rules by condition, for a column that points to one of several tables, row by row. */
  readonly branches?: readonly PlanBranch[];
  /** False where rows that no branch holds for have no rule: one of them stops the run. */
  readonly coversRest?: boolean;
}

/** What becomes of a column in the rows where other columns hold these texts. */
export interface PlanBranch {
  readonly when: Readonly<Record<string, string>>;
  readonly plan: ColumnPlan;
}

/** What becomes of one table. */
export interface TablePlan {
  readonly table: Table;
  /** All columns of the table, in its order. */
  readonly columns: readonly ColumnPlan[];
}

/**
 * A policy compiled against a schema: plain data, printable, the same for `plan`, `run` and tests. Holds no row and no connection.
 */
export interface Plan {
  readonly source: SystemName;
  readonly target: SystemName;
  /** Tables in the order in which they are copied. */
  readonly tables: readonly TablePlan[];
  /** Tables of the source that are not copied. */
  readonly unselected: readonly Table[];
  /** Which rows are copied; absent where all are. */
  readonly subset?: SubsetPlan;
  /** Everything that is wrong (errors: nothing runs) or worth knowing (warnings). */
  readonly findings: readonly Finding[];
}

/** A part of the rows, by what its tables say and how they point to one another. */
export interface SubsetPlan {
  readonly graph: SelectionGraph;
  /** What it comes to; null until it is worked out where the rows are. */
  readonly selection: Subset | null;
}

/** The columns of a table that rows are read and written in, in order: all but the generated ones. */
export function movedColumns(table: TablePlan): readonly ColumnPlan[] {
  return table.columns.filter(({ decision }) => decision !== "generated");
}

/** A table as its rows are read and written: the columns that move, in order. */
export function tableToWrite(plan: TablePlan): TableToWrite {
  return { table: plan.table, columns: movedColumns(plan).map(({ column }) => column) };
}

/** A column's plan, and those of its branches: whatever can become of it. */
export function variantsOf(plan: ColumnPlan): readonly ColumnPlan[] {
  const branches = (plan.branches ?? []).map((branch) => branch.plan);
  return plan.coversRest === false ? branches : [plan, ...branches];
}
