import { styleText } from "node:util";
import type { ColumnPlan, Plan } from "../plan/plan.ts";
import { loadPolicy } from "../policy/load-policy.ts";
import { planRefresh } from "../refresh.ts";
import { tableName } from "../table-ref.ts";
import { importModule } from "./import-module.ts";
import { amount } from "./numbers.ts";
import { findingLines } from "./print-error.ts";
import type { PolicyOptions } from "./run-command.ts";

/** `standin plan`. Exits 1 when `run` would refuse. */
export async function planCommand(options: PolicyOptions, signal: AbortSignal): Promise<void> {
  const { policy, file, isCode } = await loadPolicy(options.policy, process.cwd(), importModule);
  const plan = await planRefresh(policy, { signal });
  if (options.json) process.stdout.write(`${JSON.stringify(describePlan(plan))}\n`);
  else process.stdout.write(`${planLines(plan, isCode ? `${file} (code: it ran to make this plan)` : file).join("\n")}\n`);
  if (plan.findings.some(({ severity }) => severity === "error")) process.exitCode = 1;
}

/** A plan as plain data, without the functions that rules hold. */
function describePlan(plan: Plan): unknown {
  return {
    source: plan.source,
    target: plan.target,
    tables: plan.tables.map(({ table, columns }) => ({
      table: tableName(table.ref),
      rowEstimate: table.rowEstimate,
      columns: columns.map(({ column, decision, rule, domain, guarantees, inheritedFrom }) => ({
        column: column.name,
        type: column.type,
        decision,
        transform: rule?.transform.name ?? null,
        options: rule?.options ?? null,
        domain: decision === "mask" ? domain : null,
        uniqueness: guarantees?.uniqueness ?? null,
        inheritedFrom: inheritedFrom === null ? null : `${tableName(inheritedFrom.table)}.${inheritedFrom.column}`,
      })),
    })),
    unselected: plan.unselected.map(tableName),
    findings: plan.findings,
  };
}

function planLines(plan: Plan, file: string): readonly string[] {
  const lines = [styleText("dim", `${file}: ${plan.source} → ${plan.target}`)];
  const width = Math.max(6, ...plan.tables.flatMap(({ columns }) => columns.map(({ column }) => column.name.length)));
  const typeWidth = Math.max(4, ...plan.tables.flatMap(({ columns }) => columns.map(({ column }) => column.type.length)));
  for (const { table, columns } of plan.tables) {
    const rows = table.rowEstimate === null ? "" : styleText("dim", `  about ${amount(table.rowEstimate)} rows`);
    lines.push("", `${styleText("bold", tableName(table.ref))}${rows}`);
    for (const column of columns) {
      const { name, type } = column.column;
      lines.push(`  ${name.padEnd(width)}  ${styleText("dim", type.padEnd(typeWidth))}  ${decisionText(column)}`);
    }
  }
  if (plan.findings.length > 0) lines.push("", ...plan.findings.flatMap(findingLines));
  const masked = plan.tables.reduce((sum, { columns }) => sum + columns.filter(({ decision }) => decision === "mask").length, 0);
  const all = plan.tables.reduce((sum, { columns }) => sum + columns.length, 0);
  const errors = plan.findings.filter(({ severity }) => severity === "error").length;
  lines.push(
    "",
    `${plan.tables.length} tables, ${all} columns decided, ${masked} masked, ${errors} errors, ${plan.findings.length - errors} warnings`,
  );
  return lines;
}

function decisionText({ decision, rule, domain, inheritedFrom }: ColumnPlan): string {
  if (decision === "generated" || rule === null) return styleText("dim", "computed by the server");
  const from = inheritedFrom === null ? "" : styleText("dim", `  as ${tableName(inheritedFrom.table)}.${inheritedFrom.column}`);
  if (decision === "keep") {
    const { reason } = rule.options as { reason?: string };
    return styleText("yellow", "keep") + (reason === undefined ? "" : styleText("dim", `  ${reason}`)) + from;
  }
  const options = Object.entries(rule.options as object).filter(
    ([, value]) => value !== undefined && typeof value !== "function",
  );
  const shown = options.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ");
  const identity = rule.domain === null ? "" : styleText("dim", `  domain ${domain}`);
  return styleText("green", rule.transform.name) + (shown === "" ? "" : styleText("dim", ` ${shown}`)) + identity + from;
}
