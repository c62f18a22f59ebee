import type { Rule, Transform } from "../contracts.ts";
import { type Finding, isStandinError, StandinError } from "../errors.ts";
import { createRule } from "../transforms/define-transform.ts";
import { nearestNames } from "../transforms/nearest-name.ts";
import { transformByName, transformNames } from "../transforms/registry.ts";
import { type Policy, SKIP, type TablePolicy } from "./define-policy.ts";

const POLICY_KEYS = ["source", "target", "tables"];
const COMMON_KEYS = ["domain", "onUnsupported"];

/**
 * Reads a policy out of plain data (YAML, JSON) or checks one that code made. Reports every mistake at once in one POLICY_INVALID.
 */
export function parsePolicy(input: unknown): Policy {
  const findings: Finding[] = [];
  const report = (message: string, place: Partial<Finding> = {}) =>
    findings.push({ code: "POLICY_INVALID", severity: "error", message, ...place });
  if (!isRecord(input))
    throw invalid([{ code: "POLICY_INVALID", severity: "error", message: "A policy is an object with `tables`." }]);
  for (const key of Object.keys(input)) {
    if (!POLICY_KEYS.includes(key)) report(`A policy has no "${key}".`, { hint: nearestHint(key, POLICY_KEYS) });
  }
  const tables: Record<string, TablePolicy | typeof SKIP> = Object.create(null);
  if (!isRecord(input.tables)) report("A policy needs `tables`: a decision per column, by table.");
  else {
    for (const [table, value] of Object.entries(input.tables)) {
      if (value === SKIP) tables[table] = SKIP;
      else if (isRecord(value)) tables[table] = parseTable(table, value, findings);
      else report(`${table} must hold a rule per column, or "skip".`, { table });
    }
  }
  for (const role of ["source", "target"]) {
    if (!isLocation(input[role])) report(`The policy's ${role} must be a URL or a path, or what a connector made.`);
  }
  if (findings.length > 0) throw invalid(findings);
  // YAML says null for a key without a value.
  return {
    source: (input.source ?? undefined) as Policy["source"],
    target: (input.target ?? undefined) as Policy["target"],
    tables,
  };
}

function parseTable(table: string, columns: Record<string, unknown>, findings: Finding[]): TablePolicy {
  const rules: Record<string, Rule> = Object.create(null);
  for (const [column, value] of Object.entries(columns)) {
    try {
      rules[column] = isRule(value) ? value : parseRule(value);
    } catch (error) {
      if (!isStandinError(error)) throw error;
      findings.push({
        code: error.code,
        severity: "error",
        message: `${table}.${column}: ${error.message}`,
        table,
        column,
        hint: error.hint,
      });
    }
  }
  return rules;
}

/** `keep` · `{ redact: { keepLast: 4 } }` · `{ fake: internet.email, domain: person }` */
function parseRule(value: unknown): Rule {
  if (typeof value === "string") return createRule(named(value));
  if (!isRecord(value)) throw new StandinError("POLICY_INVALID", "a rule is a transform's name or an object with one.");
  const names = Object.keys(value).filter((key) => !COMMON_KEYS.includes(key));
  const [name] = names;
  if (name === undefined || names.length > 1) {
    const hint = "Write a transform's options inside of it: { fake: { path: internet.email, unique: true } }.";
    throw new StandinError("POLICY_INVALID", "a rule names exactly one transform.", { hint });
  }
  const transform = named(name);
  const common = Object.fromEntries(COMMON_KEYS.filter((key) => Object.hasOwn(value, key)).map((key) => [key, value[key]]));
  const options = optionsOf(transform, value[name]);
  const twice = Object.keys(common).find((key) => Object.hasOwn(options, key));
  if (twice !== undefined) throw new StandinError("POLICY_INVALID", `${twice} is said twice, beside the transform and within.`);
  return createRule(transform, { ...options, ...common });
}

function optionsOf(transform: Transform, value: unknown): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  if (isRecord(value)) return value;
  if (transform.shorthand === null) throw new StandinError("OPTION_INVALID", `${transform.name}: options must be an object.`);
  return { [transform.shorthand]: value };
}

function named(name: string): Transform {
  const transform = transformByName(name);
  if (transform) return transform;
  throw new StandinError("POLICY_INVALID", `there is no transform "${name}".`, { hint: nearestHint(name, transformNames()) });
}

function nearestHint(name: string, names: readonly string[]): string {
  return `Did you mean "${nearestNames(name, names, 1).join()}"? There are: ${names.join(", ")}.`;
}

function invalid(findings: readonly Finding[]): StandinError {
  const [first] = findings;
  const message = findings.length === 1 ? first!.message : `The policy has ${findings.length} mistakes.`;
  return new StandinError("POLICY_INVALID", message, { findings, hint: findings.length === 1 ? first!.hint : undefined });
}

function isLocation(value: unknown): boolean {
  if (value === undefined || value === null || typeof value === "string") return true;
  return isRecord(value) && typeof value.open === "function" && typeof value.close === "function";
}

function isRule(value: unknown): value is Rule {
  return isRecord(value) && isRecord(value.transform) && typeof value.transform.prepare === "function";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
