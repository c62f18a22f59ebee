import type { Column, DataSchema, Rule, Table, UniqueKey } from "../contracts.ts";
import { type Finding, StandinError } from "../errors.ts";
import type { ClassSource } from "../policy/class-source.ts";
import type { Policy } from "../policy/define-policy.ts";
import { placeFindings } from "../policy/parse/place-findings.ts";
import { takesTargetTypes } from "../system-traits.ts";
import { isSameTable } from "../table-ref.ts";
import { checkColumn } from "./checks/check-column.ts";
import { checkCoverage } from "./checks/check-coverage.ts";
import { checkIncremental } from "./checks/check-incremental.ts";
import { checkPresets } from "./checks/check-presets.ts";
import { checkProtection } from "./checks/check-protection.ts";
import { checkReads } from "./checks/check-reads.ts";
import { checkReveal } from "./checks/check-reveal.ts";
import { checkReview } from "./checks/check-review.ts";
import { checkRows } from "./checks/check-rows.ts";
import { checkTarget } from "./checks/check-target.ts";
import { checkUniqueness } from "./checks/check-uniqueness.ts";
import { ambiguousRules, generalRules } from "./general-rules.ts";
import { type ColumnPlan, type Plan, type TablePlan, variantsOf } from "./plan.ts";
import { type ResolvedRule, resolveRules } from "./resolve-rules.ts";
import { type SelectedTable, selectTables } from "./select-tables.ts";
import { withStatedClasses } from "./stated-classes.ts";
import { subsetGraph } from "./subset-graph.ts";
import { findReferences } from "./virtual-references.ts";

/**
 * Compiles a policy against the source's schema and what the target holds. Never throws for what is wrong with them: that is in `findings`, all of it.
 */
export function compilePlan(
  policy: Policy,
  source: DataSchema,
  target: DataSchema,
  classesByName: ClassSource | null = null,
): Plan {
  const { selected, unselected, findings: selection } = selectTables(policy, source, target);
  const tables = takesTargetTypes(source.system, target.system) ? selected.map((one) => withTargetTypes(one, target)) : selected;
  const classes = withStatedClasses(policy, classesByName);
  const general = generalRules(policy, tables, classes);
  const rules = resolveRules(tables, policy, general);
  const findings: Finding[] = [...selection, ...general.findings, ...ambiguousRules(general, rules), ...rules.findings];
  const plans = tables.map(({ table }): TablePlan => {
    const columns: ColumnPlan[] = [];
    const uncovered: Column[] = [];
    for (const column of table.columns) {
      const resolved = rules.ruleOf(table, column);
      if (column.isGenerated) columns.push(generated(column));
      else if (resolved === undefined) uncovered.push(column);
      else columns.push(planColumn(column, resolved));
    }
    findings.push(
      ...checkCoverage(table, uncovered),
      ...checkReview(table, columns),
      ...columns.flatMap(variantsOf).flatMap((column) => checkColumn(table, column)),
      ...checkReads(table, columns),
    );
    findings.push(...checkUniqueness(withTargetKeys(table, target), columns.flatMap(variantsOf)), ...checkRows(table, columns));
    return { table, columns };
  });
  if (selected.length === 0 && !findings.some(({ severity }) => severity === "error")) {
    findings.push({
      code: "POLICY_INVALID",
      severity: "error",
      message: "The policy selects no table.",
      hint: "Name at least one under `tables`.",
    });
  }
  findings.push(
    ...checkTarget(plans, source.system, target),
    ...checkProtection(plans, classes),
    ...checkPresets(policy, plans, classes),
    ...checkIncremental(policy, plans, { source: source.system, target: target.system }),
    ...checkReveal(policy, { tables: plans, unselected }),
  );
  const subset = subsetGraph(
    policy,
    plans.map(({ table }) => table),
    findReferences(policy, tables).references,
  );
  findings.push(...subset.findings);
  const placed = placeFindings(policy, findings, general.places);
  return {
    ...{ source: source.system, target: target.system, tables: plans, unselected, findings: placed },
    ...(subset.graph !== null && { subset: { graph: subset.graph, selection: null } }),
  };
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
  const sayingOf = ({ name: _, isPrimary: __, ...key }: UniqueKey) =>
    JSON.stringify({ ...key, columns: [...key.columns].sort() });
  const known = new Set(table.uniqueKeys.map(sayingOf));
  const more = there?.uniqueKeys.filter((key) => !known.has(sayingOf(key))) ?? [];
  return more.length === 0 ? table : { ...table, uniqueKeys: [...table.uniqueKeys, ...more] };
}

function planColumn(
  column: Column,
  { rule, owner, isInherited, broughtBy, classedBy, branches, coversRest }: ResolvedRule,
): ColumnPlan {
  const { transform, options } = rule;
  const plans = branches?.map(({ when, resolved }) => ({ when, plan: planColumn(column, resolved) }));
  const isMasked = plans?.some(({ plan }) => plan.decision === "mask") ?? false;
  return {
    ...(plans !== undefined && { branches: plans, coversRest: coversRest === true }),
    column,
    // Where some rows are masked, each is looked at.
    decision: isMasked || (plans !== undefined && coversRest !== true) ? "mask" : decisionOf(rule),
    rule,
    domain: rule.domain ?? transform.defaultDomain(options),
    guarantees: transform.guarantees(options, column),
    inheritedFrom: isInherited ? { table: owner.table, column: owner.column } : null,
    ...(broughtBy !== null && !isInherited && { broughtBy }),
    ...(classedBy !== undefined && !isInherited && { classedBy }),
  };
}

function decisionOf({ transform, options }: Rule): ColumnPlan["decision"] {
  if (transform.openQuestion(options) !== null) return "review";
  return transform.technique === "none" ? "keep" : "mask";
}

function generated(column: Column): ColumnPlan {
  return { column, decision: "generated", rule: null, domain: "", guarantees: null, inheritedFrom: null };
}

/** CSV knows no types, and JSON few: where such rows go into a database, the columns there say what they hold, and the keys there must hold. */
function withTargetTypes({ table, ...policies }: SelectedTable, target: DataSchema): SelectedTable {
  const there = target.tables.find(({ ref }) => isSameTable(ref, table.ref));
  if (there === undefined) return { table, ...policies };
  const columns = table.columns.map((column) => {
    const other = there.columns.find(({ name }) => name === column.name);
    return other === undefined ? column : { ...other, isGenerated: column.isGenerated, isPadded: false };
  });
  const typed: Table = { ...table, columns, uniqueKeys: there.uniqueKeys, foreignKeys: there.foreignKeys };
  return { table: typed, ...policies };
}
