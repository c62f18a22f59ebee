import type {
  DataSchema,
  PointingRows,
  RowEncoding,
  SchemaDefinition,
  Sink,
  StagedTarget,
  Table,
  TableToWrite,
  TableWriter,
} from "../../contracts.ts";
import { type Finding, StandinError } from "../../errors.ts";
import { counted } from "../../written-numbers.ts";
import { anotherRun, lostWhilePublishing, missingTables } from "../database-errors.ts";
import { findInterrupted, finishAftermath } from "./aftermath.ts";
import { holdTables } from "./hold-tables.ts";
import { readCatalog } from "./mysql-catalog.ts";
import type { MysqlClient } from "./mysql-client.ts";
import { MysqlDefinition } from "./mysql-definition.ts";
import { MysqlEnd, type MysqlOptions } from "./mysql-end.ts";
import { pointingRows } from "./mysql-pointing-rows.ts";
import { readTable } from "./mysql-read.ts";
import { pinSession, readIdentity } from "./mysql-session.ts";
import { checkTargetAccess } from "./mysql-target-access.ts";
import { MysqlWriter } from "./mysql-writer.ts";
import { dropMade, prepareSwap, swapTables } from "./publish.ts";
import { rehearse } from "./rehearsal.ts";
import { insertTransport, loadTransport } from "./row-transports.ts";
import { dropStaging, type StagedUnit, stageCopies, stageNew, standsFor } from "./staging.ts";
import { AFTERMATH_TABLE, OUR_PREFIX } from "./staging-names.ts";

/** How long the server may take to notice that a session's client is gone. */
const SECONDS_TO_END = 60;

export interface MysqlSinkOptions extends MysqlOptions {
  /**
   * Whether rows go by LOAD DATA LOCAL; otherwise by INSERTs of many rows, which are slower.
   * @default as the server's `local_infile` allows
   */
  readonly loadData?: boolean | undefined;
}

/**
 * Writes a MySQL (8.0.17 or later) or MariaDB (10.6 or later) database through staging tables, published by one RENAME: readers see the old tables until
 * every row is in and every foreign key holds.
 *
 * Works with all privileges on the database. Tables that the target lacks altogether are made from the source's definition.
 */
export function mysqlSink(options: MysqlSinkOptions): Sink {
  return new MysqlSink(options);
}

class MysqlSink implements Sink {
  readonly system = "mysql";
  readonly #end: MysqlEnd;
  readonly #loadData: boolean | undefined;
  #unit: StagedUnit | null = null;
  #toWrite: readonly TableToWrite[] = [];
  /** From the first thing made beside the target's own to the last one taken away. */
  #isStaged = false;
  #isLoading = false;
  #usesLoad = false;

  constructor({ loadData, ...options }: MysqlSinkOptions) {
    this.#end = new MysqlEnd("target", options);
    this.#loadData = loadData;
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.#end.open(signal);
    await this.#end.doing("pinning its session", () => pinSession(this.#end.client));
  }

  identity(): Promise<string> {
    return this.#end.doing("asking for its identity", () => readIdentity(this.#end.client));
  }

  schema(): Promise<DataSchema> {
    return this.#end.doing("reading its catalog", () =>
      readCatalog(this.#end.client, { without: OUR_PREFIX, countsRows: false }),
    );
  }

  check(): Promise<readonly Finding[]> {
    return this.#end.doing("reading its privileges", () => checkTargetAccess(this.#end.client));
  }

  pointing(toWrite: readonly TableToWrite[]): Promise<readonly PointingRows[]> {
    const names = toWrite.map(({ table }) => table.ref.name);
    return this.#end.doing("looking for rows that point to its tables", () => pointingRows(this.#end.client, names));
  }

  unreadable(tables: readonly Table[]): Promise<readonly Finding[]> {
    const wanted = tables.map((table) => ({ table, columns: table.columns.filter(({ isGenerated }) => !isGenerated) }));
    return this.#end.doing("reading its privileges", () => holdTables(this.#end.client, wanted));
  }

  async begin(
    toWrite: readonly TableToWrite[],
    definition: SchemaDefinition | null,
    signal: AbortSignal,
  ): Promise<{ notes: readonly string[] }> {
    this.#end.stopOn(signal);
    this.#toWrite = toWrite;
    const { client } = this.#end;
    const there = new Set((await this.schema()).tables.map(({ ref }) => ref.name));
    const missing = toWrite.filter(({ table }) => !there.has(table.ref.name));
    const isNew = missing.length === toWrite.length && definition instanceof MysqlDefinition;
    if (missing.length > 0 && !isNew) throw missingTables(missing);
    return this.#end.doing("preparing the target", async () => {
      await lockOut(client, 0);
      const notes: string[] = [];
      if ((await findInterrupted(client)) === "after the swap") {
        await finishAftermath(client);
        notes.push("finished what an interrupted run had left to do");
      }
      this.#isStaged = true;
      await dropStaging(client);
      this.#usesLoad = this.#loadData ?? (await allowsLoad(client));
      this.#unit = isNew ? await stageNew(client, definition) : await stageCopies(client, toWrite);
      await rehearse(client, this.#unit);
      return { notes: [...notes, ...(isNew ? newNotes(definition) : [])] };
    });
  }

  async writer(table: TableToWrite): Promise<TableWriter> {
    const { client } = this.#end;
    const into = standsFor(this.#unit!)(table.table.ref.name);
    // What is cut off in a generated column is noted, though nobody wrote it.
    const notes = table.table.columns.some(({ isGenerated }) => isGenerated) ? 0 : 1;
    await this.#end.doing("pinning its session", () => client.execute(`SET SESSION sql_notes = ${notes}`));
    this.#isLoading = true;
    const transport = this.#usesLoad ? loadTransport(client, table, into) : insertTransport(client, table, into);
    const writer = new MysqlWriter(client, table, transport);
    return {
      write: (batch) => writer.write(batch),
      writeEncoded: (rows) => writer.writeEncoded(rows),
      end: async () => {
        const rows = await writer.end();
        this.#isLoading = false;
        return rows;
      },
    };
  }

  encoding(): RowEncoding {
    return { system: "mysql", how: null };
  }

  async staged(): Promise<StagedTarget> {
    const unit = this.#unit!;
    const { tables } = await this.schema();
    // Tables that are new have their own names after the swap alone: they are made as the source has them.
    const made = unit.definition === null ? [] : this.#toWrite.map(({ table }) => table);
    return {
      schema: { system: "mysql", tables: [...tables, ...made] },
      read: (table, options) => readTable(this.#end, table, standsFor(unit)(table.ref.name), options),
    };
  }

  async commit(): Promise<void> {
    const unit = this.#unit;
    if (unit === null) throw new TypeError("commit without begin");
    const { client } = this.#end;
    await this.#end.doing("putting the target back together", () => prepareSwap(client, unit));
    // A RENAME on its way cannot be called back, so from here on a stopped run is a finished one.
    this.#end.holdOn();
    await this.#publish(unit);
    this.#forget();
  }

  async rollback(): Promise<void> {
    const unit = this.#unit;
    if (!this.#isStaged) return;
    this.#forget();
    // Half a file cannot be taken back: only the end of its session ends it.
    if (this.#isLoading)
      this.#end.client.stop(new StandinError("SINK_FAILED", "The connection was given up with a table half written."));
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

  async close(): Promise<void> {
    await this.rollback().catch(() => {});
    await this.#end.close();
  }

  #forget(): void {
    this.#unit = null;
    this.#isStaged = false;
  }

  async #publish(unit: StagedUnit): Promise<void> {
    const { client } = this.#end;
    try {
      await this.#end.doing("publishing", async () => {
        await swapTables(client, unit);
        await finishAftermath(client);
      });
    } catch (error) {
      // A target that was empty is emptied again by the rollback.
      if (unit.definition !== null) throw client.isLost ? lostWhilePublishing() : error;
      await this.#recover(error);
    }
  }

  /** Looks, through a session of its own where the first is lost, on which side of the swap things broke off, and finishes what comes behind it. */
  async #recover(error: unknown): Promise<void> {
    const { client } = this.#end;
    const fresh = client.isLost ? await this.#end.connectAnew().catch(() => null) : client;
    if (fresh === null) throw lostWhilePublishing();
    try {
      await pinSession(fresh);
      if (fresh !== client) await lockOut(fresh, SECONDS_TO_END);
      const broke = await findInterrupted(fresh);
      if (broke === "before the swap") throw error;
      this.#forget();
      if (broke === "after the swap") await finishAftermath(fresh);
    } catch (failure) {
      if (failure === error) throw error;
      throw new StandinError(
        "SINK_FAILED",
        "The new tables are published, but their keys and triggers did not all get their own names back.",
        {
          hint: `Run again when the server is well: the next run begins with what is left, which is in ${AFTERMATH_TABLE}.`,
        },
      );
    } finally {
      if (fresh !== client) await fresh.close();
    }
  }
}

/** Lets one run at a time write to a database. Waits for a session that has lost its client to end. */
async function lockOut(client: MysqlClient, seconds: number): Promise<void> {
  const [[isOurs]] = (await client.query(`SELECT GET_LOCK(CONCAT('standin/', MD5(DATABASE())), ${seconds})`)) as [[string]];
  if (isOurs !== "1") throw anotherRun();
}

async function allowsLoad(client: MysqlClient): Promise<boolean> {
  const [[allows]] = (await client.query("SELECT @@GLOBAL.local_infile")) as [[string]];
  return allows === "1";
}

function newNotes({ tables, sequences, views, routines, hidden, broken }: MysqlDefinition): string[] {
  const made = [`created ${counted(tables.length, "table")}`];
  if (sequences.length > 0) made.push(`created ${counted(sequences.length, "sequence")}`);
  if (views.length > 0) made.push(`created ${counted(views.length, "view")}`);
  if (routines.length > 0) made.push(`created ${counted(routines.length, "routine")}`);
  if (hidden.length > 0) made.push(`not created, as the source's user may not see how they are made: ${hidden.join(", ")}`);
  if (broken.length > 0) made.push(`not created, as they are broken in the source: ${broken.join(", ")}`);
  return made;
}
