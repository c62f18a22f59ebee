import { type IncrementalTable, secondsOf } from "./incremental-policy.ts";
import { nearestHint, type Report } from "./parse-rule.ts";
import type { Placed } from "./policy-draft.ts";
import type { PolicyNode } from "./policy-node.ts";
import { fieldsOf, isGiven } from "./read-fields.ts";

const EXAMPLE = "Write incremental: { orders: { changedBy: updated_at } }.";
const KEYS = ["changedBy", "overlap"];

/** Reads `incremental`: how changed rows are told, by table. */
export function parseIncremental(node: PolicyNode | undefined, report: Report): ReadonlyMap<string, Placed<IncrementalTable>> {
  const found = new Map<string, Placed<IncrementalTable>>();
  const what = `\`incremental\` says by table how changed rows are told. ${EXAMPLE}`;
  for (const { name, place, node: own } of fieldsOf(node, what, report)) {
    const value = typeof own.value === "string" ? { changedBy: own.value } : parseTable(name, own, report);
    if (value !== null) found.set(name, { value, place });
  }
  return found;
}

function parseTable(table: string, node: PolicyNode, report: Report): IncrementalTable | null {
  const fields = node.fields();
  const changedBy = fields?.find(({ name }) => name === "changedBy")?.node.value;
  if (fields === null || typeof changedBy !== "string" || changedBy === "") {
    report(`incremental → ${table} must say which column tells a change.`, node.place, EXAMPLE);
    return null;
  }
  for (const { name, place } of fields)
    if (!KEYS.includes(name)) report(`incremental → ${table} has no "${name}".`, place, nearestHint(name, KEYS));
  const overlap = fields.find(({ name }) => name === "overlap")?.node;
  if (!isGiven(overlap)) return { changedBy };
  const { value } = overlap;
  const isNumber = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  if (isNumber || (typeof value === "string" && secondsOf(value) !== null)) return { changedBy, overlap: value };
  report(`incremental → ${table} → overlap is a time like 90s, 5m, 2h or 1d, or a whole number.`, overlap.place);
  return null;
}
