import type {
  ColumnValues,
  DataSchema,
  ReadOptions,
  RowBatch,
  SampleOptions,
  SchemaDefinition,
  Source,
  Table,
  TableToWrite,
} from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { MysqlRows } from "../../formats/mysql-rows.ts";
import { tableName } from "../../table-ref.ts";
import { holdTables } from "./hold-tables.ts";
import { readCatalog } from "./mysql-catalog.ts";
import { isHex, readExpression } from "./mysql-columns.ts";
import { readDefinition } from "./mysql-definition.ts";
import { MysqlEnd, type MysqlOptions } from "./mysql-end.ts";
import { fromMysqlError } from "./mysql-errors.ts";
import { sampleTable } from "./mysql-sample.ts";
import { beginSnapshot, readIdentity } from "./mysql-session.ts";
import { quoteName } from "./mysql-sql.ts";
import { OUR_PREFIX } from "./staging-names.ts";

/**
 * Reads one MySQL (8.0.17 or later) or MariaDB (10.5 or later) database in one read-only consistent snapshot, as the text that the server sends: no value
 * is parsed on the way. Tables of engines without transactions (MyISAM, Aria) are read as they are when their turn comes.
 */
export function mysqlSource(options: MysqlOptions): Source {
  return new MysqlSource(options);
}

class MysqlSource implements Source {
  readonly system = "mysql";
  readonly #end: MysqlEnd;
  #schema: Promise<DataSchema> | null = null;

  constructor(options: MysqlOptions) {
    this.#end = new MysqlEnd("source", options);
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.#end.open(signal);
    await this.#end.doing("beginning the snapshot", () => beginSnapshot(this.#end.client));
  }

  identity(): Promise<string> {
    return this.#end.doing("asking for its identity", () => readIdentity(this.#end.client));
  }

  schema(): Promise<DataSchema> {
    this.#schema ??= this.#end.doing("reading its catalog", () =>
      readCatalog(this.#end.client, { without: OUR_PREFIX, countsRows: true }),
    );
    return this.#schema;
  }

  hold(tables: readonly TableToWrite[]): Promise<readonly Finding[]> {
    return this.#end.doing("holding its tables", () => holdTables(this.#end.client, tables));
  }

  async *read(table: Table, { columns, batchSize, signal }: ReadOptions): AsyncGenerator<RowBatch> {
    const name = tableName(table.ref);
    this.#end.stopOn(signal);
    const list = columns.map(readExpression).join(", ");
    const rows = new MysqlRows(table.ref, columns.map(isHex), batchSize);
    try {
      const pauses = this.#end.client.rows(`SELECT ${list} FROM ${quoteName(table.ref.name)}`, (...row) => rows.add(...row));
      for await (const _ of pauses) yield rows.take()!;
    } catch (error) {
      throw fromMysqlError(error, "source", `reading ${name}`, name);
    }
    const last = rows.take();
    if (last !== null) yield last;
  }

  sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    const name = tableName(table.ref);
    this.#end.stopOn(options.signal);
    return this.#end.doing(`sampling ${name}`, () => sampleTable(this.#end.client, table, options), name);
  }

  define(tables: readonly Table[]): Promise<SchemaDefinition> {
    return this.#end.doing("reading how its tables are made", () => readDefinition(this.#end.client, tables));
  }

  close(): Promise<void> {
    return this.#end.close();
  }
}
