import { relative } from "node:path";
import { sayInJson } from "../../option-spec.ts";
import type { ColumnPlan, Plan, PlanBranch } from "../../plan/plan.ts";
import { decisionOf } from "../../plan/select-tables.ts";
import { inertText } from "../../policy/parse/written-name.ts";
import { flowText, holdsRules, writtenOption } from "../../policy/parse/written-rule.ts";
import type { LoadedPolicy } from "../../policy/read/load-policy.ts";
import { tableName } from "../../table-ref.ts";
import { amount, counted } from "../../written-numbers.ts";
import { everyColumn } from "./describe-plan.ts";
import { fittedText } from "./fitted-text.ts";
import { type Paint, paintFor } from "./paint.ts";
import { problemLines } from "./print-error.ts";
import { subsetLines } from "./subset-lines.ts";

/** Wider names and types are not padded for: one long enum would push all decisions off the screen. */
const WIDEST = 28;

const COLOURS = { keep: "yellow", mask: "green", review: "red" } as const;

/** A plan as a person reads it: every column of every table with its decision, then what is wrong, then a sum. */
export function planLines(
  plan: Plan,
  { policy, file, isCode, plugins, database }: LoadedPolicy & { readonly database?: string },
  output: NodeJS.WritableStream,
): readonly string[] {
  const paint = paintFor(output);
  const path = relative(process.cwd(), file);
  const name = database === undefined ? "" : `${paint("bold", database)} `;
  const lines = [name + paint("dim", `${path}: ${plan.source} → ${plan.target}${ranText(isCode, plugins)}`)];
  const columns = plan.tables.flatMap(everyColumn).map(inert);
  const width = widthOf(columns.map(({ name }) => name));
  const typeWidth = widthOf(columns.map(({ type }) => type));
  for (const table of plan.tables) {
    const { rowEstimate, ref } = table.table;
    const rows = rowEstimate === null ? "" : paint("dim", `  about ${counted(rowEstimate, "row")}`);
    lines.push("", `${paint("bold", inertText(tableName(ref)))}${rows}`);
    for (const { name, type, plan } of everyColumn(table).map(inert)) {
      const start = `  ${name.padEnd(width)}  ${paint("dim", type.padEnd(typeWidth))}  `;
      const room = roomIn(output) - 6 - Math.max(name.length, width) - Math.max(type.length, typeWidth);
      lines.push(start + decisionText(plan, paint, room));
    }
  }
  lines.push(...subsetLines(plan.subset?.selection ?? null, paint));
  const skipped = plan.unselected.filter(({ ref }) => decisionOf(policy, ref) === "skip").map(({ ref }) => tableName(ref));
  if (skipped.length > 0) lines.push("", paint("dim", `skipped: ${skipped.map(inertText).join(", ")}`));
  if (plan.findings.length > 0) lines.push("", ...problemLines(plan.findings, file, output));
  return [...lines, "", summary(plan)];
}

/** Names and types as they may be shown. */
function inert<Shown extends { readonly name: string; readonly type: string }>(column: Shown): Shown {
  return { ...column, name: inertText(column.name), type: inertText(column.type) };
}

function summary({ tables, findings }: Plan): string {
  const columns = tables.flatMap(everyColumn);
  const decided = (decision: ColumnPlan["decision"] | undefined) =>
    columns.filter(({ plan }) => plan?.decision === decision).length;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const parts = [
    `${counted(tables.length, "table")}, ${counted(columns.length, "column")}: ${amount(decided("mask"))} masked`,
    `${amount(decided("keep"))} kept`,
    ...(decided("review") > 0 ? [`${amount(decided("review"))} to review`] : []),
    ...(decided("generated") > 0 ? [`${amount(decided("generated"))} computed`] : []),
    ...(decided(undefined) > 0 ? [`${amount(decided(undefined))} without a rule`] : []),
    counted(errors, "error"),
    counted(findings.length - errors, "warning"),
  ];
  return parts.join(", ");
}

/** Whoever asks for a plan of somebody else's policy should know that its code ran. */
function ranText(isCode: boolean, plugins: readonly string[]): string {
  if (isCode) return " (a policy in code: it ran to make this plan)";
  return plugins.length === 0 ? "" : ` (its plug-ins are code, and ran to make this plan: ${plugins.join(", ")})`;
}

/** How wide a line may be; a file and a pipe hold any. */
function roomIn(output: NodeJS.WritableStream): number {
  const { columns = 0 } = output as NodeJS.WriteStream;
  return columns > 0 ? columns : Number.POSITIVE_INFINITY;
}

function decisionText(plan: ColumnPlan | undefined, paint: Paint, room = Number.POSITIVE_INFINITY): string {
  if (plan === undefined) return paint("red", "no rule");
  const { decision, rule, domain, inheritedFrom, broughtBy } = plan;
  if (decision === "generated" || rule === null) return paint("dim", "computed by the server");
  if (plan.branches !== undefined) return branchTexts(plan, plan.branches, paint);
  const identity = decision === "mask" && rule.domain !== null ? `  domain ${domain}` : "";
  const from = inheritedFrom === null ? "" : `  as ${tableName(inheritedFrom.table)}.${inheritedFrom.column}`;
  const by = broughtBy === undefined ? "" : `  by ${broughtBy}`;
  const rest = identity + from + by;
  // Why the other column is kept is said there.
  const isSaidThere = decision === "keep" && inheritedFrom !== null;
  const options = isSaidThere ? [] : optionTexts(rule.transform.options, rule.options, rule.transform.shorthand);
  const { name } = rule.transform;
  const shown = options.length === 0 ? "" : ` ${shortened(options.join(", "), room - name.length - 1 - rest.length)}`;
  return paint(COLOURS[decision], name) + paint("dim", inertText(shown + rest));
}

/** Too narrow a terminal wraps a line: better than to hide all that it says. */
const LEAST_SHOWN = 12;

function shortened(text: string, room: number): string {
  return text.length <= room ? text : fittedText(text, Math.max(LEAST_SHOWN, room)).trimEnd();
}

/** A rule for each kind of rows, and what becomes of the rest. */
function branchTexts({ branches: _, ...rest }: ColumnPlan, branches: readonly PlanBranch[], paint: Paint): string {
  const texts = branches.map(({ when, plan }) => {
    const conditions = Object.entries(when).map(([column, text]) => `${column} is ${text}`);
    return `${decisionText(plan, paint)} ${paint("dim", `where ${inertText(conditions.join(" and "))}`)}`;
  });
  const others = rest.coversRest ? `else ${decisionText(rest, paint)}` : paint("dim", "else the run stops");
  return [...texts, others].join("; ");
}

/** What the user wrote: options that stand at their default say nothing. */
export function optionTexts(
  specs: Readonly<Record<string, { readonly default: unknown }>>,
  options: Readonly<Record<string, unknown>>,
  shorthand: string | null,
): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === specs[name]?.default) return [];
    if (typeof value === "function") return ["(a function)"];
    if (!holdsRules(value)) {
      const isPlain = typeof value !== "object";
      return [name === shorthand && isPlain ? String(value) : `${name}: ${JSON.stringify(value, sayInJson)}`];
    }
    const written = flowText(writtenOption(value));
    return [name === shorthand ? written : `${name}: ${written}`];
  });
}

function widthOf(texts: readonly string[]): number {
  return Math.min(WIDEST, Math.max(0, ...texts.map((text) => text.length)));
}
