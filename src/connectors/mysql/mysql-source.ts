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
import type { SourceLimits } from "../../source-limits.ts";
import { tableName } from "../../table-ref.ts";
import { holdTables } from "./hold-tables.ts";
import { readCatalog } from "./mysql-catalog.ts";
import { readDefinition } from "./mysql-definition.ts";
import { MysqlEnd, type MysqlOptions } from "./mysql-end.ts";
import { readTable } from "./mysql-read.ts";
import { sampleTable } from "./mysql-sample.ts";
import { beginSnapshot, readIdentity } from "./mysql-session.ts";
import { OUR_PREFIX } from "./staging-names.ts";

export interface MysqlSourceOptions extends MysqlOptions {
  /** What the server is asked for at most; there is never more than one session. How fast rows are read is the run's to say. */
  readonly limits?: Pick<SourceLimits, "connections" | "statementSeconds"> | undefined;
}

/**
 * Reads one MySQL (8.0.17 or later) or MariaDB (10.5 or later) database in one read-only consistent snapshot, as the text that the server sends: no value
 * is parsed on the way. Tables of engines without transactions (MyISAM, Aria) are read as they are when their turn comes.
 */
export function mysqlSource(options: MysqlSourceOptions): Source {
  return new MysqlSource(options);
}

class MysqlSource implements Source {
  readonly system = "mysql";
  readonly #end: MysqlEnd;
  readonly #statementSeconds: number;
  #schema: Promise<DataSchema> | null = null;

  constructor(options: MysqlSourceOptions) {
    this.#statementSeconds = options.limits?.statementSeconds ?? 0;
    this.#end = new MysqlEnd("source", options);
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.#end.open(signal);
    await this.#end.doing("beginning the snapshot", () => beginSnapshot(this.#end.client, this.#statementSeconds));
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

  read(table: Table, options: ReadOptions): AsyncGenerator<RowBatch> {
    return readTable(this.#end, table, table.ref.name, options);
  }

  sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    const name = tableName(table.ref);
    this.#end.stopOn(options.signal);
    return this.#end.doing(`sampling ${name}`, () => this.#sample(table, options), name);
  }

  define(tables: readonly Table[]): Promise<SchemaDefinition> {
    return this.#end.doing("reading how its tables are made", () => readDefinition(this.#end.client, tables));
  }

  close(): Promise<void> {
    return this.#end.close();
  }

  #sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    return sampleTable(this.#end.client, table, options, { statementSeconds: this.#statementSeconds });
  }
}
