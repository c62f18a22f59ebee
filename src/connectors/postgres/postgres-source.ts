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
import { type Finding, StandinError } from "../../errors.ts";
import { scanCopyText } from "../../formats/copy-scanner.ts";
import { tableName } from "../../table-ref.ts";
import { counted } from "../../written-numbers.ts";
import { dumpDefinition } from "./pg-dump.ts";
import { type Catalog, type CatalogTable, readCatalog } from "./postgres-catalog.ts";
import { PostgresEnd, type PostgresOptions } from "./postgres-end.ts";
import { fromPostgresError } from "./postgres-errors.ts";
import { sampleTable } from "./postgres-sample.ts";
import { beginSnapshot, readIdentity } from "./postgres-session.ts";
import { copyOutStatement } from "./postgres-sql.ts";
import { holdTables } from "./source-hold.ts";

/**
 * Reads a PostgreSQL database (12 or later) in one read-only REPEATABLE READ snapshot, as COPY text: no value is parsed on the way.
 *
 * Like pg_dump it holds ACCESS SHARE locks on the tables that it reads until it closes, so the source's migrations wait, its users do not.
 */
export function postgresSource(options: PostgresOptions): Source {
  return new PostgresSource(options);
}

class PostgresSource implements Source {
  readonly system = "postgres";
  readonly #end: PostgresEnd;
  #catalog: Promise<Catalog> | null = null;
  #signal: AbortSignal = new AbortController().signal;

  constructor(options: PostgresOptions) {
    this.#end = new PostgresEnd("source", options);
  }

  async open(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    await this.#end.open(signal);
    await this.#end.doing("beginning the snapshot", () => beginSnapshot(this.#end.client));
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

  async *read(table: Table, { columns, batchSize, signal }: ReadOptions): AsyncGenerator<RowBatch> {
    const name = tableName(table.ref);
    const found = await this.#find(table);
    this.#end.stopOn(signal);
    let promised = 0;
    const chunks = untilCount(this.#end.client.copyOut(copyOutStatement(table.ref, columns, found.isPartitioned)), (count) => {
      promised = count;
    });
    let rows = 0;
    try {
      for await (const batch of scanCopyText(chunks, { table: table.ref, columnCount: columns.length, batchSize })) {
        rows += batch.rowCount;
        yield batch;
      }
    } catch (error) {
      throw fromPostgresError(error, "source", `reading ${name}`, name);
    }
    if (rows !== promised) {
      throw new StandinError("COUNT_MISMATCH", `${name}: ${counted(rows, "row")} came, and the source's server says it sent ${promised}.`, {
        table: name,
      });
    }
  }

  async sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    const name = tableName(table.ref);
    const found = await this.#find(table);
    this.#end.stopOn(options.signal);
    return this.#end.doing(`sampling ${name}`, () => sampleTable(this.#end.client, found, options), name);
  }

  async define(): Promise<SchemaDefinition> {
    return dumpDefinition(this.#end.address, this.#end.schemas, this.#signal);
  }

  close(): Promise<void> {
    return this.#end.close();
  }

  async #find({ ref }: Table): Promise<CatalogTable> {
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

/** Passes chunks on, and then tells the count that the server ended with. */
async function* untilCount(
  chunks: AsyncGenerator<Uint8Array, number>,
  onCount: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  onCount(yield* chunks);
}
