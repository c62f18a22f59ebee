import type {
  DataSchema,
  PointingRows,
  SchemaDefinition,
  Sink,
  StagedTarget,
  StandIn,
  Table,
  TableToWrite,
  TableWriter,
} from "../../contracts.ts";
import { type Finding, isStandinError } from "../../errors.ts";
import { isSameTable, tableName } from "../../table-ref.ts";
import { counted } from "../../written-numbers.ts";
import { lostWhilePublishing, missingTables } from "../database-errors.ts";
import { lockOut, namingTheLocked, refuseOtherRun } from "./lock-holders.ts";
import { pointingRows } from "./pointing-rows.ts";
import { type Catalog, type CatalogTable, readCatalog } from "./postgres-catalog.ts";
import { PostgresEnd, type PostgresOptions } from "./postgres-end.ts";
import { asBrokenReference } from "./postgres-errors.ts";
import { readTable } from "./postgres-read.ts";
import { beginWriting, readIdentity } from "./postgres-session.ts";
import { PostgresWriter } from "./postgres-writer.ts";
import { readDenials } from "./read-access.ts";
import { refusedTexts } from "./refused-texts.ts";
import { checkAccess } from "./target-access.ts";
import { clearTheWay, type Obstacles, restoreObstacles } from "./target-obstacles.ts";
import { advanceSequences } from "./target-sequences.ts";
import { dependentViews, refreshViews } from "./target-views.ts";

/**
 * Writes a PostgreSQL database (12 or later) in one transaction: readers see the old rows, or wait, until everything is in and every foreign key holds.
 *
 * Works as the tables' owner; a superuser is not needed. Tables that the target lacks altogether are made from the source's definition.
 */
export function postgresSink(options: PostgresOptions): Sink {
  return new PostgresSink(options);
}

/** What `begin` found out for `staged` and `commit`. */
interface Unit {
  readonly toWrite: readonly TableToWrite[];
  readonly tables: readonly CatalogTable[];
  readonly obstacles: Obstacles | null;
  /** Set where the tables are new. */
  readonly definition: SchemaDefinition | null;
}

class PostgresSink implements Sink {
  readonly system = "postgres";
  readonly #end: PostgresEnd;
  /** As `schema` read it, which the plan is made of; `begin` reads it anew. */
  #planned: Catalog | null = null;
  #unit: Unit | null = null;
  #writer: PostgresWriter | null = null;

  constructor(options: PostgresOptions) {
    this.#end = new PostgresEnd("target", options);
  }

  open(signal: AbortSignal): Promise<void> {
    return this.#end.open(signal);
  }

  identity(): Promise<string> {
    return this.#end.doing("asking for its identity", () => readIdentity(this.#end.client));
  }

  async schema(): Promise<DataSchema> {
    const { client } = this.#end;
    return this.#naming(null, "reading its catalog", async () => {
      await beginWriting(client);
      await refuseOtherRun(client);
      this.#planned = await this.#readCatalog();
      await client.script("ROLLBACK");
      return this.#planned.schema;
    });
  }

  async check(toWrite: readonly TableToWrite[]): Promise<readonly Finding[]> {
    const { client } = this.#end;
    return this.#end.doing("reading its privileges", async () => {
      await beginWriting(client);
      const found = await this.#findPlanned(toWrite);
      const findings = await checkAccess(client, found);
      await client.script("ROLLBACK");
      return findings;
    });
  }

  async refused(standIns: readonly StandIn[]): Promise<readonly StandIn[]> {
    const { client } = this.#end;
    return this.#end.doing("asking what its columns hold", async () => {
      await beginWriting(client);
      const catalog = this.#planned ?? (await this.#readCatalog());
      const refused = await refusedTexts(
        client,
        standIns,
        (ref, column) => catalog.find(ref)?.table.columns.find(({ name }) => name === column)?.type,
      );
      await client.script("ROLLBACK");
      return refused;
    });
  }

  async pointing(toWrite: readonly TableToWrite[]): Promise<readonly PointingRows[]> {
    const { client } = this.#end;
    return this.#end.doing("looking for rows that point to its tables", async () => {
      await beginWriting(client);
      const found = await this.#findPlanned(toWrite);
      const rows = await pointingRows(client, found);
      await client.script("ROLLBACK");
      return rows;
    });
  }

  async unreadable(tables: readonly Table[]): Promise<readonly Finding[]> {
    const { client } = this.#end;
    return this.#end.doing("reading its privileges", async () => {
      await beginWriting(client);
      const catalog = this.#planned ?? (await this.#readCatalog());
      const found = tables.flatMap((table) => {
        const one = catalog.find(table.ref);
        const columns = table.columns.filter(({ isGenerated }) => !isGenerated);
        return one === undefined ? [] : [{ wanted: { table, columns }, found: one }];
      });
      const denied = await readDenials(client, found, "target");
      await client.script("ROLLBACK");
      return denied;
    });
  }

  async begin(
    toWrite: readonly TableToWrite[],
    definition: SchemaDefinition | null,
    signal: AbortSignal,
  ): Promise<{ notes: readonly string[] }> {
    const { client } = this.#end;
    this.#end.stopOn(signal);
    return this.#naming(toWrite, "preparing the target", async () => {
      await beginWriting(client);
      await lockOut(client);
      const found = matchTables(toWrite, await this.#readCatalog());
      if (found.length > 0) {
        const obstacles = await clearTheWay(client, found);
        // Deferred checks would be pending on the tables when their foreign keys come back, which PostgreSQL refuses.
        await client.script("SET CONSTRAINTS ALL IMMEDIATE");
        this.#unit = { toWrite, tables: found, obstacles, definition: null };
        return { notes: await this.#staleViews(found) };
      }
      if (definition === null) throw missingTables(toWrite);
      for (const script of definition.beforeRows) await client.script(script);
      const catalog = await this.#readCatalog();
      this.#unit = { toWrite, tables: matchTables(toWrite, catalog), obstacles: null, definition };
      return { notes: [`created ${counted(catalog.schema.tables.length, "table")}`] };
    });
  }

  async writer(table: TableToWrite): Promise<TableWriter> {
    const name = tableName(table.table.ref);
    const copy = await this.#end.doing(`writing ${name}`, () => this.#end.client.copyIn(PostgresWriter.statement(table)), name);
    this.#writer = new PostgresWriter(copy, table);
    return this.#writer;
  }

  async staged(): Promise<StagedTarget> {
    const catalog = await this.#end.doing("reading its catalog", () => this.#readCatalog());
    // The keys are out of the rows' way until the commit, or not there yet: as they were planned, so they will be.
    const { definition, toWrite } = this.#unit!;
    const planned = definition === null ? (this.#planned?.schema.tables ?? []) : toWrite.map(({ table }) => table);
    const tables = catalog.schema.tables.map((table) => planned.find(({ ref }) => isSameTable(ref, table.ref)) ?? table);
    return {
      schema: { system: "postgres", tables },
      read: (table, options) => readTable(this.#end, catalog.find(table.ref)!, options),
    };
  }

  async commit(): Promise<void> {
    const { client } = this.#end;
    const unit = this.#unit;
    if (unit === null) throw new TypeError("commit without begin");
    const { tables, obstacles, definition } = unit;
    await this.#end.doing("putting the target back together", async () => {
      try {
        for (const script of definition?.afterRows ?? []) await client.script(script);
        if (obstacles !== null) await restoreObstacles(client, obstacles);
      } catch (error) {
        throw asBrokenReference(error);
      }
      await advanceSequences(client, tables);
      await refreshViews(client, await dependentViews(client, tables), definition !== null);
    });
    // A COMMIT on its way cannot be called back, so from here on a stopped run is a finished one.
    this.#end.holdOn();
    await this.#end.doing("publishing", () => this.#publish());
    this.#unit = null;
  }

  async rollback(): Promise<void> {
    const writer = this.#writer;
    this.#writer = null;
    this.#unit = null;
    await this.#end.doing("rolling back", () => this.#end.rollBack(async () => writer?.abort()));
  }

  async close(): Promise<void> {
    await this.#end.close();
  }

  /** Runs a step that may wait for a lock, and names the table where it does not come. */
  #naming<Result>(tables: readonly TableToWrite[] | null, what: string, step: () => Promise<Result>): Promise<Result> {
    const { client } = this.#end;
    return this.#end.doing(what, () =>
      step().catch(async (error: unknown) => {
        throw await namingTheLocked(client, error, tables);
      }),
    );
  }

  async #findPlanned(toWrite: readonly TableToWrite[]): Promise<readonly CatalogTable[]> {
    const catalog = this.#planned ?? (await this.#readCatalog());
    return toWrite.map(({ table }) => catalog.find(table.ref)).filter((table) => table !== undefined);
  }

  #readCatalog(): Promise<Catalog> {
    return readCatalog(this.#end.client, { schemas: this.#end.schemas, countsRows: false });
  }

  async #staleViews(tables: readonly CatalogTable[]): Promise<string[]> {
    const views = await dependentViews(this.#end.client, tables);
    return views
      .filter(({ isOurs, isPopulated }) => isPopulated && !isOurs)
      .map(({ name }) => `materialized view ${name} is not refreshed: it belongs to another role`);
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

/** The target's tables for those to write, or none where it has none of them. */
function matchTables(toWrite: readonly TableToWrite[], catalog: Catalog): readonly CatalogTable[] {
  const found = toWrite.map(({ table }) => catalog.find(table.ref));
  const matched = found.filter((table) => table !== undefined);
  if (matched.length > 0 && matched.length < found.length)
    throw missingTables(toWrite.filter((_, index) => found[index] === undefined));
  return matched;
}
