import type { DataClass } from "../policy/class-names.ts";
import type { ProposedColumn } from "./propose/proposal.ts";
import type { Draft } from "./propose/suggest-references.ts";
import { suggestRule } from "./propose/suggest-rule.ts";
import type { Samples } from "./sample-tables.ts";

/** What names a person and is long enough to be found again inside of another text. */
const NAMING: readonly DataClass[] = ["lastName", "fullName", "email", "userName", "phone", "nationalId"];
const SHORTEST = 4;
const ENOUGH_ROWS = 3;
const ENOUGH_SHARE = 0.5;

/** What names one person alone: a single row that repeats it is no chance, as in the firm `Antonio Moreno Taquería` of Antonio Moreno. */
const NAMING_ALONE: readonly DataClass[] = ["fullName", "email"];
const SHORTEST_ALONE = 8;

/**
 * Finds columns that repeat what names the person of the row: a picture's path, a slug, a login made of the name. Neither their name nor a value alone tells, but
 * the row does. Gives what to propose for them in the place of `keep`: a mask, or a question where it is so in a few rows.
 */
export function repeatsIdentity(drafts: readonly Draft[], samples: Samples): ReadonlyMap<Draft, ProposedColumn> {
  const found = new Map<Draft, ProposedColumn>();
  const naming = drafts.filter(
    ({ proposed: { decision, kind } }) => decision === "mask" && kind !== null && NAMING.includes(kind),
  );
  for (const draft of drafts) {
    if (draft.proposed.decision !== "keep" || draft.column.kind !== "text") continue;
    const repeated = naming.filter(({ table }) => table === draft.table).map((one) => ({ one, ...repeats(draft, one, samples) }));
    const often = repeated.find(({ isOften }) => isOften);
    const { one: named } = often ?? repeated.find(({ isAtAll }) => isAtAll) ?? {};
    if (named === undefined) continue;
    const kind = "freeText";
    const rule = suggestRule(kind, draft.table, draft.column);
    const reason = `${often === undefined ? "some of its values" : "its values"} repeat ${named.column.name} of their row`;
    const [decision, confidence] =
      often === undefined ? (["review", 0.5] as const) : ([rule === null ? "review" : "mask", 0.8] as const);
    found.set(draft, { ...draft.proposed, decision, kind, confidence, reason, rule });
  }
  return found;
}

function repeats(draft: Draft, named: Draft, samples: Samples): { readonly isOften: boolean; readonly isAtAll: boolean } {
  const values = samples.values(draft.table, draft.column.name);
  const names = samples.values(named.table, named.column.name);
  const namesAlone = NAMING_ALONE.includes(named.proposed.kind!);
  let [rows, hits, isAtAll] = [0, 0, false];
  const different = new Set<string>();
  for (const [row, value] of values.entries()) {
    const name = names[row]?.trim().toLowerCase() ?? "";
    if (value === null || value === "" || name.length < SHORTEST) continue;
    rows++;
    if (!value.toLowerCase().includes(name)) continue;
    hits++;
    different.add(name);
    isAtAll ||= namesAlone && name.length >= SHORTEST_ALONE && /[\s@]/.test(name);
  }
  return { isOften: different.size >= ENOUGH_ROWS && hits >= ENOUGH_SHARE * rows, isAtAll };
}
