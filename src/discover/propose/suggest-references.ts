import type { Table } from "../../contracts.ts";
import type { Samples } from "../sample-tables.ts";
import type { PlacedColumn } from "./follow-references.ts";
import type { ProposedColumn } from "./proposal.ts";

export type Draft = PlacedColumn & { readonly proposed: ProposedColumn };

/** A column that seems to hold another one's values, though no foreign key says so. */
export interface SuggestedReference {
  readonly from: Draft;
  readonly to: Draft;
  /** The share of its sampled values that were found there; null where the samples are too small to tell, and the names alone say it. */
  readonly share: number | null;
}

const ENOUGH = 0.5;

/**
 * Finds columns by whose values somebody may join, as `orders.customer_email` and `customers.email`: the names fit, the kinds are one, and sampled values of
 * the one are found in the other, whose values differ from each other.
 */
export function suggestReferences(drafts: readonly Draft[], samples: Samples): readonly SuggestedReference[] {
  const open = drafts.filter(({ proposed }) => !["inherit", "generated"].includes(proposed.decision));
  const byName = new Map<string, Draft[]>();
  for (const draft of open) {
    const name = draft.column.name.toLowerCase();
    byName.set(name, [...(byName.get(name) ?? []), draft]);
  }
  const found: SuggestedReference[] = [];
  const pointing = new Set<Draft>();
  const pointedTo = new Set<Draft>();
  for (const to of open) {
    if (to.proposed.decision !== "mask" || pointing.has(to) || !isIdentifying(to, samples)) continue;
    for (const from of namesFor(to).flatMap((name) => byName.get(name) ?? [])) {
      if (from.table === to.table || from.column.kind !== to.column.kind || pointing.has(from) || pointedTo.has(from)) continue;
      const share = sharedValues(from, to, samples);
      if (share === undefined) continue;
      found.push({ from, to, share });
      pointing.add(from);
      pointedTo.add(to);
    }
  }
  return found;
}

/** Whether the column tells its rows apart: by a key or, where there are none, in the sample. */
function isIdentifying({ table, column }: Draft, samples: Samples): boolean {
  if (table.uniqueKeys.some(({ columns }) => columns.length === 1 && columns[0] === column.name)) return true;
  if (table.uniqueKeys.length > 0) return false;
  const values = samples.values(table, column.name).filter((value) => value !== null && value !== "");
  return values.length >= 10 && new Set(values).size === values.length;
}

/** Undefined where the two have nothing to do with each other. */
function sharedValues(from: Draft, to: Draft, samples: Samples): number | null | undefined {
  const values = new Set(samples.values(from.table, from.column.name).filter((value) => value !== null && value !== ""));
  const there = new Set(samples.values(to.table, to.column.name));
  const share = values.size === 0 ? 0 : [...values].filter((value) => there.has(value)).length / values.size;
  if (share >= ENOUGH) return share;
  // Of two large tables the samples hardly meet, whatever the columns are. A key of one name (`email` here and there) then says nothing.
  const isUntold = values.size === 0 || !samples.isWhole(to.table);
  const isKeyToo = from.column.name === to.column.name && isIdentifying(from, samples);
  return isUntold && !isKeyToo && from.proposed.kind === to.proposed.kind ? null : undefined;
}

/** What a column that points to this one may be called: `email` by the name of it, `customer_email` in other tables. */
function namesFor({ table, column }: Draft): readonly string[] {
  const name = column.name.toLowerCase();
  const owners = [...singulars(table), table.ref.name.toLowerCase()].filter((owner) => !name.startsWith(owner));
  return [...new Set([name, ...owners.flatMap((owner) => [`${owner}_${name}`, `${owner}${name}`])])];
}

function singulars({ ref }: Table): readonly string[] {
  const name = ref.name.toLowerCase();
  return [name.replace(/ies$/, "y"), name.replace(/(s|x|ch|sh)es$/, "$1"), name.replace(/s$/, "")];
}
