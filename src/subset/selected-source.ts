import type {
  ReadOptions,
  RowBatch,
  SampleOptions,
  SelectionGraph,
  SelectionWork,
  SharedSnapshot,
  Source,
  Table,
  TableToWrite,
  Unshared,
} from "../contracts.ts";
import { isSameTable } from "../table-ref.ts";

/** A source that gives the rows of a selection alone. It is read as a whole and by one. */
export function selectedSource(source: Source, { tables }: SelectionGraph, work: SelectionWork): Source {
  const { define, sample } = source;
  return {
    system: source.system,
    open: (signal) => source.open(signal),
    identity: () => source.identity(),
    schema: () => source.schema(),
    hold: async (held: readonly TableToWrite[]) => (await source.hold?.(held)) ?? [],
    read: (table: Table, options: ReadOptions): AsyncIterable<RowBatch> =>
      work.read(
        tables.findIndex((one) => isSameTable(one.table.ref, table.ref)),
        options,
      ),
    share: async (): Promise<SharedSnapshot | Unshared> => ({ unshared: "A subset is read by one session." }),
    ...(sample !== undefined && { sample: (table: Table, options: SampleOptions) => sample.call(source, table, options) }),
    ...(define !== undefined && { define: (wanted: readonly Table[]) => define.call(source, wanted) }),
    async close() {
      await Promise.allSettled([work.close(), source.close()]);
    },
  };
}
