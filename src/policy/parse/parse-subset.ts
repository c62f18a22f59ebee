import { readRowsCondition } from "../../conditions/row-condition.ts";
import type { Place } from "../../errors.ts";
import { fieldsOf, isGiven, textsOf } from "../read/read-fields.ts";
import type { SubsetRelation, SubsetTable } from "../subset-policy.ts";
import { nearestHint, type Report } from "./parse-rule.ts";
import { parseKeep } from "./parse-subset-keep.ts";
import type { DraftSubset } from "./policy-draft.ts";
import type { PolicyField, PolicyNode } from "./policy-node.ts";

const EXAMPLE = "Write subset: { customers: { percent: 5 } }.";
const TABLE_KEYS = ["percent", "rows", "where", "keep", "by", "children"];
const RELATION_KEYS = ["max", "where"];

/** Reads `subset`: which rows of which tables are copied. */
export function parseSubset(node: PolicyNode | undefined, report: Report): ReadonlyMap<string, DraftSubset> {
  const tables = fieldsOf(node, `\`subset\` says by table which rows are copied. ${EXAMPLE}`, report);
  return new Map(
    tables.flatMap(({ name, node: value, place }): [string, DraftSubset][] => {
      const parsed = parseTable(`subset → ${name}`, value, report);
      return parsed === null ? [] : [[name, { ...parsed, place }]];
    }),
  );
}

function parseTable(section: string, node: PolicyNode, report: Report): Omit<DraftSubset, "place"> | null {
  const relations = new Map<string, Place>();
  if (node.value === "all") return { value: "all", relations };
  const fields = node.fields();
  if (fields === null) {
    report(`${section} is "all", or says which rows.`, node.place, EXAMPLE);
    return null;
  }
  refuseOthers(fields, TABLE_KEYS, section, report);
  const part = (name: string) => {
    const found = fields.find((field) => field.name === name)?.node;
    return isGiven(found) ? found : undefined;
  };
  const by = textsOf(part("by"), `${section} → by`, "columns' names", report).map(({ value }) => value);
  const keep = parseKeep(part("keep"), `${section} → keep`, report);
  const children = parseChildren(part("children"), `${section} → children`, relations, report);
  const value: SubsetTable = {
    ...given("percent", parsePercent(part("percent"), section, report)),
    ...given("rows", parseCount(part("rows"), `${section} → rows`, report)),
    ...given("where", parseWhere(part("where"), `${section} → where`, report)),
    ...given("keep", keep),
    ...(by.length === 0 ? {} : { by }),
    ...given("children", children),
  };
  if (fields.length === 0) report(`${section} says nothing of its rows.`, node.place, EXAMPLE);
  return { value, relations };
}

function parsePercent(node: PolicyNode | undefined, section: string, report: Report): number | undefined {
  if (node === undefined) return undefined;
  const { value } = node;
  if (typeof value === "number" && value > 0 && value <= 100) return value;
  report(`${section} → percent is a number above 0 and up to 100.`, node.place, "Half a percent is 0.5.");
  return undefined;
}

function parseCount(node: PolicyNode | undefined, section: string, report: Report): number | undefined {
  if (node === undefined) return undefined;
  const { value } = node;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return value;
  report(`${section} is a whole number from 1.`, node.place);
  return undefined;
}

/** What the condition says is looked at here; which columns there are is the plan's to know. */
function parseWhere(node: PolicyNode | undefined, section: string, report: Report): string | undefined {
  if (node === undefined) return undefined;
  if (typeof node.value !== "string" || node.value.trim() === "") {
    report(`${section} is a condition: created_at > '2026-01-01'.`, node.place);
    return undefined;
  }
  const read = readRowsCondition(node.value);
  if ("condition" in read) return node.value;
  report(`${section} ${read.problem}.`, node.place, "Write it as SQL does: country = 'DE' and created_at > '2026-01-01'.");
  return undefined;
}

function parseChildren(
  node: PolicyNode | undefined,
  section: string,
  places: Map<string, Place>,
  report: Report,
): SubsetTable["children"] {
  if (node === undefined) return undefined;
  if (node.value === "all" || node.value === "none") return node.value;
  const fields = fieldsOf(
    node,
    `${section} is "all", "none", or says by relation what comes along: { orders: { max: 20 } }.`,
    report,
  );
  const relations: Record<string, SubsetRelation> = Object.create(null);
  for (const { name, node: value, place } of fields) {
    const relation = parseRelation(value, `${section} → ${name}`, report);
    if (relation === null) continue;
    relations[name] = relation;
    places.set(name, place);
  }
  return relations;
}

function parseRelation(node: PolicyNode, section: string, report: Report): SubsetRelation | null {
  if (node.value === "all" || node.value === "none") return node.value;
  const fields = node.fields();
  if (fields === null) {
    report(`${section} is "all", "none", or a bound: { max: 20 }.`, node.place);
    return null;
  }
  refuseOthers(fields, RELATION_KEYS, section, report);
  const part = (name: string) => fields.find((field) => field.name === name)?.node;
  return {
    ...given("max", parseCount(part("max"), `${section} → max`, report)),
    ...given("where", parseWhere(part("where"), `${section} → where`, report)),
  };
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: Value });
}

function refuseOthers(fields: readonly PolicyField[], known: readonly string[], section: string, report: Report): void {
  for (const { name, place } of fields)
    if (!known.includes(name)) report(`${section} has no "${name}".`, place, nearestHint(name, known));
}
