import type { ColumnKind, SystemName } from "../../contracts.ts";
import type { SubsetWords } from "../../subset/subset-data.ts";
import type { ColumnPlan } from "../plan.ts";

/** What a column was, and what became of it, when the lock was written. What is not said of it is absent. */
export interface LockedColumn {
  readonly column: string;
  readonly type: string;
  readonly kind: ColumnKind;
  readonly nullable: boolean;
  readonly labels?: readonly string[];
  /** How the server computes it. */
  readonly computedBy?: LockedExpression;
  /** "none": the policy had no rule for it. */
  readonly decision: ColumnPlan["decision"] | "none";
  readonly transform?: string;
  /**
   * All of them, also those at their default: a default that moves is a change. Functions stand here by a checksum of their text, as it was loaded: strip types
   * another way, and it is another. What a policy in code takes from elsewhere into an option stands here too.
   */
  readonly options?: { readonly [option: string]: unknown };
  /** The files that its rule draws from, by path: checksums of what stands in them. */
  readonly files?: { readonly [path: string]: string };
  readonly domain?: string;
  readonly onUnsupported?: "nullify" | "redact";
  /** The column whose rule it takes by a reference: `customers.id`. */
  readonly from?: string;
  /** Rules by condition, where it points to one of several tables. */
  readonly branches?: readonly LockedBranch[];
  /** There where rows that no branch holds for have no rule. */
  readonly coversRest?: false;
}

export type LockedDecision = Omit<LockedColumn, "column" | "type" | "kind" | "nullable" | "labels" | "computedBy">;

export interface LockedBranch extends LockedDecision {
  readonly when: Readonly<Record<string, string>>;
}

/** An expression of the server's without its words, which may quote data. */
export interface LockedExpression {
  /** The columns that it reads. */
  readonly reads: readonly string[];
  /** Checksum of its text, in which the names of those columns do not count. */
  readonly text: string;
}

export interface LockedKey {
  readonly key: string;
  readonly columns: readonly string[];
  readonly isPrimary: boolean;
  readonly isPartial: boolean;
  /** Columns that are compared without regard to case. */
  readonly ignoresCase?: readonly string[];
  /** Columns that an EXCLUDE compares other than by equality. */
  readonly overlaps?: readonly string[];
  /** Columns of which the start counts alone, with how many characters of it. */
  readonly prefixes?: Readonly<Record<string, number>>;
  /** An index over expressions. */
  readonly expressions?: LockedExpression;
  /** Its WHERE. */
  readonly predicate?: LockedExpression;
}

/** A condition that the server holds every row to: a CHECK of the table, or of a column's domain. */
export interface LockedCheck extends LockedExpression {
  readonly check: string;
}

export interface LockedReference {
  readonly reference: string;
  readonly columns: readonly string[];
  readonly to: string;
  readonly toColumns: readonly string[];
}

export interface LockedTable {
  readonly table: string;
  readonly columns: readonly LockedColumn[];
  readonly keys: readonly LockedKey[];
  readonly references: readonly LockedReference[];
  readonly checks: readonly LockedCheck[];
}

/**
 * What a policy made of a schema at one moment, to be committed beside the policy: a later run under another schema, rule, key or corpus is refused.
 * Holds names, types and rules; no cell value, and of the key only its fingerprint.
 */
export interface Lock {
  /** Of this form of the file. */
  readonly version: 1;
  readonly source: SystemName;
  /** Moves when a transform gives something else for the same value. */
  readonly mapping: string;
  /** The corpus that fakes are drawn from, null where the policy draws none. */
  readonly faker: string | null;
  /** Fingerprint of the masking key, null where none was set. */
  readonly key: string | null;
  /** Checksum of the schema's part of this file. */
  readonly schema: string;
  readonly notCopied: readonly string[];
  /** Those of them whose rows the policy leaves in the target. */
  readonly left: readonly string[];
  /** What the policy says of which rows are copied; absent where all are. */
  readonly subset?: readonly SubsetWords[];
  /** By name. */
  readonly tables: readonly LockedTable[];
}
