import { isDeepStrictEqual } from "node:util";
import type { Column, ForeignKey, Rule, Table, TableRef } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import { isSameTable, tableName } from "../table-ref.ts";
import { nearestNames } from "../transforms/nearest-name.ts";
import type { SelectedTable } from "./select-tables.ts";

/** A column's rule and, where a foreign key brought it, the column that it was written for. */
export interface ResolvedRule {
  readonly rule: Rule;
  readonly owner: { readonly table: TableRef; readonly column: string; readonly shape: Column };
  readonly isInherited: boolean;
}

export interface ResolvedRules {
  ruleOf(table: Table, column: Column): ResolvedRule | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Finds every column's rule. A foreign key's column takes the rule, and so the mapping, of the column that it points to: a rule of its own must
 * agree with that, or the join would break.
 */
export function resolveRules(tables: readonly SelectedTable[]): ResolvedRules {
  const findings: Finding[] = [];
  const resolved = new Map<Column, ResolvedRule | undefined>();
  const find = (ref: TableRef) => tables.find(({ table }) => isSameTable(table.ref, ref));

  const resolve = (selected: SelectedTable, column: Column, path: readonly Column[]): ResolvedRule | undefined => {
    if (resolved.has(column)) return resolved.get(column);
    const own = ownRule(selected, column);
    // A circle of references (a ↔ b) has no end to take a rule from: whoever in it has a rule of its own gives it to the others.
    const followed = path.includes(column) ? [] : referencesOf(selected.table, column);
    let rule: ResolvedRule | undefined;
    for (const { key, to } of followed) {
      const parent = find(key.references);
      const parentColumn = parent?.table.columns.find(({ name }) => name === to);
      if (parent === undefined || parentColumn === undefined) continue;
      const inherited = resolve(parent, parentColumn, [...path, column]);
      if (inherited === undefined) continue;
      if (rule !== undefined && !agree(rule, inherited)) findings.push(twoParents(selected.table, column, rule, inherited));
      rule ??= { ...inherited, isInherited: true };
    }
    if (rule?.isInherited && !mapsAlike(rule, column)) findings.push(otherShape(selected.table, column, rule));
    if (rule === undefined) rule = own;
    else if (own !== undefined && !agree(rule, own)) findings.push(conflict(selected.table, column, rule, own));
    if (path.length === 0 || rule !== undefined) resolved.set(column, rule);
    return rule;
  };

  for (const selected of tables) {
    findings.push(...unknownColumns(selected));
    for (const column of selected.table.columns) if (!column.isGenerated) resolve(selected, column, []);
    for (const key of selected.table.foreignKeys)
      if (find(key.references) === undefined) findings.push(unselectedParent(selected.table, key));
  }
  return { ruleOf: (_table, column) => resolved.get(column), findings };
}

function ownRule({ table, policy }: SelectedTable, column: Column): ResolvedRule | undefined {
  const rule = Object.hasOwn(policy, column.name) ? policy[column.name] : undefined;
  return rule && { rule, owner: { table: table.ref, column: column.name, shape: column }, isInherited: false };
}

function referencesOf(table: Table, column: Column): readonly { readonly key: ForeignKey; readonly to: string }[] {
  return table.foreignKeys.flatMap((key) => {
    const to = key.referencedColumns[key.columns.indexOf(column.name)];
    const isItself = isSameTable(key.references, table.ref) && to === column.name;
    return to === undefined || isItself ? [] : [{ key, to }];
  });
}

/** Whether two rules give equal values equal outputs: the same transform, options and domain. Functions are equal where they are one. */
function agree(one: ResolvedRule, other: ResolvedRule): boolean {
  const mapping = ({ rule }: ResolvedRule) => [rule.transform.name, mappingOptions(rule), domainOf(rule)];
  return one.rule === other.rule || isDeepStrictEqual(mapping(one), mapping(other));
}

function domainOf({ transform, options, domain }: Rule): string {
  return domain ?? transform.defaultDomain(options);
}

/** Whether an inherited rule maps in this column as in the column that it was written for: a mask of integers goes by how many the type holds. */
function mapsAlike({ rule: { transform, options }, owner: { shape } }: ResolvedRule, column: Column): boolean {
  if (transform.technique === "none") return true;
  if (shape.kind !== column.kind) return false;
  const promises = (one: Column) => [transform.guarantees(options, one), transform.smallDomain(options, one)];
  return column.kind !== "integer" || isDeepStrictEqual(promises(shape), promises(column));
}

/** Options that take part in the mapping: a reason given for the reader does not. */
function mappingOptions({ transform, options }: Rule): unknown {
  return transform.technique === "none" ? {} : options;
}

function unknownColumns({ table, policy }: SelectedTable): Finding[] {
  const names = table.columns.map(({ name }) => name);
  const name = tableName(table.ref);
  return Object.keys(policy).flatMap((column): Finding[] => {
    const found = table.columns.find((one) => one.name === column);
    const place = { table: name, column, severity: "error" as const };
    if (found === undefined) {
      const hint = `Did you mean ${nearestNames(column, names, 1).join()}?`;
      return [{ code: "COLUMN_UNKNOWN", message: `${name} has no column ${column}.`, hint, ...place }];
    }
    if (!found.isGenerated) return [];
    const hint = "Take it out of the policy.";
    return [
      { code: "COLUMN_GENERATED", message: `The server computes ${name}.${column}: it cannot be written.`, hint, ...place },
    ];
  });
}

function conflict(table: Table, column: Column, parent: ResolvedRule, own: ResolvedRule): Finding {
  const name = tableName(table.ref);
  const parentName = `${tableName(parent.owner.table)}.${parent.owner.column}`;
  return {
    code: "REFERENCE_CONFLICT",
    severity: "error",
    message: `${name}.${column.name} references ${parentName}, which is under ${parent.rule.transform.name}; its own rule (${own.rule.transform.name}) would break the join.`,
    table: name,
    column: column.name,
    hint: `Take the rule of ${name}.${column.name} out: it takes the one of ${parentName}.`,
  };
}

function otherShape(table: Table, column: Column, { rule, owner }: ResolvedRule): Finding {
  const name = tableName(table.ref);
  return {
    code: "REFERENCE_CONFLICT",
    severity: "error",
    message: `${name}.${column.name} is ${column.type} and references ${tableName(owner.table)}.${owner.column}, which is ${owner.shape.type}: ${rule.transform.name} maps the two differently.`,
    table: name,
    column: column.name,
    hint: "Give both columns one type, or keep both.",
  };
}

function twoParents(table: Table, column: Column, one: ResolvedRule, other: ResolvedRule): Finding {
  const name = tableName(table.ref);
  const of = (rule: ResolvedRule) => `${tableName(rule.owner.table)}.${rule.owner.column}`;
  return {
    code: "REFERENCE_CONFLICT",
    severity: "error",
    message: `${name}.${column.name} references ${of(one)} and ${of(other)}, whose rules differ.`,
    table: name,
    column: column.name,
    hint: "Give both columns the same rule and domain.",
  };
}

function unselectedParent(table: Table, key: ForeignKey): Finding {
  const name = tableName(table.ref);
  // MySQL's keys may point to another database, of which a run reads nothing.
  const isElsewhere = key.references.schema !== null && table.ref.schema === null;
  return {
    code: "REFERENCE_UNSELECTED",
    severity: "error",
    message: `${name} references ${tableName(key.references)} (${key.name}), which is not copied.`,
    table: name,
    column: key.columns[0],
    hint: isElsewhere
      ? `A run reads one database: skip ${name}, or copy from a source without the key.`
      : `Give the columns of ${tableName(key.references)} a rule, or skip ${name} as well.`,
  };
}
