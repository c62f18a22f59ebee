import { dirname } from "node:path";
import type {
  ColumnValues,
  DataSchema,
  NamedColumns,
  ReadOptions,
  RowBatch,
  SampleOptions,
  Source,
  Table,
} from "../../contracts.ts";
import { readJsonl } from "../../formats/json/jsonl-scanner.ts";
import { tableName } from "../../table-ref.ts";
import { knownTable } from "../known-table.ts";
import { ReadsUnderWay } from "../reads-under-way.ts";
import { sampleFirst } from "../sample-first.ts";
import { findTableFiles, folderIdentity } from "../table-files.ts";
import { fileInput, givenInput, type TableInput } from "../table-input.ts";
import { lookAtKeys, type SeenKeys } from "./jsonl-look.ts";
import { JSONL_FILES, type JsonlSourceOptions } from "./jsonl-options.ts";
import { type JsonlTable, jsonlTable } from "./jsonl-table.ts";

const LOOK_BYTES = 16 * 1024 * 1024;

/**
 * Reads JSON Lines: each file is a table of its name, each line an object, each key of it a column.
 *
 * A string is text, a number, boolean, object or list what it is, `null` and a key that a line lacks are NULL. What nobody masks goes on to the byte. The columns are
 * the keys in a file's first lines, and those that the policy names. Another key stops the run: nobody decided about it.
 *
 * @example
 * jsonlSource({ paths: "./events/*.jsonl.gz" })
 * jsonlSource({ files: { events: () => createReadStream("events.jsonl") } })
 */
export function jsonlSource(options: JsonlSourceOptions): Source {
  return new JsonlSource(options);
}

interface KnownInput {
  readonly input: TableInput;
  readonly seen: SeenKeys;
  readonly table: JsonlTable;
}

class JsonlSource implements Source {
  readonly system = "jsonl";
  readonly #options: JsonlSourceOptions;
  readonly #reads = new ReadsUnderWay();
  #inputs: readonly KnownInput[] = [];

  constructor(options: JsonlSourceOptions) {
    this.#options = options;
  }

  async open(signal: AbortSignal): Promise<void> {
    const known: KnownInput[] = [];
    for (const input of await inputsOf(this.#options)) {
      const { lookAt = LOOK_BYTES, maxRowBytes } = this.#options;
      const seen = await lookAtKeys(input.open(signal), { lookAt, maxRowBytes, file: input.file });
      known.push({ input, seen, table: jsonlTable(input, seen, this.#options) });
    }
    this.#inputs = known;
  }

  expects(named: NamedColumns): void {
    this.#inputs = this.#inputs.map(({ input, seen, table }) => {
      const name = tableName(table.ref);
      const more = Object.hasOwn(named, name) ? named[name]! : [];
      return { input, seen, table: jsonlTable(input, seen, this.#options, more) };
    });
  }

  async identity(): Promise<string> {
    const path = this.#inputs[0]?.input.path ?? null;
    return path === null ? "jsonl:given:in" : folderIdentity(dirname(path), "jsonl");
  }

  async schema(): Promise<DataSchema> {
    return { system: "jsonl", tables: this.#inputs.map(({ table }) => table) };
  }

  read(table: Table, { columns, batchSize, signal }: ReadOptions): AsyncIterable<RowBatch> {
    const { input, table: known } = knownTable(this.#inputs, table, "There is no JSON Lines file");
    const { ref } = known;
    const { maxRowBytes } = this.#options;
    const how = { table: ref, columns: known.columns, asked: columns, batchSize, file: input.file, maxRowBytes };
    return this.#reads.read(readJsonl(input.open(signal), how), signal, input.file);
  }

  sample(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]> {
    return sampleFirst(this, table, options);
  }

  close(): Promise<void> {
    return this.#reads.close();
  }
}

async function inputsOf(options: JsonlSourceOptions): Promise<readonly TableInput[]> {
  if ("files" in options) return Object.entries(options.files).map(([table, open]) => givenInput(table, open));
  const { paths } = options;
  return (await findTableFiles(typeof paths === "string" ? [paths] : paths, JSONL_FILES)).map(fileInput);
}
