import type { Masked, Sitting } from "./mask-sitting.ts";

/** How a mask must behave, whatever it gives: look where it said it would, and leave what is not its own. */
export function brokenConductPromises({ rule, others }: Sitting, masked: Masked): string[] {
  const { transform, options } = rule;
  const broken: string[] = [];
  const declared = transform.reads(options);
  const undeclared = others.filter(({ column }, index) => masked.read.has(index + 1) && !declared.includes(column.name));
  if (undeclared.length > 0) broken.push("reads a column of the row that it does not declare");
  if (masked.changedInput) broken.push("changes the originals that it is given");
  if (masked.changedOutput) broken.push("writes again to what it gave back for an earlier batch");
  if (masked.replaced) broken.push("sets cells of the batch itself: replacing them is the pipeline's part");
  if (masked.derivedKey && !transform.isKeyed) broken.push("uses the key, and does not say that it is keyed");
  return broken;
}
