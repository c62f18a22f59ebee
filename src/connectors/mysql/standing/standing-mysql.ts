import type { Column, DataSchema, RowBatch } from "../../../contracts.ts";
import type { Finding } from "../../../errors.ts";
import type { Mark, Note, Obstacle, StandingDatabase, StandingTable } from "../../../standing-database.ts";
import { tableName } from "../../../table-ref.ts";
import { readCatalog } from "../mysql-catalog.ts";
import { pinSession } from "../mysql-session.ts";
import { quoteName, quoteText } from "../mysql-sql.ts";
import { MysqlEnd, type MysqlOptions } from "../write/mysql-end.ts";
import { OUR_PREFIX } from "../write/staging-names.ts";
import { lockOut } from "../write/target-lock.ts";
import { readRows, updateRows } from "./standing-batches.ts";
import { findHindrances, findObstacles } from "./standing-keys.ts";
import { NOTES_TABLE, readMark, removeMark, setMark } from "./standing-marks.ts";

/** Kinds whose texts compare as the server orders them. An ENUM is ordered by its labels and compared by their texts. */
const ORDERED: readonly Column["kind"][] = ["integer", "decimal", "text", "date", "time", "timestamp", "uuid", "bytes"];

/** Masks a MySQL (8.0.17 or later) or MariaDB (10.5 or later) database where it stands. */
export function standingMysql(options: MysqlOptions): StandingDatabase {
  return new StandingMysql(options);
}

class StandingMysql implements StandingDatabase {
  readonly system = "mysql";
  readonly #end: MysqlEnd;
  #schema: DataSchema = { system: "mysql", tables: [] };

  constructor(options: MysqlOptions) {
    this.#end = new MysqlEnd("target", options);
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.#end.open(signal);
    await this.#end.doing("beginning", () => pinSession(this.#end.client));
  }

  async lockOut(): Promise<void> {
    // The lock of those who write, as a sink takes it.
    await this.#end.doing("locking out other runs", () => lockOut(this.#end.client, 5));
  }

  readMark(): Promise<Mark> {
    return this.#end.doing("reading its mark", () => readMark(this.#end.client));
  }

  setMark(): Promise<void> {
    return this.#end.doing("setting its mark", () => setMark(this.#end.client));
  }

  removeMark(): Promise<void> {
    return this.#end.doing("removing its mark", () => removeMark(this.#end.client));
  }

  async schema(): Promise<DataSchema> {
    this.#schema = await this.#end.doing("reading its catalog", () =>
      readCatalog(this.#end.client, { without: OUR_PREFIX, countsRows: true }),
    );
    return this.#schema;
  }

  canOrderBy({ kind }: Column): boolean {
    return ORDERED.includes(kind);
  }

  check(tables: readonly StandingTable[]): Promise<readonly Finding[]> {
    return this.#end.doing("looking at its tables", () => findHindrances(this.#end.client, tables));
  }

  obstacles(tables: readonly StandingTable[]): Promise<readonly Obstacle[]> {
    return this.#end.doing("looking for its keys", () => findObstacles(this.#end.client, this.#schema, tables));
  }

  async setAside({ name, isThere, drop }: Obstacle): Promise<void> {
    const { client } = this.#end;
    await this.#end.doing(`taking ${name} off`, async () => {
      if ((await client.query(isThere)).length > 0) await client.execute(drop);
    });
  }

  async putBack({ name, isThere, add }: Obstacle): Promise<void> {
    const { client } = this.#end;
    await this.#end.doing(`putting ${name} back`, async () => {
      if ((await client.query(isThere)).length === 0) await client.execute(add);
    });
  }

  async generation({ table }: StandingTable): Promise<string> {
    const rows = await this.#end.client.query(
      `SELECT CREATE_TIME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${quoteText(table.ref.name)}`,
    );
    return rows[0]?.[0] ?? "";
  }

  async notes(): Promise<readonly Note[]> {
    const { client } = this.#end;
    return this.#end.doing("reading a former run's notes", async () => {
      const sql = `SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${quoteText(NOTES_TABLE)}`;
      if ((await client.query(sql)).length === 0) return [];
      const rows = await client.query(`SELECT kind, name, body FROM ${NOTES_TABLE} ORDER BY kind, name`);
      return rows.map(([kind, name, body]) => ({ kind: kind as Note["kind"], name: name!, body: body! }));
    });
  }

  async makeNotes(): Promise<void> {
    const sql = `CREATE TABLE ${NOTES_TABLE} (kind varchar(8), name varchar(200), body longtext NOT NULL, PRIMARY KEY (kind, name))
                 ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
    await this.#end.doing("making a table for notes", () => this.#end.client.execute(sql));
  }

  async putNote({ kind, name, body }: Note): Promise<void> {
    const values = [kind, name, body].map(quoteText).join(", ");
    await this.#end.doing("writing notes", () => this.#end.client.execute(`REPLACE INTO ${NOTES_TABLE} VALUES (${values})`));
  }

  async dropNotes(): Promise<void> {
    await this.#end.doing("removing its notes", () => this.#end.client.execute(`DROP TABLE IF EXISTS ${NOTES_TABLE}`));
  }

  async transact<Result>(step: () => Promise<Result>): Promise<Result> {
    const { client } = this.#end;
    await client.execute("START TRANSACTION");
    try {
      const result = await step();
      await client.execute("COMMIT");
      return result;
    } catch (error) {
      await client.execute("ROLLBACK").catch(() => {});
      throw error;
    }
  }

  async countRows(table: StandingTable): Promise<number> {
    const sql = `SELECT COUNT(*) FROM ${quoteName(table.table.ref.name)}`;
    const rows = await this.#doing("counting rows of", table, () => this.#end.client.query(sql));
    return Number(rows[0]![0]);
  }

  read(table: StandingTable, after: readonly string[] | null, rows: number): Promise<readonly RowBatch[]> {
    return this.#doing("reading", table, () => readRows(this.#end.client, table, after, rows));
  }

  update(table: StandingTable, batch: RowBatch): Promise<number> {
    return this.#doing("updating", table, () => updateRows(this.#end.client, table, batch));
  }

  /** There are no materialized views. */
  async refreshDependents(): Promise<void> {}

  cleaning(tables: readonly StandingTable[]): readonly string[] {
    return tables.flatMap(({ table }) => {
      const name = quoteName(table.ref.name);
      return [`OPTIMIZE TABLE ${name}`, `ANALYZE TABLE ${name}`];
    });
  }

  async run(statement: string): Promise<void> {
    await this.#end.doing("cleaning up", () => this.#end.client.query(statement));
  }

  close(): Promise<void> {
    return this.#end.close();
  }

  #doing<Result>(what: string, { table }: StandingTable, step: () => Promise<Result>): Promise<Result> {
    const name = tableName(table.ref);
    return this.#end.doing(`${what} ${name}`, step, name);
  }
}
