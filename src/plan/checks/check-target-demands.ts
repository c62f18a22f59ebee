import type { Table, UniqueKey } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import type { TablePlan } from "../plan.ts";
import { shown } from "./check-row-conditions.ts";

/**
 * Checks, bounds of partitions and unique keys of the target's alone, over columns that are copied as they are: the source's rows never had to meet them.
 * What masks make of such is refused elsewhere.
 */
export function checkDemands({ table, columns }: TablePlan, there: Table): readonly Finding[] {
  const name = tableName(table.ref);
  const areKept = (names: readonly string[]) =>
    names.length > 0 && names.every((one) => columns.some(({ column, decision }) => column.name === one && decision === "keep"));
  const warning = (code: Finding["code"], message: string, column: string | undefined): Finding => ({
    code,
    severity: "warning",
    message,
    table: name,
    column,
    hint: "If a row breaks it, the run stops and the target stays as it was.",
  });
  const conditionsOf = ({ checks = [], partitionBounds }: Table) => [...checks, ...(partitionBounds ? [partitionBounds] : [])];
  const known = new Set(conditionsOf(table).map(({ expression }) => expression));
  const conditions = conditionsOf(there)
    .filter((check) => !known.has(check.expression) && areKept(check.columns))
    .map((check) =>
      warning("CHECK_VIOLATED", `Only the target's ${name} has the check ${check.name}: ${shown(check)}`, check.columns[0]),
    );
  const keys = there.uniqueKeys
    .filter((key) => areKept(key.columns) && !table.uniqueKeys.some((own) => isAsStrict(own, key)))
    .map((key) =>
      warning(
        "UNIQUENESS_LOST",
        `Only the target's ${name} holds ${key.columns.join(", ")} unique (${key.name}).`,
        key.columns[0],
      ),
    );
  return [...conditions, ...keys];
}

/** Whether rows that meet the one key meet the other. */
function isAsStrict(one: UniqueKey, other: UniqueKey): boolean {
  if (one.columns.length === 0 || !one.columns.every((column) => other.columns.includes(column))) return false;
  if (one.predicate !== undefined || one.overlaps !== undefined) return one.predicate?.text === other.predicate?.text;
  const isCaseless = (key: UniqueKey, column: string) => key.ignoresCase?.includes(column) ?? false;
  return one.columns.every(
    (column) =>
      (isCaseless(one, column) || !isCaseless(other, column)) &&
      (other.prefixes?.[column] === undefined || (one.prefixes?.[column] ?? Infinity) <= other.prefixes[column]!),
  );
}
