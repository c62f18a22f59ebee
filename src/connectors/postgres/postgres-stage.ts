import type { LeftRun, RunMark, SchemaDefinition, Shard, ShardStage, ShardWriter, TableToWrite } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { missingTables } from "../database-errors.ts";
import { lockOut, namingLocks } from "./lock-holders.ts";
import type { PostgresEnd } from "./postgres-end.ts";
import { beginWriting } from "./postgres-session.ts";
import { copyInStatement } from "./postgres-sql.ts";
import { dropMade, keepMade, readFresh, readMade } from "./stage-made.ts";
import {
  createRecords,
  discardShards,
  findStaged,
  type LeftStaging,
  promisedRows,
  readLeft,
  stagedName,
} from "./stage-records.ts";
import { createStaging, dropStaging, hasStaging, refuseNoRoom, STAGING } from "./stage-schema.ts";
import { StageSession } from "./stage-session.ts";
import { createStaged, moveRows, refuseChanged, type TableToStage } from "./stage-tables.ts";
import { StageWriter } from "./stage-writer.ts";
import { createTables, matchTables, readTarget, staleViews, type TargetTables, takeOver } from "./target-tables.ts";

/** What `begin` or `resume` found out. */
interface StagedRun {
  readonly tables: readonly TableToStage[];
  /** Set where the run made the target's tables. */
  readonly definition: SchemaDefinition | null;
}

/**
 * Keeps shards in a schema beside the target's own tables, and publishes them from there in one transaction: whatever ends a run at whatever moment, the
 * target has either what was there before, and the staging to go on with, or everything.
 */
export class PostgresStage implements ShardStage {
  readonly #end: PostgresEnd;
  readonly #session = new StageSession();
  #run: StagedRun | null = null;
  #writer: StageWriter | null = null;

  constructor(end: PostgresEnd) {
    this.#end = end;
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

  begin(
    toWrite: readonly TableToWrite[],
    definition: SchemaDefinition | null,
    mark: RunMark,
    signal: AbortSignal,
  ): Promise<{ readonly notes: readonly string[] }> {
    const { client } = this.#end;
    this.#end.stopOn(signal);
    return this.#transact(toWrite, "preparing the target", async () => {
      await refuseNoRoom(client);
      const notes = await this.#drop();
      let catalog = await readTarget(this.#end);
      const isNew = matchTables(toWrite, catalog).length === 0;
      if (isNew) {
        if (definition === null) throw missingTables(toWrite);
        const created = await createTables(client, definition, () => readTarget(this.#end));
        catalog = created.catalog;
        notes.push(created.note);
      }
      const made = isNew ? await readFresh(client) : [];
      const tables = matchTables(toWrite, catalog).map((found, index): TableToStage => {
        return { number: index + 1, wanted: toWrite[index]!, found };
      });
      await createStaging(client);
      await createRecords(
        client,
        { ...mark, createsTables: isNew },
        tables.map(({ number, found }) => ({ number, schema: found.table.ref.schema!, name: found.table.ref.name })),
      );
      await keepMade(client, made);
      await createStaged(client, tables);
      this.#run = { tables, definition: isNew ? definition : null };
      return { notes: [...notes, ...(await this.#staleViews(tables))] };
    });
  }

  resume(
    toWrite: readonly TableToWrite[],
    definition: SchemaDefinition | null,
    signal: AbortSignal,
  ): Promise<{ readonly notes: readonly string[] }> {
    this.#end.stopOn(signal);
    return this.#transact(toWrite, "looking at what an unfinished run left", async () => {
      const left = await readLeft(this.#end.client);
      if (left === null) throw refused("There is no unfinished run to go on with");
      const tables = await this.#match(toWrite, left);
      if (left.mark.createsTables && definition === null)
        throw refused("The unfinished run made the target's tables, and they can no longer be described");
      this.#run = { tables, definition: left.mark.createsTables ? definition : null };
      return { notes: await this.#staleViews(tables) };
    });
  }

  async writer(table: TableToWrite, shard: Shard): Promise<ShardWriter> {
    const { client } = this.#end;
    const { number } = this.#find(table);
    const name = tableName(table.table.ref);
    const start = async () => {
      await this.#beginTransaction();
      // A crash of the server may take the last shards back, each with its record, as both are in one commit; and an earlier one never without those after
      // it, as the log is written in order. So no shard needs to wait for the disk: publishing does, which is a commit behind them all.
      await client.query("SELECT pg_catalog.set_config('synchronous_commit', 'off', true)");
      const copy = await client.copyIn(copyInStatement({ schema: STAGING, name: stagedName(number) }, table.columns));
      this.#writer = new StageWriter(client, copy, number, table, shard);
      return this.#writer;
    };
    return this.#end.doing(`writing ${name}, shard ${shard.id}`, start, name);
  }

  discard(table: TableToWrite, shards: readonly string[]): Promise<readonly string[]> {
    const { number } = this.#find(table);
    return this.#transact(null, `discarding shards of ${tableName(table.table.ref)}`, () =>
      discardShards(this.#end.client, number, shards),
    );
  }

  /** Drops what a broken run left, for a run that keeps nothing. Resolves with a note, where there was something. */
  async clear(): Promise<readonly string[]> {
    const { client } = this.#end;
    return namingLocks(this.#end, null, "dropping what an unfinished run left", async () => {
      if (!(await hasStaging(client))) return [];
      await this.#beginTransaction();
      const notes = await this.#drop();
      await client.script("COMMIT");
      return notes;
    });
  }

  /** Begins the transaction that publishes: the target's own tables are emptied and hold the staged rows. The staging is gone when it commits. */
  async publish(): Promise<TargetTables> {
    const { client } = this.#end;
    const { tables, definition } = this.#run!;
    const toWrite = tables.map(({ wanted }) => wanted);
    return namingLocks(this.#end, toWrite, "moving the staged rows to their tables", async () => {
      await this.#beginTransaction();
      // Rows come out in the order in which they are stored, also where somebody else reads the table.
      await client.query("SELECT pg_catalog.set_config('synchronize_seqscans', 'off', true)");
      const found = matchTables(toWrite, await readTarget(this.#end));
      if (found.length === 0) throw missingTables(toWrite);
      const obstacles = await takeOver(client, found);
      const now = tables.map((table, index) => ({ ...table, found: found[index]! }));
      await refuseChanged(client, now);
      await moveRows(client, now, await promisedRows(client));
      await dropStaging(client);
      return { toWrite, tables: found, obstacles, definition };
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

  async #drop(): Promise<string[]> {
    const { client } = this.#end;
    if (!(await hasStaging(client))) return [];
    const made = await readMade(client);
    await dropStaging(client);
    await dropMade(client, made);
    return ["dropped what an unfinished run had left"];
  }

  async #match(toWrite: readonly TableToWrite[], left: LeftStaging): Promise<readonly TableToStage[]> {
    const catalog = await readTarget(this.#end);
    const tables = toWrite.map((wanted): TableToStage => {
      const staged = findStaged(left.tables, wanted);
      const found = catalog.find(wanted.table.ref);
      const name = tableName(wanted.table.ref);
      if (staged === undefined) throw refused(`The unfinished run does not write ${name}`);
      if (found === undefined) throw refused(`The target no longer has ${name}`);
      return { number: staged.number, wanted, found };
    });
    if (tables.length < left.tables.length) throw refused("The unfinished run writes more tables");
    await refuseChanged(this.#end.client, tables);
    return tables;
  }

  #find({ table }: TableToWrite): TableToStage {
    const found = this.#run?.tables.find(({ wanted }) => tableName(wanted.table.ref) === tableName(table.ref));
    if (found === undefined) throw new TypeError(`${tableName(table.ref)} is not among the tables of the run`);
    return found;
  }

  #staleViews(tables: readonly TableToStage[]): Promise<string[]> {
    return staleViews(
      this.#end.client,
      tables.map(({ found }) => found),
    );
  }

  /** The session's lock keeps others out between transactions. Taken in each as well, it tells a session that a pooler gave to somebody else meanwhile. */
  async #beginTransaction(): Promise<void> {
    await beginWriting(this.#end.client);
    await lockOut(this.#end.client);
  }

  #transact<Result>(tables: readonly TableToWrite[] | null, what: string, step: () => Promise<Result>): Promise<Result> {
    const { client } = this.#end;
    return namingLocks(this.#end, tables, what, async () => {
      await this.#session.hold(client);
      await this.#beginTransaction();
      try {
        const result = await step();
        await client.script("COMMIT");
        return result;
      } catch (error) {
        await client.script("ROLLBACK").catch(() => {});
        throw error;
      }
    });
  }
}

function refused(what: string): StandinError {
  return new StandinError("RESUME_REFUSED", `${what}.`, { hint: "Begin anew, without resuming." });
}
