import { ObjectBatch, type Row } from "../../batch/object-batch.ts";
import type { DataSchema, RowBatch, Sink, StagedTarget, TableToWrite, TableWriter } from "../../contracts.ts";
import { tableName } from "../../table-ref.ts";
import { memorySource } from "./memory-source.ts";

interface StagedRows {
  readonly toWrite: TableToWrite;
  readonly rows: Row[];
}

/** A sink that collects rows as objects. `tables` is filled by `commit`, all at once, and not before. */
export class MemorySink implements Sink {
  readonly system = "memory";
  /** The published rows by table. */
  readonly tables: Record<string, Row[]> = Object.create(null);
  #staged = new Map<string, StagedRows>();

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

  async writer(toWrite: TableToWrite): Promise<TableWriter> {
    const { table, columns } = toWrite;
    const rows: Row[] = [];
    this.#staged.set(tableName(table.ref), { toWrite, rows });
    const names = columns.map(({ name }) => name);
    return {
      async write(batch) {
        for (const row of batch instanceof ObjectBatch ? batch.maskedRows() : textRows(batch, names)) rows.push(row);
      },
      end: async () => rows.length,
    };
  }

  async staged(): Promise<StagedTarget> {
    const stay = Object.fromEntries(Object.entries(this.tables).filter(([name]) => !this.#staged.has(name)));
    const written = [...this.#staged.values()];
    // A table that was written is as it was planned, also where no row shows its columns.
    const planned = new Map(written.map(({ toWrite, rows }) => [{ ...toWrite.table, columns: toWrite.columns }, rows]));
    const others = memorySource(stay);
    return {
      schema: { system: "memory", tables: [...planned.keys(), ...(await others.schema()).tables] },
      read: (table, options) => {
        const rows = planned.get(table);
        return rows === undefined ? others.read(table, options) : memorySource({ [table.ref.name]: rows }).read(table, options);
      },
    };
  }

  async commit(): Promise<void> {
    for (const [name, { rows }] of this.#staged) this.tables[name] = rows;
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
