import type { Sink, Source } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { PRESETS } from "../presets.ts";
import { fieldsOf, isGiven, textsOf } from "../read/read-fields.ts";
import { BrokenRule } from "./broken-rule.ts";
import { DRAFT_KEYS, type DraftKind, isKeyOfPolicy } from "./draft-keys.ts";
import { parseClasses } from "./parse-classes.ts";
import { checkDatabases, parseDatabases } from "./parse-databases.ts";
import { parseIncremental } from "./parse-incremental.ts";
import { parseKeyVariable, parseLocation } from "./parse-location.ts";
import { parseReferences } from "./parse-references.ts";
import { parseReveal } from "./parse-reveal.ts";
import { nearestHint, type Report } from "./parse-rule.ts";
import { parseSourceLimits } from "./parse-source-limits.ts";
import { parseSubset } from "./parse-subset.ts";
import { looksLikeTable, parseColumns, parseTables, parseWhen } from "./parse-tables.ts";
import { parseVerify } from "./parse-verify.ts";
import { EMPTY_DRAFT, type Placed, type PolicyDraft } from "./policy-draft.ts";
import type { PolicyNode } from "./policy-node.ts";
import { BUILT_IN, type TransformLookup } from "./transform-lookup.ts";

const WHAT = {
  policy: "A policy",
  environment: "An environment",
  database: "A database",
  include: "An included file",
} as const;

export interface ParsedDraft {
  readonly draft: PolicyDraft;
  readonly includes: readonly Placed<string>[];
  readonly plugins: readonly Placed<string>[];
}

/** The modules with transforms that a policy names: they are loaded before the rest of it is read. */
export function pluginsOf(node: PolicyNode, findings: Finding[] = []): readonly Placed<string>[] {
  const value = node.value instanceof BrokenRule ? node.withValue(node.value.input) : node;
  const found = value.fields()?.find(({ name }) => name === "plugins")?.node;
  return textsOf(found, "plugins", "a module's name", (message, place) =>
    findings.push({ code: "POLICY_INVALID", severity: "error", message, ...place }),
  );
}

/** Reads a policy, one environment, or an included file. Every mistake is pushed to `findings`, and reading goes on behind it. */
export function parseDraft(
  node: PolicyNode,
  kind: DraftKind,
  findings: Finding[],
  transforms: TransformLookup = BUILT_IN,
): ParsedDraft {
  const report: Report = (message, place, hint, code = "POLICY_INVALID") =>
    findings.push({ code, severity: "error", message, ...place, ...(hint === undefined ? {} : { hint }) });
  if (node.value instanceof BrokenRule) {
    const { called, input } = node.value;
    report(
      `A policy is made by definePolicy, and not by ${typeof called === "string" ? called : called.name}.`,
      node.place,
      "Write: export default definePolicy({ … }).",
    );
    return parseDraft(node.withValue(input), kind, findings, transforms);
  }
  const fields = node.fields();
  // YAML says null for an environment without anything of its own.
  const mayBeEmpty = kind === "environment" || kind === "database";
  if (fields === null && mayBeEmpty && (node.value === null || node.value === undefined))
    return { draft: EMPTY_DRAFT, includes: [], plugins: [] };
  if (fields === null) {
    report(`${WHAT[kind]} is an object${mayBeEmpty ? "" : " with `tables`"}.`, node.place);
    return { draft: EMPTY_DRAFT, includes: [], plugins: [] };
  }
  const keys: readonly string[] = DRAFT_KEYS[kind];
  const known = new Map(fields.filter(({ name }) => keys.includes(name)).map((field) => [field.name, field.node]));
  for (const field of fields) {
    if (keys.includes(field.name)) continue;
    const hint = looksLikeTable(field.node, transforms)
      ? "Write it under `tables`."
      : isKeyOfPolicy(field.name)
        ? "Write it in the policy itself."
        : nearestHint(field.name, keys);
    report(`${WHAT[kind]} has no "${field.name}".`, field.place, hint);
  }
  const isWithoutTables = ["tables", "include", "databases"].every((name) => !isGiven(known.get(name)));
  if (kind === "policy" && isWithoutTables)
    report("A policy needs `tables`: a decision per column, by table.", known.get("tables")?.place ?? node.place);
  const draft: PolicyDraft = {
    source: parseLocation<Source>(known.get("source"), "source", report),
    target: parseLocation<Sink>(known.get("target"), "target", report),
    keyVariable: parseKeyVariable(known.get("keyVariable"), report),
    sourceLimits: parseSourceLimits(known.get("sourceLimits"), report),
    tables: parseTables(known.get("tables"), report, transforms),
    references: parseReferences(known.get("references"), report),
    subset: parseSubset(known.get("subset"), report),
    columns: parseColumns(known.get("columns"), report, transforms),
    when: parseWhen(known.get("when"), report, transforms),
    classes: parseClasses(known.get("classes"), report),
    presets: parsePresets(known.get("presets"), report),
    incremental: parseIncremental(known.get("incremental"), report),
    reveal: parseReveal(known.get("reveal"), report),
    verify: parseVerify(known.get("verify"), report),
    environments: parseEnvironments(known.get("environments"), findings, report, transforms),
    databases: parseDatabases(known.get("databases"), report, (own) => parseDraft(own, "database", findings, transforms).draft),
  };
  if (kind === "policy") checkDatabases(draft, known, report);
  return { draft, includes: textsOf(known.get("include"), "include", "a path", report), plugins: pluginsOf(node, findings) };
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

function parseEnvironments(
  node: PolicyNode | undefined,
  findings: Finding[],
  report: Report,
  transforms: TransformLookup,
): ReadonlyMap<string, PolicyDraft> {
  const fields = fieldsOf(node, "`environments` holds what is different in each, by name.", report);
  return new Map(fields.map(({ name, node }) => [name, parseDraft(node, "environment", findings, transforms).draft]));
}
