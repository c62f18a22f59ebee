import { connectSource } from "./connect.ts";
import { type MaskExample, maskExample } from "./pipeline/masking/mask-example.ts";
import { type ColumnExplanation, explainColumn, findColumn } from "./plan/explain-column.ts";
import { parseOne } from "./policy/databases-of.ts";
import type { Policy } from "./policy/define-policy.ts";
import { schemaTypes } from "./policy/schema-types.ts";
import { type PlanOptions, planRefresh } from "./refresh.ts";

/** Why one column becomes what it becomes: what `explain` gives, and `standin explain` prints. */
export interface Explanation extends ColumnExplanation {
  /** What becomes of a made-up value under a made-up key; null where that shows nothing. */
  readonly example: MaskExample | null;
}

/**
 * Says why one column becomes what it becomes: `explain(policy, "orders.customer_id")` names the rule, the foreign keys that brought it, the columns that map
 * like it, what the rule promises, and what is wrong with it. Reads catalogs, no row, and needs no key.
 */
export async function explain(policy: Policy, column: string, options: PlanOptions = {}): Promise<Explanation> {
  const one = parseOne(policy, options);
  const plan = await planRefresh(one, { signal: options.signal, sample: options.sample });
  const { references } = one;
  return { ...explainColumn(plan, column, references), example: await maskExample(findColumn(plan, column)) };
}

/** Writes the policy's source as a TypeScript type, so that `definePolicy<Schema>({ … })` knows its tables and columns. Reads catalogs, no row. */
export async function sourceTypes(
  policy: Policy,
  { signal = new AbortController().signal, environment, database }: PlanOptions = {},
): Promise<string> {
  const source = await connectSource(parseOne(policy, { environment, database }).source);
  try {
    await source.open(signal);
    return schemaTypes(await source.schema());
  } finally {
    await source.close();
  }
}
