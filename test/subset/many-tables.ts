/** Statements for a schema of many tables: chains, cycles of three tables, composite keys and self references, in either system. */
export function manyTables(count: number, rows: number): readonly string[] {
  const isWide = (table: number) => table % 5 === 4;
  const keyOf = (table: number) => (isWide(table) ? ["a", "b"] : ["a"]);
  const parents = (table: number): readonly number[] => {
    // 0 → 1 → 2 → 0, and from each group one way back to the group before it.
    const within = table % 3 === 2 ? table - 2 : table + 1;
    return [...(within < count ? [within] : []), ...(table >= 3 ? [table - 3] : []), ...(table % 7 === 0 ? [table] : [])];
  };
  const tables = Array.from({ length: count }, (_, table) => table);
  const references = (table: number) =>
    parents(table).map((to, index) => ({ to, columns: keyOf(to).map((column) => `r${index}_${column}`) }));
  const made = tables.map((table) => {
    const own = keyOf(table).map((column) => `${column} int NOT NULL`);
    const others = references(table).flatMap(({ columns }) => columns.map((column) => `${column} int`));
    return `CREATE TABLE g${table} (${[...own, "v int", ...others].join(", ")}, PRIMARY KEY (${keyOf(table).join(", ")}))`;
  });
  const filled = tables.map((table) => {
    const lines = Array.from({ length: rows }, (_, row) => {
      const pointed = references(table).flatMap(({ to }, index) => {
        const other = (row * 7 + index * 3 + table) % (rows + 3);
        return keyOf(to).map((column) => (other >= rows ? "NULL" : String(cell(other, column))));
      });
      return `(${[...keyOf(table).map((column) => cell(row, column)), row % 6, ...pointed].join(", ")})`;
    });
    return `INSERT INTO g${table} VALUES ${lines.join(", ")}`;
  });
  const keyed = tables.flatMap((table) =>
    references(table).map(
      ({ to, columns }, index) =>
        `ALTER TABLE g${table} ADD CONSTRAINT g${table}_${index} FOREIGN KEY (${columns.join(", ")}) REFERENCES g${to} (${keyOf(to).join(", ")})`,
    ),
  );
  return [...made, ...filled, ...keyed];
}

const cell = (row: number, column: string): number => (column === "a" ? row : row % 4);
