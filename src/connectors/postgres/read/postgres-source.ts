import type {
  ChangeTeller,
  ColumnValues,
  DataSchema,
  DrawKey,
  ReadOptions,
  RowBatch,
  SampleOptions,
  SchemaDefinition,
  SelectionGraph,
  SelectionWork,
  Shard,
  ShardOptions,
  SharedSnapshot,
  Source,
  Table,
  TableToWrite,
  Unselected,
  Unshared,
} from "../../../contracts.ts";
import { type Finding, StandinError } from "../../../errors.ts";
import type { SourceLimits } from "../../../source-limits.ts";
import { tableName } from "../../../table-ref.ts";
import { SessionTurns } from "../../session-turns.ts";
import { dumpDefinition } from "../pg-dump.ts";
import { type Catalog, type CatalogTable, readCatalog } from "../postgres-catalog.ts";
import { beginSnapshot, readIdentity } from "../postgres-session.ts";
import { PostgresEnd, type PostgresOptions } from "../write/postgres-end.ts";
import { readMarkOf } from "./postgres-change-marks.ts";
import { selectChanges } from "./postgres-changed-rows.ts";
import { readTable } from "./postgres-read.ts";
import { sampleTable } from "./postgres-sample.ts";
import { prepareSelection, schemaMoved } from "./postgres-selection.ts";
import { cutTable } from "./postgres-shards.ts";
import { shareSnapshot } from "./share-snapshot.ts";
import { holdTables } from "./source-hold.ts";

/** Where a PostgreSQL source reads, and what it may ask of the server. */
export interface PostgresSourceOptions extends PostgresOptions {
  /** What the server is asked for at most. How fast rows are read is the run's to say. */
  readonly limits?: Pick<SourceLimits, "connections" | "statementSeconds"> | undefined;
}

/**
 * Reads a PostgreSQL database (12 or later) in one read-only REPEATABLE READ snapshot, as COPY text: no value is parsed on the way.
 *
 * Like pg_dump it holds ACCESS SHARE locks on the tables that it reads until it closes, so the source's migrations wait, its users do not.
 */
export function postgresSource(options: PostgresSourceOptions): Source {
  return new PostgresSource(options);
}

class PostgresSource implements Source {
  readonly system = "postgres";
  readonly #end: PostgresEnd;
  readonly #options: PostgresOptions;
  readonly #limits: SourceLimits;
  /** Tables are cut for other sessions to read while this one reads. */
  readonly #turns = new SessionTurns();
  /** Sessions of others that see the snapshot. */
  #readers = 0;
  #catalog: Promise<Catalog> | null = null;
  #signal: AbortSignal = new AbortController().signal;

  constructor(options: PostgresSourceOptions) {
    this.#options = options;
    this.#limits = options.limits ?? {};
    this.#end = new PostgresEnd("source", options);
  }

  async open(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    await this.#end.open(signal);
    await this.#end.doing("beginning the snapshot", () => beginSnapshot(this.#end.client, this.#limits.statementSeconds));
  }

  identity(): Promise<string> {
    return this.#end.doing("asking for its identity", () => readIdentity(this.#end.client));
  }

  async schema(): Promise<DataSchema> {
    return (await this.#readCatalog()).schema;
  }

  async hold(tables: readonly TableToWrite[]): Promise<readonly Finding[]> {
    const catalog = await this.#readCatalog();
    const held = tables.flatMap((wanted) => {
      const found = catalog.find(wanted.table.ref);
      return found === undefined ? [] : [{ wanted, found }];
    });
    return this.#end.doing("locking its tables", () => holdTables(this.#end.client, held));
  }

  async *read(table: Table, options: ReadOptions): AsyncGenerator<RowBatch> {
    const found = await this.#find(table);
    const end = await this.#turns.take();
    try {
      const { since, columns } = options;
      const changed =
        since && (await this.#end.doing("asking what changed", () => selectChanges(this.#end.client, found, columns, since)));
      yield* readTable(this.#end, found, options, changed);
    } finally {
      end();
    }
  }

  async *shards(table: Table, options: ShardOptions): AsyncGenerator<Shard> {
    const name = tableName(table.ref);
    const found = await this.#find(table);
    this.#end.stopOn(options.signal);
    const end = await this.#turns.take();
    const cutting = this.#end.doing(`cutting ${name}`, () => cutTable(this.#end.client, found, options), name);
    yield* await cutting.finally(end);
  }

  async share(tables: readonly TableToWrite[], readers: number): Promise<SharedSnapshot | Unshared> {
    const catalog = await this.#readCatalog();
    const shared = await shareSnapshot({
      end: this.#end,
      options: this.#options,
      limits: this.#limits,
      tables: tables.map(({ table }) => catalog.find(table.ref)).filter((table) => table !== undefined),
      readers,
      signal: this.#signal,
    });
    this.#readers = "unshared" in shared ? 0 : readers;
    return shared;
  }

  async select(graph: SelectionGraph, draw: DrawKey): Promise<SelectionWork | Unselected> {
    const catalog = await this.#readCatalog();
    const prepared = await prepareSelection({
      end: this.#end,
      catalog,
      graph,
      draw,
      beginAnew: () => {
        this.#catalog = null;
        return beginSnapshot(this.#end.client, this.#limits.statementSeconds);
      },
    });
    const shapeOf = ({ schema }: Catalog) =>
      JSON.stringify(schema.tables, (name, value) =>
        name === "rowEstimate" || name === "byteEstimate" ? null : plainBigInt(value),
      );
    const now = await this.#readCatalog();
    if (now !== catalog && shapeOf(now) !== shapeOf(catalog)) throw schemaMoved();
    return prepared;
  }

  async sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    const name = tableName(table.ref);
    const found = await this.#find(table);
    this.#end.stopOn(options.signal);
    return this.#end.doing(`sampling ${name}`, () => sampleTable(this.#end.client, found, options), name);
  }

  async marks(tellers: readonly ChangeTeller[]): Promise<readonly (string | null)[]> {
    const marks: (string | null)[] = [];
    for (const teller of tellers) {
      const found = await this.#find({ ref: teller.table });
      const name = tableName(teller.table);
      marks.push(await this.#end.doing(`asking how far ${name} is`, () => readMarkOf(this.#end.client, teller, found), name));
    }
    return marks;
  }

  async define(): Promise<SchemaDefinition> {
    const { connections = Number.POSITIVE_INFINITY } = this.#limits;
    // One session is the snapshot's.
    return dumpDefinition(this.#end.address, this.#end.schemas, connections - 1 - this.#readers, this.#signal);
  }

  close(): Promise<void> {
    return this.#end.close();
  }

  async #find({ ref }: Pick<Table, "ref">): Promise<CatalogTable> {
    const found = (await this.#readCatalog()).find(ref);
    if (found !== undefined) return found;
    const name = tableName(ref);
    throw new StandinError("TABLE_UNKNOWN", `The source has no table ${name}.`, { table: name });
  }

  #readCatalog(): Promise<Catalog> {
    this.#catalog ??= this.#end.doing("reading its catalog", () =>
      readCatalog(this.#end.client, { schemas: this.#end.schemas, countsRows: true }),
    );
    return this.#catalog;
  }
}

const plainBigInt = (value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
