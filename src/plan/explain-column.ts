import type { TableRef } from "../contracts.ts";
import { type Finding, StandinError } from "../errors.ts";
import { needsKey } from "../inner-rules.ts";
import type { Reference } from "../policy/define-policy.ts";
import { isUntyped } from "../system-traits.ts";
import { tableName } from "../table-ref.ts";
import { nearestNames } from "../transforms/nearest-name.ts";
import { guaranteeWords } from "./guarantee-words.ts";
import type { ColumnPlan, Plan, TablePlan } from "./plan.ts";

/** One step of a rule from a column to the one that references it. */
export interface ReferenceStep {
  readonly from: string;
  readonly to: string;
  /** The foreign key's name, null for a reference of the policy. */
  readonly key: string | null;
}

/** Why a column becomes what it becomes. Holds no value. */
export interface ColumnExplanation {
  /** `orders.customer_id` */
  readonly name: string;
  readonly columnType: string;
  readonly nullable: boolean;
  /** Names of the unique keys that it is of. */
  readonly keys: readonly string[];
  readonly decision: ColumnPlan["decision"] | "none";
  readonly transform: string | null;
  readonly options: { readonly [option: string]: unknown };
  /** The foreign keys that brought the rule, from this column to the one that the policy gives it to; empty for a rule of its own. */
  readonly inherited: readonly ReferenceStep[];
  /** The pattern or class that brought the rule, `columns → *.email`; null for one under the column's own name. */
  readonly broughtBy: string | null;
  /** Who says of what class the column is, where `when` brought the rule: `its name`, `classes → users.nick`. */
  readonly classedBy: string | null;
  /** The rules of rows where other columns hold these texts. */
  readonly branches: readonly { readonly when: Readonly<Record<string, string>>; readonly transform: string | null }[];
  /** The identity space, null where nothing is masked. */
  readonly domain: string | null;
  /** The other columns that map equal values to equal values with it. */
  readonly sameDomain: readonly string[];
  readonly guarantees: readonly string[];
  readonly findings: readonly Finding[];
}

/** A column of a plan, found by its name. */
export interface FoundColumn {
  readonly table: TablePlan;
  readonly column: string;
  /** Undefined where the policy has no rule for it. */
  readonly plan: ColumnPlan | undefined;
}

/** Finds `customers.email` or `billing.invoices.iban` in a plan. Throws TABLE_UNSELECTED or COLUMN_UNKNOWN. */
export function findColumn(plan: Pick<Plan, "tables" | "unselected">, name: string): FoundColumn {
  const namesOf = (ref: TableRef) => [tableName(ref), ref.name, `${ref.schema}.${ref.name}`];
  for (const table of plan.tables) {
    // Whole names are compared: those of tables and columns may hold dots.
    const names = namesOf(table.table.ref);
    const column = table.table.columns.find((one) => names.some((table) => `${table}.${one.name}` === name));
    if (column === undefined) continue;
    return { table, column: column.name, plan: table.columns.find((one) => one.column.name === column.name) };
  }
  const unselected = plan.unselected.find(({ ref }) => namesOf(ref).some((one) => name.startsWith(`${one}.`)));
  if (unselected !== undefined)
    throw new StandinError("TABLE_UNSELECTED", `${tableName(unselected.ref)} is not copied: nothing becomes of its columns.`, {
      table: tableName(unselected.ref),
      hint: "Give each of its columns a rule in the policy to copy it.",
    });
  const names = plan.tables.flatMap(({ table }) => table.columns.map((column) => `${tableName(table.ref)}.${column.name}`));
  const near = nearestNames(name, names, 1).join();
  throw new StandinError("COLUMN_UNKNOWN", `No table of the plan has a column ${name}.`, {
    hint: near === "" ? "Write table.column." : `${name.includes(".") ? "" : "Write table.column. "}Did you mean ${near}?`,
  });
}

/** Says where a column's rule comes from, which columns map like it, what the rule promises, and what the plan found about it. */
export function explainColumn(plan: Plan, name: string, references: readonly Reference[] = []): ColumnExplanation {
  const { table, column, plan: found } = findColumn(plan, name);
  const shape = table.table.columns.find((one) => one.name === column)!;
  const own = tableName(table.table.ref);
  const isMasked = found?.decision === "mask";
  return {
    name: `${own}.${column}`,
    columnType: isUntyped(shape) ? shape.kind : shape.type,
    nullable: shape.nullable,
    keys: table.table.uniqueKeys.filter(({ columns }) => columns.includes(column)).map((key) => key.name),
    decision: found?.decision ?? "none",
    transform: found?.rule?.transform.name ?? null,
    options: printable(found?.rule?.options ?? {}),
    inherited: found === undefined ? [] : referencePath(plan, table, found, { references, seen: [] }),
    broughtBy: found?.broughtBy ?? null,
    classedBy: found?.classedBy ?? null,
    branches: (found?.branches ?? []).map(({ when, plan }) => ({ when, transform: plan.rule?.transform.name ?? null })),
    domain: isMasked ? found.domain : null,
    sameDomain: isMasked ? columnsLike(plan, found) : [],
    guarantees: found === undefined ? [] : guaranteeWords(found),
    findings: plan.findings.filter((finding) => finding.table === own && finding.column === column),
  };
}

/** Options without what JSON cannot say. */
function printable(options: { readonly [option: string]: unknown }): ColumnExplanation["options"] {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === "function" ? "(a function)" : typeof value === "bigint" ? String(value) : value,
    ]),
  );
}

interface Followed {
  readonly references: readonly Reference[];
  readonly seen: readonly string[];
}

/** Follows foreign keys, and references that the policy adds, from a column to the one that its rule was written for. */
function referencePath(
  plan: Plan,
  table: TablePlan,
  { column, inheritedFrom }: ColumnPlan,
  { references, seen }: Followed,
): readonly ReferenceStep[] {
  const from = nameOf(table, column.name);
  if (inheritedFrom === null || seen.includes(from)) return [];
  const owner = `${tableName(inheritedFrom.table)}.${inheritedFrom.column}`;
  for (const { key, to } of parentsOf(table, column.name, from, references)) {
    if (to === owner) return [{ from, to, key }];
    const parent = plan.tables.find((one) => one.columns.some((other) => nameOf(one, other.column.name) === to));
    const parentColumn = parent?.columns.find((one) => nameOf(parent, one.column.name) === to);
    if (parent === undefined || parentColumn === undefined) continue;
    const rest = referencePath(plan, parent, parentColumn, { references, seen: [...seen, from] });
    if (rest.length > 0) return [{ from, to, key }, ...rest];
  }
  return [];
}

function parentsOf({ table }: TablePlan, column: string, from: string, references: readonly Reference[]) {
  const declared = table.foreignKeys.flatMap((key) => {
    const to = key.referencedColumns[key.columns.indexOf(column)];
    return to === undefined ? [] : [{ key: key.name, to: `${tableName(key.references)}.${to}` }];
  });
  const virtual = references.filter((one) => one.from === from).map(({ to }) => ({ key: null, to }));
  return [...declared, ...virtual];
}

function nameOf({ table }: TablePlan, column: string): string {
  return `${tableName(table.ref)}.${column}`;
}

/** Keys are of domains, and the transform says what is done with the key: both must agree. */
function columnsLike(plan: Plan, { column, domain, rule, guarantees }: ColumnPlan): readonly string[] {
  if (guarantees?.deterministic !== true || rule === null || !needsKey(rule)) return [];
  return plan.tables.flatMap(({ table, columns }) =>
    columns
      .filter((one) => one.column !== column && one.decision === "mask" && one.domain === domain)
      .filter((one) => one.rule?.transform.name === rule.transform.name)
      .map((one) => `${tableName(table.ref)}.${one.column.name}`),
  );
}
