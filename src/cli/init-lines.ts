import type { Addition } from "../discover/extend-yaml.ts";
import type { PolicyLanguage } from "../discover/policy-language.ts";
import type { Proposal, ProposedColumn, ProposedTable } from "../discover/proposal.ts";
import type { WrittenPlaces } from "../discover/write-policy.ts";
import { amount, counted } from "./numbers.ts";
import { type Paint, paintFor } from "./paint.ts";

type Decision = ProposedColumn["decision"];

const of = (columns: readonly ProposedColumn[], decision: Decision) => columns.filter((column) => column.decision === decision);
const names = (columns: readonly ProposedColumn[]) => columns.map(({ column }) => column.name).join(", ");

/** What was proposed, in short: for each table what is masked and what is up for review. */
export function proposalLines(
  { tables, notes }: Proposal,
  file: string,
  places: WrittenPlaces,
  output: NodeJS.WritableStream,
): readonly string[] {
  const paint = paintFor(output);
  const columns = tables.flatMap((table) => table.columns);
  const reviews = of(columns, "review").length;
  return [
    `${paint("bold", file)}: ${counted(tables.length, "table")}, ${counted(columns.length, "column")}: ${sums(columns)}`,
    "",
    ...tablesShown(tables, paint),
    ...noteLines(notes, paint),
    "",
    "Next:",
    `  read ${file}: every line is a guess${reviews > 0 ? `, and ${counted(reviews, "review")} for you to decide` : ""}`,
    ...variableLines(places),
    "  npx standin plan          what would become of every column",
  ];
}

function variableLines({ source, target }: WrittenPlaces): readonly string[] {
  const variables = [source, target].flatMap((place) => ("variable" in place ? [place.variable] : []));
  if (variables.length > 0) return [`  set ${variables.join(" and ")}: the policy reads its URLs from them`];
  return "path" in target ? [`  see that ${target.path} is where the masked files may go`] : [];
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
  const width = Math.min(28, Math.max(0, ...tables.map(({ name }) => name.length)));
  return tables.map(({ name, columns }) => {
    const [masked, reviewed, kept] = [of(columns, "mask"), of(columns, "review"), of(columns, "keep")];
    const parts = [
      ...(masked.length > 0 ? [`${paint("green", "masks")} ${names(masked)}`] : []),
      ...(reviewed.length > 0 ? [`${paint("red", "review")} ${names(reviewed)}`] : []),
      ...(kept.length > 0 ? [paint("dim", `keeps ${amount(kept.length)}`)] : []),
    ];
    return `  ${name.padEnd(width)}  ${parts.join(paint("dim", " · "))}`.trimEnd();
  });
}

function noteLines(notes: readonly string[], paint: Paint): readonly string[] {
  return notes.length === 0 ? [] : ["", ...notes.map((note) => `${paint("yellow", "!")} ${note}`)];
}

/** Pieces to paste into a policy that is not edited here, each with the place where it goes. */
export function patchLines(
  additions: readonly Addition[],
  language: PolicyLanguage,
  { tableLines, columnLines }: Pick<typeof import("../discover/write-policy.ts"), "tableLines" | "columnLines">,
): readonly string[] {
  return additions.flatMap(({ existing, table }) =>
    existing === null
      ? ["into tables:", ...tableLines(table, language).map((line) => `  ${line}`)]
      : [
          `into tables → ${existing}:`,
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
        options: rule?.options ?? null,
        sharesWith,
      })),
    })),
    notes,
  };
}
