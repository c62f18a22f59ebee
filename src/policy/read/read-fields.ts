import type { Report } from "../parse/parse-rule.ts";
import type { Placed } from "../parse/policy-draft.ts";
import type { PolicyField, PolicyNode } from "../parse/policy-node.ts";

/** The texts of a list, or of one that stands for a list. */
export function textsOf(node: PolicyNode | undefined, section: string, what: string, report: Report): readonly Placed<string>[] {
  if (!isGiven(node)) return [];
  return (node.items() ?? [node]).flatMap(({ value, place }) => {
    if (typeof value === "string" && value !== "") return [{ value, place }];
    report(`\`${section}\` holds ${what}, or a list of them.`, place);
    return [];
  });
}

/** The fields of an object, none where nothing is given. */
export function fieldsOf(node: PolicyNode | undefined, otherwise: string, report: Report): readonly PolicyField[] {
  if (!isGiven(node)) return [];
  const fields = node.fields();
  if (fields === null) report(otherwise, node.place);
  return fields ?? [];
}

/** YAML says null for a key without a value. */
export function isGiven(node: PolicyNode | undefined): node is PolicyNode {
  return node !== undefined && node.value !== undefined && node.value !== null;
}
