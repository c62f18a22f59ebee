import type { NamedColumns } from "../../contracts.ts";
import type { Policy } from "../define-policy.ts";
import { isPattern } from "../pattern.ts";

/** The tables and columns that a policy gives rules to by their names. */
export function namedColumns({ tables = {} }: Pick<Policy, "tables">): NamedColumns {
  return Object.fromEntries(
    Object.entries(tables).flatMap(([table, rules]) =>
      typeof rules === "string" || isPattern(table) ? [] : [[table, Object.keys(rules).filter((name) => !isPattern(name))]],
    ),
  );
}
