import type {
  ReadOptions,
  RowBatch,
  SampleOptions,
  SelectionGraph,
  SelectionWork,
  Shard,
  ShardOptions,
  SharedSnapshot,
  Source,
  Table,
  TableToWrite,
  Unshared,
} from "../contracts.ts";
import { isSameTable } from "../table-ref.ts";

/** A source that gives the rows of a selection alone. It is read by one: in parts of the tables, of each of which the selected rows come. */
export function selectedSource(source: Source, { tables }: SelectionGraph, work: SelectionWork): Source {
  const { define, sample, shards } = source;
  const indexOf = (table: Table) => tables.findIndex((one) => isSameTable(one.table.ref, table.ref));
  return {
    system: source.system,
    open: (signal) => source.open(signal),
    identity: () => source.identity(),
    schema: () => source.schema(),
    hold: async (held: readonly TableToWrite[]) => (await source.hold?.(held)) ?? [],
    read: (table: Table, options: ReadOptions): AsyncIterable<RowBatch> => work.read(indexOf(table), options),
    ...(shards !== undefined && {
      async *shards(table: Table, options: ShardOptions): AsyncGenerator<Shard> {
        yield* work.cut(indexOf(table)) ?? shards.call(source, table, options);
      },
    }),
    share: async (): Promise<SharedSnapshot | Unshared> => ({ unshared: "A subset is read by one session." }),
    ...(sample !== undefined && { sample: (table: Table, options: SampleOptions) => sample.call(source, table, options) }),
    ...(define !== undefined && { define: (wanted: readonly Table[]) => define.call(source, wanted) }),
    async close() {
      await Promise.allSettled([work.close(), source.close()]);
    },
  };
}
