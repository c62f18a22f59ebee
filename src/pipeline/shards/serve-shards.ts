import type { MessagePort } from "node:worker_threads";
import type { RowBatch, RowEncoder, ShardReader, TableToWrite } from "../../contracts.ts";
import { isStandinError } from "../../errors.ts";
import { MaskingKey } from "../../keys/masking-key.ts";
import { tableToWrite } from "../../plan/plan.ts";
import { type PreparedTable, prepareTable } from "../masking/prepare-table.ts";
import { createRowsChecksum } from "../rows-checksum.ts";
import { fromPortable } from "./portable-plan.ts";
import { errorToData, type FromThread, type ThreadConnectors, type ThreadData, type ToThread } from "./thread-messages.ts";
import { type ShardEnd, type ShardTask, type WorkedRows, workShard } from "./work-shard.ts";

interface ReadyTable {
  readonly toWrite: TableToWrite;
  readonly prepared: PreparedTable;
  readonly encoder: RowEncoder;
}

/** Works on shards as the main thread asks for them, until it says that it was enough. */
export async function serveShards(port: MessagePort, data: ThreadData, connectors: ThreadConnectors): Promise<void> {
  const thread = new ShardThread(port, data, connectors);
  port.on("message", (message: ToThread) => thread.take(message));
  await thread.start();
}

class ShardThread {
  readonly #port: MessagePort;
  readonly #data: ThreadData;
  readonly #connectors: ThreadConnectors;
  readonly #key: MaskingKey | null;
  readonly #ready = new Map<number, Promise<ReadyTable>>();
  readonly #abort = new AbortController();
  #readers: ((reader: unknown) => ShardReader) | null = null;
  #reader: ShardReader | null = null;
  #credits = 0;
  #onCredit = () => {};

  constructor(port: MessagePort, data: ThreadData, connectors: ThreadConnectors) {
    this.#port = port;
    this.#data = data;
    this.#connectors = connectors;
    this.#key = data.key === null ? null : new MaskingKey(data.key);
    // The key object has its own copy.
    data.key?.fill(0);
  }

  async start(): Promise<void> {
    this.#readers = await this.#connectors.readersOf(this.#data.system);
    this.#say({ type: "started" });
  }

  async #open(reader: unknown): Promise<void> {
    try {
      this.#reader = this.#readers!(reader);
      await this.#reader.open(this.#abort.signal);
      this.#say({ type: "open" });
    } catch (error) {
      this.#say({ type: "closed", error: errorToData(error) });
    }
  }

  take(message: ToThread): void {
    if (message.type === "credit") {
      this.#credits++;
      this.#onCredit();
    } else if (message.type === "open") void this.#open(message.reader);
    else if (message.type === "task") void this.#work(message.task);
    else void this.#close();
  }

  async #work(task: ShardTask): Promise<void> {
    try {
      const worked = await this.#worked(task);
      for (;;) {
        const { done, value } = await worked.next();
        if (done) {
          this.#say({ type: "end", end: value });
          return;
        }
        // Two pieces may lie in one memory.
        const memory = new Set((value.encoded?.pieces ?? []).map(({ buffer }) => buffer as ArrayBuffer));
        this.#say({ type: "rows", worked: value }, [...memory]);
      }
    } catch (error) {
      this.#say({ type: "failed", error: errorToData(error), isLost: await this.#isLost(error) });
    }
  }

  async #worked(task: ShardTask): Promise<AsyncGenerator<WorkedRows, ShardEnd>> {
    const { toWrite, prepared, encoder } = await this.#table(task.table);
    const { table, columns } = toWrite;
    const { signal } = this.#abort;
    const { shard, firstRow, isCheck } = task;
    const { batchSize, sums } = this.#data;
    const batches = this.#reader!.read(table, { columns, batchSize, shard, firstRow, signal });
    return workShard(this.#asAllowed(batches), {
      prepared,
      encoder: isCheck ? null : encoder,
      checksum: sums ? await createRowsChecksum(columns.length) : null,
      signal,
    });
  }

  #table(index: number): Promise<ReadyTable> {
    const ready = this.#ready.get(index) ?? this.#prepare(index);
    this.#ready.set(index, ready);
    return ready;
  }

  async #prepare(index: number): Promise<ReadyTable> {
    const { plan: portable, encoding } = this.#data.tables[index]!;
    const plan = fromPortable(portable);
    const toWrite = tableToWrite(plan);
    return {
      toWrite,
      prepared: await prepareTable(plan, this.#key, { signal: this.#abort.signal }),
      encoder: await this.#connectors.connectEncoder(encoding, toWrite),
    };
  }

  /** Reads a batch for each credit. */
  async *#asAllowed(batches: AsyncIterable<RowBatch>): AsyncGenerator<RowBatch> {
    const iterator = batches[Symbol.asyncIterator]();
    try {
      for (;;) {
        while (this.#credits === 0) await this.#nextCredit();
        this.#credits--;
        const { done, value } = await iterator.next();
        const { rowCount = 0, byteCount = 0 } = (value ?? {}) as Partial<RowBatch>;
        this.#say({ type: "read", rows: rowCount, bytes: byteCount });
        if (done) return;
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  #nextCredit(): Promise<void> {
    return new Promise((resolve) => {
      this.#onCredit = resolve;
    });
  }

  /** A session that is gone is opened anew, where the snapshot outlives it. */
  async #isLost(error: unknown): Promise<boolean> {
    if (!isStandinError(error) || (error.code !== "CONNECTION_LOST" && error.code !== "PEER_SILENT")) return false;
    try {
      await this.#reader!.close();
      await this.#reader!.open(this.#abort.signal);
      return false;
    } catch {
      return true;
    }
  }

  async #close(): Promise<void> {
    this.#abort.abort();
    await this.#reader?.close().catch(() => {});
    this.#port.close();
  }

  #say(message: FromThread, transfer: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}
