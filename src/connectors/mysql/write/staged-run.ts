import type { RunMark, SchemaDefinition, Shard, ShardWriter, TableToWrite } from "../../../contracts.ts";
import { tableName } from "../../../table-ref.ts";
import { missingTables, peerSilent } from "../../database-errors.ts";
import { DROPPED_UNFINISHED } from "../../unfinished-run.ts";
import { TABLES_QUERY } from "../mysql-catalog-queries.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { notesOfMade, ownDefinition } from "../mysql-definition.ts";
import { pinSession } from "../mysql-session.ts";
import { quoteName } from "../mysql-sql.ts";
import { findInterrupted, finishAftermath } from "./aftermath.ts";
import { discardShards } from "./discard-shards.ts";
import { gatherShards } from "./gather-shards.ts";
import { addMarks, nextMark, type RowMark } from "./kept-marks.ts";
import { createKept, forgetRecords, hasKept, type KeptRun, readKept } from "./kept-run.ts";
import { describeKept, refused, refuseNoTransactions, refuseOtherTables } from "./kept-shapes.ts";
import type { MysqlEnd } from "./mysql-end.ts";
import { dropMark, makeRoomForMark, writeMark } from "./mysql-kept-mark.ts";
import type { MysqlWriter } from "./mysql-writer.ts";
import { dropMade, prepareSwap, undoPrepared } from "./publish.ts";
import { publishStaged } from "./publish-staged.ts";
import { rehearse } from "./rehearsal.ts";
import { hasSlots } from "./shard-places.ts";
import { dropSlots, isKeyless } from "./slot-tables.ts";
import { SlotWriters } from "./slot-writers.ts";
import {
  dropStaging,
  type StagedTable,
  type StagedUnit,
  stageAnew,
  stageCopies,
  stagedBefore,
  stageNew,
  standsFor,
} from "./staging.ts";
import { OUR_PREFIX } from "./staging-names.ts";
import { lockOut, releaseLock, SECONDS_TO_END, takeLock } from "./target-lock.ts";
import { TargetSession } from "./target-session.ts";

/** What a sink has staged beside the target's own tables, from the first table that it makes to the moment of publishing. */
export class StagedRun {
  readonly #end: MysqlEnd;
  readonly #session: TargetSession;
  #unit: StagedUnit | null = null;
  #toWrite: readonly TableToWrite[] = [];
  /** From the first thing made beside the target's own to the last one taken away. */
  #isStaged = false;
  /** Where the run left off, for one that reads changes alone. */
  readonly #markToLeave: () => string | null;
  /** Whether the staging tables have all that the swap publishes. */
  #isPrepared = false;
  /** Set where what is staged outlives the run. */
  #kept: KeptRun | null = null;
  /** Staging tables whose rows tell which shard they came with. */
  #marked: ReadonlySet<string> = new Set();
  /** The slot that this session writes to where the rows of a table wait in slots. */
  readonly #slots: SlotWriters;
  /** The order of a table's shards, by its name. */
  readonly #order = new Map<string, readonly string[]>();

  constructor(end: MysqlEnd, loadData: boolean | undefined, markToLeave: () => string | null) {
    this.#end = end;
    this.#markToLeave = markToLeave;
    this.#session = new TargetSession(end, loadData);
    this.#slots = new SlotWriters(end, this.#session, OWN_SLOT);
  }

  get unit(): StagedUnit {
    if (this.#unit === null) throw new TypeError("Nothing was begun.");
    return this.#unit;
  }

  get toWrite(): readonly TableToWrite[] {
    return this.#toWrite;
  }

  /** Begins anew. With a mark, what is staged is kept when the run breaks off. */
  async begin(
    toWrite: readonly TableToWrite[],
    definition: SchemaDefinition | null,
    mark: RunMark | null,
    signal: AbortSignal,
  ): Promise<{ readonly notes: readonly string[] }> {
    this.#end.stopOn(signal);
    this.#toWrite = toWrite;
    const { client } = this.#end;
    return this.#end.doing("preparing the target", async () => {
      const there = await readNames(client);
      const missing = toWrite.filter(({ table }) => !there.has(table.ref.name));
      const own = missing.length > 0 && missing.length === toWrite.length ? ownDefinition(definition, toWrite) : null;
      if (missing.length > 0 && own === null) throw missingTables(missing);
      await lockOut(client, 0);
      const notes: string[] = [];
      if ((await findInterrupted(client)) === "after the swap") {
        await finishAftermath(client);
        notes.push("finished what an interrupted run had left to do");
      }
      if (await hasKept(client)) notes.push(DROPPED_UNFINISHED);
      this.#isStaged = true;
      await dropStaging(client);
      this.#unit = own !== null ? await stageNew(client, own) : await stageCopies(client, toWrite);
      await rehearse(client, this.#unit);
      if (mark !== null) {
        await refuseNoTransactions(client, this.#unit, toWrite);
        const kept = await describeKept(client, mark, this.#unit);
        await createKept(client, kept);
        this.#kept = kept;
        this.#marked = await addMarks(client, stagingsOf(this.#unit));
      }
      return { notes: [...notes, ...(own !== null ? notesOfMade(own) : [])] };
    });
  }

  /** What an unfinished run has left. From here on others are locked out. */
  left(): Promise<KeptRun | null> {
    const { client } = this.#end;
    return this.#end.doing("looking for an unfinished run", async () => {
      await lockOut(client, 0);
      return readKept(client);
    });
  }

  async resume(toWrite: readonly TableToWrite[], definition: SchemaDefinition | null, signal: AbortSignal): Promise<void> {
    this.#end.stopOn(signal);
    this.#toWrite = toWrite;
    const kept = await this.left();
    if (kept === null) throw refused("There is no unfinished run to go on with");
    const { client } = this.#end;
    await this.#end.doing("going on with an unfinished run", async () => {
      const known = kept.others !== null ? ownDefinition(definition, toWrite) : null;
      await refuseOtherTables(client, kept, toWrite, await readNames(client), known);
      const stagings = kept.tables.map(({ staging }) => staging);
      await undoPrepared(client, stagings);
      await dropSlots(client, "of others than", stagings);
      this.#unit = await stagedBefore(client, kept.tables, known);
      this.#isStaged = true;
      this.#kept = kept;
      this.#marked = await addMarks(client, stagingsOf(this.#unit));
    });
  }

  /** Opens a table for rows: for those of a shard, with a mark, in a transaction that the caller ends. */
  open(table: TableToWrite, mark: RowMark | null = null): Promise<MysqlWriter> {
    const into = standsFor(this.unit)(table.table.ref.name);
    return this.#session.open(table, { into, isShard: mark !== null, mark: this.#marked.has(into) ? mark : null });
  }

  /** Ends a table, or a shard of it. Resolves with the rows that the server acknowledged. */
  end(writer: MysqlWriter): Promise<number> {
    return this.#session.end(writer);
  }

  /** Takes the shard back that is under way. */
  takeBack(): Promise<void> {
    return this.#session.takeBack();
  }

  /** The mark of the next shard. */
  async nextMark(): Promise<RowMark> {
    const client = await this.#session.ready();
    return this.#end.doing("reading what is staged", () => nextMark(client));
  }

  /** Opens a shard in a slot, where it has to come between rows that wait in slots; null where it may come behind what is there. */
  async slotWriter(table: TableToWrite, shard: Shard): Promise<ShardWriter | null> {
    const into = standsFor(this.unit)(table.table.ref.name);
    const client = await this.#session.ready();
    const isBetween = await this.#end.doing(
      "reading what is staged",
      async () => (await hasSlots(client, tableName(table.table.ref))) && (await isKeyless(client, into)),
    );
    return isBetween ? this.#slots.writer(into, table, shard) : null;
  }

  arrange({ table }: TableToWrite, shards: readonly string[]): void {
    this.#order.set(table.ref.name, shards);
  }

  /** Moves what waits in slots together. To be called when all shards are there. */
  async gather(): Promise<void> {
    if (this.#kept === null || this.#isPrepared) return;
    await this.#session.ready();
    const staged = new Map(this.unit.tables.map(({ name, staging }) => [name, staging]));
    for (const table of this.#toWrite) {
      const { name } = table.table.ref;
      const staging = staged.get(name)!;
      const order = this.#order.get(name) ?? [];
      await gatherShards(this.#end, { staging, table, isMarked: this.#marked.has(staging), order });
    }
    await this.#end.doing("dropping what is moved", () => dropSlots(this.#end.client, "of", [...staged.values()]));
  }

  /** Takes shards of a table out again, or all of them. */
  async discard({ table }: TableToWrite, shards: readonly string[]): Promise<void> {
    const client = await this.#session.ready();
    const name = tableName(table.ref);
    const staged = this.unit.tables.find((one) => one.name === table.ref.name)!;
    await this.#end.doing(`discarding shards of ${name}`, async () => {
      const of = { staging: staged.staging, table: name, isMarked: this.#marked.has(staged.staging) };
      if (!(await discardShards(client, of, shards))) await this.#empty(client, staged, name);
    });
  }

  /** Has a table begin anew, without a row. */
  async #empty(client: MysqlClient, old: StagedTable, name: string): Promise<void> {
    const { unit } = this;
    const kept = this.#kept!;
    const fresh = await stageAnew(client, unit, old);
    const tables = kept.tables.map((one) => (one.name === old.name ? { ...one, staging: fresh.staging } : one));
    await forgetRecords(client, { ...kept, tables }, name);
    this.#kept = { ...kept, tables };
    this.#unit = { ...unit, tables: unit.tables.map((one) => (one === old ? fresh : one)) };
    this.#marked = await addMarks(client, stagingsOf(this.#unit));
    await client.execute(`DROP TABLE ${quoteName(old.staging)}`);
    await dropSlots(client, "of", [old.staging]);
  }

  async prepareCommit(): Promise<void> {
    await this.gather();
    const { unit } = this;
    const client = await this.#session.ready();
    await this.#end.doing("putting the target back together", () => prepareSwap(client, unit, this.#kept !== null));
    this.#isPrepared = true;
  }

  async commit(): Promise<void> {
    const { unit } = this;
    if (!this.#isPrepared) await this.prepareCommit();
    const mark = this.#markToLeave();
    // A swap is no transaction: without a mark in between, what breaks off here is followed by a whole run.
    await this.#end.doing("taking the last run's mark away", async () => {
      await dropMark(this.#end.client);
      if (mark !== null) await makeRoomForMark(this.#end.client);
    });
    // A RENAME on its way cannot be called back, so from here on a stopped run is a finished one.
    this.#end.holdOn();
    await publishStaged(this.#end, unit, this.#kept !== null, () => this.#forget());
    this.#forget();
    // The copy is published; without its mark the next run is a whole one.
    if (mark !== null) await writeMark(this.#end.client, mark).catch(() => {});
  }

  async rollback(): Promise<void> {
    const unit = this.#unit;
    const isKept = this.#kept !== null;
    if (!this.#isStaged) return;
    this.#forget();
    this.#session.endLoad();
    if (isKept) return this.#letGo();
    const client = this.#end.client.isLost ? await this.#end.connectAnew() : this.#end.client;
    try {
      await pinSession(client);
      if (client !== this.#end.client) await lockOut(client, SECONDS_TO_END);
      if (unit !== null) await dropMade(client, unit);
      await dropStaging(client);
    } finally {
      if (client !== this.#end.client) await client.close();
    }
  }

  /** Ends a session that was given up, and that the server may still work for: it would find the target locked, whoever goes on with the run. */
  async #letGo(): Promise<void> {
    if (!this.#end.client.isLost) return;
    // A server that does not answer lets go by itself.
    const client = await this.#end.connectAnew().catch(() => null);
    if (client === null) return;
    const seconds = 2 * SECONDS_TO_LET_GO;
    const giveUp = setTimeout(() => client.stop(peerSilent("target", client.place, seconds)), seconds * 1000);
    try {
      if (await takeLock(client, SECONDS_TO_LET_GO)) await releaseLock(client);
    } finally {
      clearTimeout(giveUp);
      await client.close();
    }
  }

  #forget(): void {
    this.#unit = null;
    this.#isStaged = false;
    this.#isPrepared = false;
    this.#kept = null;
  }
}

/** That of a run alone. */
const OWN_SLOT = 1;

/** How long a run that is to be gone on with waits for its own lock to be free. */
const SECONDS_TO_LET_GO = 10;

const stagingsOf = ({ tables }: StagedUnit): readonly string[] => tables.map(({ staging }) => staging);

/** The tables that are the target's own. */
async function readNames(client: MysqlClient): Promise<ReadonlySet<string>> {
  const names = (await client.query(TABLES_QUERY)).map(([name]) => name!);
  return new Set(names.filter((name) => !name.startsWith(OUR_PREFIX)));
}
