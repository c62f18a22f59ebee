import { type IncrementalTable, secondsOf } from "../incremental-policy.ts";
import { fieldsOf, isGiven } from "../read/read-fields.ts";
import { nearestHint, type Report } from "./parse-rule.ts";
import type { Placed } from "./policy-draft.ts";
import type { PolicyNode } from "./policy-node.ts";

const EXAMPLE = "Write incremental: { orders: { changedBy: updated_at } }.";
const KEYS = ["changedBy", "overlap", "deletes", "maxDeletedPercent"];

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
  const own = (wanted: string) => fields.find(({ name }) => name === wanted)?.node;
  const section = `incremental → ${table}`;
  return {
    changedBy,
    ...given("overlap", parseOverlap(own("overlap"), section, report)),
    ...parseDeletes(own("deletes"), own("maxDeletedPercent"), section, report),
  };
}

function parseOverlap(node: PolicyNode | undefined, section: string, report: Report): string | number | undefined {
  if (!isGiven(node)) return undefined;
  const { value } = node;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  if (typeof value === "string" && secondsOf(value) !== null) return value;
  report(`${section} → overlap is a time like 90s, 5m, 2h or 1d, or a whole number.`, node.place);
  return undefined;
}

function parseDeletes(
  deletes: PolicyNode | undefined,
  most: PolicyNode | undefined,
  section: string,
  report: Report,
): Pick<IncrementalTable, "deletes" | "maxDeletedPercent"> {
  if (!isGiven(deletes)) {
    if (isGiven(most))
      report(`${section} → maxDeletedPercent bounds what \`deletes: compare\` takes out.`, most.place, "Add deletes: compare.");
    return {};
  }
  if (deletes.value !== "compare")
    report(`${section} → deletes is compare, or nothing: rows that were deleted then stay in the target.`, deletes.place);
  if (!isGiven(most)) return { deletes: "compare" };
  const { value } = most;
  if (typeof value === "number" && value > 0 && value <= 100) return { deletes: "compare", maxDeletedPercent: value };
  report(`${section} → maxDeletedPercent is a number above 0 and up to 100.`, most.place, "Half a percent is 0.5.");
  return { deletes: "compare" };
}

const given = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: Value };
