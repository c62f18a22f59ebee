import xxhash from "xxhash-wasm";
import type { Table } from "../../contracts.ts";
import { everyRule, isRule, ruleData } from "../../inner-rules.ts";
import { LocalFile } from "../../local-file.ts";
import type { Policy } from "../../policy/define-policy.ts";
import { subsetData } from "../../subset/subset-data.ts";
import { tableName } from "../../table-ref.ts";
import { fakerVersion } from "../../transforms/fake/faker-version.ts";
import type { ColumnPlan, Plan, TablePlan } from "../plan.ts";
import { MAPPING } from "../plan-fingerprint.ts";
import { isLeft } from "../select-tables.ts";
import { type ChecksumsOf, readFileChecksums } from "./file-checksums.ts";
import type { Lock, LockedDecision, LockedTable } from "./lock.ts";
import { lockExpression } from "./lock-expression.ts";

type Checksum = (text: string) => string;
type LockedConstraints = Pick<LockedTable, "keys" | "references" | "checks">;

/** Makes the lock of a plan. Row counts, reasons and the order of tables do not enter it. */
export async function lockOf(plan: Plan, policy: Policy, key: { readonly fingerprint: string } | null): Promise<Lock> {
  const checksum = await loadChecksum();
  const rules = plan.tables.flatMap(({ columns }) => columns.flatMap(({ rule }) => (rule === null ? [] : everyRule(rule))));
  const drawsFakes = rules.some(({ transform }) => transform.usesFaker === true);
  const filesOf = await readFileChecksums(plan);
  const tables = plan.tables.map((table) => lockTable(table, checksum, filesOf)).sort(by(({ table }) => table));
  const notCopied = plan.unselected.map(({ ref }) => tableName(ref)).sort();
  return {
    version: 1,
    source: plan.source,
    mapping: MAPPING,
    faker: drawsFakes ? fakerVersion() : null,
    key: key?.fingerprint ?? null,
    schema: schemaChecksum({ tables, notCopied }, checksum),
    notCopied,
    left: plan.unselected
      .filter(({ ref }) => isLeft(policy, ref))
      .map(({ ref }) => tableName(ref))
      .sort(),
    ...(plan.subset !== undefined && { subset: subsetData(plan.subset.graph) }),
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
  const shapes = tables.map(({ table, columns, keys, references, checks }) => {
    const ofServer = columns.map(({ column, type, kind, nullable, labels, computedBy }) => ({
      ...{ column, type, kind, nullable, labels, computedBy },
    }));
    return [table, ofServer, keys, references, checks];
  });
  return checksum(JSON.stringify([shapes, notCopied]));
}

function lockTable({ table, columns }: TablePlan, checksum: Checksum, filesOf: ChecksumsOf): LockedTable {
  const plans = new Map(columns.map((plan) => [plan.column.name, plan]));
  return {
    table: tableName(table.ref),
    columns: table.columns.map((column) => ({
      column: column.name,
      type: column.type,
      kind: column.kind,
      nullable: column.nullable,
      ...(column.labels !== null && { labels: column.labels }),
      ...(column.computedBy && { computedBy: lockExpression(column.computedBy, checksum) }),
      ...lockDecision(plans.get(column.name), checksum, filesOf),
    })),
    ...lockConstraints(table, checksum),
  };
}

function lockDecision(plan: ColumnPlan | undefined, checksum: Checksum, filesOf: ChecksumsOf): LockedDecision {
  if (plan === undefined) return { decision: "none" };
  const { decision, rule, domain, inheritedFrom, branches } = plan;
  const common: LockedDecision = {
    decision,
    ...(inheritedFrom !== null && { from: `${tableName(inheritedFrom.table)}.${inheritedFrom.column}` }),
    ...(branches !== undefined && {
      branches: branches.map(({ when, plan }) => ({ when, ...lockDecision(plan, checksum, filesOf) })),
    }),
    ...(plan.coversRest === false && { coversRest: false }),
  };
  // Of a column that is copied, all else is a reason for the reader.
  if (decision !== "mask" || rule === null) return common;
  const files = filesOf(rule);
  return {
    ...common,
    transform: rule.transform.name,
    options: asData(rule.options, checksum) as { readonly [option: string]: unknown },
    ...(files !== undefined && { files }),
    domain,
    ...(rule.onUnsupported !== "fail" && { onUnsupported: rule.onUnsupported }),
  };
}

function lockConstraints({ uniqueKeys, foreignKeys, checks = [] }: Table, checksum: Checksum): LockedConstraints {
  const keys = uniqueKeys.map(({ name, expressions, predicate, ...key }) => ({
    ...{ key: name, columns: key.columns, isPrimary: key.isPrimary, isPartial: key.isPartial },
    ...(key.ignoresCase !== undefined && { ignoresCase: key.ignoresCase }),
    ...(key.overlaps !== undefined && { overlaps: key.overlaps }),
    ...(key.prefixes !== undefined && { prefixes: key.prefixes }),
    ...(expressions !== undefined && { expressions: lockExpression(expressions, checksum) }),
    ...(predicate !== undefined && { predicate: lockExpression(predicate, checksum) }),
  }));
  const references = foreignKeys.map(({ name, columns, references, referencedColumns }) => ({
    reference: name,
    columns,
    to: tableName(references),
    toColumns: referencedColumns,
  }));
  const conditions = checks.map(({ name, expression, columns }) => ({
    check: name,
    ...lockExpression({ text: expression, columns }, checksum),
  }));
  return {
    keys: keys.sort(by(({ key }) => key)),
    references: references.sort(by(({ reference }) => reference)),
    // Columns of one domain have its conditions by the same name.
    checks: conditions.sort(by(({ check, reads }) => JSON.stringify([check, reads]))),
  };
}

/** Options as JSON has them, by name: the order in which they were written says nothing. */
function asData(value: unknown, checksum: Checksum): unknown {
  if (typeof value === "function") return `function ${checksum(String(value))}`;
  if (typeof value === "bigint" || value instanceof RegExp) return String(value);
  if (isRule(value)) return asData(ruleData(value), checksum);
  if (value instanceof LocalFile) return value.path;
  if (Array.isArray(value)) return value.map((item) => asData(item, checksum));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(by(([name]) => name)).map(([name, item]) => [name, asData(item, checksum)]));
}

/** By code units: a locale's order differs between machines. */
function by<Item>(nameOf: (item: Item) => string): (one: Item, other: Item) => number {
  return (one, other) => (nameOf(one) < nameOf(other) ? -1 : nameOf(one) > nameOf(other) ? 1 : 0);
}
