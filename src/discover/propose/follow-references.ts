import type { Column, DataSchema, Table, TableRef } from "../../contracts.ts";
import { isSameTable, tableName } from "../../table-ref.ts";

/** A column in its table. */
export interface PlacedColumn {
  readonly table: Table;
  readonly column: Column;
}

/** As a reason names it: `customers.id`. */
export function placeName({ table, column }: PlacedColumn): string {
  return `${tableName(table.ref)}.${column.name}`;
}

/**
 * Finds for each column the one whose rule it takes: at the end of its foreign keys, itself where it has none. Of columns that reference each other in a
 * circle, the first by name gives the rule to the others.
 */
export function followReferences({ tables }: DataSchema): (placed: PlacedColumn) => PlacedColumn {
  const find = (ref: TableRef) => tables.find((table) => isSameTable(table.ref, ref));
  const known = new Map<Column, PlacedColumn>();

  const follow = (placed: PlacedColumn, path: readonly PlacedColumn[]): PlacedColumn => {
    const met = path.findIndex(({ column }) => column === placed.column);
    if (met >= 0) return first(path.slice(met));
    const decided = known.get(placed.column);
    if (decided !== undefined) return decided;
    const parent = parentOf(placed);
    return parent === null ? placed : follow(parent, [...path, placed]);
  };

  const parentOf = ({ table, column }: PlacedColumn): PlacedColumn | null => {
    for (const key of table.foreignKeys) {
      const to = key.referencedColumns[key.columns.indexOf(column.name)];
      const parent = to === undefined ? undefined : find(key.references);
      const target = parent?.columns.find(({ name }) => name === to);
      if (parent !== undefined && target !== undefined && target !== column) return { table: parent, column: target };
    }
    return null;
  };

  return (placed) => {
    const owner = follow(placed, []);
    known.set(placed.column, owner);
    return owner;
  };
}

function first(circle: readonly PlacedColumn[]): PlacedColumn {
  return circle.reduce((one, other) => (placeName(other) < placeName(one) ? other : one));
}
