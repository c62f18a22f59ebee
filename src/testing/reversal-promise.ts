import { canonicalOf } from "../keys/canonical.ts";
import { type Circumstances, type Masked, type Sitting, sit } from "./mask-sitting.ts";

/** What a transform with a way back must do: give back what it was given, in canonical form, to whoever has the key. */
export async function brokenReversal(sitting: Sitting, usual: Circumstances, base: Masked): Promise<string[]> {
  const { rule, column, values } = sitting;
  const { transform, options } = rule;
  if (!transform.guarantees(options, column).reversible) return [];
  if (transform.reveal === undefined) return ["says that it can be reversed, and has no way back (reveal)"];
  const masked = base.values.map((value) => value ?? null);
  const outcome = await sit({ ...sitting, values: masked }, { ...usual, isReveal: true });
  if (outcome.kind !== "masked") return [`${outcome.why} on the way back`];
  const canonical = canonicalOf(column) ?? ((value: string) => value);
  const row = masked.findIndex((value, index) => {
    if (value === null) return false;
    const revealed = outcome.values[index];
    return typeof revealed !== "string" || canonical(revealed) !== canonical(values[index]!);
  });
  return row < 0 ? [] : [`says that it can be reversed, and its way back gives another value (row ${row + 1})`];
}
