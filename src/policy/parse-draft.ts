import type { Rule, Sink, Source } from "../contracts.ts";
import type { Finding, Place } from "../errors.ts";
import { transformByName } from "../transforms/registry.ts";
import { DATA_CLASSES } from "./class-names.ts";
import { LEAVE, SKIP } from "./define-policy.ts";
import { parseReferences } from "./parse-references.ts";
import { isRule, nearestHint, parseRule, type Report } from "./parse-rule.ts";
import { isPattern, parsePattern } from "./pattern.ts";
import { type DraftTable, EMPTY_DRAFT, type Placed, type PolicyDraft } from "./policy-draft.ts";
import { isRecord, type PolicyNode } from "./policy-node.ts";
import { PRESETS } from "./presets.ts";

/** What may stand in a policy, in one of its environments, in a file that it includes. */
export const DRAFT_KEYS = {
  policy: [
    "$schema",
    "include",
    "source",
    "target",
    "keyVariable",
    "presets",
    "tables",
    "references",
    "columns",
    "when",
    "environments",
  ],
  environment: ["source", "target", "keyVariable", "presets", "tables", "references", "columns", "when"],
  include: ["$schema", "include", "presets", "tables", "references", "columns", "when"],
} as const;

export type DraftKind = keyof typeof DRAFT_KEYS;

const WHAT = { policy: "A policy", environment: "An environment", include: "An included file" } as const;

export interface ParsedDraft {
  readonly draft: PolicyDraft;
  readonly includes: readonly Placed<string>[];
}

/** Reads a policy, one environment, or an included file. Every mistake is pushed to `findings`, and reading goes on behind it. */
export function parseDraft(node: PolicyNode, kind: DraftKind, findings: Finding[]): ParsedDraft {
  const report: Report = (message, place, hint, code = "POLICY_INVALID") =>
    findings.push({ code, severity: "error", message, ...place, ...(hint === undefined ? {} : { hint }) });
  const fields = node.fields();
  // YAML says null for an environment without anything of its own.
  if (fields === null && kind === "environment" && (node.value === null || node.value === undefined))
    return { draft: EMPTY_DRAFT, includes: [] };
  if (fields === null) {
    report(`${WHAT[kind]} is an object${kind === "environment" ? "" : " with `tables`"}.`, node.place);
    return { draft: EMPTY_DRAFT, includes: [] };
  }
  const keys: readonly string[] = DRAFT_KEYS[kind];
  const known = new Map(fields.filter(({ name }) => keys.includes(name)).map((field) => [field.name, field.node]));
  for (const field of fields) {
    if (keys.includes(field.name)) continue;
    const hint = looksLikeTable(field.node)
      ? "Write it under `tables`."
      : isKeyOfPolicy(field.name)
        ? "Write it in the policy itself."
        : nearestHint(field.name, keys);
    report(`${WHAT[kind]} has no "${field.name}".`, field.place, hint);
  }
  if (kind === "policy" && !isGiven(known.get("tables")) && !isGiven(known.get("include")))
    report("A policy needs `tables`: a decision per column, by table.", known.get("tables")?.place ?? node.place);
  const warnings: Finding[] = [];
  const draft: PolicyDraft = {
    source: parseLocation<Source>(known.get("source"), "source", report, warnings),
    target: parseLocation<Sink>(known.get("target"), "target", report, warnings),
    keyVariable: parseKeyVariable(known.get("keyVariable"), report),
    tables: parseTables(known.get("tables"), report),
    references: parseReferences(known.get("references"), report),
    columns: parseRules(known.get("columns"), "columns", report, (name, place) => checkColumnPattern(name, place, report)),
    when: parseRules(known.get("when"), "when", report, (name, place) => checkClass(name, place, report)),
    presets: parsePresets(known.get("presets"), report),
    environments: parseEnvironments(known.get("environments"), findings, report),
    warnings,
  };
  return { draft, includes: textsOf(known.get("include"), "include", "a path", report) };
}

function parseTables(node: PolicyNode | undefined, report: Report): ReadonlyMap<string, DraftTable> {
  const tables = new Map<string, DraftTable>();
  for (const { name, place, node: table } of fieldsOf(node, "`tables` holds a decision per column, by table.", report)) {
    checkPattern(name, place, report);
    const columns = table.fields();
    if (table.value === SKIP || table.value === LEAVE) tables.set(name, { value: table.value, place, columns: new Map() });
    else if (columns !== null) tables.set(name, { value: "rules", place, columns: parseTable(name, table, report) });
    else {
      const hint = isKeyOfPolicy(name) ? `Write ${name} at the top of the policy.` : undefined;
      report(`${name} must hold a rule per column, "skip" or "leave".`, { ...place, table: name }, hint);
    }
  }
  return tables;
}

function parseTable(table: string, node: PolicyNode, report: Report): ReadonlyMap<string, Placed<Rule>> {
  const rules = new Map<string, Placed<Rule>>();
  for (const { name, place, node: value } of node.fields() ?? []) {
    const here: Report = (message, at, hint, code) => report(message, { ...at, table, column: name }, hint, code);
    checkPattern(name, place, here);
    if (name === "columns" && looksLikeTable(value)) {
      here(
        `${table}.columns: columns stand directly under their table.`,
        place,
        "Take `columns` out and its content one step up.",
      );
      continue;
    }
    const rule = parseRule(value, `${table}.${name}`, here);
    if (rule !== null) rules.set(name, { value: rule, place });
  }
  return rules;
}

/** Rules by a name that is no column's: a pattern, a class. */
function parseRules(
  node: PolicyNode | undefined,
  section: "columns" | "when",
  report: Report,
  checkName: (name: string, place: Place) => void,
): ReadonlyMap<string, Placed<Rule>> {
  const rules = new Map<string, Placed<Rule>>();
  const what = section === "columns" ? "a rule per pattern of columns" : "a rule per class of data";
  for (const { name, place, node: value } of fieldsOf(node, `\`${section}\` holds ${what}.`, report)) {
    checkName(name, place);
    const rule = parseRule(value, `${section} → ${name}`, report);
    if (rule !== null) rules.set(name, { value: rule, place });
  }
  return rules;
}

function checkColumnPattern(name: string, place: Place, report: Report): void {
  checkPattern(name, place, report);
  if (isPattern(name)) return;
  const hint = name.includes(".")
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
  report(`${name} is no regular expression.`, place, "Look for an open bracket, or write a pattern with *.");
}

function parsePresets(node: PolicyNode | undefined, report: Report): ReadonlyMap<string, Placed<string>> {
  const names = Object.keys(PRESETS);
  const found = textsOf(node, "presets", "a preset's name", report).filter(({ value, place }) => {
    if (names.includes(value)) return true;
    report(`There is no preset "${value}".`, place, nearestHint(value, names));
    return false;
  });
  return new Map(found.map((preset) => [preset.value, preset]));
}

function parseEnvironments(node: PolicyNode | undefined, findings: Finding[], report: Report): ReadonlyMap<string, PolicyDraft> {
  const fields = fieldsOf(node, "`environments` holds what is different in each, by name.", report);
  return new Map(fields.map(({ name, node }) => [name, parseDraft(node, "environment", findings).draft]));
}

function parseLocation<End extends object>(
  node: PolicyNode | undefined,
  role: "source" | "target",
  report: Report,
  warnings: Finding[],
): Placed<string | End> | undefined {
  if (!isGiven(node)) return undefined;
  const { value, place } = node;
  const isEnd = isRecord(value) && typeof value.open === "function" && typeof value.close === "function";
  if (typeof value !== "string" && !isEnd) {
    report(`The policy's ${role} must be a URL or a path, or what a connector made.`, place);
    return undefined;
  }
  // Code takes its URLs from elsewhere; a file is in a repository.
  if (typeof value === "string" && place.file !== undefined && holdsPassword(value)) {
    const message = `The policy's ${role} holds a password, and whoever reads the file has it.`;
    const hint = `Take the URL from the environment: ${role}: $\{${role === "source" ? "PROD_URL" : "STAGING_URL"}}.`;
    warnings.push({ code: "SECRET_IN_POLICY", severity: "warning", message, hint, ...place });
  }
  return { value: value as string | End, place };
}

function holdsPassword(location: string): boolean {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:(.*)@/i.exec(location)?.[1];
  const inQuery = /[?&]password=([^&]+)/i.exec(location)?.[1];
  return [password, inQuery].some((text) => text !== undefined && text.replace(/\$\{[^}]*\}/g, "") !== "");
}

function parseKeyVariable(node: PolicyNode | undefined, report: Report): Placed<string> | undefined {
  if (!isGiven(node)) return undefined;
  const { value, place } = node;
  if (typeof value === "string" && /^[A-Za-z_]\w{0,63}$/.test(value) && !value.startsWith("standin_key_"))
    return { value, place };
  const hint = "Write the variable's name: keyVariable: STANDIN_KEY_TEST. The key itself never stands in a policy.";
  report("keyVariable must be the name of an environment variable.", place, hint);
  return undefined;
}

function textsOf(node: PolicyNode | undefined, section: string, what: string, report: Report): readonly Placed<string>[] {
  if (!isGiven(node)) return [];
  return (node.items() ?? [node]).flatMap(({ value, place }) => {
    if (typeof value === "string" && value !== "") return [{ value, place }];
    report(`\`${section}\` holds ${what}, or a list of them.`, place);
    return [];
  });
}

function fieldsOf(node: PolicyNode | undefined, otherwise: string, report: Report) {
  if (!isGiven(node)) return [];
  const fields = node.fields();
  if (fields === null) report(otherwise, node.place);
  return fields ?? [];
}

/** YAML says null for a key without a value. */
function isGiven(node: PolicyNode | undefined): node is PolicyNode {
  return node !== undefined && node.value !== undefined && node.value !== null;
}

function isKeyOfPolicy(name: string): boolean {
  return (DRAFT_KEYS.policy as readonly string[]).includes(name);
}

/** Whether what stands there would be right under `tables`. */
function looksLikeTable(node: PolicyNode): boolean {
  const isTransform = (name: string) => transformByName(name) !== undefined;
  return (node.fields() ?? []).some(({ node: { value } }) => {
    if (typeof value === "string") return isTransform(value);
    return isRule(value) || (isRecord(value) && Object.keys(value).some(isTransform));
  });
}
