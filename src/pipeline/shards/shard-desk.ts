import type {
  BatchSize,
  JoinedStage,
  RowBatch,
  RowEncoder,
  RowEncoding,
  Shard,
  ShardReader,
  Sink,
  TableToWrite,
} from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import type { MaskingKey } from "../../keys/masking-key.ts";
import type { Pace } from "../../pace.ts";
import { type Plan, type TablePlan, tableToWrite } from "../../plan/plan.ts";
import { tableName } from "../../table-ref.ts";
import { type PreparedTable, prepareTable } from "../masking/prepare-table.ts";
import { createRowsChecksum } from "../rows-checksum.ts";
import { WriteAhead } from "../write-ahead.ts";
import type { OnRows } from "./copy-shards.ts";
import { workShard } from "./work-shard.ts";

/** What reads shards: a source, or a reader of what another process's source sees. */
export type ReadsShards = Pick<ShardReader, "read">;

export interface DeskOptions {
  readonly reader: ReadsShards;
  /** The sink of the staging that was joined. */
  readonly sink: Pick<Sink, "encoding">;
  readonly joined: JoinedStage;
  readonly plan: Plan;
  readonly key: MaskingKey | null;
  readonly pace: Pace;
  readonly batchSize: BatchSize;
  connectEncoder(encoding: RowEncoding, table: TableToWrite): Promise<RowEncoder>;
}

interface ReadyTable {
  readonly toWrite: TableToWrite;
  readonly prepared: PreparedTable;
  readonly encoder: RowEncoder;
}

/** Where one shard after the other is read, masked and staged, for a run that another process began. */
export class ShardDesk {
  readonly #options: DeskOptions;
  readonly #ready = new Map<string, Promise<ReadyTable>>();

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** Does a shard of a table, unless it is done. Resolves with its rows. */
  async stage(table: string, shard: Shard, onRows: OnRows, signal: AbortSignal): Promise<number> {
    const { joined } = this.#options;
    const { toWrite, prepared, encoder } = await this.#table(table, signal);
    const kept = await joined.keptRows(toWrite, shard);
    if (kept !== null) {
      onRows(kept, 0);
      return kept;
    }
    const writer = await joined.writer(toWrite, shard);
    const writing = new WriteAhead((rows: Parameters<typeof writer.write>[0]) => writer.write(rows));
    try {
      const { columns } = toWrite;
      const checksum = await createRowsChecksum(columns.length);
      const worked = workShard(this.#read(toWrite, shard, signal), { prepared, encoder, checksum, signal });
      let next = await worked.next();
      for (; !next.done; next = await worked.next()) {
        await writing.push(next.value.encoded!);
        onRows(next.value.rows, next.value.bytes);
      }
      await writing.settled();
      const { rows } = next.value;
      return await writer.end({ table, shard: shard.id, rows, checksum: next.value.checksum! });
    } catch (error) {
      await writing.settled().catch(() => {});
      // The first error is the one to tell.
      await writer.abort().catch(() => {});
      throw withoutRow(error, shard);
    }
  }

  #read({ table, columns }: TableToWrite, shard: Shard, signal: AbortSignal): AsyncIterable<RowBatch> {
    const { reader, pace, batchSize } = this.#options;
    return pace.over(reader.read(table, { columns, batchSize: pace.batchSize(batchSize), shard, signal }), signal);
  }

  #table(name: string, signal: AbortSignal): Promise<ReadyTable> {
    const ready = this.#ready.get(name) ?? this.#prepare(name, signal);
    this.#ready.set(name, ready);
    return ready;
  }

  async #prepare(name: string, signal: AbortSignal): Promise<ReadyTable> {
    const { plan, sink, key, connectEncoder } = this.#options;
    const found = plan.tables.find(({ table }) => tableName(table.ref) === name) as TablePlan;
    const toWrite = tableToWrite(found);
    return {
      toWrite,
      prepared: await prepareTable(found, key, { signal }),
      encoder: await connectEncoder(sink.encoding!(toWrite), toWrite),
    };
  }
}

/** Which row of the table it is, nobody knows who has seen one shard alone. */
function withoutRow(error: unknown, { id }: Shard): unknown {
  if (!(error instanceof StandinError) || error.row === undefined) return error;
  const { code, message, table, column, hint } = error;
  return new StandinError(code, `${message.replace(/\.$/, "")} (in shard ${id}, rows counted from its first).`, {
    table,
    column,
    hint,
  });
}
