import type { PolicyLanguage } from "../discover/policy-language.ts";
import type { LockedColumn } from "../plan/lock.ts";
import { quotedText } from "../policy/written-name.ts";
import { transformByName } from "../transforms/registry.ts";

/**
 * A locked rule as a policy would write it: `{ fake: { path: "internet.email", unique: true } }` as data, `fake("internet.email", { unique: true })` as code.
 * Null for what no lock holds: a function.
 */
export function ruleText(
  { decision, transform: name, options, domain, onUnsupported }: LockedColumn,
  language: PolicyLanguage,
): string | null {
  if (decision === "keep") return language.rule({ transform: "keep", options: {} });
  const transform = name === undefined ? undefined : transformByName(name);
  if (transform === undefined || JSON.stringify(options).includes('"function xxh64:')) return null;
  const { options: specs, shorthand } = transform;
  const given = Object.entries(options ?? {}).filter(([option, value]) => value !== specs[option]?.default);
  const isOwnDomain = domain !== undefined && domain !== transform.defaultDomain(options ?? {});
  const common = [...(isOwnDomain ? [["domain", domain]] : []), ...(onUnsupported ? [["onUnsupported", onUnsupported]] : [])];
  const first = given.find(([option]) => option === shorthand);
  // In code, what a transform cannot do without and is chosen from a list stands before its options.
  const isFirst = first !== undefined && specs[first[0]]?.isOptional === false && specs[first[0]]?.kind === "choice";
  const objectText = objectIn(language);
  if (language.name !== "typescript") {
    const isBare = given.length === 0 && common.length === 0;
    const value = given.length === 1 && first !== undefined ? valueText(first[1]) : objectText(given);
    return isBare
      ? language.rule({ transform: transform.name, options: {} })
      : objectText([[transform.name, raw(value)], ...common]);
  }
  const rest = [...given.filter((one) => !isFirst || one !== first), ...common];
  const input = [...(isFirst ? [valueText(first[1])] : []), ...(rest.length > 0 ? [objectText(rest)] : [])];
  return `${transform.name}(${input.join(", ")})`;
}

/** Text that is written already. */
interface Raw {
  readonly raw: string;
}

const raw = (text: string): Raw => ({ raw: text });

function valueText(value: unknown): string {
  if (typeof value === "string") return quotedText(value);
  return typeof value === "object" && value !== null && "raw" in value ? String(value.raw) : JSON.stringify(value);
}

function objectIn({ property }: PolicyLanguage) {
  return (entries: readonly (readonly unknown[])[]): string => {
    if (entries.length === 0) return "{}";
    return `{ ${entries.map(([name, value]) => `${property(String(name))}: ${valueText(value)}`).join(", ")} }`;
  };
}
