import type { SmallTable, SmallWorld } from "./small-worlds.ts";

/** The columns of a reference. */
export const referenceColumns = (reference: number, width: number): readonly string[] =>
  Array.from({ length: width }, (_, part) => `r${reference}_${part}`);

export const keyColumns = (width: number): readonly string[] => Array.from({ length: width }, (_, part) => `k${part}`);

/** Statements that make a small world in either system, its foreign keys behind its rows. */
export function worldStatements({ tables }: SmallWorld): readonly string[] {
  const made = tables.map(({ name, width, to }) => {
    const references = to.flatMap((other, index) => referenceColumns(index, tables[other]!.width));
    const columns = [
      ...keyColumns(width).map((column) => `${column} int NOT NULL`),
      "v int",
      ...references.map((column) => `${column} int`),
    ];
    return `CREATE TABLE ${name} (${columns.join(", ")}, PRIMARY KEY (${keyColumns(width).join(", ")}))`;
  });
  const filled = tables.flatMap((table) => {
    const rows = rowsOf(table, tables);
    return rows.length === 0
      ? []
      : [`INSERT INTO ${table.name} VALUES ${rows.map((row) => `(${row.map(String).join(", ")})`).join(", ")}`];
  });
  const keyed = tables.flatMap(({ name, to }) =>
    to.map((other, index) => {
      const { width, name: parent } = tables[other]!;
      return `ALTER TABLE ${name} ADD CONSTRAINT ${name}_fk${index} FOREIGN KEY (${referenceColumns(index, width).join(", ")}) REFERENCES ${parent} (${keyColumns(width).join(", ")})`;
    }),
  );
  return [...made, ...filled, ...keyed];
}

/** The cells of a table's rows, in the order of its columns. */
export function rowsOf({ rows, to }: SmallTable, tables: readonly SmallTable[]): readonly (readonly (number | null)[])[] {
  return rows.map(({ key, v, points }) => [
    ...key,
    v,
    ...to.flatMap((other, reference) => {
      const { width, rows: others } = tables[other]!;
      const point = points[reference];
      return point === null || point === undefined ? Array<null>(width).fill(null) : [...others[point]!.key];
    }),
  ]);
}
