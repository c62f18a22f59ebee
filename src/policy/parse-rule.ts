import type { Rule, Transform } from "../contracts.ts";
import type { Place, StandinErrorCode } from "../errors.ts";
import { checkOptions } from "../option-spec.ts";
import { COMMON_OPTIONS, createRule } from "../transforms/define-transform.ts";
import { nearestNames } from "../transforms/nearest-name.ts";
import { transformByName, transformNames } from "../transforms/registry.ts";
import { BrokenRule } from "./broken-rule.ts";
import { isRecord, type PolicyField, type PolicyNode } from "./policy-node.ts";

/** Takes one mistake. */
export type Report = (message: string, place: Place, hint?: string, code?: StandinErrorCode) => void;

const COMMON_KEYS = Object.keys(COMMON_OPTIONS);

/**
 * Reads a rule: `keep` · `{ redact: { keepLast: 4 } }` · `{ fake: internet.email, domain: person }`, or one that code made. Null, and a report for each
 * mistake, where it is none. `owner` says in messages whose rule it is.
 */
export function parseRule(node: PolicyNode, owner: string, given: Report): Rule | null {
  const { value } = node;
  const report: Report = (message, place, hint, code) => given(`${owner}: ${message}`, place, hint, code);
  if (isRule(value)) return value;
  if (value instanceof BrokenRule) return refuseBroken(value, node, report);
  if (typeof value === "string") {
    const transform = transformByName(value);
    if (transform === undefined) report(`there is no transform "${value}".`, node.place, nearestHint(value, transformNames()));
    return transform === undefined ? null : createFrom(transform, {}, () => node.place, report);
  }
  const fields = node.fields();
  if (fields === null) {
    report("a rule is a transform's name or an object with one.", node.place);
    return null;
  }
  const named = fields.filter(({ name }) => !COMMON_KEYS.includes(name) && transformByName(name) !== undefined);
  const [field] = named;
  if (field === undefined || named.length > 1) {
    refuseNames(node, fields, named, report);
    return null;
  }
  return parseNamed(transformByName(field.name)!, field, fields, report);
}

function parseNamed(transform: Transform, field: PolicyField, fields: readonly PolicyField[], report: Report): Rule | null {
  const beside = fields.filter((one) => one !== field);
  let isRefused = false;
  for (const { name, place } of beside.filter(({ name }) => !COMMON_KEYS.includes(name))) {
    isRefused = true;
    if (Object.hasOwn(transform.options, name)) {
      const short = transform.shorthand !== null && field.node.fields() === null ? `${transform.shorthand}: …, ` : "";
      const hint = `Write a transform's options inside of it: { ${transform.name}: { ${short}${name}: … } }.`;
      report(`${name} is an option of ${transform.name}, and stands beside it.`, place, hint);
    } else report(`a rule has no "${name}".`, place, nearestHint(name, [...COMMON_KEYS, ...Object.keys(transform.options)]));
  }
  const options = optionsOf(transform, field.node);
  if (options === null) {
    report(`${transform.name}: options must be an object.`, field.node.place, undefined, "OPTION_INVALID");
    return null;
  }
  const common = beside.filter(({ name }) => COMMON_KEYS.includes(name));
  for (const { name, place } of common.filter(({ name }) => Object.hasOwn(options, name))) {
    isRefused = true;
    report(`${name} is said twice, beside the transform and within.`, place, "Keep one of the two.");
  }
  const within = field.node.fields() ?? [];
  const placeOf = (option: string | null) => {
    const found = [...within, ...common].find(({ name }) => name === option);
    if (found === undefined) return field.node.place;
    return Object.hasOwn(transform.options, found.name) || COMMON_KEYS.includes(found.name) ? found.node.place : found.place;
  };
  const all = { ...options, ...Object.fromEntries(common.map(({ name, node }) => [name, node.value])) };
  const rule = createFrom(transform, all, placeOf, report);
  return isRefused ? null : rule;
}

function createFrom(
  transform: Transform,
  options: Record<string, unknown>,
  placeOf: (option: string | null) => Place,
  report: Report,
): Rule | null {
  const spec = { ...transform.options, ...COMMON_OPTIONS };
  const problems = checkOptions(spec, options);
  for (const { option, message } of problems) {
    const isUnknown = option !== null && !Object.hasOwn(spec, option);
    const hint = isUnknown ? nearestHint(option, Object.keys(spec)) : undefined;
    report(`${transform.name}: ${message}${message.endsWith("?") ? "" : "."}`, placeOf(option), hint, "OPTION_INVALID");
  }
  return problems.length > 0 ? null : createRule(transform, options);
}

function optionsOf({ shorthand }: Transform, { value }: PolicyNode): Record<string, unknown> | null {
  if (value === null || value === undefined) return {};
  if (isRecord(value)) return value;
  return shorthand === null ? null : { [shorthand]: value };
}

/** A rule in code that could not be made: told in the same words as one in YAML. */
function refuseBroken({ called: transform, input }: BrokenRule, node: PolicyNode, report: Report): null {
  if (typeof transform === "string") {
    report(`standin has no function ${transform}.`, node.place, nearestHint(transform, transformNames()));
    return null;
  }
  const isKnown = (option: string) => Object.hasOwn(transform.options, option) || COMMON_KEYS.includes(option);
  const placeOf = (option: string | null) => {
    const found = option === null ? undefined : node.argument(option);
    return found === undefined ? node.place : isKnown(option!) ? found.value : found.place;
  };
  const made = createFrom(transform, input, placeOf, report);
  if (made !== null)
    report(`${transform.name}: it was called with what it does not take.`, node.place, undefined, "OPTION_INVALID");
  return null;
}

function refuseNames(node: PolicyNode, fields: readonly PolicyField[], named: readonly PolicyField[], report: Report): void {
  const unknown = fields.filter(({ name }) => !COMMON_KEYS.includes(name) && transformByName(name) === undefined);
  for (const { name, place } of unknown)
    report(`there is no transform "${name}".`, place, nearestHint(name, [...transformNames(), ...COMMON_KEYS]));
  if (unknown.length > 0 && named.length === 0) return;
  const what = named.length > 1 ? `, and this one names ${named.map(({ name }) => name).join(" and ")}` : "";
  const hint = "Write a transform's options inside of it: { fake: { path: internet.email, unique: true } }.";
  report(`a rule names exactly one transform${what}.`, named[1]?.place ?? node.place, hint);
}

/** `Did you mean "tables"? There are: …` */
export function nearestHint(name: string, names: readonly string[]): string {
  return `Did you mean "${nearestNames(name, names, 1).join()}"? There are: ${names.join(", ")}.`;
}

export function isRule(value: unknown): value is Rule {
  return isRecord(value) && isRecord(value.transform) && typeof value.transform.prepare === "function";
}
