import type { Column, ForeignKey, Rule, Table, TableRef } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import type { Policy } from "../policy/define-policy.ts";
import { isSameTable, tableName } from "../table-ref.ts";
import { nearestNames } from "../transforms/nearest-name.ts";
import { conflict, manyRules, otherShape, twoParents, unselectedParent } from "./checks/reference-findings.ts";
import type { GeneralRules } from "./general-rules.ts";
import { mapsAlike, sayTheSame } from "./locks/same-mapping.ts";
import { isLeft, type SelectedTable } from "./select-tables.ts";
import { findReferences } from "./virtual-references.ts";

/** A column's rule and, where a foreign key brought it, the column that it was written for. */
export interface ResolvedRule {
  readonly rule: Rule;
  readonly owner: { readonly table: TableRef; readonly column: string; readonly shape: Column };
  readonly isInherited: boolean;
  /** Where the policy gives it without naming the column, `columns → *.email`; null for a rule under the column's own name. */
  readonly broughtBy: string | null;
  /** Who says of what class the column is, where its class brought the rule. */
  readonly classedBy?: string | undefined;
  /** Rules by condition, for a column that points to another table in each kind of rows; `rule` is then that of the rest. */
  readonly branches?: readonly ResolvedBranch[];
  /** False where the rest has no rule, so that a row of it stops the run. */
  readonly coversRest?: boolean;
}

export interface ResolvedBranch {
  readonly when: Readonly<Record<string, string>>;
  readonly resolved: ResolvedRule;
}

export interface ResolvedRules {
  ruleOf(table: Table, column: Column): ResolvedRule | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Finds every column's rule. A column that references another, by a foreign key or by the policy's word, takes the rule, and so the mapping, of the column
 * that it points to: a rule of its own must agree with that, or the join would break.
 */
export function resolveRules(tables: readonly SelectedTable[], policy: Policy, general: GeneralRules): ResolvedRules {
  const { references, findings: unfound } = findReferences(policy, tables);
  const findings: Finding[] = [...unfound];
  const resolved = new Map<Column, ResolvedRule | undefined>();
  const find = (ref: TableRef) => tables.find(({ table }) => isSameTable(table.ref, ref));

  const parentsOf = (selected: SelectedTable, column: Column): readonly (readonly [SelectedTable, Column])[] => [
    ...referencesOf(selected.table, column).flatMap(({ key, to }) => {
      const parent = find(key.references);
      const parentColumn = parent?.table.columns.find(({ name }) => name === to);
      return parent === undefined || parentColumn === undefined ? [] : [[parent, parentColumn] as const];
    }),
    ...references
      .filter(({ from, to, when }) => from.column === column && when === null && to.column !== column)
      .map(({ to }) => [to.selected, to.column] as const),
  ];

  const resolve = (selected: SelectedTable, column: Column, path: readonly Column[]): ResolvedRule | undefined => {
    if (resolved.has(column)) return resolved.get(column);
    const named = ownRule(selected, column);
    // A pattern or a class does not know of joins: what a reference brings wins over it without a word.
    const own = named ?? generalRule(selected.table, column, general);
    // A circle of references (a ↔ b) has no end to take a rule from: whoever in it has a rule of its own gives it to the others.
    const followed = path.includes(column) ? [] : parentsOf(selected, column);
    let rule: ResolvedRule | undefined;
    for (const [parent, parentColumn] of followed) {
      const inherited = resolve(parent, parentColumn, [...path, column]);
      if (inherited === undefined) continue;
      if (inherited.branches !== undefined) findings.push(manyRules(selected.table, column, inherited));
      if (rule !== undefined && !sayTheSame(rule.rule, inherited.rule))
        findings.push(twoParents(selected.table, column, rule, inherited));
      rule ??= { ...inherited, isInherited: true };
    }
    if (rule?.isInherited && !mapsAlike(rule.rule, rule.owner.shape, column))
      findings.push(otherShape(selected.table, column, rule));
    if (rule === undefined) rule = path.includes(column) ? own : (branched(selected, column, own, [...path, column]) ?? own);
    else if (named !== undefined && !sayTheSame(rule.rule, named.rule))
      findings.push(conflict(selected.table, column, rule, named));
    if (path.length === 0 || rule !== undefined) resolved.set(column, rule);
    return rule;
  };

  /** The rules of a column that points to one of several tables, row by row. */
  const branched = (
    selected: SelectedTable,
    column: Column,
    own: ResolvedRule | undefined,
    path: readonly Column[],
  ): ResolvedRule | undefined => {
    const branches = references.flatMap(({ from, to, when }): ResolvedBranch[] => {
      if (from.column !== column || when === null) return [];
      const inherited = resolve(to.selected, to.column, path);
      if (inherited === undefined) return [];
      const branch = { ...inherited, isInherited: true };
      if (!mapsAlike(branch.rule, branch.owner.shape, column)) findings.push(otherShape(selected.table, column, branch));
      return [{ when, resolved: branch }];
    });
    const [first] = branches;
    if (first === undefined) return undefined;
    return { ...(own ?? first.resolved), branches, coversRest: own !== undefined };
  };

  for (const selected of tables) {
    findings.push(...unknownColumns(selected));
    for (const column of selected.table.columns) if (!column.isGenerated) resolve(selected, column, []);
    for (const key of selected.table.foreignKeys)
      if (find(key.references) === undefined && !isLeft(policy, key.references))
        findings.push(unselectedParent(selected.table, key));
  }
  return { ruleOf: (_table, column) => resolved.get(column), findings };
}

function ownRule({ table, policy }: SelectedTable, column: Column): ResolvedRule | undefined {
  const rule = Object.hasOwn(policy, column.name) ? policy[column.name] : undefined;
  return rule && { rule, owner: ownerOf(table, column), isInherited: false, broughtBy: null };
}

function generalRule(table: Table, column: Column, general: GeneralRules): ResolvedRule | undefined {
  const found = general.ruleOf(table, column);
  if (found === undefined) return undefined;
  const { rule, broughtBy, classedBy } = found;
  return { rule, owner: ownerOf(table, column), isInherited: false, broughtBy, classedBy };
}

function ownerOf(table: Table, column: Column): ResolvedRule["owner"] {
  return { table: table.ref, column: column.name, shape: column };
}

function referencesOf(table: Table, column: Column): readonly { readonly key: ForeignKey; readonly to: string }[] {
  return table.foreignKeys.flatMap((key) => {
    const to = key.referencedColumns[key.columns.indexOf(column.name)];
    const isItself = isSameTable(key.references, table.ref) && to === column.name;
    return to === undefined || isItself ? [] : [{ key, to }];
  });
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
