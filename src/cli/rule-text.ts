import type { LockedColumn } from "../plan/lock.ts";
import { transformByName } from "../transforms/registry.ts";

/** Whether a policy is data (YAML, JSON); code otherwise. */
export function isDataFile(policyFile: string | undefined): boolean {
  return policyFile !== undefined && /\.(ya?ml|json)$/.test(policyFile);
}

export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/**
 * A locked rule as a policy would write it: `{ fake: { path: "internet.email", unique: true } }` as data, `fake("internet.email", { unique: true })` as code.
 * Null for what no lock holds: a function.
 */
export function ruleText(
  { decision, transform: name, options, domain, onUnsupported }: LockedColumn,
  isData: boolean,
): string | null {
  if (decision === "keep") return isData ? "keep" : "keep()";
  const transform = name === undefined ? undefined : transformByName(name);
  if (transform === undefined || JSON.stringify(options).includes('"function xxh64:')) return null;
  const { options: specs, shorthand } = transform;
  const given = Object.entries(options ?? {}).filter(([option, value]) => value !== specs[option]?.default);
  const isOwnDomain = domain !== undefined && domain !== transform.defaultDomain(options ?? {});
  const common = [...(isOwnDomain ? [["domain", domain]] : []), ...(onUnsupported ? [["onUnsupported", onUnsupported]] : [])];
  const first = given.find(([option]) => option === shorthand);
  // In code, what a transform cannot do without and is chosen from a list stands before its options.
  const isFirst = first !== undefined && specs[first[0]]?.isOptional === false && specs[first[0]]?.kind === "choice";
  if (isData) {
    const isBare = given.length === 0 && common.length === 0;
    const value = given.length === 1 && first !== undefined ? valueText(first[1]) : objectText(given);
    return isBare ? transform.name : objectText([[transform.name, raw(value)], ...common]);
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
  return typeof value === "object" && value !== null && "raw" in value ? String(value.raw) : JSON.stringify(value);
}

function objectText(entries: readonly (readonly unknown[])[]): string {
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([name, value]) => `${propertyName(String(name))}: ${valueText(value)}`).join(", ")} }`;
}
