import type {
  LeftRun,
  RunMark,
  SchemaDefinition,
  Shard,
  ShardStage,
  ShardWriter,
  SharedStage,
  TableToWrite,
} from "../../../contracts.ts";
import { tableName } from "../../../table-ref.ts";
import { beginWriting, committing } from "../postgres-session.ts";
import { lockOut, namingLocks } from "./lock-holders.ts";
import type { PostgresEnd } from "./postgres-end.ts";
import { discardShards, readLeft } from "./stage-records.ts";
import { beginStaging, dropLeft, resumeStaging, type StagedRun, unstage } from "./stage-run.ts";
import { hasStaging } from "./stage-schema.ts";
import { refusePooled, StageSession } from "./stage-session.ts";
import { PostgresSharedStage } from "./stage-shared.ts";
import { StageWriter } from "./stage-writer.ts";
import type { TargetTables } from "./target-tables.ts";

/**
 * Keeps shards in a schema beside the target's own tables, and publishes them from there in one transaction: whatever ends a run at whatever moment, the
 * target has either what was there before, and the staging to go on with, or everything.
 */
export class PostgresStage implements ShardStage {
  readonly #end: PostgresEnd;
  readonly #session = new StageSession();
  readonly shared: SharedStage;
  readonly #arrangement = new Map<number, readonly string[]>();
  #run: StagedRun | null = null;
  #writer: StageWriter | null = null;

  constructor(end: PostgresEnd) {
    this.#end = end;
    this.shared = new PostgresSharedStage(end, this.#session);
  }

  /** Whether the run under way keeps its shards. */
  get isUnderWay(): boolean {
    return this.#run !== null;
  }

  /** What is left is for one run alone to go by: from here on others are locked out. */
  left(): Promise<LeftRun | null> {
    return this.#transact(null, "looking for an unfinished run", async () => {
      const left = await readLeft(this.#end.client);
      return left && { mark: left.mark, shards: left.shards };
    });
  }

  async begin(
    tables: readonly TableToWrite[],
    definition: SchemaDefinition | null,
    mark: RunMark,
    signal: AbortSignal,
  ): Promise<{ readonly notes: readonly string[] }> {
    this.#end.stopOn(signal);
    const begin = () => beginStaging(this.#end, tables, definition, mark);
    this.#run = await this.#transact(tables, "preparing the target", begin);
    return { notes: this.#run.notes };
  }

  async resume(
    tables: readonly TableToWrite[],
    definition: SchemaDefinition | null,
    signal: AbortSignal,
  ): Promise<{ readonly notes: readonly string[] }> {
    this.#end.stopOn(signal);
    const resume = () => resumeStaging(this.#end, tables, definition);
    this.#run = await this.#transact(tables, "looking at what an unfinished run left", resume);
    return { notes: this.#run.notes };
  }

  async writer(table: TableToWrite, shard: Shard): Promise<ShardWriter> {
    const { client } = this.#end;
    const number = this.#numberOf(table);
    const name = tableName(table.table.ref);
    const start = async () => {
      await this.#beginTransaction();
      this.#writer = await StageWriter.start(client, { number, slot: 0, table, shard: shard.id });
      return this.#writer;
    };
    return this.#end.doing(`writing ${name}, shard ${shard.id}`, start, name);
  }

  discard(table: TableToWrite, shards: readonly string[]): Promise<readonly string[]> {
    const number = this.#numberOf(table);
    return this.#transact(null, `discarding shards of ${tableName(table.table.ref)}`, () =>
      discardShards(this.#end.client, number, shards),
    );
  }

  arrange(table: TableToWrite, shards: readonly string[]): void {
    this.#arrangement.set(this.#numberOf(table), shards);
  }

  /** Drops what a broken run left, for a run that keeps nothing. Resolves with a note, where there was something. */
  async clear(): Promise<readonly string[]> {
    const { client } = this.#end;
    return namingLocks(this.#end, null, "dropping what an unfinished run left", async () => {
      if (!(await hasStaging(client))) return [];
      await this.#beginTransaction();
      const notes = await dropLeft(client);
      await client.script("COMMIT");
      return notes;
    });
  }

  /** Begins the transaction that publishes, and leaves to the sink what comes after the rows. The staging is gone when it commits. */
  async publish(): Promise<TargetTables> {
    const run = this.#run!;
    const tables = run.tables.map(({ wanted }) => wanted);
    return namingLocks(this.#end, tables, "moving the staged rows to their tables", async () => {
      await this.#beginTransaction();
      return unstage(this.#end, run, this.#arrangement);
    });
  }

  /** Takes the open shard back and leaves the others. */
  async abort(): Promise<void> {
    await this.#writer?.abort();
  }

  /** Lets other runs in again, outside of a transaction. */
  async release(): Promise<void> {
    this.#run = null;
    this.#writer = null;
    await this.#session.release(this.#end.client);
  }

  /** Leaves a caller's own session as it was. One of ours ends with all that it holds. */
  async close(): Promise<void> {
    if (!this.#session.isHeld || this.#end.address !== null) return;
    await this.#end.client.script("ROLLBACK").catch(() => {});
    await this.release().catch(() => {});
  }

  #numberOf({ table }: TableToWrite): number {
    const name = tableName(table.ref);
    const found = this.#run?.tables.find(({ wanted }) => tableName(wanted.table.ref) === name);
    if (found === undefined) throw new TypeError(`${name} is not among the tables of the run`);
    return found.number;
  }

  /** The session's lock keeps others out between transactions. Taken in each as well, it tells a session that a pooler gave to somebody else meanwhile. */
  async #beginTransaction(): Promise<void> {
    await beginWriting(this.#end.client);
    await lockOut(this.#end.client);
  }

  async #holdSession(): Promise<void> {
    if (this.#session.isHeld) return;
    await refusePooled(this.#end);
    await this.#session.hold(this.#end.client);
  }

  #transact<Result>(tables: readonly TableToWrite[] | null, what: string, step: () => Promise<Result>): Promise<Result> {
    const { client } = this.#end;
    return namingLocks(this.#end, tables, what, async () => {
      await this.#holdSession();
      await this.#beginTransaction();
      return committing(client, step);
    });
  }
}
