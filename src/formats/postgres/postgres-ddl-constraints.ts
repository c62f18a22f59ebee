import type { Constraint } from "libpg-query";
import { type DraftTable, partsOf, plainKey, refOf } from "./postgres-ddl-draft.ts";
import { inParentheses } from "./postgres-ddl-text.ts";
import { namesOf } from "./postgres-ddl-types.ts";

/** Adds what a constraint of a table says, where `sql` begins with its text or is the statement that adds it. */
export function addConstraint(table: DraftTable, constraint: Constraint, sql: string): void {
  const { contype, conname, keys, nulls_not_distinct, exclusions, pktable } = constraint;
  const { schema, name: tableName } = table.ref;
  const columns = namesOf(keys);
  if (contype === "CONSTR_CHECK") {
    table.checks.push({ name: conname ?? `${tableName}_check`, expression: inParentheses(sql, "CHECK") ?? "" });
  } else if (contype === "CONSTR_FOREIGN" && pktable !== undefined) {
    table.foreignKeys.push({
      name: conname ?? `${tableName}_${namesOf(constraint.fk_attrs).join("_")}_fkey`,
      columns: namesOf(constraint.fk_attrs),
      to: refOf(pktable),
      referencedColumns: namesOf(constraint.pk_attrs),
    });
  } else if (contype === "CONSTR_NOTNULL") {
    for (const column of table.columns) if (columns.includes(column.name)) column.isNotNull = true;
  } else if (contype === "CONSTR_PRIMARY" || contype === "CONSTR_UNIQUE") {
    const isPrimary = contype === "CONSTR_PRIMARY";
    if (isPrimary) for (const column of table.columns) if (columns.includes(column.name)) column.isNotNull = true;
    const name = conname ?? (isPrimary ? `${tableName}_pkey` : `${tableName}_${columns.join("_")}_key`);
    // `USING INDEX` names one that is there.
    if (columns.length > 0)
      table.keys.push({ ...plainKey(schema, name, columns), isPrimary, nullsNotDistinct: nulls_not_distinct === true });
  } else if (contype === "CONSTR_EXCLUSION") {
    const parts = (exclusions ?? []).flatMap((node) => ("List" in node ? [node.List.items ?? []] : []));
    const elements = parts.flatMap(([element]) => (element !== undefined && "IndexElem" in element ? [element.IndexElem] : []));
    const operators = parts.map(([, list]) => (list !== undefined && "List" in list ? namesOf(list.List.items).at(-1) : "="));
    table.keys.push({
      ...plainKey(schema, conname ?? `${tableName}_excl`, []),
      ...partsOf(elements, inParentheses(sql, constraint.access_method?.toUpperCase() ?? "")),
      isExclusion: true,
      overlaps: elements.flatMap(({ name }, index) => (name !== undefined && operators[index] !== "=" ? [name] : [])),
      predicate: constraint.where_clause === undefined ? null : inParentheses(sql, "WHERE"),
    });
  }
}

/** A constraint that stands at its column. */
export function ofColumn({ contype }: Constraint, column: string): Partial<Constraint> {
  const names = [{ String: { sval: column } }];
  return contype === "CONSTR_FOREIGN" ? { fk_attrs: names } : contype === "CONSTR_CHECK" ? {} : { keys: names };
}
