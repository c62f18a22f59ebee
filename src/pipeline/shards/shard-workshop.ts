import type { BatchSize, RowEncoder, Shard, Source, TableToWrite } from "../../contracts.ts";
import { isStandinError } from "../../errors.ts";
import type { Pace } from "../../pace.ts";
import { type TablePlan, variantsOf } from "../../plan/plan.ts";
import { WHOLE_TABLE } from "../../shard.ts";
import { untilAborted } from "../../until-aborted.ts";
import type { PreparedTable } from "../masking/prepare-table.ts";
import { createRowsChecksum } from "../rows-checksum.ts";
import type { PooledShard, PoolTask, ShardPool } from "./shard-pool.ts";
import { type ShardEnd, type ShardTask, type WorkedRows, workShard } from "./work-shard.ts";

/** About how many bytes of a source a shard holds: few enough for every thread to hold some, many enough that beginning one costs nothing. */
export const SHARD_BYTES = 4 * 1024 * 1024;

/** A table whose rows are worked on shard by shard. */
export interface ShardedTable {
  readonly plan: TablePlan;
  readonly prepared: PreparedTable;
  readonly toWrite: TableToWrite;
  readonly encoder: RowEncoder;
  /** Whether threads work on it. */
  readonly isForThreads: boolean;
}

export interface WorkshopOptions {
  readonly batchSize: BatchSize;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** Whether the rows of shards are summed up. */
  readonly sums: boolean;
}

/** A shard whose rows come when they are asked for. */
export interface WorkedShard {
  readonly shard: Shard;
  /** `firstRow` is the ordinal of its first row in the table. */
  worked(firstRow: number): AsyncGenerator<WorkedRows, ShardEnd>;
}

/** Which shards of which tables are wanted, by the table's position in the plan. */
export type Wanted = (table: number) => AsyncIterable<Shard>;

/** Where shards are worked on: on threads where there are some, else here; and given back in order. */
export class ShardWorkshop {
  readonly #source: Source;
  readonly #tables: readonly (ShardedTable | null)[];
  readonly #pool: ShardPool | null;
  readonly #options: WorkshopOptions;

  constructor(source: Source, tables: readonly (ShardedTable | null)[], pool: ShardPool | null, options: WorkshopOptions) {
    this.#source = source;
    this.#tables = tables;
    this.#pool = pool;
    this.#options = options;
  }

  /** Null for a table that is copied as a whole, without shards. */
  table(index: number): ShardedTable | null {
    return this.#tables[index]!;
  }

  /** The parts of a table, in order; at the places where an earlier run cut it, where that had parts of these names. */
  shards(index: number, like?: readonly string[]): AsyncIterable<Shard> {
    const { plan, toWrite } = this.#tables[index]!;
    return cutTable(this.#source, plan, toWrite, this.#options.signal, like);
  }

  /** Begins to work on what is wanted of the tables, in their order. Ask for each of them once, in that order. */
  begin(wanted: Wanted, isCheck: boolean): (table: number) => AsyncGenerator<WorkedShard> {
    const pooled = this.#pool?.work(this.#tasks(wanted, isCheck));
    let ahead: Promise<IteratorResult<PooledShard, void>> | undefined;
    const fromPool = async function* (this: ShardWorkshop, table: number): AsyncGenerator<WorkedShard> {
      for (;;) {
        ahead ??= untilAborted(pooled!.next(), this.#options.signal);
        const { done, value } = await ahead;
        if (done || value.task.table !== table) return;
        ahead = undefined;
        yield { shard: value.task.shard, worked: (firstRow) => this.#workedByThread(value, firstRow) };
      }
    }.bind(this);
    const fromHere = async function* (this: ShardWorkshop, table: number): AsyncGenerator<WorkedShard> {
      for await (const shard of wanted(table))
        yield { shard, worked: (firstRow) => this.#workedHere({ table, shard, isCheck, firstRow }, 0) };
    }.bind(this);
    return (table) => (this.#tables[table]!.isForThreads ? fromPool(table) : fromHere(table));
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }

  async *#tasks(wanted: Wanted, isCheck: boolean): AsyncGenerator<PoolTask> {
    for (const [table, sharded] of this.#tables.entries()) {
      if (!sharded?.isForThreads) continue;
      for await (const shard of wanted(table)) yield { table, shard, isCheck };
    }
  }

  /** Rows from a thread. What failed there is tried once more here, where another try may do better or say more. */
  async *#workedByThread(pooled: PooledShard, firstRow: number): AsyncGenerator<WorkedRows, ShardEnd> {
    const worked = pooled.worked();
    let given = 0;
    try {
      for (;;) {
        const { done, value } = await untilAborted(worked.next(), this.#options.signal);
        if (done) return value;
        given += value.rows;
        yield value;
      }
    } catch (error) {
      const { windowRows } = this.#tables[pooled.task.table]!.prepared;
      // Windows go over all rows of a table: half of them cannot be made again.
      if (!isWorthAnother(error, firstRow) || (windowRows > 1 && given > 0)) throw error;
    }
    return yield* this.#workedHere({ ...pooled.task, firstRow }, given);
  }

  async *#workedHere({ table, shard, isCheck, firstRow }: ShardTask, skip: number): AsyncGenerator<WorkedRows, ShardEnd> {
    const { plan, prepared, encoder, toWrite } = this.#tables[table]!;
    const { pace, signal, sums } = this.#options;
    const { columns } = toWrite;
    const batchSize = pace.batchSize(this.#options.batchSize);
    const batches = this.#source.read(plan.table, { columns, batchSize, shard, firstRow, signal });
    return yield* workShard(pace.over(batches, signal), {
      prepared,
      encoder: isCheck ? null : encoder,
      checksum: sums ? await createRowsChecksum(columns.length) : null,
      skip,
      signal,
    });
  }
}

/** Cuts a table, or leaves it in one part where it has to be. */
export function cutTable(
  source: Pick<Source, "shards">,
  plan: TablePlan,
  { columns }: TableToWrite,
  signal: AbortSignal,
  like?: readonly string[],
): AsyncIterable<Shard> {
  if (source.shards === undefined || dependsOnOrder(plan)) return onlyOne();
  return source.shards(plan.table, { columns, bytes: SHARD_BYTES, like, signal });
}

async function* onlyOne(): AsyncGenerator<Shard> {
  yield WHOLE_TABLE;
}

/** Whether what becomes of a row depends on the rows around it or on where it stands, so that the table is read from its beginning. */
export function dependsOnOrder({ columns }: TablePlan): boolean {
  return columns.some(
    (column) => column.decision === "mask" && variantsOf(column).some(({ guarantees }) => !guarantees?.deterministic),
  );
}

/**
 * A thread's session may be gone while the source's own is well. And of an error at a row only a reader from the shard's beginning in the table knows which row
 * of the table it is.
 */
function isWorthAnother(error: unknown, firstRow: number): boolean {
  if (!isStandinError(error)) return false;
  return error.code === "CONNECTION_LOST" || error.code === "PEER_SILENT" || (error.row !== undefined && firstRow > 0);
}
