import type { ColumnValues, DataSchema, Source, Table } from "../contracts.ts";
import { isStandinError } from "../errors.ts";
import { sampleRows } from "../sample-bounds.ts";
import { tableName } from "../table-ref.ts";

/** What was seen of a source's rows. Held in memory for as long as a proposal is made, and written nowhere. */
export interface Samples {
  /** Sampled values; none where the table could not be looked at. */
  values(table: Table, column: string): ColumnValues;
  /** Whether the sample is the whole table. */
  isWhole(table: Table): boolean;
  /** What could not be looked at, as sentences. */
  readonly notes: readonly string[];
}

export interface SampleAllOptions {
  readonly rows?: number | undefined;
  readonly signal: AbortSignal;
  readonly onTable?: (table: string) => void;
}

/** Looks at every table of an open source. A table that the source does not give is told in a note: names and types must then do. */
export async function sampleTables(source: Source, { tables }: DataSchema, options: SampleAllOptions): Promise<Samples> {
  const { signal, onTable = () => {} } = options;
  const rows = sampleRows(options);
  const sampled = new Map<Table, ReadonlyMap<string, ColumnValues>>();
  const notes: string[] = [];
  for (const table of tables) {
    const columns = table.columns.filter(({ isGenerated }) => !isGenerated);
    if (columns.length === 0) continue;
    onTable(tableName(table.ref));
    try {
      const values = await source.sample?.(table, { columns, rows, signal });
      if (values !== undefined) sampled.set(table, new Map(columns.map(({ name }, index) => [name, values[index]!])));
    } catch (error) {
      if (!isAboutOneTable(error)) throw error;
      notes.push(`${tableName(table.ref)} could not be looked at, so names and types alone decided: ${error.message}`);
    }
  }
  return {
    notes,
    values: (table, column) => sampled.get(table)?.get(column) ?? [],
    isWhole: (table) => ([...(sampled.get(table)?.values() ?? [])][0]?.length ?? rows) < rows,
  };
}

/** A lost connection or an abort ends the work; a missing privilege, a lock or a slow table does not. */
function isAboutOneTable(error: unknown): error is Error {
  return isStandinError(error) && ["PRIVILEGE_MISSING", "SOURCE_FAILED", "SINK_FAILED", "FORMAT_INVALID"].includes(error.code);
}
