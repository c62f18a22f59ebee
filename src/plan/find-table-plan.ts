import { StandinError } from "../errors.ts";
import { tableName } from "../table-ref.ts";
import { nearestNames } from "../transforms/nearest-name.ts";
import type { Plan, TablePlan } from "./plan.ts";

/** A table of the plan by its name, `users` or `public.users`. Throws TABLE_UNKNOWN with the nearest name. */
export function findTablePlan({ tables, unselected }: Plan, wanted: string): TablePlan {
  const found = tables.find(({ table: { ref } }) => tableName(ref) === wanted || `${ref.schema}.${ref.name}` === wanted);
  if (found !== undefined) return found;
  const isThere = unselected.some(({ ref }) => tableName(ref) === wanted);
  const names = tables.map(({ table }) => tableName(table.ref));
  throw new StandinError(
    "TABLE_UNKNOWN",
    isThere ? `The policy does not copy ${wanted}.` : `The source has no table ${wanted}.`,
    {
      table: wanted,
      hint: names.length > 0 ? `Did you mean ${nearestNames(wanted, names, 1)}?` : "The policy copies no table.",
    },
  );
}
