import { needsKey } from "../inner-rules.ts";
import { type Circumstances, type Sitting, sit } from "./mask-sitting.ts";

/** How a mask must behave, whatever it gives: look where it said it would, and leave what is not its own. */
export async function brokenConductPromises(sitting: Sitting, usual: Circumstances): Promise<string[]> {
  const { rule, others } = sitting;
  // Two batches of all rows, the second turned round: what is given back for the first is not to change with it.
  const double = (values: Sitting["values"]) => [...values, ...values.toReversed()];
  const twice: Sitting = {
    ...sitting,
    values: double(sitting.values),
    others: others.map(({ column, values }) => ({ column, values: double(values) })),
  };
  const masked = await sit(twice, usual);
  if (masked.kind !== "masked") return [`${masked.why} in a second batch`];

  const { transform, options } = rule;
  const declared = [...transform.reads(options), ...(transform.readsMasked?.(options) ?? [])];
  const broken: string[] = [];
  if (others.some(({ column }, index) => masked.read.has(index + 1) && !declared.includes(column.name)))
    broken.push("reads a column of the row that it does not declare");
  if (masked.changedInput) broken.push("changes the originals that it is given");
  if (masked.changedOutput) broken.push("writes again to what it gave back for an earlier batch");
  if (masked.replaced) broken.push("sets cells of the batch itself: replacing them is the pipeline's part");
  if (masked.domains.size > 0 && !needsKey(rule)) broken.push("uses the key, and does not say that it is keyed");
  return broken;
}
