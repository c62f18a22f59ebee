import type {
  ChangeTeller,
  ColumnPlace,
  ColumnValues,
  DataSchema,
  ReadOptions,
  RowBatch,
  SampleOptions,
  SchemaDefinition,
  Shard,
  ShardOptions,
  SharedSnapshot,
  Source,
  Table,
  TableToWrite,
  Unshared,
} from "../../../contracts.ts";
import type { Finding } from "../../../errors.ts";
import type { SourceLimits } from "../../../source-limits.ts";
import { tableName } from "../../../table-ref.ts";
import { SessionTurns } from "../../session-turns.ts";
import { readCatalog } from "../mysql-catalog.ts";
import { readDefinition } from "../mysql-definition.ts";
import { beginSnapshot, readIdentity } from "../mysql-session.ts";
import { MysqlEnd, type MysqlOptions } from "../write/mysql-end.ts";
import { OUR_PREFIX } from "../write/staging-names.ts";
import { holdTables } from "./hold-tables.ts";
import { readMarkOf } from "./mysql-changed-rows.ts";
import { readTable } from "./mysql-read.ts";
import { sampleTable } from "./mysql-sample.ts";
import { cutTable } from "./mysql-shards.ts";
import { shareSnapshot } from "./mysql-sharing.ts";
import { haveOneCollation } from "./mysql-weights.ts";
import { findWithoutSnapshot } from "./no-snapshot.ts";
import type { SnapshotWindow } from "./snapshot-window.ts";

/** Where a MySQL or MariaDB source reads, and what it may ask of the server. */
export interface MysqlSourceOptions extends MysqlOptions {
  /** What the server is asked for at most; there is one session, unless `share` is called. How fast rows are read is the run's to say. */
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
  readonly #options: MysqlOptions;
  readonly #limits: SourceLimits;
  /** Tables are cut for other sessions to read while this one reads. */
  readonly #turns = new SessionTurns();
  #schema: Promise<DataSchema> | null = null;
  #signal = new AbortController().signal;
  #window: SnapshotWindow | null = null;

  constructor({ url, silenceSeconds, limits = {} }: MysqlSourceOptions) {
    this.#options = { url, silenceSeconds };
    this.#limits = limits;
    this.#end = new MysqlEnd("source", this.#options);
  }

  async open(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    await this.#end.open(signal);
    await this.#end.doing("beginning the snapshot", () => beginSnapshot(this.#end.client, this.#limits.statementSeconds));
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
    const { client } = this.#end;
    return this.#end.doing("holding its tables", async () => [
      ...(await holdTables(client, tables)),
      ...(await findWithoutSnapshot(client, tables)),
    ]);
  }

  read(table: Table, options: ReadOptions): AsyncGenerator<RowBatch> {
    this.#window?.check();
    return this.#readInTurn(table, options);
  }

  async *shards(table: Table, { bytes, like, signal }: ShardOptions): AsyncGenerator<Shard> {
    const name = tableName(table.ref);
    this.#end.stopOn(signal);
    const end = await this.#turns.take();
    const cutting = this.#end.doing(`cutting ${name} into shards`, () => cutTable(this.#end.client, table, bytes, like), name);
    yield* await cutting.finally(end);
  }

  /**
   * Begins the snapshot anew at a moment at which its readers can begin theirs: from here to `endWindow` of the result nobody writes to the tables, by LOCK TABLES … READ of
   * a session that is there for that alone. It waits for the writers of these tables, 10 seconds at most, and holds up those that come behind it meanwhile. Tables of
   * engines without transactions are read as they are when their turn comes, whoever reads them.
   */
  async share(tables: readonly TableToWrite[], readers: number): Promise<SharedSnapshot | Unshared> {
    await this.#window?.close();
    const shared = await shareSnapshot({
      end: this.#end,
      options: this.#options,
      limits: this.#limits,
      tables,
      readers,
      signal: this.#signal,
    });
    if ("unshared" in shared) return shared;
    const { parts, window } = shared;
    this.#window = window;
    return { system: "mysql", reader: parts, endWindow: () => window.end() };
  }

  sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    const name = tableName(table.ref);
    this.#end.stopOn(options.signal);
    return this.#end.doing(`sampling ${name}`, () => this.#sample(table, options), name);
  }

  async marks(tellers: readonly ChangeTeller[]): Promise<readonly (string | null)[]> {
    const marks: (string | null)[] = [];
    for (const teller of tellers) {
      const name = tableName(teller.table);
      marks.push(await this.#end.doing(`asking how far ${name} is`, () => readMarkOf(this.#end.client, teller), name));
    }
    return marks;
  }

  weighs(pairs: readonly (readonly [ColumnPlace, ColumnPlace])[]): Promise<readonly boolean[]> {
    return this.#end.doing("asking for collations", () => haveOneCollation(this.#end.client, pairs));
  }

  define(tables: readonly Table[]): Promise<SchemaDefinition> {
    return this.#end.doing("reading how its tables are made", () => readDefinition(this.#end.client, tables));
  }

  async close(): Promise<void> {
    await this.#window?.close();
    await this.#end.close();
  }

  async *#readInTurn(table: Table, options: ReadOptions): AsyncGenerator<RowBatch> {
    const end = await this.#turns.take();
    try {
      yield* readTable(this.#end, table, table.ref.name, options);
    } finally {
      end();
    }
  }

  #sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    return sampleTable(this.#end.client, table, options, { statementSeconds: this.#limits.statementSeconds });
  }
}
