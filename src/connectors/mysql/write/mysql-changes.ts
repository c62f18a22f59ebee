import type { ChangeSink, ChangingTable, DeletedRows, TableToWrite, TableWriter } from "../../../contracts.ts";
import { type Finding, isStandinError, StandinError } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import { counted } from "../../../written-numbers.ts";
import { brokenReference, lostWhilePublishing, missingTables } from "../../database-errors.ts";
import { leftAlone, stillTaken } from "../../deleted-rows.ts";
import { TABLES_QUERY } from "../mysql-catalog-queries.ts";
import { fromMysqlError, MysqlFailure } from "../mysql-errors.ts";
import { quoteName, quoteNames } from "../mysql-sql.ts";
import { findInterrupted, finishAftermath } from "./aftermath.ts";
import { makeChangedRoom } from "./changed-room.ts";
import { isBroken, readForeignKeys, readPointingDatabases } from "./foreign-keys.ts";
import { MysqlDeletes } from "./mysql-deletes.ts";
import type { MysqlEnd } from "./mysql-end.ts";
import { makeRoomForMark, readKeptMark, writeMark } from "./mysql-kept-mark.ts";
import type { MysqlWriter } from "./mysql-writer.ts";
import { advanceSequences } from "./sequences.ts";
import { lockOut } from "./target-lock.ts";
import { TargetSession } from "./target-session.ts";
import { readTriggers } from "./triggers.ts";

const DUPLICATE_KEY = 1062;

const PARTITIONED =
  "SELECT DISTINCT TABLE_NAME FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = DATABASE() AND PARTITION_NAME IS NOT NULL";

interface StagedChanges {
  readonly wanted: ChangingTable;
  /** A temporary table of the session. */
  readonly staged: string;
}

/**
 * Takes changed rows into temporary tables, and from there over their former selves, in one transaction with the mark. Foreign keys are checked once all are in. A target's
 * triggers cannot be kept from firing, so tables that have some are refused, and so are those of engines without transactions, and those that another database points to.
 */
export class MysqlChanges implements ChangeSink {
  readonly #end: MysqlEnd;
  readonly #session: TargetSession;
  #staged: readonly StagedChanges[] | null = null;
  #mark: string | null = null;
  #deletes: MysqlDeletes | null = null;

  constructor(end: MysqlEnd, loadData: boolean | undefined) {
    this.#end = end;
    this.#session = new TargetSession(end, loadData);
  }

  get isUnderWay(): boolean {
    return this.#staged !== null;
  }

  /** What whole runs leave as well. */
  get mark(): string | null {
    return this.#mark;
  }

  readMark(): Promise<string | null> {
    return this.#end.doing("reading the last run's mark", () => readKeptMark(this.#end.client));
  }

  leave(mark: string): void {
    this.#mark = mark;
  }

  check(tables: readonly ChangingTable[]): Promise<readonly Finding[]> {
    return this.#end.doing("looking at its tables", async () => {
      const { client } = this.#end;
      const databases = await readPointingDatabases(client);
      const triggers = new Set((await readTriggers(client)).map(({ table }) => table));
      const engines = new Map(
        (await client.query(
          "SELECT TABLE_NAME, ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
        )) as [string, string | null][],
      );
      return tables.flatMap(({ table }): Finding[] => {
        const { name } = table.ref;
        const refuse = (message: string, hint = "Take `incremental` out of the policy, or mend the target."): Finding => ({
          ...{ code: "INCREMENT_REFUSED", severity: "error", message, hint, table: tableName(table.ref) },
        });
        const engine = engines.get(name) ?? null;
        const pointing = databases.get(name);
        if (pointing !== undefined)
          return [
            refuse(
              `Foreign keys of the database ${pointing} point to the target's ${name}, and an incremental run does not look whether they still hold.`,
              "Drop them, or use a target of its own.",
            ),
          ];
        if (triggers.has(name)) return [refuse(`The target's ${name} has triggers, which would fire for each changed row.`)];
        if (engine !== null && engine !== "InnoDB")
          return [refuse(`The target's ${name} is of ${engine}, whose changes cannot be taken back.`)];
        return [];
      });
    });
  }

  begin(tables: readonly ChangingTable[], signal: AbortSignal): Promise<{ readonly notes: readonly string[] }> {
    const { client } = this.#end;
    this.#end.stopOn(signal);
    return this.#end.doing("preparing the target", async () => {
      const there = new Set((await client.query(TABLES_QUERY)).map(([name]) => name));
      const missing = tables.filter(({ table }) => !there.has(table.ref.name));
      if (missing.length > 0) throw missingTables(missing);
      await lockOut(client, 0);
      if ((await findInterrupted(client)) === "after the swap") await finishAftermath(client);
      await makeRoomForMark(client);
      this.#staged = tables.map((wanted, index) => ({ wanted, staged: `standin_changed_${index + 1}` }));
      const partitioned = new Set((await client.query(PARTITIONED)).map(([name]) => name));
      for (const { wanted, staged } of this.#staged) {
        const { table } = wanted;
        const columns = wanted.columns.map(({ name }) => name);
        await makeChangedRoom(client, staged, { table, columns, isPartitioned: partitioned.has(table.ref.name) });
      }
      this.#deletes = await MysqlDeletes.begin(this.#end, tables);
      return { notes: [] };
    });
  }

  async keys({ table, columns, key }: ChangingTable): Promise<TableWriter> {
    const { into, onEnd } = this.#deletes!.keysOf(table);
    const named = key!.map((name) => columns.find((column) => column.name === name)!);
    const writer = await this.#session.open({ table, columns: named }, { into });
    return {
      write: (batch) => writer.write(batch),
      end: async () => {
        const rows = await this.#session.end(writer);
        onEnd();
        return rows;
      },
    };
  }

  get deleted(): readonly DeletedRows[] {
    return this.#deletes?.deleted ?? [];
  }

  open(table: TableToWrite): Promise<MysqlWriter> {
    const { staged } = this.#staged!.find(({ wanted }) => wanted.table.ref.name === table.table.ref.name)!;
    return this.#session.open(table, { into: staged });
  }

  end(writer: MysqlWriter): Promise<number> {
    return this.#session.end(writer);
  }

  /** Puts the rows into their tables, in a transaction that `publish` ends. */
  async prepare(): Promise<void> {
    const { client } = this.#end;
    const staged = this.#staged!;
    await this.#end.doing("writing what changed", async () => {
      await client.execute("SET SESSION foreign_key_checks = 0, sql_notes = 0");
      await client.execute("START TRANSACTION");
    });
    await this.#deletes!.deleteRows();
    for (const one of staged) await this.#write(one);
    await this.#deletes!.refuseMissing();
    await this.#end.doing("checking its foreign keys", async () => {
      const names = new Set(staged.map(({ wanted }) => wanted.table.ref.name));
      for (const key of await readForeignKeys(client)) {
        const isOurs = names.has(key.table) || (key.referencedSchema === null && names.has(key.referencedTable));
        if (isOurs && (await isBroken(client, key, (table) => table)))
          throw leftAlone(brokenReference(key.table, key.name, key.referencedTable));
      }
      if (this.#mark !== null) await writeMark(client, this.#mark);
    });
  }

  async publish(): Promise<void> {
    const { client } = this.#end;
    const staged = this.#staged!;
    this.#end.holdOn();
    await this.#end.doing("publishing", async () => {
      await client.execute("COMMIT").catch((error: unknown) => {
        throw isStandinError(error) && error.code === "CONNECTION_LOST" ? lostWhilePublishing() : error;
      });
    });
    this.#staged = null;
    // The copy is published, whatever becomes of what follows; a sequence that lags behind is moved on by the next run.
    await advanceSequences(client, new Set(staged.map(({ wanted }) => wanted.table.ref.name))).catch(() => {});
  }

  async rollback(): Promise<void> {
    if (this.#staged === null) return;
    this.#staged = null;
    this.#session.endLoad();
    // A session that is lost has been rolled back by its server.
    if (!this.#end.client.isLost) await this.#end.doing("rolling back", () => this.#end.client.execute("ROLLBACK"));
  }

  async #write({ wanted, staged }: StagedChanges): Promise<void> {
    const { client } = this.#end;
    const name = tableName(wanted.table.ref);
    const target = quoteName(wanted.table.ref.name);
    const columns = quoteNames(wanted.columns.map((column) => column.name));
    const isSame = wanted.key?.map((column) => `t.${quoteName(column)} = c.${quoteName(column)}`).join(" AND ");
    await this.#end.doing(
      `writing ${name}`,
      async () => {
        await client.execute(
          isSame === undefined ? `DELETE FROM ${target}` : `DELETE t FROM ${target} t JOIN ${staged} c ON ${isSame}`,
        );
        const [[count]] = (await client.query(`SELECT COUNT(*) FROM ${staged}`)) as [[string]];
        const sql = `INSERT INTO ${target} (${columns}) SELECT ${columns} FROM ${staged}`;
        const { affectedRows, warningStatus } = await client.insert(sql).catch((error: unknown) => {
          throw withHint(error, name);
        });
        if (affectedRows !== Number(count) || warningStatus > 0)
          throw new StandinError(
            "COUNT_MISMATCH",
            `${name}: ${counted(Number(count), "row")} came, and not all are in as they were.`,
            {
              table: name,
            },
          );
      },
      name,
    );
  }
}

function withHint(error: unknown, table: string): unknown {
  if (!(error instanceof MysqlFailure) || error.errno !== DUPLICATE_KEY) return error;
  const told = fromMysqlError(error, "target", `writing ${table}`, table);
  return isStandinError(told) ? stillTaken(told) : told;
}
