import type { AnonymityPolicy, VerifyPolicy } from "../define-policy.ts";
import { fieldsOf, isGiven, textsOf } from "../read/read-fields.ts";
import { nearestHint, type Report } from "./parse-rule.ts";
import type { Placed } from "./policy-draft.ts";
import type { PolicyField, PolicyNode } from "./policy-node.ts";

const EXAMPLE = "Write verify: { allow: [audit_log.actor], anonymity: { patients: { quasiIdentifiers: [postcode, born] } } }.";
const KEYS = ["allow", "anonymity"];
const ANONYMITY_KEYS = ["quasiIdentifiers", "sensitive", "k", "l"];

/** Reads `verify`: what may be found in the copy, and whose risk of being told apart is counted. */
export function parseVerify(node: PolicyNode | undefined, report: Report): Placed<VerifyPolicy> | undefined {
  if (!isGiven(node)) return undefined;
  const fields = fieldsOf(node, `\`verify\` says what a verification goes by. ${EXAMPLE}`, report);
  refuseOthers(fields, KEYS, "verify", report);
  const allow = textsOf(fieldOf(fields, "allow"), "verify → allow", "a column's name, table.column", report);
  for (const { value, place } of allow)
    if (!/^[^*]+\.[^*.]+$/.test(value))
      report(`verify → allow: ${value} is no column.`, place, "Write table.column: no patterns here.");
  const tables = fieldsOf(fieldOf(fields, "anonymity"), `\`verify → anonymity\` holds tables. ${EXAMPLE}`, report);
  const anonymity: Record<string, AnonymityPolicy> = Object.create(null);
  for (const { name, node: value } of tables) anonymity[name] = parseAnonymity(`verify → anonymity → ${name}`, value, report);
  return { value: { allow: allow.map(({ value }) => value), anonymity }, place: node.place };
}

function parseAnonymity(section: string, node: PolicyNode, report: Report): AnonymityPolicy {
  const fields = fieldsOf(node, `${section} names the table's quasi-identifiers. ${EXAMPLE}`, report);
  refuseOthers(fields, ANONYMITY_KEYS, section, report);
  const columns = (name: string) =>
    textsOf(fieldOf(fields, name), `${section} → ${name}`, "columns' names", report).map(({ value }) => value);
  const least = (name: string) => {
    const own = fieldOf(fields, name);
    if (!isGiven(own)) return undefined;
    if (Number.isInteger(own.value) && (own.value as number) >= 2) return own.value as number;
    report(`${section} → ${name} is a whole number from 2.`, own.place);
    return undefined;
  };
  const quasiIdentifiers = columns("quasiIdentifiers");
  if (quasiIdentifiers.length === 0) report(`${section} names no quasiIdentifiers.`, node.place, EXAMPLE);
  return { quasiIdentifiers, sensitive: columns("sensitive"), k: least("k"), l: least("l") };
}

function fieldOf(fields: readonly PolicyField[], wanted: string): PolicyNode | undefined {
  return fields.find(({ name }) => name === wanted)?.node;
}

function refuseOthers(fields: readonly PolicyField[], known: readonly string[], section: string, report: Report): void {
  for (const { name, place } of fields)
    if (!known.includes(name)) report(`${section} has no "${name}".`, place, nearestHint(name, known));
}
