import type {
  DataSchema,
  PointingRows,
  RowEncoding,
  SchemaDefinition,
  Sink,
  StagedTarget,
  StandIn,
  Table,
  TableToWrite,
  TableWriter,
} from "../../../contracts.ts";
import { type Finding, isStandinError } from "../../../errors.ts";
import { isSameTable, tableName } from "../../../table-ref.ts";
import { lostWhilePublishing, missingTables } from "../../database-errors.ts";
import { leftAlone } from "../../deleted-rows.ts";
import type { Catalog, CatalogTable } from "../postgres-catalog.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { beginWriting, readIdentity } from "../postgres-session.ts";
import { copyInStatement } from "../postgres-sql.ts";
import { readTable } from "../read/postgres-read.ts";
import { readDenials } from "../read/read-access.ts";
import { lockOut, namingLocks, refuseOtherRun } from "./lock-holders.ts";
import { pointingRows } from "./pointing-rows.ts";
import { PostgresChanges } from "./postgres-changes.ts";
import { PostgresEnd, type PostgresOptions } from "./postgres-end.ts";
import { PostgresStage } from "./postgres-stage.ts";
import { PostgresWriter } from "./postgres-writer.ts";
import { refusedTexts } from "./refused-texts.ts";
import { readMade, withoutMade } from "./stage-made.ts";
import { checkAccess } from "./target-access.ts";
import { createTables, matchTables, putTogether, readTarget, staleViews, type TargetTables, takeOver } from "./target-tables.ts";

/**
 * Writes a PostgreSQL database (12 or later) in one transaction: readers see the old rows, or wait, until everything is in and every foreign key holds.
 *
 * Works as the tables' owner; a superuser is not needed. Tables that the target lacks altogether are made from the source's definition.
 */
export function postgresSink(options: PostgresOptions): Sink {
  return new PostgresSink(options);
}

class PostgresSink implements Sink {
  readonly system = "postgres";
  readonly stage: PostgresStage;
  readonly changes: PostgresChanges;
  readonly #end: PostgresEnd;
  /** As `schema` read it, which the plan is made of; `begin` reads it anew. */
  #planned: Catalog | null = null;
  /** What `begin` found out for `staged` and `commit`. */
  #unit: TargetTables | null = null;
  #writer: PostgresWriter | null = null;
  #isPutTogether = false;

  constructor(options: PostgresOptions) {
    this.#end = new PostgresEnd("target", options);
    this.stage = new PostgresStage(this.#end);
    this.changes = new PostgresChanges(this.#end);
  }

  open(signal: AbortSignal): Promise<void> {
    return this.#end.open(signal);
  }

  identity(): Promise<string> {
    return this.#end.doing("asking for its identity", () => readIdentity(this.#end.client));
  }

  async schema(): Promise<DataSchema> {
    const { client } = this.#end;
    return namingLocks(this.#end, null, "reading its catalog", async () => {
      await beginWriting(client);
      await refuseOtherRun(client);
      this.#planned = withoutMade(await readTarget(this.#end), await readMade(client));
      await client.script("ROLLBACK");
      return this.#planned.schema;
    });
  }

  check(toWrite: readonly TableToWrite[]): Promise<readonly Finding[]> {
    return this.#asking("reading its privileges", (client, catalog) => checkAccess(client, findTables(toWrite, catalog)));
  }

  refused(standIns: readonly StandIn[]): Promise<readonly StandIn[]> {
    return this.#asking("asking what its columns hold", (client, catalog) =>
      refusedTexts(client, standIns, (ref, column) => catalog.find(ref)?.table.columns.find(({ name }) => name === column)?.type),
    );
  }

  pointing(toWrite: readonly TableToWrite[]): Promise<readonly PointingRows[]> {
    return this.#asking("looking for rows that point to its tables", (client, catalog) =>
      pointingRows(client, findTables(toWrite, catalog)),
    );
  }

  unreadable(tables: readonly Table[]): Promise<readonly Finding[]> {
    return this.#asking("reading its privileges", (client, catalog) => {
      const found = tables.flatMap((table) => {
        const one = catalog.find(table.ref);
        const columns = table.columns.filter(({ isGenerated }) => !isGenerated);
        return one === undefined ? [] : [{ wanted: { table, columns }, found: one }];
      });
      return readDenials(client, found, "target");
    });
  }

  async begin(
    toWrite: readonly TableToWrite[],
    definition: SchemaDefinition | null,
    signal: AbortSignal,
  ): Promise<{ notes: readonly string[] }> {
    const { client } = this.#end;
    this.#end.stopOn(signal);
    const cleared = await this.stage.clear();
    return namingLocks(this.#end, toWrite, "preparing the target", async () => {
      await beginWriting(client);
      await lockOut(client);
      const found = matchTables(toWrite, await readTarget(this.#end));
      if (found.length > 0) {
        this.#unit = { toWrite, tables: found, obstacles: await takeOver(client, found), definition: null };
        return { notes: [...cleared, ...(await staleViews(client, found))] };
      }
      if (definition === null) throw missingTables(toWrite);
      const { catalog, note } = await createTables(client, definition, () => readTarget(this.#end));
      this.#unit = { toWrite, tables: matchTables(toWrite, catalog), obstacles: null, definition };
      return { notes: [...cleared, note] };
    });
  }

  async writer(table: TableToWrite): Promise<TableWriter> {
    const name = tableName(table.table.ref);
    const into = this.changes.isUnderWay ? this.changes.stagedRef(table) : table.table.ref;
    const statement = copyInStatement(into, table.columns);
    const copy = await this.#end.doing(`writing ${name}`, () => this.#end.client.copyIn(statement), name);
    this.#writer = new PostgresWriter(copy, table);
    return this.#writer;
  }

  /** COPY text, whatever the table. */
  encoding(): RowEncoding {
    return { system: "postgres", how: null };
  }

  /** Shards that were kept are moved to their tables first, in the transaction that publishes: what is looked at is what will be there. */
  async staged(): Promise<StagedTarget> {
    if (this.stage.isUnderWay) this.#unit = await this.stage.publish();
    const catalog = await this.#end.doing("reading its catalog", () => readTarget(this.#end));
    // The keys are out of the rows' way until the commit, or not there yet: as they were planned, so they will be.
    const { definition, toWrite } = this.#unit!;
    const planned = definition === null ? (this.#planned?.schema.tables ?? []) : toWrite.map(({ table }) => table);
    const tables = catalog.schema.tables.map((table) => planned.find(({ ref }) => isSameTable(ref, table.ref)) ?? table);
    return {
      schema: { system: "postgres", tables },
      read: (table, options) => readTable(this.#end, catalog.find(table.ref)!, options),
    };
  }

  async prepareCommit(): Promise<void> {
    const { client } = this.#end;
    if (this.changes.isUnderWay) this.#unit = await this.changes.publish();
    if (this.stage.isUnderWay) this.#unit ??= await this.stage.publish();
    const unit = this.#unit;
    if (unit === null) throw new TypeError("commit without begin");
    await this.#end.doing("putting the target back together", () =>
      putTogether(client, unit).catch((error: unknown) => {
        throw this.changes.isUnderWay ? leftAlone(error) : error;
      }),
    );
    await this.changes.keepMark();
    this.#isPutTogether = true;
  }

  async commit(): Promise<void> {
    if (!this.#isPutTogether) await this.prepareCommit();
    // A COMMIT on its way cannot be called back, so from here on a stopped run is a finished one.
    this.#end.holdOn();
    await this.#end.doing("publishing", () => this.#publish());
    this.#unit = null;
    // The target is complete, whatever becomes of the session.
    await this.stage.release().catch(() => {});
  }

  async rollback(): Promise<void> {
    const writer = this.#writer;
    this.#writer = null;
    this.#unit = null;
    this.#isPutTogether = false;
    this.changes.forget();
    await this.#end.doing("rolling back", async () => {
      await this.#end.rollBack(async () => {
        await writer?.abort();
        await this.changes.abort();
        await this.stage.abort();
      });
      await this.stage.release();
    });
  }

  async close(): Promise<void> {
    await this.stage.close();
    await this.#end.close();
  }

  /** A question that changes nothing, about the tables as they were planned. */
  #asking<Answer>(what: string, ask: (client: PostgresClient, catalog: Catalog) => Promise<Answer>): Promise<Answer> {
    const { client } = this.#end;
    return this.#end.doing(what, async () => {
      await beginWriting(client);
      const answer = await ask(client, this.#planned ?? (await readTarget(this.#end)));
      await client.script("ROLLBACK");
      return answer;
    });
  }

  async #publish(): Promise<void> {
    try {
      await this.#end.client.script("COMMIT");
    } catch (error) {
      if (!isStandinError(error) || error.code !== "CONNECTION_LOST") throw error;
      throw lostWhilePublishing();
    }
  }
}

/** Those of the tables that the target has. */
function findTables(toWrite: readonly TableToWrite[], catalog: Catalog): readonly CatalogTable[] {
  return toWrite.map(({ table }) => catalog.find(table.ref)).filter((table) => table !== undefined);
}
