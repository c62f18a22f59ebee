import type { Rule, Transform } from "../../contracts.ts";
import { isRule } from "../../inner-rules.ts";
import { sayInJson } from "../../option-spec.ts";
import { createRule } from "../../transforms/define-transform.ts";
import { transformByName } from "../../transforms/registry.ts";
import { isRecord } from "./policy-node.ts";
import { plainOrQuoted } from "./written-name.ts";

/** The options that somebody wrote: those that stand at their default say nothing. Rules among them are written as a policy of data has them. */
export function writtenOptions({
  transform,
  options,
}: Pick<Rule, "transform" | "options">): readonly (readonly [string, unknown])[] {
  return Object.entries(options)
    .filter(([name, value]) => value !== undefined && value !== transform.options[name]?.default)
    .map(([name, value]) => [name, writtenOption(value)]);
}

/** A rule as a policy of data writes it: `keep`, `{ redact: { keepLast: 4 } }`, `{ fake: internet.email }`. */
export function writtenRule(rule: Rule): unknown {
  const { transform, domain, onUnsupported } = rule;
  const given = writtenOptions(rule);
  const common = { ...(domain !== null && { domain }), ...(onUnsupported !== "fail" && { onUnsupported }) };
  if (given.length === 0 && Object.keys(common).length === 0) return transform.name;
  const [only, ...others] = given;
  // An object would be read as the options.
  const isShort = only?.[0] === transform.shorthand && others.length === 0 && !isRecord(only[1]);
  return { [transform.name]: isShort ? only[1] : Object.fromEntries(given), ...common };
}

/** An option's value, where it is a rule or holds rules as it is written; else as it is. */
export function writtenOption(value: unknown): unknown {
  if (isRule(value)) return writtenRule(value);
  if (Array.isArray(value)) return value.map(writtenOption);
  return holdsRules(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, writtenOption(one)])) : value;
}

/** Whether an option's value is a rule, or has rules in a list or by name. */
export function holdsRules(value: unknown): value is object {
  return isRule(value) || (typeof value === "object" && value !== null && Object.values(value).some(isRule));
}

/** Data on one line, as YAML has it. */
export function flowText(value: unknown): string {
  if (typeof value === "string") return plainOrQuoted(value);
  if (typeof value === "function") return "(a function)";
  if (Array.isArray(value)) return `[${value.map(flowText).join(", ")}]`;
  if (!isRecord(value) || (value.constructor !== Object && value.constructor !== undefined))
    return String(JSON.stringify(value, sayInJson));
  const fields = Object.entries(value).map(([name, one]) => `${plainOrQuoted(name)}: ${flowText(one)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** The options of a lock, where rules stand as data, as the transform takes them. Null where that cannot be: one is not known here, or a function. */
export function optionsOfData(transform: Transform, options: Readonly<Record<string, unknown>>): Rule["options"] | null {
  // A lock has them by name; here they stand in the order in which the transform describes them.
  const known = Object.keys(transform.options).filter((name) => name in options);
  const made: Record<string, unknown> = { ...Object.fromEntries(known.map((name) => [name, options[name]])), ...options };
  for (const [name, { kind }] of Object.entries(transform.options)) {
    const value = options[name];
    if (value === undefined) continue;
    if (kind === "rule") made[name] = ruleOfData(value);
    else if (kind === "rules") made[name] = Array.isArray(value) ? value.map(ruleOfData) : null;
    else if (kind === "rule map" && isRecord(value))
      made[name] = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, ruleOfData(one)]));
    const held = kind === "rules" || kind === "rule map" ? Object.values(made[name] ?? [null]) : [made[name]];
    if (held.includes(null)) return null;
  }
  return made;
}

function ruleOfData(data: unknown): Rule | null {
  if (!isRecord(data)) return null;
  const { domain, onUnsupported, ...named } = data;
  const [[name, options] = []] = Object.entries(named);
  const transform = name === undefined ? undefined : transformByName(name);
  const made = transform === undefined || !isRecord(options) ? null : optionsOfData(transform, options);
  if (made === null) return null;
  try {
    return createRule(transform!, {
      ...made,
      ...(domain !== undefined && { domain }),
      ...(onUnsupported !== undefined && { onUnsupported }),
    });
  } catch {
    // A lock of another version, or an edit by hand.
    return null;
  }
}
