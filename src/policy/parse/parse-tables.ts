import type { Rule } from "../../contracts.ts";
import type { Place } from "../../errors.ts";
import { isRule } from "../../inner-rules.ts";
import { DATA_CLASSES } from "../class-names.ts";
import { LEAVE, SKIP } from "../define-policy.ts";
import { isPattern, parsePattern } from "../pattern.ts";
import { fieldsOf } from "../read/read-fields.ts";
import { BrokenRule } from "./broken-rule.ts";
import { isKeyOfPolicy } from "./draft-keys.ts";
import { nearestHint, parseRule, type Report } from "./parse-rule.ts";
import type { DraftTable, Placed } from "./policy-draft.ts";
import { isRecord, type PolicyNode } from "./policy-node.ts";
import { BUILT_IN, type TransformLookup } from "./transform-lookup.ts";

/** Reads `tables`: whole tables that are skipped or left, and a rule per column of the others. */
export function parseTables(
  node: PolicyNode | undefined,
  report: Report,
  known: TransformLookup,
): ReadonlyMap<string, DraftTable> {
  const tables = new Map<string, DraftTable>();
  for (const { name, place, node: table } of fieldsOf(node, "`tables` holds a decision per column, by table.", report)) {
    checkPattern(name, place, report);
    const columns = table.fields();
    if (isRuleOfColumn(table, known)) {
      const hint = `A column stands one step further in, under its table, and its rule beside it.`;
      report(`${name} has a rule where its columns should be, as if it were one.`, { ...place, table: name }, hint);
    } else if (table.value === SKIP || table.value === LEAVE) tables.set(name, { value: table.value, place, columns: new Map() });
    else if (columns !== null) tables.set(name, { value: "rules", place, columns: parseTable(name, table, report, known) });
    else {
      const hint = isKeyOfPolicy(name)
        ? `Write ${name} at the top of the policy.`
        : table.items() !== null
          ? "Write `column: rule`, without dashes."
          : "What belongs to a table stands further in than its name.";
      report(`${name} must hold a rule per column, "skip" or "leave".`, { ...place, table: name }, hint);
    }
  }
  return tables;
}

function parseTable(table: string, node: PolicyNode, report: Report, known: TransformLookup): ReadonlyMap<string, Placed<Rule>> {
  const rules = new Map<string, Placed<Rule>>();
  for (const { name, place, node: value } of node.fields() ?? []) {
    const here: Report = (message, at, hint, code) => report(message, { ...at, table, column: name }, hint, code);
    checkPattern(name, place, here);
    if (isTableInTable(value, known)) {
      const what = name === "columns" ? "columns stand directly under their table" : "a table stands in a table";
      const hint = isKeyOfPolicy(name)
        ? `Take \`${name}\` out and its content one step up.`
        : `Write "${table}.${name}" under \`tables\`, where ${table} is a schema; otherwise take ${name} one step out.`;
      here(`${table}.${name}: ${what}.`, place, hint);
      continue;
    }
    const rule = parseRule(value, `${table}.${name}`, here, known);
    if (rule !== null) rules.set(name, { value: rule, place });
  }
  return rules;
}

/** Reads `columns`: rules by patterns of `table.column`. */
export function parseColumns(
  node: PolicyNode | undefined,
  report: Report,
  known: TransformLookup,
): ReadonlyMap<string, Placed<Rule>> {
  return parseRules(node, "columns", report, known, (name, place) => checkColumnPattern(name, place, report));
}

/** Reads `when`: rules by classes of data. */
export function parseWhen(
  node: PolicyNode | undefined,
  report: Report,
  known: TransformLookup,
): ReadonlyMap<string, Placed<Rule>> {
  return parseRules(node, "when", report, known, (name, place) => checkClass(name, place, report));
}

function parseRules(
  node: PolicyNode | undefined,
  section: "columns" | "when",
  report: Report,
  known: TransformLookup,
  checkName: (name: string, place: Place) => void,
): ReadonlyMap<string, Placed<Rule>> {
  const rules = new Map<string, Placed<Rule>>();
  const what = section === "columns" ? "a rule per pattern of columns" : "a rule per class of data";
  for (const { name, place, node: value } of fieldsOf(node, `\`${section}\` holds ${what}.`, report)) {
    checkName(name, place);
    const rule = parseRule(value, `${section} → ${name}`, report, known);
    if (rule !== null) rules.set(name, { value: rule, place });
  }
  return rules;
}

function checkColumnPattern(name: string, place: Place, report: Report): void {
  checkPattern(name, place, report);
  if (isPattern(name)) return;
  const hint = /[%?]/.test(name)
    ? "A pattern has * for any run of characters, or is a regular expression between slashes."
    : name.includes(".")
      ? `Write it under tables → ${name.slice(0, name.lastIndexOf("."))}.`
      : `Write "*.${name}" for the column ${name} of every table.`;
  report(`columns holds patterns of table.column, and "${name}" is none.`, place, hint);
}

function checkClass(name: string, place: Place, report: Report): void {
  if ((DATA_CLASSES as readonly string[]).includes(name)) return;
  report(`There is no class of data "${name}".`, place, nearestHint(name, DATA_CLASSES));
}

function checkPattern(name: string, place: Place, report: Report): void {
  if (!isPattern(name) || parsePattern(name) !== null) return;
  report(
    `${name} is no regular expression.`,
    place,
    "Look for an open bracket, and behind the last slash for anything but i; or write a pattern with *.",
  );
}

/** `email: { fake: internet.email }` directly under `tables`: the rule of a column, one step too far out. */
function isRuleOfColumn(node: PolicyNode, known: TransformLookup): boolean {
  const isTransform = (name: string) => known.find(name) !== undefined;
  if (isRule(node.value) || (typeof node.value === "string" && isTransform(node.value))) return true;
  const fields = node.fields() ?? [];
  const isLikeRule = ({ value }: PolicyNode) =>
    isRule(value) ||
    value instanceof BrokenRule ||
    (typeof value === "string" && isTransform(value)) ||
    (isRecord(value) && Object.keys(value).some(isTransform));
  return fields.some(({ name }) => isTransform(name)) && fields.every(({ node: one }) => !isLikeRule(one));
}

/** Columns with rules where a rule should be. */
function isTableInTable(node: PolicyNode, known: TransformLookup): boolean {
  return looksLikeTable(node, known) && !(node.fields() ?? []).some(({ name }) => known.find(name) !== undefined);
}

/** Whether what stands there would be right under `tables`. */
export function looksLikeTable(node: PolicyNode, known: TransformLookup = BUILT_IN): boolean {
  const isTransform = (name: string) => known.find(name) !== undefined;
  if (isRule(node.value) || node.value instanceof BrokenRule) return false;
  return (node.fields() ?? []).some(({ node: { value } }) => {
    if (typeof value === "string") return isTransform(value);
    return isRule(value) || (isRecord(value) && Object.keys(value).some(isTransform));
  });
}
