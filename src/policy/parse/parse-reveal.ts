import { dirname, resolve } from "node:path";
import type { RevealPolicy } from "../define-policy.ts";
import { fieldsOf, isGiven, textsOf } from "../read/read-fields.ts";
import type { Report } from "./parse-rule.ts";
import type { Placed } from "./policy-draft.ts";
import type { PolicyNode } from "./policy-node.ts";

const EXAMPLE = "Write reveal: { columns: [customers.card], audit: ./reveal.log }.";

/** Reads `reveal`: whose originals may be asked for, and where it is written down that they were. A path in a file is relative to it. */
export function parseReveal(node: PolicyNode | undefined, report: Report): Placed<RevealPolicy> | undefined {
  if (!isGiven(node)) return undefined;
  const fields = fieldsOf(node, `\`reveal\` says which columns, and where it is written down.`, report);
  const fieldOf = (wanted: string) => fields.find(({ name }) => name === wanted)?.node;
  for (const { name, place } of fields)
    if (name !== "columns" && name !== "audit") report(`reveal has no "${name}".`, place, EXAMPLE);
  const columns = textsOf(fieldOf("columns"), "reveal → columns", "a column's name, table.column", report);
  for (const { value, place } of columns)
    if (!/^[^*]+\.[^*.]+$/.test(value))
      report(`reveal → columns: ${value} is no column.`, place, "Write table.column: no patterns here.");
  if (columns.length === 0 && fields.length > 0) report("reveal names no column.", node.place, EXAMPLE);
  const audit = fieldOf("audit");
  if (typeof audit?.value !== "string" || audit.value === "") {
    report("reveal needs `audit`: the file that every request is written down in.", audit?.place ?? node.place, EXAMPLE);
    return undefined;
  }
  const { file } = audit.place;
  const folder = audit.isData && file !== undefined ? dirname(file) : process.cwd();
  return { value: { columns: columns.map(({ value }) => value), audit: resolve(folder, audit.value) }, place: node.place };
}
