import type { SystemName, Technique } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import { needsKey } from "../inner-rules.ts";
import type { Plan } from "../plan/plan.ts";
import type { Subset } from "../subset/describe-selection.ts";
import type { Verification } from "../verify/verification.ts";

/** What happened to one table. */
export interface TableReport {
  readonly table: string;
  /** Rows read, masked and acknowledged by the target: one number, or the run had failed. */
  readonly rows: number;
  /** Rows that an incremental run took out, as the source no longer holds them. Absent where it does not look for them. */
  readonly deletedRows?: number;
  readonly milliseconds: number;
  readonly columns: readonly ColumnReport[];
}

/** What became of one column. */
export interface ColumnReport {
  readonly column: string;
  readonly decision: "keep" | "mask" | "generated";
  /** The name of the transform: `keep`, `fake`, or `generated` where the target's server computes the column. */
  readonly transform: string;
  /** What kind of protection that is, null for a generated column. */
  readonly technique: Technique | null;
  /** The identity space that a key maps in, null where no key does. */
  readonly domain: string | null;
  /** Whether equal values became equal ones. */
  readonly isDeterministic: boolean;
  /** Whether who has the key can undo it. */
  readonly isReversible: boolean;
}

/** What a run did. Holds names, counts and fingerprints: no cell value. */
export interface Report {
  /** "several" where the policy has several databases; `databases` then tells of each. */
  readonly source: SystemName | "several";
  readonly target: SystemName | "several";
  /** Of several databases with the database before the name: `shop.customers`. */
  readonly tables: readonly TableReport[];
  /** Tables of the source that the policy does not copy. */
  readonly notCopied: readonly string[];
  readonly rows: number;
  readonly milliseconds: number;
  /** Threads that read, masked and wrote out the rows, 1 where it was the run's own. */
  readonly workers: number;
  /** Rows among them that an unfinished run had staged and this one went on with. */
  readonly keptRows: number;
  /** Tells which key was used, not what it is. Null where no rule needed one and none was given. */
  readonly keyFingerprint: string | null;
  /** Tells what was done to each column: runs of equal plan and key fingerprints map equal values to equal values. */
  readonly planFingerprint: string;
  readonly warnings: readonly Finding[];
  /** What the target's connector had to say: "created 15 tables". */
  readonly notes: readonly string[];
  /** Whether only what changed since the last run was read; `rows` are then those. Absent where all were. */
  readonly isIncremental?: true;
  /** Which part of the rows was copied, and how it came about; null or absent where all were. */
  readonly subset?: Subset | null;
  /** What was found in the copy before it was published; null where the run was not asked to verify it. */
  readonly verification: Verification | null;
  /** What the run did in each of the policy's databases. Absent where it has one source. */
  readonly databases?: { readonly [name: string]: Report };
}

/** Rows that an incremental run took out of all tables. */
export function deletedRows({ tables }: Report): number {
  return tables.reduce((sum, { deletedRows = 0 }) => sum + deletedRows, 0);
}

/** Every column's decision, as the report lists it. */
export function reportColumns(plan: Plan["tables"][number]): TableReport["columns"] {
  return plan.columns.map(({ column, rule, decision, domain, guarantees }) => ({
    column: column.name,
    decision: decision === "mask" || decision === "generated" ? decision : "keep",
    transform: decision === "generated" ? "generated" : rule!.transform.name,
    technique: rule?.transform.technique ?? null,
    domain: decision === "mask" && needsKey(rule!) ? domain : null,
    isDeterministic: decision === "mask" && (guarantees?.deterministic ?? false),
    isReversible: decision === "mask" && (guarantees?.reversible ?? false),
  }));
}
