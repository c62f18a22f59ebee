import type {
  DataSchema,
  PointingRows,
  RowEncoding,
  SchemaDefinition,
  ShardStage,
  Sink,
  StagedTarget,
  Table,
  TableToWrite,
  TableWriter,
} from "../../../contracts.ts";
import type { Finding } from "../../../errors.ts";
import { readCatalog } from "../mysql-catalog.ts";
import { pinSession, readIdentity } from "../mysql-session.ts";
import { holdTables } from "../read/hold-tables.ts";
import { readTable } from "../read/mysql-read.ts";
import { haveOneCollation } from "../read/mysql-weights.ts";
import { MysqlChanges } from "./mysql-changes.ts";
import { MysqlEnd, type MysqlOptions } from "./mysql-end.ts";
import { pointingRows } from "./mysql-pointing-rows.ts";
import { mysqlStage } from "./mysql-stage.ts";
import { checkTargetAccess } from "./mysql-target-access.ts";
import { StagedRun } from "./staged-run.ts";
import { standsFor } from "./staging.ts";
import { OUR_PREFIX } from "./staging-names.ts";

/** Where a MySQL or MariaDB sink writes, and by which statement. */
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
  readonly stage: ShardStage;
  readonly #end: MysqlEnd;
  readonly #run: StagedRun;
  readonly changes: MysqlChanges;
  #isPrepared = false;

  constructor({ loadData, ...options }: MysqlSinkOptions) {
    this.#end = new MysqlEnd("target", options);
    this.changes = new MysqlChanges(this.#end, loadData);
    this.#run = new StagedRun(this.#end, loadData, () => this.changes.mark);
    this.stage = mysqlStage(this.#end, this.#run, loadData);
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

  begin(
    toWrite: readonly TableToWrite[],
    definition: SchemaDefinition | null,
    signal: AbortSignal,
  ): Promise<{ readonly notes: readonly string[] }> {
    return this.#run.begin(toWrite, definition, null, signal);
  }

  async writer(table: TableToWrite): Promise<TableWriter> {
    const { changes } = this;
    const isOfChanges = changes.isUnderWay;
    const writer = isOfChanges ? await changes.open(table) : await this.#run.open(table);
    return {
      write: (batch) => writer.write(batch),
      writeEncoded: (rows) => writer.writeEncoded(rows),
      end: () => (isOfChanges ? changes.end(writer) : this.#run.end(writer)),
    };
  }

  encoding(): RowEncoding {
    return { system: "mysql", how: null };
  }

  async staged(): Promise<StagedTarget> {
    await this.#run.gather();
    const { unit, toWrite } = this.#run;
    const { tables } = await this.schema();
    // Tables that are new have their own names after the swap alone: they are made as the source has them.
    const made = unit.definition === null ? [] : toWrite.map(({ table }) => table);
    const storedAs = standsFor(unit);
    return {
      schema: { system: "mysql", tables: [...tables, ...made] },
      read: (table, options) => readTable(this.#end, table, storedAs(table.ref.name), options),
      weighs: (pairs) => this.#end.doing("asking for collations", () => haveOneCollation(this.#end.client, pairs, storedAs)),
    };
  }

  async prepareCommit(): Promise<void> {
    await (this.changes.isUnderWay ? this.changes.prepare() : this.#run.prepareCommit());
    this.#isPrepared = true;
  }

  async commit(): Promise<void> {
    if (!this.changes.isUnderWay) return this.#run.commit();
    if (!this.#isPrepared) await this.prepareCommit();
    await this.changes.publish();
  }

  async rollback(): Promise<void> {
    this.#isPrepared = false;
    await this.changes.rollback();
    await this.#run.rollback();
  }

  async close(): Promise<void> {
    await this.rollback().catch(() => {});
    await this.#end.close();
  }
}
