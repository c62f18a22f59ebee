import type { ColumnKind, SystemName } from "../contracts.ts";
import type { ColumnPlan } from "./plan.ts";

/** What a column was, and what became of it, when the lock was written. What is not said of it is absent. */
export interface LockedColumn {
  readonly column: string;
  readonly type: string;
  readonly kind: ColumnKind;
  readonly nullable: boolean;
  readonly labels?: readonly string[];
  /** "none": the policy had no rule for it. */
  readonly decision: ColumnPlan["decision"] | "none";
  readonly transform?: string;
  /**
   * All of them, also those at their default: a default that moves is a change. Functions stand here by a checksum of their text, as it was loaded: strip types
   * another way, and it is another. What a policy in code takes from elsewhere into an option stands here too.
   */
  readonly options?: { readonly [option: string]: unknown };
  readonly domain?: string;
  readonly onUnsupported?: "nullify" | "redact";
  /** The column whose rule it takes by a reference: `customers.id`. */
  readonly from?: string;
  /** Rules by condition, where it points to one of several tables. */
  readonly branches?: readonly LockedBranch[];
  /** There where rows that no branch holds for have no rule. */
  readonly coversRest?: false;
}

export type LockedDecision = Omit<LockedColumn, "column" | "type" | "kind" | "nullable" | "labels">;

export interface LockedBranch extends LockedDecision {
  readonly when: Readonly<Record<string, string>>;
}

export interface LockedKey {
  readonly key: string;
  readonly columns: readonly string[];
  readonly isPrimary: boolean;
  readonly isPartial: boolean;
  /** An index over expressions, as the server writes it. */
  readonly expressions?: string;
  /** Its WHERE. */
  readonly predicate?: string;
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
  /** By name. */
  readonly tables: readonly LockedTable[];
}
