import { fieldsOf, isGiven } from "../read/read-fields.ts";
import type { Report } from "./parse-rule.ts";
import { draftOf, type PolicyDraft } from "./policy-draft.ts";
import type { PolicyNode } from "./policy-node.ts";

/** What is said of one database, and so never beside several. */
const OF_ONE = ["source", "target", "tables", "subset", "incremental", "reveal", "verify"] as const;

/** Reads `databases`: what is each one's own. A point would end the name in `shop.customers.id`. */
export function parseDatabases(
  node: PolicyNode | undefined,
  report: Report,
  parse: (node: PolicyNode) => PolicyDraft,
): ReadonlyMap<string, PolicyDraft> {
  const what = "`databases` holds a source, a target and `tables` for each, by a name of yours.";
  const databases = new Map<string, PolicyDraft>();
  for (const { name, place, node: own } of fieldsOf(node, what, report)) {
    if (!/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name))
      report(`${name} is no name of a database.`, place, "Write letters, digits, _ and -, and a letter first: shop.");
    // One that was read before stands in a policy that somebody spread.
    databases.set(name, { ...(draftOf(own.value) ?? parse(own)), place });
  }
  return databases;
}

/** Where a policy has several databases, each says for itself what is about one; and its environments speak of those alone. */
export function checkDatabases(draft: PolicyDraft, known: ReadonlyMap<string, PolicyNode>, report: Report): void {
  const { databases, environments } = draft;
  if (databases.size > 0)
    for (const name of OF_ONE) {
      const node = known.get(name);
      const isEmpty = isGiven(node) && node.fields()?.length === 0;
      if (isGiven(node) && !isEmpty)
        report(
          `A policy with \`databases\` has no "${name}" of its own.`,
          node.place,
          `Write it in its database: databases → ${[...databases.keys()][0]} → ${name}.`,
        );
    }
  for (const [environment, own] of environments) {
    for (const [name, { place = {} }] of own.databases)
      if (!databases.has(name))
        report(`The environment ${environment} speaks of a database ${name}, which the policy does not have.`, place);
    if (databases.size === 0) continue;
    for (const name of ["source", "target"] as const)
      if (own[name] !== undefined)
        report(
          `The environment ${environment} has a ${name}, and the policy several databases.`,
          own[name].place,
          `Write environments → ${environment} → databases → ${[...databases.keys()][0]} → ${name}.`,
        );
    for (const [name, { place }] of own.tables)
      report(`The environment ${environment} decides about ${name}, and the policy has several databases.`, place);
  }
}
