import type { DataClass } from "./data-classes.ts";
import type { ProposedColumn } from "./proposal.ts";
import type { Samples } from "./sample-tables.ts";
import type { Draft } from "./suggest-references.ts";
import { suggestRule } from "./suggest-rule.ts";

/** What names a person and is long enough to be found again inside of another text. */
const NAMING: readonly DataClass[] = ["lastName", "fullName", "email", "userName", "phone", "nationalId"];
const SHORTEST = 4;
const ENOUGH_ROWS = 3;
const ENOUGH_SHARE = 0.5;

/**
 * Finds columns that repeat what names the person of the row: a picture's path, a slug, a login made of the name. Neither their name nor a value alone tells, but
 * the row does. Gives what to propose for them in the place of `keep`.
 */
export function repeatsIdentity(drafts: readonly Draft[], samples: Samples): ReadonlyMap<Draft, ProposedColumn> {
  const found = new Map<Draft, ProposedColumn>();
  const naming = drafts.filter(
    ({ proposed: { decision, kind } }) => decision === "mask" && kind !== null && NAMING.includes(kind),
  );
  for (const draft of drafts) {
    if (draft.proposed.decision !== "keep" || draft.column.kind !== "text") continue;
    const named = naming.find((one) => one.table === draft.table && repeats(draft, one, samples));
    if (named === undefined) continue;
    const kind = "freeText";
    const rule = suggestRule(kind, draft.table, draft.column);
    const reason = `its values repeat ${named.column.name} of their row`;
    const decision = rule === null ? "review" : "mask";
    found.set(draft, { ...draft.proposed, decision, kind, confidence: 0.8, reason, rule });
  }
  return found;
}

function repeats(draft: Draft, named: Draft, samples: Samples): boolean {
  const values = samples.values(draft.table, draft.column.name);
  const names = samples.values(named.table, named.column.name);
  let [rows, hits] = [0, 0];
  const different = new Set<string>();
  for (const [row, value] of values.entries()) {
    const name = names[row]?.trim().toLowerCase() ?? "";
    if (value === null || value === "" || name.length < SHORTEST) continue;
    rows++;
    if (!value.toLowerCase().includes(name)) continue;
    hits++;
    different.add(name);
  }
  return different.size >= ENOUGH_ROWS && hits >= ENOUGH_SHARE * rows;
}
