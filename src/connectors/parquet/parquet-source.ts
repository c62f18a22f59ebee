import { dirname } from "node:path";
import type { ColumnValues, DataSchema, ReadOptions, RowBatch, SampleOptions, Source, Table } from "../../contracts.ts";
import { knownTable } from "../known-table.ts";
import { ReadsUnderWay } from "../reads-under-way.ts";
import { sampleFirst } from "../sample-first.ts";
import { findTableFiles, folderIdentity } from "../table-files.ts";
import { givenBytes, type OpenedBytes, openFile } from "./parquet-bytes.ts";
import { PARQUET_FILES, type ParquetSourceOptions } from "./parquet-options.ts";
import { type OpenedParquet, openParquet, type ParquetInput, readParquet } from "./parquet-reader.ts";

/**
 * Reads Parquet: each file is a table of its name. Row groups are read one at a time: memory holds the largest.
 *
 * Masks see the text that other systems write: dates, timestamps and decimals as PostgreSQL does, bytes as `\x…`, lists, structs and maps as JSON. What nobody
 * masks goes on as the file holds it. Needs the package hyparquet, and hyparquet-compressors for ZSTD and LZ4.
 *
 * @example
 * parquetSource({ paths: "./lake/*.parquet" })
 * parquetSource({ files: { orders: async () => (await fetchObject("orders.parquet")).arrayBuffer() } })
 */
export function parquetSource(options: ParquetSourceOptions): Source {
  return new ParquetSource(options);
}

interface KnownInput extends OpenedParquet {
  readonly input: ParquetInput;
}

class ParquetSource implements Source {
  readonly system = "parquet";
  readonly #options: ParquetSourceOptions;
  readonly #reads = new ReadsUnderWay();
  #known: readonly KnownInput[] = [];

  constructor(options: ParquetSourceOptions) {
    this.#options = options;
  }

  async open(signal: AbortSignal): Promise<void> {
    const known: KnownInput[] = [];
    for (const input of await inputsOf(this.#options)) {
      signal.throwIfAborted();
      known.push({ input, ...(await openParquet(input, this.#options.types?.[input.table] ?? {})) });
    }
    this.#known = known;
  }

  async identity(): Promise<string> {
    const path = this.#known[0]?.input.path ?? null;
    return path === null ? "parquet:given:in" : folderIdentity(dirname(path), "parquet");
  }

  async schema(): Promise<DataSchema> {
    return { system: "parquet", tables: this.#known.map(({ table }) => table) };
  }

  read(table: Table, options: ReadOptions): AsyncIterable<RowBatch> {
    const known = knownTable(this.#known, table, "There is no Parquet file");
    return this.#reads.read(readParquet(known.input, known, options), options.signal, known.input.file);
  }

  sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    return sampleFirst(this, table, options);
  }

  close(): Promise<void> {
    return this.#reads.close();
  }
}

async function inputsOf(options: ParquetSourceOptions): Promise<readonly ParquetInput[]> {
  if ("files" in options) {
    return Object.entries(options.files).map(([table, open]) => ({
      ...{ table, file: table, path: null },
      open: async (): Promise<OpenedBytes> => givenBytes(await open()),
    }));
  }
  const { paths } = options;
  const files = await findTableFiles(typeof paths === "string" ? [paths] : paths, PARQUET_FILES);
  return files.map((file) => ({ table: file.table, file: file.path, path: file.path, open: () => openFile(file) }));
}
