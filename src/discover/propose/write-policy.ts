import { inertText, quotedText } from "../../policy/parse/written-name.ts";
import { personaNote } from "./persona-note.ts";
import type { PolicyLanguage } from "./policy-language.ts";
import { type Proposal, type ProposedColumn, type ProposedTable, writtenColumns } from "./proposal.ts";
import { everySuggested, type SuggestedRule, suggested } from "./suggested-rule.ts";

/** Where a policy's rows come from and go to: a path as it is, or the environment variable that holds a URL, which may hold a password. */
export type WrittenPlace = { readonly path: string } | { readonly variable: string };

export interface WrittenPlaces {
  readonly source: WrittenPlace;
  readonly target: WrittenPlace;
}

const INDENT = "  ";

/** Lets an editor complete a policy in YAML and check it, where standin is installed beside it. */
const EDITOR_LINE = "# yaml-language-server: $schema=./node_modules/standin/schema/standin.policy.schema.json";

/** Writes a whole policy, every decision with how sure it is and why. */
export function writePolicy(proposal: Proposal, places: WrittenPlaces, language: PolicyLanguage): string {
  const isCode = language.name === "typescript";
  const head = [
    "Proposed by `standin init`: a guess for every column, with how sure it is (0 to 1) and why. Read each line, correct",
    "what is wrong, and decide about each `review`: until then `standin run` refuses. Columns that are only named in a",
    "comment need no rule.",
    ...proposal.notes,
  ].map((line) => `${language.comment} ${oneLine(line)}`);
  const outer = isCode ? INDENT : "";
  const body = [
    `${outer}source: ${placeText(places.source, language)}${language.separator}`,
    `${outer}target: ${placeText(places.target, language)}${language.separator}`,
    `${outer}tables:${language.open}`,
    ...proposal.tables.flatMap((table) => tableLines(table, language).map((line) => `${outer}${INDENT}${line}`)),
    ...(isCode ? [`${outer}},`] : []),
  ];
  if (!isCode) return `${[EDITOR_LINE, ...head, ...body].join("\n")}\n`;
  const imported = importLine(proposal.tables.flatMap(writtenColumns));
  return `${[imported, "", ...head, "export default definePolicy({", ...body, "});"].join("\n")}\n`;
}

function importLine(columns: readonly ProposedColumn[]): string {
  const names = new Set(columns.flatMap((column) => everySuggested(ruleOf(column)).map(({ transform }) => transform)));
  return `import { ${["definePolicy", ...names].sort().join(", ")} } from "standin";`;
}

function placeText(place: WrittenPlace, { name }: PolicyLanguage): string {
  // A path is taken as it is; in data, `${` would begin a variable.
  if ("path" in place) return quotedText(name === "typescript" ? place.path : place.path.replaceAll("${", () => "$${"));
  return name === "typescript" ? `process.env.${place.variable}` : `\${${place.variable}}`;
}

/** One table's lines, from its name to its end. */
export function tableLines(table: ProposedTable, language: PolicyLanguage): readonly string[] {
  const { property, open, close, comment } = language;
  const note = comment === null ? null : personaNote(table, language);
  const columns = [
    ...(note === null ? [] : [`${comment} ${oneLine(note)}`]),
    ...table.columns.flatMap((column) => columnLines(column, language)),
  ].map((line) => `${INDENT}${line}`);
  // A table whose every column follows another has nothing to say, and YAML would read that as no table.
  if (writtenColumns(table).length === 0 && close === null) return [`${property(table.name)}: {}`, ...columns];
  return [`${property(table.name)}:${open}`, ...columns, ...(close === null ? [] : [close])];
}

/** A column's rule with its comment; a comment alone where the column needs no rule. */
export function columnLines(column: ProposedColumn, language: PolicyLanguage, mark = ""): readonly string[] {
  const { comment } = language;
  const { decision, reason } = column;
  const name = column.column.name;
  if (comment === null) return ["inherit", "generated"].includes(decision) ? [] : language.lines(name, ruleOf(column), "");
  if (decision === "generated") return [`${comment} ${oneLine(name)}: ${oneLine(reason)}`];
  if (decision === "inherit") return [`${comment} ${oneLine(name)}: ${oneLine(reason)}, whose rule it takes`];
  return language.lines(name, ruleOf(column), `${mark}${oneLine(remark(column, language))}`);
}

/** What stands in the policy for a decision. */
export function ruleOf({ decision, rule, reason }: ProposedColumn): SuggestedRule {
  return decision === "mask" && rule !== null
    ? rule
    : suggested(decision === "keep" ? "keep" : "review", { reason: oneLine(reason) });
}

function remark({ decision, confidence, kind, reason, rule }: ProposedColumn, language: PolicyLanguage): string {
  const sure = confidence.toFixed(2);
  if (decision === "keep") return sure;
  if (decision === "mask") return `${sure} ${kind ?? "personal"}: ${reason}`;
  const ifSo = rule === null ? "" : `; if so: ${language.rule(rule)}`;
  return `${sure} ${kind ?? "unknown"}${ifSo}`;
}

/** A comment ends with its line, and names may hold anything. */
function oneLine(text: string): string {
  return inertText(text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim());
}
