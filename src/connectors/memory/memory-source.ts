import { ObjectBatch, type Row } from "../../batch/object-batch.ts";
import { objectTable } from "../../batch/object-table.ts";
import { USUAL_ROWS } from "../../batch/usual-size.ts";
import type { ColumnValues, DataSchema, ReadOptions, RowBatch, SampleOptions, Source, Table } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { cutSample, evenlySpread, sampleRows } from "../../sample-bounds.ts";
import { tableName } from "../../table-ref.ts";

/** Tables by name, each an array of objects. */
export type MemoryTables = { readonly [table: string]: readonly Row[] };

/** A source over arrays of objects: the smallest complete one, and the one to copy for a new connector. */
export function memorySource(tables: MemoryTables): Source {
  return new MemorySource(tables);
}

class MemorySource implements Source {
  readonly system = "memory";
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async open(): Promise<void> {}

  /** Two objects are two places, even where they hold the same rows: reading and writing are kept apart by copies. */
  async identity(): Promise<string> {
    return "memory:source";
  }

  async schema(): Promise<DataSchema> {
    const tables = Object.entries(this.#tables).map(([name, rows]): Table => {
      const columns = new Set<string>();
      for (const row of rows) for (const column of Object.keys(row)) columns.add(column);
      return { ...objectTable(name, [...columns], rows), rowEstimate: rows.length };
    });
    return { system: "memory", tables };
  }

  async *read(table: Table, { columns, batchSize, signal }: ReadOptions): AsyncGenerator<RowBatch> {
    const rows = this.#rowsOf(table);
    const names = columns.map(({ name }) => name);
    const step = batchSize.maxRows ?? USUAL_ROWS;
    for (let from = 0; from < rows.length; from += step) {
      signal.throwIfAborted();
      yield new ObjectBatch(table.ref, names, rows.slice(from, from + step), from);
    }
  }

  async sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    const rows = this.#rowsOf(table);
    const names = options.columns.map(({ name }) => name);
    const sampled = evenlySpread(rows.length, sampleRows(options)).map((index) => rows[index]!);
    const batch = new ObjectBatch(table.ref, names, sampled, 0);
    return names.map((_, index) => batch.column(index).map(cutSample));
  }

  async close(): Promise<void> {}

  #rowsOf({ ref }: Table): readonly Row[] {
    if (Object.hasOwn(this.#tables, ref.name)) return this.#tables[ref.name]!;
    const name = tableName(ref);
    throw new StandinError("TABLE_UNKNOWN", `The source has no table ${name}.`, { table: name });
  }
}
