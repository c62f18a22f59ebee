import type { DataSchema, Table } from "../../contracts.ts";
import { compilePlan } from "../../plan/compile-plan.ts";
import type { Plan } from "../../plan/plan.ts";
import { isNamed, tablePatterns } from "../../plan/table-patterns.ts";
import type { Policy } from "../../policy/define-policy.ts";
import { isSameTable, tableName } from "../../table-ref.ts";
import { CLASSES_BY_NAME } from "../classes-by-name.ts";
import type { Addition } from "./extend-yaml.ts";
import type { Proposal, ProposedColumn } from "./proposal.ts";
import { suggestionOf } from "./suggested-rule.ts";

/** What a policy that exists lacks for a source as it is now, and what it still names that is gone. */
export interface Gaps {
  readonly additions: readonly Addition[];
  /** Sentences of the plan about tables and columns that the source does not have. */
  readonly gone: readonly string[];
}

/** Takes out of a proposal what a policy has not decided yet. What it has decided stays: a column that shares its values takes the rule that is there. */
export function findGaps(policy: Policy, schema: DataSchema, proposal: Proposal): Gaps {
  const plan = compilePlan(policy, schema, { ...schema, tables: [] }, CLASSES_BY_NAME);
  const uncovered = new Set(
    plan.findings.filter(({ code }) => code === "COLUMN_UNCOVERED").map(({ table, column }) => `${table}.${column}`),
  );
  const additions = proposal.tables.flatMap((table): Addition[] => {
    if (isDecided(policy, table.table) && !isSelected(plan, table.table)) return [];
    const columns = table.columns
      .filter(({ column }) => !isSelected(plan, table.table) || uncovered.has(`${tableName(table.table.ref)}.${column.name}`))
      .map((column) => withRuleThatIsThere(column, plan));
    return columns.length === 0 ? [] : [{ existing: keyOf(policy, table.table), table: { ...table, columns } }];
  });
  const gone = plan.findings.filter(({ code }) => code === "TABLE_UNKNOWN" || code === "COLUMN_UNKNOWN");
  return { additions, gone: gone.map(({ message }) => message) };
}

/** The policy's own entry for the table, null where it has none: then a pattern may speak for it. */
function keyOf({ tables }: Policy, { ref }: Table): string | null {
  return Object.keys(tables).find((key) => isNamed(ref, key)) ?? null;
}

function isDecided(policy: Policy, table: Table): boolean {
  return keyOf(policy, table) !== null || tablePatterns(policy, []).some((pattern) => pattern.matches(table.ref));
}

function isSelected({ tables }: Plan, { ref }: Table): boolean {
  return tables.some(({ table }) => isSameTable(table.ref, ref));
}

function withRuleThatIsThere(column: ProposedColumn, plan: Plan): ProposedColumn {
  const { sharesWith } = column;
  if (sharesWith === null) return column;
  const there = plan.tables
    .flatMap(({ table, columns }) => columns.map((one) => ({ place: `${tableName(table.ref)}.${one.column.name}`, one })))
    .find(({ place }) => place === sharesWith)?.one;
  if (there === undefined) return column;
  const rule = there.decision === "mask" ? there.rule && suggestionOf(there.rule) : null;
  if (rule !== null) return { ...column, rule };
  const reason = `${column.reason}; ${sharesWith} is under ${there.rule?.transform.name ?? "no rule"}`;
  return { ...column, decision: "review", reason, rule: null };
}
