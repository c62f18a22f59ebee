import type { ShardReader } from "../../contracts.ts";
import type { CsvReadOptions } from "./csv-options.ts";
import { CsvReads, type KnownFile } from "./csv-reads.ts";

/** What a reader elsewhere goes by: the files as they were found, and how they read. Plain data. */
interface SharedCsv {
  readonly files: readonly KnownFile[];
  readonly options: CsvReadOptions;
}

export function sharedCsv(files: readonly KnownFile[], { dialect, header, columns }: CsvReadOptions): SharedCsv {
  return { files, options: { dialect, header, columns } };
}

/** Reads what the source that gave `reader` reads, and fails where a file is another since. */
export function csvReader(reader: unknown): ShardReader {
  const { files, options } = reader as SharedCsv;
  const reads = new CsvReads(files, options);
  return {
    open: async (signal) => signal.throwIfAborted(),
    read: (table, asked) => reads.read(table, asked),
    close: () => reads.close(),
  };
}
