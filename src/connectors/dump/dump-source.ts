import { realpath } from "node:fs/promises";
import { ReorderedBatch } from "../../batch/reordered-batch.ts";
import type {
  Column,
  ColumnValues,
  DataSchema,
  ReadOptions,
  RowBatch,
  SampleOptions,
  SchemaDefinition,
  Source,
  Table,
} from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import type { DumpReader } from "../../formats/dump-format.ts";
import { tableName } from "../../table-ref.ts";
import { sampleFirst } from "../sample-first.ts";
import { type DumpInput, openDump } from "./dump-input.ts";
import { DumpRanges } from "./dump-ranges.ts";
import { DumpReading, type DumpRows } from "./dump-reading.ts";

export interface DumpSourceOptions {
  /** A plain dump of pg_dump or mysqldump, packed by gzip or not, or an archive of pg_dump: a file in the custom format or tar, a folder in the directory format. */
  readonly path: string;
}

/** What the first reading of a dump finds out. */
interface KnownDump {
  readonly reader: DumpReader;
  readonly ranges: DumpRanges;
  readonly schema: DataSchema;
}

/**
 * Reads a dump that lies in files as a source of the system that it is of, told by its first bytes. It is read twice: once for what tables and keys there are, which
 * may come last, and once for the rows. Throws SOURCE_UNREACHABLE, and DUMP_INVALID where it is none.
 */
export async function dumpSource({ path }: DumpSourceOptions): Promise<Source> {
  return new DumpSource(await openDump(path));
}

class DumpSource implements Source {
  readonly system;
  readonly #input: DumpInput;
  #signal: AbortSignal = new AbortController().signal;
  #known: Promise<KnownDump> | null = null;
  #reading: DumpReading | null = null;

  constructor(input: DumpInput) {
    this.#input = input;
    this.system = input.format.system;
  }

  async open(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    signal.throwIfAborted();
  }

  async identity(): Promise<string> {
    return `dump:${await realpath(this.#input.path)}`;
  }

  async schema(): Promise<DataSchema> {
    return (await this.#know()).schema;
  }

  async *read(table: Table, { columns, batchSize, signal }: ReadOptions): AsyncGenerator<RowBatch> {
    const { reader, ranges } = await this.#know();
    this.#reading ??= new DumpReading(this.#input, reader, this.#signal);
    for (const range of ranges.of(table.ref)) {
      for await (const part of this.#reading.rows(range)) {
        signal.throwIfAborted();
        const batch = chosen(part, columns);
        const most = batchSize.maxRows ?? batch.rowCount;
        if (batch.rowCount <= most) yield batch;
        else for (let row = 0; row < batch.rowCount; row += most) yield batch.slice(row, Math.min(row + most, batch.rowCount));
      }
    }
  }

  sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    return sampleFirst(this, table, options);
  }

  async define(): Promise<SchemaDefinition> {
    return (await this.#know()).reader.definition();
  }

  async close(): Promise<void> {
    await this.#reading?.close();
    this.#reading = null;
  }

  #know(): Promise<KnownDump> {
    this.#known ??= this.#readThrough();
    return this.#known;
  }

  async #readThrough(): Promise<KnownDump> {
    const reader = this.#input.format.reader();
    const ranges = new DumpRanges();
    for await (const part of reader.parts(this.#input.bytes(this.#signal), this.#signal)) {
      if (part.type === "text") continue;
      ranges.add(part);
      part.batch.release?.();
    }
    const { system, tables } = reader.schema();
    const unmade = ranges.all.find(({ table }) => !tables.some(({ ref }) => tableName(ref) === tableName(table)));
    if (unmade !== undefined) throw undefinedTable(this.#input.path, tableName(unmade.table));
    const counted = tables.map((table): Table => {
      const own = ranges.of(table.ref);
      const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
      return {
        ...table,
        rowEstimate: sum(own.map((range) => range.rowCount)),
        byteEstimate: sum(own.map((range) => range.byteCount)),
      };
    });
    // In the order of their rows, which is the one that a packed dump is read in at once.
    const place = ({ ref }: Table) => ranges.of(ref)[0]?.index ?? Number.POSITIVE_INFINITY;
    const ordered = counted
      .map((table) => ({ table, at: place(table) }))
      .sort((one, other) => (one.at === other.at ? 0 : one.at - other.at));
    return { reader, ranges, schema: { system, tables: ordered.map(({ table }) => table) } };
  }
}

/** The batch with these columns, in this order. */
function chosen({ table, columns, batch }: DumpRows, wanted: readonly Column[]): RowBatch {
  const order = wanted.map(({ name }) => columns.indexOf(name));
  const missing = wanted.find((_, index) => order[index]! < 0);
  if (missing !== undefined) {
    const name = tableName(table);
    throw new StandinError("DUMP_INVALID", `${name} has rows without a value for ${missing.name}.`, {
      table: name,
      column: missing.name,
    });
  }
  const isAsItIs = order.length === columns.length && order.every((place, index) => place === index);
  return isAsItIs ? batch : new ReorderedBatch(batch, order);
}

function undefinedTable(path: string, table: string): StandinError {
  return new StandinError(
    "DUMP_INVALID",
    `${path} has rows of ${table}, and no statement that makes it: the types of its columns are not known.`,
    {
      table,
      file: path,
      hint: "Dump the schema together with the rows (no --data-only). A dump of rows alone can be masked by standin pipe --schema.",
    },
  );
}
