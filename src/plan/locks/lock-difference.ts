import type { Finding } from "../../errors.ts";

/** The kinds of differences between what is there and what a lock has. */
export type LockChange =
  | "source-changed"
  | "key-changed"
  | "faker-changed"
  | "mapping-changed"
  | "table-added"
  | "table-dropped"
  | "table-renamed"
  | "selection-changed"
  | "column-added"
  | "column-dropped"
  | "column-renamed"
  | "column-retyped"
  | "nullability-changed"
  | "labels-changed"
  | "columns-reordered"
  | "rule-changed"
  | "subset-changed"
  | "key-constraint-changed"
  | "reference-changed"
  | "check-changed";

/** One thing that is not as the lock has it. */
export interface LockDifference {
  readonly change: LockChange;
  /** What changed, in words: it names the thing, what it was and what it is. */
  readonly message: string;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  /** The former name of what seems to be renamed. */
  readonly formerly?: string | undefined;
  /** The next step where accepting the change is not enough. */
  readonly hint?: string | undefined;
}

/** Differences as findings, for an error or a report that has others beside them. */
export function differenceFindings(differences: readonly LockDifference[]): readonly Finding[] {
  return differences.map(({ message, table, column, hint }) => ({
    code: "LOCK_MISMATCH",
    severity: "error",
    message,
    table,
    column,
    hint,
  }));
}

/** What a plan found that no difference tells already: a column that was renamed is also one without a rule, and one that the policy names in vain. */
export function unexplained(findings: readonly Finding[], differences: readonly LockDifference[]): readonly Finding[] {
  return findings.filter(
    ({ code, table, column }) =>
      !differences.some((difference) => {
        const { change } = difference;
        // It is one finding for all tables that the policy does not name: of a single one, no more than the difference tells.
        if (code === "TABLE_UNSELECTED") return /^table-(?:added|renamed)$/.test(change) && difference.table === table;
        if (change.startsWith("table-"))
          return code === "TABLE_UNKNOWN" && (change === "table-dropped" ? difference.table : difference.formerly) === table;
        if (difference.table !== table) return false;
        if (code === "COLUMN_UNKNOWN")
          return (change === "column-dropped" && difference.column === column) || difference.formerly === column;
        return code === "COLUMN_UNCOVERED" && difference.column === column && /^column-(?:added|renamed)$/.test(change);
      }),
  );
}
