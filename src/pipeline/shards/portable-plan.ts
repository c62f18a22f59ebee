import type { Rule } from "../../contracts.ts";
import { isRule } from "../../inner-rules.ts";
import { LocalFile } from "../../local-file.ts";
import type { ColumnPlan, PlanBranch, TablePlan } from "../../plan/plan.ts";
import { BUILT_IN } from "../../policy/parse/transform-lookup.ts";

/** A table's plan as plain data, which a thread can be sent. */
export interface PortableTable {
  readonly table: TablePlan["table"];
  readonly columns: readonly PortableColumn[];
}

interface PortableColumn {
  readonly plan: Omit<ColumnPlan, "rule" | "branches">;
  readonly rule: PortableRule | null;
  readonly branches: readonly { readonly when: PlanBranch["when"]; readonly column: PortableColumn }[] | null;
}

interface PortableRule {
  readonly transform: string;
  readonly options: readonly Field[];
  readonly domain: Rule["domain"];
  readonly onUnsupported: Rule["onUnsupported"];
}

type Field = readonly [name: string, value: PortableValue];

type PortableValue =
  | { readonly is: "plain"; readonly value: unknown }
  | { readonly is: "list"; readonly items: readonly PortableValue[] }
  | { readonly is: "fields"; readonly fields: readonly Field[] }
  | { readonly is: "rule"; readonly rule: PortableRule }
  | { readonly is: "file"; readonly path: string; readonly folder: string };

/** A rule that stays on its thread: it is code, a function of the caller's or a transform of a plug-in. */
class StaysHere extends Error {}

/** Writes a table's plan as data; null where a rule of it is code. */
export function toPortable(plan: TablePlan): PortableTable | null {
  try {
    return { table: plan.table, columns: plan.columns.map(columnToData) };
  } catch (error) {
    if (error instanceof StaysHere) return null;
    throw error;
  }
}

/** Reads it back. */
export function fromPortable({ table, columns }: PortableTable): TablePlan {
  return { table, columns: columns.map(columnFromData) };
}

function columnToData({ rule, branches, ...plan }: ColumnPlan): PortableColumn {
  return {
    plan,
    rule: rule === null ? null : ruleToData(rule),
    branches: branches?.map(({ when, plan }) => ({ when, column: columnToData(plan) })) ?? null,
  };
}

function columnFromData({ plan, rule, branches }: PortableColumn): ColumnPlan {
  return {
    ...plan,
    rule: rule === null ? null : ruleFromData(rule),
    ...(branches !== null && { branches: branches.map(({ when, column }) => ({ when, plan: columnFromData(column) })) }),
  };
}

function ruleToData({ transform, options, domain, onUnsupported }: Rule): PortableRule {
  if (BUILT_IN.find(transform.name) !== transform) throw new StaysHere();
  return { transform: transform.name, options: fieldsToData(options), domain, onUnsupported };
}

function ruleFromData({ transform, options, ...rest }: PortableRule): Rule {
  return { transform: BUILT_IN.find(transform)!, options: fieldsFromData(options), ...rest };
}

const fieldsToData = (fields: object): Field[] => Object.entries(fields).map(([name, value]) => [name, valueToData(value)]);
const fieldsFromData = (fields: readonly Field[]) =>
  Object.fromEntries(fields.map(([name, value]) => [name, valueFromData(value)]));

function valueToData(value: unknown): PortableValue {
  if (isRule(value)) return { is: "rule", rule: ruleToData(value) };
  if (value instanceof LocalFile) return { is: "file", path: value.path, folder: value.folder };
  if (Array.isArray(value)) return { is: "list", items: value.map(valueToData) };
  if (typeof value === "function" || typeof value === "symbol") throw new StaysHere();
  if (typeof value !== "object" || value === null || value instanceof RegExp || value instanceof Date)
    return { is: "plain", value };
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new StaysHere();
  return { is: "fields", fields: fieldsToData(value) };
}

function valueFromData(data: PortableValue): unknown {
  switch (data.is) {
    case "plain":
      return data.value;
    case "list":
      return data.items.map(valueFromData);
    case "fields":
      return fieldsFromData(data.fields);
    case "rule":
      return ruleFromData(data.rule);
    case "file":
      return new LocalFile(data.path, data.folder);
  }
}
