import xxhash from "xxhash-wasm";
import type { ColumnKind, SystemName, Table } from "../contracts.ts";
import type { Policy } from "../policy/define-policy.ts";
import { tableName } from "../table-ref.ts";
import { fakerVersion } from "../transforms/faker-version.ts";
import type { ColumnPlan, Plan, TablePlan } from "./plan.ts";
import { MAPPING } from "./plan-fingerprint.ts";
import { isLeft } from "./select-tables.ts";

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
  /** All of them, also those at their default: a default that moves is a change. Functions stand here by a checksum of their text. */
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

type Checksum = (text: string) => string;

/** Makes the lock of a plan. Row counts, reasons and the order of tables do not enter it. */
export async function lockOf(plan: Plan, policy: Policy, key: { readonly fingerprint: string } | null): Promise<Lock> {
  const checksum = await loadChecksum();
  const drawsFakes = plan.tables.some(({ columns }) => columns.some(({ rule }) => rule?.transform.usesFaker === true));
  const tables = plan.tables.map((table) => lockTable(table, checksum)).sort(by(({ table }) => table));
  const notCopied = plan.unselected.map(tableName).sort();
  return {
    version: 1,
    source: plan.source,
    mapping: MAPPING,
    faker: drawsFakes ? fakerVersion() : null,
    key: key?.fingerprint ?? null,
    schema: schemaChecksum({ tables, notCopied }, checksum),
    notCopied,
    left: plan.unselected
      .filter((ref) => isLeft(policy, ref))
      .map(tableName)
      .sort(),
    tables,
  };
}

/** Whether a lock's schema is what its checksum was made of: a merge that went wrong, or an edit by hand, is not. */
export async function isWhole(lock: Lock): Promise<boolean> {
  return schemaChecksum(lock, await loadChecksum()) === lock.schema;
}

async function loadChecksum(): Promise<Checksum> {
  const { h64ToString } = await xxhash();
  return (text) => `xxh64:${h64ToString(text)}`;
}

function schemaChecksum({ tables, notCopied }: Pick<Lock, "tables" | "notCopied">, checksum: Checksum): string {
  const shapes = tables.map(({ table, columns, keys, references }) => [
    table,
    columns.map(({ column, type, kind, nullable, labels }) => [column, type, kind, nullable, labels ?? null]),
    keys.map(({ key, columns, isPrimary, isPartial }) => [key, columns, isPrimary, isPartial]),
    references.map(({ reference, columns, to, toColumns }) => [reference, columns, to, toColumns]),
  ]);
  return checksum(JSON.stringify([shapes, notCopied]));
}

function lockTable({ table, columns }: TablePlan, checksum: Checksum): LockedTable {
  const plans = new Map(columns.map((plan) => [plan.column.name, plan]));
  return {
    table: tableName(table.ref),
    columns: table.columns.map((column) => ({
      column: column.name,
      type: column.type,
      kind: column.kind,
      nullable: column.nullable,
      ...(column.labels !== null && { labels: column.labels }),
      ...lockDecision(plans.get(column.name), checksum),
    })),
    ...lockConstraints(table),
  };
}

function lockDecision(plan: ColumnPlan | undefined, checksum: Checksum): LockedDecision {
  if (plan === undefined) return { decision: "none" };
  const { decision, rule, domain, inheritedFrom, branches } = plan;
  const common: LockedDecision = {
    decision,
    ...(inheritedFrom !== null && { from: `${tableName(inheritedFrom.table)}.${inheritedFrom.column}` }),
    ...(branches !== undefined && { branches: branches.map(({ when, plan }) => ({ when, ...lockDecision(plan, checksum) })) }),
    ...(plan.coversRest === false && { coversRest: false }),
  };
  // Of a column that is copied, all else is a reason for the reader.
  if (decision !== "mask" || rule === null) return common;
  return {
    ...common,
    transform: rule.transform.name,
    options: asData(rule.options, checksum) as { readonly [option: string]: unknown },
    domain,
    ...(rule.onUnsupported !== "fail" && { onUnsupported: rule.onUnsupported }),
  };
}

function lockConstraints({ uniqueKeys, foreignKeys }: Table): Pick<LockedTable, "keys" | "references"> {
  const keys = uniqueKeys.map(({ name, columns, isPrimary, isPartial }) => ({ key: name, columns, isPrimary, isPartial }));
  const references = foreignKeys.map(({ name, columns, references, referencedColumns }) => ({
    reference: name,
    columns,
    to: tableName(references),
    toColumns: referencedColumns,
  }));
  return { keys: keys.sort(by(({ key }) => key)), references: references.sort(by(({ reference }) => reference)) };
}

/** Options as JSON has them, by name: the order in which they were written says nothing. */
function asData(value: unknown, checksum: Checksum): unknown {
  if (typeof value === "function") return `function ${checksum(String(value))}`;
  if (typeof value === "bigint" || value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return value.map((item) => asData(item, checksum));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(by(([name]) => name)).map(([name, item]) => [name, asData(item, checksum)]));
}

/** By code units: a locale's order differs between machines. */
function by<Item>(nameOf: (item: Item) => string): (one: Item, other: Item) => number {
  return (one, other) => (nameOf(one) < nameOf(other) ? -1 : nameOf(one) > nameOf(other) ? 1 : 0);
}
