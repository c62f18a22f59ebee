import { randomBytes } from "node:crypto";
import { lstat, unlink } from "node:fs/promises";
import type {
  DataSchema,
  RowEncoding,
  SchemaDefinition,
  Sink,
  StagedTarget,
  TableToWrite,
  TableWriter,
} from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { BytesTableWriter } from "../bytes-table-writer.ts";
import { type ByteSink, createFile, writeFailed } from "../file-bytes.ts";
import { GivenSink } from "../given-sink.ts";
import { publishFiles } from "../publish-files.ts";
import { folderIdentity } from "../table-files.ts";
import { prepareFolder } from "../target-files.ts";
import { csvEncoding, csvRows } from "./csv-encoder.ts";
import type { CsvGivenSinkOptions, CsvSinkOptions } from "./csv-options.ts";
import { CsvStage } from "./csv-stage.ts";
import { type StagedCsv, stagedFolder } from "./csv-staged.ts";
import { csvWriterOf } from "./csv-stream.ts";
import { targetDialect, targetOf } from "./csv-target.ts";

/**
 * Writes each table as CSV: into a folder, where the files get their names when the run is done, all of them or none, or to streams that the caller opens,
 * which are ended then.
 */
export function csvSink(options: CsvSinkOptions | CsvGivenSinkOptions): Sink {
  return "open" in options ? new GivenSink("csv", options.open, csvWriterOf) : new CsvSink(options);
}

interface StagedFile extends StagedCsv {
  readonly sink: ByteSink;
  isEnded: boolean;
}

class CsvSink implements Sink {
  readonly system = "csv";
  readonly stage: CsvStage;
  readonly #options: CsvSinkOptions;
  readonly #run = randomBytes(6).toString("hex");
  #staged: StagedFile[] = [];
  #signal = new AbortController().signal;

  constructor(options: CsvSinkOptions) {
    this.#options = options;
    this.stage = new CsvStage(options);
  }

  async open(): Promise<void> {
    const { folder } = this.#options;
    const found = await lstat(folder).catch(() => null);
    if (found !== null && !found.isDirectory() && !found.isSymbolicLink()) {
      throw new StandinError("TARGET_UNREACHABLE", `${folder} is a file; CSV files are written to a folder.`, { file: folder });
    }
  }

  identity(): Promise<string> {
    return folderIdentity(this.#options.folder, "csv");
  }

  /** A folder takes any table. */
  async schema(): Promise<DataSchema> {
    return { system: "csv", tables: [] };
  }

  async begin(
    tables: readonly TableToWrite[],
    _definition: SchemaDefinition | null,
    signal: AbortSignal,
  ): Promise<{ notes: readonly string[] }> {
    this.#signal = signal;
    const { folder } = this.#options;
    await prepareFolder(
      folder,
      tables.map((table) => targetOf(table, this.#options)),
    );
    return { notes: await this.stage.clear() };
  }

  async writer(toWrite: TableToWrite): Promise<TableWriter> {
    const target = targetOf(toWrite, this.#options);
    const partial = `${target.final}.partial-${this.#run}`;
    const sink = await createFile(partial, target.isGzip);
    const staged: StagedFile = { ...target, partial, sink, isEnded: false };
    this.#staged.push(staged);
    const writer = new BytesTableWriter(sink, csvRows(target.dialect, toWrite.columns.length), target.header);
    return {
      write: (batch) => writer.write(batch),
      writeEncoded: (rows) => writer.writeEncoded(rows),
      end: async () => {
        const rows = await writer.end();
        staged.isEnded = true;
        return rows;
      },
    };
  }

  encoding(table: TableToWrite): RowEncoding {
    return csvEncoding(targetDialect(table, this.#options));
  }

  staged(): Promise<StagedTarget> {
    const { isUnderWay, files } = this.stage;
    return stagedFolder(this.#options.folder, isUnderWay ? files : this.#staged, this.#signal);
  }

  /** The files get their names, all of them or none. */
  async commit(): Promise<void> {
    if (this.stage.isUnderWay) return this.stage.publish();
    const { folder } = this.#options;
    try {
      await publishFiles(this.#staged, folder, this.#run);
    } catch (error) {
      await this.rollback();
      throw writeFailed(folder, error);
    }
    this.#staged = [];
  }

  async rollback(): Promise<void> {
    await this.stage.release();
    const staged = this.#staged;
    this.#staged = [];
    for (const { partial, sink, isEnded } of staged) {
      if (!isEnded) await sink.abort();
      await unlink(partial).catch(() => {});
    }
  }

  close(): Promise<void> {
    return this.rollback();
  }
}
