import type { ColumnPlan, Plan, TablePlan } from "../../plan/plan.ts";
import { isUntyped } from "../../system-traits.ts";
import { tableName } from "../../table-ref.ts";

/** A plan as plain data, without the functions that rules hold. */
export function describePlan(plan: Plan) {
  return {
    source: plan.source,
    target: plan.target,
    tables: plan.tables.map((table) => ({
      table: tableName(table.table.ref),
      rowEstimate: table.table.rowEstimate,
      columns: everyColumn(table).map(({ name, type, plan }) => ({ column: name, type, ...describeColumn(plan) })),
    })),
    ...(plan.subset !== undefined && { subset: plan.subset.selection }),
    unselected: plan.unselected.map(({ ref }) => tableName(ref)),
    findings: plan.findings,
  };
}

/** A table's columns as the source has them, each with its plan, or without one where the policy has no rule for it. */
export function everyColumn({ table, columns }: TablePlan) {
  return table.columns.map(({ name, type, kind }) => ({
    name,
    // Of CSV and JSON Lines only the kind says anything.
    type: isUntyped({ type }) ? kind : type,
    plan: columns.find(({ column }) => column.name === name),
  }));
}

function describeColumn(plan: ColumnPlan | undefined): object {
  if (plan === undefined) return { decision: "none" };
  const { decision, rule, domain, guarantees, inheritedFrom, broughtBy = null } = plan;
  return {
    decision,
    transform: rule?.transform.name ?? null,
    options: rule?.options ?? null,
    domain: decision === "mask" ? domain : null,
    uniqueness: guarantees?.uniqueness ?? null,
    inheritedFrom: inheritedFrom === null ? null : `${tableName(inheritedFrom.table)}.${inheritedFrom.column}`,
    broughtBy,
    ...(plan.branches !== undefined && {
      branches: plan.branches.map((branch) => ({ when: branch.when, ...describeColumn(branch.plan) })),
      coversRest: plan.coversRest ?? false,
    }),
  };
}
