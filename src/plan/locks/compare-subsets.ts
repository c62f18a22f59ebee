import type { SubsetWords } from "../../subset/subset-data.ts";
import type { LockDifference } from "./lock-difference.ts";

/** What a policy says of the rows otherwise than it did, table by table and reference by reference. */
export function compareSubsets(
  former: readonly SubsetWords[] | undefined,
  now: readonly SubsetWords[] | undefined,
): readonly LockDifference[] {
  if (former === undefined && now === undefined) return [];
  if (former === undefined) return [changed("Every row was copied, and now a subset is.")];
  if (now === undefined) return [changed("A subset was copied, and now every row is.")];
  const [before, after] = [new Map(former), new Map(now)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((of) => {
    const [one, other] = [before, after].map((words) => JSON.stringify(words.get(of)));
    if (one === other) return [];
    const said = (words: string | undefined) => (words === undefined ? "nothing" : words);
    return [changed(`subset: of ${of} it said ${said(one)}, and says ${said(other)}.`)];
  });
}

const changed = (message: string): LockDifference => ({ change: "subset-changed", message });
