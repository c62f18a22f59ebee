import type { Column, Guarantees, Rule, SystemName, Table, TableRef } from "../contracts.ts";
import type { Finding } from "../errors.ts";

/** What becomes of one column. */
export interface ColumnPlan {
  readonly column: Column;
  /** The server computes a generated column: it is neither read nor written. */
  readonly decision: "keep" | "mask" | "generated";
  /** Null for a generated column. */
  readonly rule: Rule | null;
  /** The identity space that the rule maps in. */
  readonly domain: string;
  readonly guarantees: Guarantees | null;
  /** Where the rule comes from, when a foreign key took it from the column that it points to. */
  readonly inheritedFrom: { readonly table: TableRef; readonly column: string } | null;
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
  readonly unselected: readonly TableRef[];
  /** Everything that is wrong (errors: nothing runs) or worth knowing (warnings). */
  readonly findings: readonly Finding[];
}

/** The columns of a table that rows are read and written in, in order: all but the generated ones. */
export function movedColumns(table: TablePlan): readonly ColumnPlan[] {
  return table.columns.filter(({ decision }) => decision !== "generated");
}
