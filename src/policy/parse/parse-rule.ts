import { dirname } from "node:path";
import type { Rule, Transform } from "../../contracts.ts";
import type { Place, StandinErrorCode } from "../../errors.ts";
import { isRule } from "../../inner-rules.ts";
import { LocalFile } from "../../local-file.ts";
import { checkOptions } from "../../option-spec.ts";
import { COMMON_OPTIONS, createRule } from "../../transforms/define-transform.ts";
import { nearestNames } from "../../transforms/nearest-name.ts";
import { BrokenRule } from "./broken-rule.ts";
import { isRecord, type PolicyField, type PolicyNode } from "./policy-node.ts";
import { BUILT_IN, type TransformLookup } from "./transform-lookup.ts";

/** Takes one mistake. */
export type Report = (message: string, place: Place, hint?: string, code?: StandinErrorCode) => void;

const COMMON_KEYS = Object.keys(COMMON_OPTIONS);

/**
 * Reads a rule: `keep` · `{ redact: { keepLast: 4 } }` · `{ fake: internet.email, domain: person }`, or one that code made. Null, and a report for each
 * mistake, where it is none. `owner` says in messages whose rule it is.
 */
export function parseRule(node: PolicyNode, owner: string, given: Report, known: TransformLookup = BUILT_IN): Rule | null {
  const { value } = node;
  const report: Report = (message, place, hint, code) => given(`${owner}: ${message}`, place, hint, code);
  if (isRule(value)) return value;
  if (value instanceof BrokenRule) return refuseBroken(value, node, report);
  if (typeof value === "string") {
    const transform = known.find(value);
    if (transform === undefined) report(`there is no transform "${value}".`, node.place, nearestHint(value, known.names()));
    return transform === undefined ? null : createFrom(transform, {}, () => node.place, report);
  }
  const fields = node.fields();
  if (fields === null) {
    report("a rule is a transform's name or an object with one.", node.place);
    return null;
  }
  const named = namedTransforms(fields, known);
  const [field] = named;
  if (field === undefined || named.length > 1) {
    refuseNames(node, fields, named, report, known);
    return null;
  }
  return parseNamed(known.find(field.name)!, field, fields, report, known);
}

/** Transforms among the fields of a rule. What is a transform and an option of another one that is named, as `unique` is of `fake`, was meant as the option. */
function namedTransforms(fields: readonly PolicyField[], known: TransformLookup): readonly PolicyField[] {
  const named = fields.filter(({ name }) => !COMMON_KEYS.includes(name) && known.find(name) !== undefined);
  const isOption = (one: PolicyField) =>
    named.some((other) => other !== one && Object.hasOwn(known.find(other.name)!.options, one.name));
  const others = named.filter((one) => !isOption(one));
  return others.length === 1 ? others : named;
}

function parseNamed(
  transform: Transform,
  field: PolicyField,
  fields: readonly PolicyField[],
  report: Report,
  known: TransformLookup,
): Rule | null {
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
  const inner = parseInner(transform, field.node, within, report, known);
  const all = { ...options, ...inner, ...Object.fromEntries(common.map(({ name, node }) => [name, node.value])) };
  if (inner === null) return null;
  const rule = createFrom(transform, all, placeOf, report);
  return isRefused ? null : rule;
}

/** The options that hold rules, read as rules, and files, which are beside the policy. Null, and a report for each mistake, where one is none. */
function parseInner(
  { name: owner, options, shorthand }: Transform,
  node: PolicyNode,
  fields: readonly PolicyField[],
  report: Report,
  known: TransformLookup,
): Record<string, unknown> | null {
  const given = fields.length === 0 && shorthand !== null ? [{ name: shorthand, place: node.place, node }] : fields;
  const parsed: Record<string, unknown> = {};
  let isRefused = false;
  const read = (one: PolicyNode, what: string): Rule | null => {
    const rule = parseRule(one, `${owner} → ${what}`, report, known);
    if (rule === null) isRefused = true;
    return rule;
  };
  for (const { name, node } of given) {
    const kind = Object.hasOwn(options, name) ? options[name]!.kind : null;
    if (kind === "rule") parsed[name] = read(node, name);
    else if (kind === "rules")
      parsed[name] = node.items()?.map((item, index) => read(item, `${name} ${index + 1}`)) ?? node.value;
    else if (kind === "file" && typeof node.value === "string" && node.place.file !== undefined)
      parsed[name] = new LocalFile(node.value, dirname(node.place.file));
    else if (kind === "rule map")
      parsed[name] = isRule(node.value)
        ? node.value
        : mapOf(node.fields(), (one) => read(one.node, `${name} ${one.name}`), node.value);
  }
  return isRefused ? null : parsed;
}

function mapOf(fields: readonly PolicyField[] | null, read: (field: PolicyField) => Rule | null, value: unknown): unknown {
  return fields === null ? value : Object.fromEntries(fields.map((field) => [field.name, read(field)]));
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
    report(`standin has no function ${transform}.`, node.place, nearestHint(transform, BUILT_IN.names()));
    return null;
  }
  const within = Object.values(input).flatMap(brokenIn);
  for (const broken of within)
    refuseBroken(broken, node, (message, ...rest) => report(`${transform.name} → ${message}`, ...rest));
  if (within.length > 0) return null;
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

/** Broken rules that stand in an option: by itself, in a list, by name. */
function brokenIn(value: unknown): readonly BrokenRule[] {
  if (value instanceof BrokenRule) return [value];
  if (isRule(value) || typeof value !== "object" || value === null) return [];
  return Object.values(value).filter((one) => one instanceof BrokenRule);
}

function refuseNames(
  node: PolicyNode,
  fields: readonly PolicyField[],
  named: readonly PolicyField[],
  report: Report,
  known: TransformLookup,
): void {
  const unknown = fields.filter(({ name }) => !COMMON_KEYS.includes(name) && known.find(name) === undefined);
  for (const { name, place } of unknown)
    report(`there is no transform "${name}".`, place, nearestHint(name, [...known.names(), ...COMMON_KEYS]));
  if (unknown.length > 0 && named.length === 0) return;
  const what = named.length > 1 ? `, and this one names ${named.map(({ name }) => name).join(" and ")}` : "";
  const hint = "Write a transform's options inside of it: { fake: { path: internet.email, unique: true } }.";
  report(`a rule names exactly one transform${what}.`, named[1]?.place ?? node.place, hint);
}

/** `Did you mean "tables"? There are: …` */
export function nearestHint(name: string, names: readonly string[]): string {
  return `Did you mean "${nearestNames(name, names, 1).join()}"? There are: ${names.join(", ")}.`;
}
