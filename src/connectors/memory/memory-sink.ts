import { ObjectBatch, type Row } from "../../batch/object-batch.ts";
import type { DataSchema, RowBatch, Sink, TableToWrite, TableWriter } from "../../contracts.ts";
import { tableName } from "../../table-ref.ts";

/** A sink that collects rows as objects. `tables` is filled by `commit`, all at once, and not before. */
export class MemorySink implements Sink {
  readonly system = "memory";
  /** The published rows by table. */
  readonly tables: Record<string, Row[]> = Object.create(null);
  #staged = new Map<string, Row[]>();

  async open(): Promise<void> {}

  async identity(): Promise<string> {
    return "memory:sink";
  }

  async schema(): Promise<DataSchema> {
    return { system: "memory", tables: [] };
  }

  async begin(): Promise<{ notes: readonly string[] }> {
    this.#staged = new Map();
    return { notes: [] };
  }

  async writer({ table, columns }: TableToWrite): Promise<TableWriter> {
    const rows: Row[] = [];
    this.#staged.set(tableName(table.ref), rows);
    const names = columns.map(({ name }) => name);
    return {
      async write(batch) {
        for (const row of batch instanceof ObjectBatch ? batch.maskedRows() : textRows(batch, names)) rows.push(row);
      },
      end: async () => rows.length,
    };
  }

  async commit(): Promise<void> {
    for (const [name, rows] of this.#staged) this.tables[name] = rows;
  }

  async rollback(): Promise<void> {
    this.#staged.clear();
  }

  async close(): Promise<void> {}
}

/** Rows of any other source, every cell as text. */
function textRows(batch: RowBatch, names: readonly string[]): Row[] {
  const columns = names.map((_, index) => batch.replacement(index) ?? batch.column(index));
  return Array.from({ length: batch.rowCount }, (_, row) =>
    Object.fromEntries(names.map((name, index) => [name, columns[index]![row]!])),
  );
}
