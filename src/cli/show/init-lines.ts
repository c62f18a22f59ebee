import type { Addition } from "../../discover/propose/extend-yaml.ts";
import type { PolicyLanguage } from "../../discover/propose/policy-language.ts";
import type { Proposal, ProposedColumn, ProposedTable } from "../../discover/propose/proposal.ts";
import { dataOfOptions } from "../../discover/propose/suggested-rule.ts";
import type { WrittenPlaces } from "../../discover/propose/write-policy.ts";
import { inertText } from "../../policy/parse/written-name.ts";
import { amount, counted } from "../../written-numbers.ts";
import { type Paint, paintFor } from "./paint.ts";

type Decision = ProposedColumn["decision"];

const of = (columns: readonly ProposedColumn[], decision: Decision) => columns.filter((column) => column.decision === decision);
const names = (columns: readonly ProposedColumn[]) => columns.map(({ column }) => inertText(column.name)).join(", ");

/** A policy that was written, and what the commands need to find it: nothing, or ` --policy <file>`. */
export interface WrittenPolicy {
  readonly file: string;
  readonly flag: string;
  readonly places: WrittenPlaces;
}

/** What was proposed, in short: for each table what is masked and what is up for review; then all that is left to do until there is a masked copy. */
export function proposalLines(
  { tables, notes }: Proposal,
  written: WrittenPolicy,
  output: NodeJS.WritableStream,
): readonly string[] {
  const paint = paintFor(output);
  const columns = tables.flatMap((table) => table.columns);
  const steps = nextSteps(tables, written);
  const width = Math.max(...steps.map(([step]) => step.length));
  return [
    `${paint("bold", written.file)}: ${counted(tables.length, "table")}, ${counted(columns.length, "column")}: ${sums(columns)}`,
    "",
    ...tablesShown(tables, paint),
    ...noteLines(notes, paint),
    "",
    "Next:",
    ...steps.map(([step, why]) => `  ${step.padEnd(width)}  ${paint("dim", why)}`),
  ];
}

type Step = readonly [step: string, why: string];

function nextSteps(tables: readonly ProposedTable[], { file, flag, places }: WrittenPolicy): readonly Step[] {
  const reviews = of(
    tables.flatMap((table) => table.columns),
    "review",
  ).length;
  const example = (tables.find(({ columns }) => of(columns, "mask").length > 0) ?? tables[0])?.name;
  return [
    [`read ${file}`, `every line is a guess${reviews > 0 ? `; ${counted(reviews, "review")} for you to decide` : ""}`],
    ...placeSteps(places),
    ...(process.env.STANDIN_KEY ? [] : [["set STANDIN_KEY", "to what npx standin keygen prints, once"] as const]),
    [`npx standin plan${flag}`, "what would become of every column"],
    ...(example === undefined
      ? []
      : [[`npx standin preview ${inertText(example)}${flag}`, "the first rows, before and after"] as const]),
    [`npx standin check --write${flag}`, "accept all that: standin.lock.json"],
    [`npx standin run${flag}`, "mask the source into the target"],
  ];
}

/** Variables that are still to be set, and where files go. */
function placeSteps({ source, target }: WrittenPlaces): readonly Step[] {
  const isUnset = ({ variable }: { variable: string }) => !process.env[variable];
  return [
    ...("variable" in source && isUnset(source) ? [[`set ${source.variable}`, "to the URL of the source"] as const] : []),
    ...("variable" in target && isUnset(target) ? [[`set ${target.variable}`, "to the URL of the target"] as const] : []),
    ...("path" in target ? [placeStep(target.path)] : []),
  ];
}

function placeStep(path: string): Step {
  if (path.endsWith(".sql")) return [`see to ${path}`, "the masked dump is written there (target)"];
  if (path.endsWith(".db")) return [`see to ${path}`, "the masked database is written there (target)"];
  return [`see to ${path.replace(/\/?\*[^/]*$/, "")}/`, "the masked files go there (target)"];
}

function sums(columns: readonly ProposedColumn[]): string {
  const parts: [Decision, string][] = [
    ["mask", "masked"],
    ["keep", "kept"],
    ["review", "to review"],
    ["inherit", "by foreign key"],
    ["generated", "computed"],
  ];
  return parts
    .map(([decision, what]) => [of(columns, decision).length, what] as const)
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${amount(count)} ${what}`)
    .join(", ");
}

function tablesShown(tables: readonly ProposedTable[], paint: Paint): readonly string[] {
  const width = Math.min(28, Math.max(0, ...tables.map(({ name }) => inertText(name).length)));
  return tables.map(({ name, columns }) => {
    const [masked, reviewed, kept] = [of(columns, "mask"), of(columns, "review"), of(columns, "keep")];
    const parts = [
      ...(masked.length > 0 ? [`${paint("green", "masks")} ${names(masked)}`] : []),
      ...(reviewed.length > 0 ? [`${paint("red", "review")} ${names(reviewed)}`] : []),
      ...(kept.length > 0 ? [paint("dim", `keeps ${amount(kept.length)}`)] : []),
    ];
    return `  ${inertText(name).padEnd(width)}  ${parts.join(paint("dim", " · "))}`.trimEnd();
  });
}

function noteLines(notes: readonly string[], paint: Paint): readonly string[] {
  return notes.length === 0 ? [] : ["", ...notes.map((note) => `${paint("yellow", "!")} ${inertText(note)}`)];
}

/** Pieces to paste into a policy that is not edited here, each with the place where it goes. */
export function patchLines(
  additions: readonly Addition[],
  language: PolicyLanguage,
  { tableLines, columnLines }: Pick<typeof import("../../discover/propose/write-policy.ts"), "tableLines" | "columnLines">,
): readonly string[] {
  return additions.flatMap(({ existing, table }) =>
    existing === null
      ? ["into tables:", ...tableLines(table, language).map((line) => `  ${line}`)]
      : [
          `into tables → ${inertText(existing)}:`,
          ...table.columns.flatMap((column) => columnLines(column, language)).map((line) => `  ${line}`),
        ],
  );
}

export interface Extension {
  readonly added: readonly Addition[];
  readonly left: readonly Addition[];
  readonly gone: readonly string[];
  readonly patch: readonly string[];
  readonly notes: readonly string[];
}

/** What a policy lacked: what was written into it, what is to be pasted, and what it names in vain. */
export function additionLines(extension: Extension, file: string, output: NodeJS.WritableStream): readonly string[] {
  const paint = paintFor(output);
  const { added, left, gone, patch, notes } = extension;
  if (added.length + left.length + gone.length === 0) return [`${file} decides about every column of the source.`];
  const tables = (additions: readonly Addition[]) => additions.map(({ table }) => table);
  const count = (additions: readonly Addition[]) => {
    const columns = tables(additions).flatMap((table) => table.columns);
    return `${counted(columns.length, "column")}: ${sums(columns)}`;
  };
  return [
    ...(added.length > 0 ? [`${paint("bold", file)}: added ${count(added)}`, "", ...tablesShown(tables(added), paint)] : []),
    ...(left.length > 0
      ? [`${paint("bold", file)} lacks ${count(left)}. It is yours to edit; paste`, "", ...patch.map((line) => `  ${line}`)]
      : []),
    ...noteLines([...gone, ...notes], paint),
  ];
}

/** A proposal for machines. */
export function describeProposal({ system, tables, notes }: Proposal) {
  return {
    source: system,
    tables: tables.map(({ name, columns }) => ({
      table: name,
      columns: columns.map(({ column, decision, kind, confidence, reason, rule, sharesWith }) => ({
        column: column.name,
        type: column.type,
        decision,
        kind,
        confidence,
        reason,
        transform: rule?.transform ?? null,
        options: rule === null ? null : dataOfOptions(rule.options),
        sharesWith,
      })),
    })),
    notes,
  };
}
