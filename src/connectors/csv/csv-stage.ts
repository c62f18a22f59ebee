import type { LeftRun, RunMark, SchemaDefinition, Shard, ShardStage, ShardWriter, TableToWrite } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { isSameTable, tableName } from "../../table-ref.ts";
import { writeFailed } from "../file-bytes.ts";
import { publishFiles, syncFolder } from "../publish-files.ts";
import { prepareFolder } from "../target-files.ts";
import { type FolderLock, lockFolder } from "./csv-folder-lock.ts";
import { GrowingFile } from "./csv-growing-file.ts";
import { type GrowingTable, growingTable, stagedTable } from "./csv-growing-table.ts";
import { dropRuns, lookForRuns, shardsOnDisk } from "./csv-left-runs.ts";
import type { CsvSinkOptions } from "./csv-options.ts";
import { StateFile, statesIn } from "./csv-stage-state.ts";
import type { StagedCsv } from "./csv-staged.ts";
import { type CsvTarget, targetOf } from "./csv-target.ts";

/** The run under way. */
interface StagedRun {
  readonly mark: RunMark;
  readonly state: StateFile;
  readonly tables: readonly GrowingTable[];
  /** The file that grows: one at a time, as tables are written one after the other. */
  growing: { readonly table: GrowingTable; readonly file: GrowingFile } | null;
}

/**
 * Keeps shards in files beside those of the target, which grow shard by shard in the order of their rows. What a shard's file held when it was in stands in a
 * state: only what is on the disk by then is counted, and what is behind it is cut off when a run goes on.
 */
export class CsvStage implements ShardStage {
  readonly #options: CsvSinkOptions;
  #lock: FolderLock | null = null;
  #run: StagedRun | null = null;

  constructor(options: CsvSinkOptions) {
    this.#options = options;
  }

  /** Whether the run under way keeps its shards. */
  get isUnderWay(): boolean {
    return this.#run !== null;
  }

  /** The files as far as they are. */
  get files(): readonly StagedCsv[] {
    return this.#run?.tables ?? [];
  }

  /** What is left is for one run alone to go by: from here on others are locked out. */
  async left(): Promise<LeftRun | null> {
    const { folder } = this.#options;
    if ((await statesIn(folder)).length === 0) return null;
    await this.#hold();
    const { left, isDone } = await lookForRuns(folder);
    if (left === null && isDone)
      throw refused("The unfinished run had all rows in place, and its files have got their names now", null);
    if (left === null) return null;
    const shards = await shardsOnDisk(folder, left);
    return { mark: left.mark, shards: shards.map(({ table, shard, rows, checksum }) => ({ table, shard, rows, checksum })) };
  }

  async begin(
    toWrite: readonly TableToWrite[],
    _definition: SchemaDefinition | null,
    mark: RunMark,
  ): Promise<{ readonly notes: readonly string[] }> {
    const { folder } = this.#options;
    const targets = await this.#prepare(toWrite);
    await this.#hold();
    const notes = await dropRuns(folder);
    const tables = targets.map((target) => growingTable(target, mark.runId, []));
    const state = new StateFile(folder, mark.runId);
    // Before the files that it tells of: none can be left that nobody knows.
    await state.rewrite({ mark, tables: tables.map(stagedTable), shards: [] });
    this.#run = { mark, state, tables, growing: null };
    for (const table of tables) await this.#grow(table);
    await syncFolder(folder);
    return { notes };
  }

  async resume(toWrite: readonly TableToWrite[]): Promise<{ readonly notes: readonly string[] }> {
    const { folder } = this.#options;
    const targets = await this.#prepare(toWrite);
    await this.#hold();
    const { left } = await lookForRuns(folder);
    if (left === null) throw refused("There is no unfinished run to go on with");
    const { mark } = left;
    const shards = await shardsOnDisk(folder, left);
    const tables = targets.map((target) => {
      const name = tableName(target.toWrite.table.ref);
      return growingTable(
        target,
        mark.runId,
        shards.filter(({ table }) => table === name),
      );
    });
    const [before, now] = [left.tables, tables.map(stagedTable)].map((known) => JSON.stringify(known));
    if (before !== now) throw refused("The unfinished run wrote other files, or in another form");
    const state = new StateFile(folder, mark.runId);
    await state.rewrite({ mark, tables: left.tables, shards });
    this.#run = { mark, state, tables, growing: null };
    for (const table of tables) await this.#grow(table);
    await syncFolder(folder);
    return { notes: [] };
  }

  async writer({ table: { ref } }: TableToWrite, _shard: Shard): Promise<ShardWriter> {
    const { state } = this.#run!;
    const table = this.#find(ref);
    const file = await this.#grow(table);
    const piece = file.piece();
    let rows = 0;
    return {
      async write({ rows: more, pieces }) {
        for (const { buffer, byteOffset, length } of pieces) await piece.write(Buffer.from(buffer, byteOffset, length));
        rows += more;
      },
      async end(record) {
        await piece.end();
        // First the rows, then the word that they are there.
        const shard = { ...record, length: await file.sync() };
        await state.add(shard);
        file.keep();
        table.shards.push(shard);
        return rows;
      },
      async abort() {
        await piece.abort();
        await file.takeBack();
      },
    };
  }

  async discard({ table: { ref } }: TableToWrite, shards: readonly string[]): Promise<readonly string[]> {
    const run = this.#run!;
    const table = this.#find(ref);
    const first = table.shards.findIndex(({ shard }) => shards.includes(shard));
    if (first >= 0) {
      table.shards = table.shards.slice(0, first);
      // First the word that they are there, then the rows.
      await run.state.rewrite({
        mark: run.mark,
        tables: run.tables.map(stagedTable),
        shards: run.tables.flatMap(({ shards }) => shards),
      });
      await this.#close();
      await this.#grow(table);
    }
    return table.shards.map(({ shard }) => shard);
  }

  /** Gives the files their names, all of them or none, and ends the run. */
  async publish(): Promise<void> {
    const { mark, state, tables } = this.#run!;
    await this.#close();
    // Once this is on the disk, a kill leaves a run that is done: whoever comes next gives the rest of the files their names.
    const takeBack = await state.publish();
    try {
      await publishFiles(tables, this.#options.folder, mark.runId);
    } catch (error) {
      // Where the word stays, so would a later run believe it: rather none of the run is left.
      await takeBack().catch(() => state.remove());
      throw writeFailed(this.#options.folder, error);
    }
    await state.remove();
    this.#run = null;
    await this.release();
  }

  /** Drops what a broken run left, for a run that keeps nothing. Resolves with notes. */
  async clear(): Promise<readonly string[]> {
    const { folder } = this.#options;
    if ((await statesIn(folder)).length === 0) return [];
    await this.#hold();
    const notes = await dropRuns(folder);
    await this.release();
    return notes;
  }

  /** Lets other runs in again, and leaves the files as they are. */
  async release(): Promise<void> {
    await this.#close();
    await this.#run?.state.close();
    this.#run = null;
    await this.#lock?.release();
    this.#lock = null;
  }

  async #prepare(toWrite: readonly TableToWrite[]): Promise<readonly CsvTarget[]> {
    const targets = toWrite.map((table) => targetOf(table, this.#options));
    await prepareFolder(this.#options.folder, targets);
    return targets;
  }

  async #hold(): Promise<void> {
    this.#lock ??= await lockFolder(this.#options.folder);
  }

  /** Opens the file of a table behind the last shard that is there, or with its header where none is. */
  async #grow(table: GrowingTable): Promise<GrowingFile> {
    const run = this.#run!;
    if (run.growing?.table !== table) {
      await this.#close();
      const length = table.shards.at(-1)?.length ?? null;
      run.growing = { table, file: await GrowingFile.open(table.partial, table.isGzip, length, table.header) };
    }
    return run.growing!.file;
  }

  async #close(): Promise<void> {
    await this.#run?.growing?.file.close();
    if (this.#run !== null) this.#run.growing = null;
  }

  #find(ref: TableToWrite["table"]["ref"]): GrowingTable {
    const found = this.#run!.tables.find(({ toWrite }) => isSameTable(toWrite.table.ref, ref));
    if (found === undefined) throw new TypeError(`${tableName(ref)} is not among the tables of the run`);
    return found;
  }
}

function refused(what: string, hint: string | null = "Begin anew, without resuming."): StandinError {
  return new StandinError("RESUME_REFUSED", `${what}.`, { hint: hint ?? undefined });
}
