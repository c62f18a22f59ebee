import type { Rule } from "../../contracts.ts";
import type { PolicyLanguage } from "../../discover/propose/policy-language.ts";
import { isRule } from "../../inner-rules.ts";
import type { LockedColumn } from "../../plan/locks/lock.ts";
import { isRecord } from "../../policy/parse/policy-node.ts";
import { quotedText } from "../../policy/parse/written-name.ts";
import { holdsRules, optionsOfData } from "../../policy/parse/written-rule.ts";
import { transformByName } from "../../transforms/registry.ts";

/**
 * A locked rule as a policy would write it: `{ fake: { path: "internet.email", unique: true } }` as data, `fake("internet.email", { unique: true })` as code.
 * Null for what no lock holds: a function.
 */
export function ruleText(locked: LockedColumn, language: PolicyLanguage): string | null {
  const { decision, transform: name, options = {}, domain, onUnsupported } = locked;
  if (decision === "keep") return language.rule({ transform: "keep", options: {} });
  if (name === undefined || JSON.stringify(options).includes('"function xxh64:')) return null;
  const transform = transformByName(name);
  if (transform === undefined) return plugInText(name, locked, language);
  const given = optionsOfData(transform, options);
  if (given === null) return null;
  const isOwnDomain = domain !== undefined && domain !== transform.defaultDomain(given);
  return textOf(
    { transform, options: given, domain: isOwnDomain ? domain : null, onUnsupported: onUnsupported ?? "fail" },
    language,
  );
}

/** A rule of a plug-in's, by what the lock says alone: as data it is written as it is locked, in code a rule within its options would be a call. */
function plugInText(
  name: string,
  { options = {}, domain = name, onUnsupported }: LockedColumn,
  language: PolicyLanguage,
): string | null {
  const common = { ...(domain !== name && { domain }), ...(onUnsupported !== undefined && { onUnsupported }) };
  if (language.name === "typescript") {
    const mayHoldRules = Object.values(options).some((value) => typeof value === "object" && value !== null);
    return mayHoldRules ? null : language.rule({ transform: name, options: { ...options, ...common } });
  }
  const given = [...Object.entries(options), ...Object.entries(common)];
  if (given.length === 0) return language.rule({ transform: name, options: {} });
  return objectText([[name, raw(objectText(Object.entries(options), language))], ...Object.entries(common)], language);
}

/** They take their one option, a reason, by itself. */
const REASONED: readonly string[] = ["keep", "review"];

type Entry = readonly [name: string, value: unknown];

function textOf(rule: Rule, language: PolicyLanguage): string {
  const { transform, options, domain, onUnsupported } = rule;
  const given = Object.entries(options).filter(
    ([option, value]) => value !== undefined && value !== transform.options[option]?.default,
  );
  const common: Entry[] = [
    ...(domain !== null ? [["domain", domain] as const] : []),
    ...(onUnsupported !== "fail" ? [["onUnsupported", onUnsupported] as const] : []),
  ];
  const first = given.find(([option]) => option === transform.shorthand);
  if (language.name !== "typescript") {
    if (given.length === 0 && common.length === 0) return language.rule({ transform: transform.name, options: {} });
    // An object would be read as the options.
    const alone = given.length === 1 && first !== undefined ? valueText(first[1], language) : "{";
    const value = alone.startsWith("{") ? objectText(given, language) : alone;
    return objectText([[transform.name, raw(value)], ...common], language);
  }
  // In code, what a transform cannot do without stands before its options where it is chosen from a list, or is a list of rules.
  const spec = first === undefined ? undefined : transform.options[first[0]];
  const isNeeded = spec?.isOptional === false && (spec.kind === "choice" || spec.kind === "rules");
  const isFirst = isNeeded || (first !== undefined && REASONED.includes(transform.name));
  const rest = [...given.filter((one) => !isFirst || one !== first), ...common];
  const input = [...(isFirst ? [valueText(first![1], language)] : []), ...(rest.length > 0 ? [objectText(rest, language)] : [])];
  return `${transform.name}(${input.join(", ")})`;
}

/** Text that is written already. */
interface Raw {
  readonly raw: string;
}

const raw = (text: string): Raw => ({ raw: text });

function valueText(value: unknown, language: PolicyLanguage): string {
  if (isRule(value)) return textOf(value, language);
  if (Array.isArray(value) && holdsRules(value)) return `[${value.map((one) => valueText(one, language)).join(", ")}]`;
  if (isRecord(value) && "raw" in value) return String(value.raw);
  if (isRecord(value) && holdsRules(value)) return objectText(Object.entries(value), language);
  return typeof value === "string" ? quotedText(value) : JSON.stringify(value);
}

function objectText(entries: readonly Entry[], language: PolicyLanguage): string {
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([name, value]) => `${language.property(name)}: ${valueText(value, language)}`).join(", ")} }`;
}
