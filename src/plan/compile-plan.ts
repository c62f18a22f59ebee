import type { Column, DataSchema, Table } from "../contracts.ts";
import { type Finding, StandinError } from "../errors.ts";
import type { Policy } from "../policy/define-policy.ts";
import { isSameTable } from "../table-ref.ts";
import { checkColumn } from "./check-column.ts";
import { checkCoverage } from "./check-coverage.ts";
import { checkRows } from "./check-rows.ts";
import { checkTarget } from "./check-target.ts";
import { checkUniqueness } from "./check-uniqueness.ts";
import type { ColumnPlan, Plan, TablePlan } from "./plan.ts";
import { type ResolvedRule, resolveRules } from "./resolve-rules.ts";
import { type SelectedTable, selectTables } from "./select-tables.ts";

/**
 * Compiles a policy against the source's schema and what the target holds. Never throws for what is wrong with them: that is in `findings`, all of it.
 */
export function compilePlan(policy: Policy, source: DataSchema, target: DataSchema): Plan {
  const { selected, unselected, findings: selection } = selectTables(policy, source);
  const tables = source.system === "csv" ? selected.map((one) => withTargetTypes(one, target)) : selected;
  const rules = resolveRules(tables);
  const findings: Finding[] = [...selection, ...rules.findings];
  const plans = tables.map(({ table }): TablePlan => {
    const columns: ColumnPlan[] = [];
    const uncovered: Column[] = [];
    for (const column of table.columns) {
      const resolved = rules.ruleOf(table, column);
      if (column.isGenerated) columns.push(generated(column));
      else if (resolved === undefined) uncovered.push(column);
      else columns.push(planColumn(column, resolved));
    }
    findings.push(...checkCoverage(table, uncovered), ...columns.flatMap((column) => checkColumn(table, column)));
    findings.push(...checkUniqueness(withTargetKeys(table, target), columns), ...checkRows(table, columns));
    return { table, columns };
  });
  if (selected.length === 0 && findings.length === 0) {
    findings.push({
      code: "POLICY_INVALID",
      severity: "error",
      message: "The policy selects no table.",
      hint: "Name at least one under `tables`.",
    });
  }
  findings.push(...checkTarget(plans, source.system, target));
  return { source: source.system, target: target.system, tables: plans, unselected, findings };
}

/** Throws PLAN_REFUSED, with every error at once, where a plan must not run. */
export function refuseBrokenPlan(plan: Plan): void {
  const errors = plan.findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  const [first] = errors;
  const message = errors.length === 1 ? first!.message : `The plan has ${errors.length} errors; nothing was read or written.`;
  throw new StandinError("PLAN_REFUSED", message, { findings: errors, hint: errors.length === 1 ? first!.hint : undefined });
}

/** The table with the keys that only the target's has: they must stay unique too. */
function withTargetKeys(table: Table, target: DataSchema): Table {
  const there = target.tables.find(({ ref }) => isSameTable(ref, table.ref));
  const known = new Set(table.uniqueKeys.map(({ columns }) => JSON.stringify([...columns].sort())));
  const more = there?.uniqueKeys.filter(({ columns }) => !known.has(JSON.stringify([...columns].sort()))) ?? [];
  return more.length === 0 ? table : { ...table, uniqueKeys: [...table.uniqueKeys, ...more] };
}

function planColumn(column: Column, { rule, owner, isInherited }: ResolvedRule): ColumnPlan {
  const { transform, options } = rule;
  return {
    column,
    decision: transform.technique === "none" ? "keep" : "mask",
    rule,
    domain: rule.domain ?? transform.defaultDomain(options),
    guarantees: transform.guarantees(options, column),
    inheritedFrom: isInherited ? { table: owner.table, column: owner.column } : null,
  };
}

function generated(column: Column): ColumnPlan {
  return { column, decision: "generated", rule: null, domain: "", guarantees: null, inheritedFrom: null };
}

/** A CSV knows no types: where its rows go into a database, the columns there say what they hold, and the keys there must hold. */
function withTargetTypes({ table, policy }: SelectedTable, target: DataSchema): SelectedTable {
  const there = target.tables.find(({ ref }) => isSameTable(ref, table.ref));
  if (there === undefined) return { table, policy };
  const columns = table.columns.map((column) => {
    const other = there.columns.find(({ name }) => name === column.name);
    return other === undefined ? column : { ...other, isGenerated: false, isPadded: false };
  });
  const typed: Table = { ...table, columns, uniqueKeys: there.uniqueKeys, foreignKeys: there.foreignKeys };
  return { table: typed, policy };
}
