import type { Reference } from "../define-policy.ts";
import type { Report } from "./parse-rule.ts";
import type { Placed } from "./policy-draft.ts";
import type { PolicyNode } from "./policy-node.ts";

const KEYS = ["from", "to", "when"];

/** Reads `references`: `{ from: orders.customer_email, to: customers.email }`, with `when` for a column that points to several tables. */
export function parseReferences(node: PolicyNode | undefined, report: Report): readonly Placed<Reference>[] {
  if (node === undefined || node.value === undefined || node.value === null) return [];
  const items = node.items();
  if (items === null) {
    report("`references` is a list: - { from: orders.customer_email, to: customers.email }.", node.place);
    return [];
  }
  return items.flatMap((item) => {
    const reference = parseReference(item, report);
    return reference === null ? [] : [{ value: reference, place: item.place }];
  });
}

function parseReference(node: PolicyNode, report: Report): Reference | null {
  const fields = node.fields();
  if (fields === null) {
    report("A reference says from which column to which: { from: orders.customer_email, to: customers.email }.", node.place);
    return null;
  }
  const unknown = fields.filter(({ name }) => !KEYS.includes(name));
  for (const { name, place } of unknown) report(`A reference has no "${name}".`, place, `There are: ${KEYS.join(", ")}.`);
  const nodeOf = (name: string) => fields.find((field) => field.name === name)?.node;
  const [from, to] = ["from", "to"].map((name) => parseColumn(nodeOf(name), name, node, report));
  const when = parseWhen(nodeOf("when"), report);
  if (from === null || to === null || when === null || unknown.length > 0) return null;
  return { from: from!, to: to!, ...(when !== undefined && { when }) };
}

function parseColumn(node: PolicyNode | undefined, key: string, reference: PolicyNode, report: Report): string | null {
  if (typeof node?.value === "string" && /^[^.]+(\.[^.]+)+$/.test(node.value)) return node.value;
  report(`A reference's "${key}" names a column with its table: orders.customer_email.`, node?.place ?? reference.place);
  return null;
}

/** Undefined where the reference holds for every row, null where what stands there is no condition. */
function parseWhen(node: PolicyNode | undefined, report: Report): Record<string, string> | undefined | null {
  if (node === undefined) return undefined;
  const fields = node.fields() ?? [];
  const isRight =
    fields.length > 0 && fields.every(({ node: { value } }) => ["string", "number", "boolean"].includes(typeof value));
  if (isRight) return Object.fromEntries(fields.map(({ name, node: { value } }) => [name, String(value)]));
  report("A reference's `when` says which rows it holds for: { subject_type: Post }.", node.place);
  return null;
}
