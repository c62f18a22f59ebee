import { randomBytes } from "node:crypto";
import { lstat, readdir, unlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import type {
  DataSchema,
  ReadOptions,
  RowBatch,
  Sink,
  Source,
  StagedTarget,
  SystemName,
  Table,
  TableToWrite,
  TableWriter,
} from "../contracts.ts";
import { StandinError } from "../errors.ts";
import { type ByteSink, createFile, writeFailed } from "./file-bytes.ts";
import { publishFiles } from "./publish-files.ts";
import { describeFile, type FileKind, folderIdentity, isNameOf, type TableFile } from "./table-files.ts";
import { prepareFolder, type TargetFile } from "./target-files.ts";

/** The file that a table is to be, packed or not. */
export interface FolderFile extends TargetFile {
  readonly isGzip: boolean;
}

/** What a format of files makes of a folder. */
export interface FolderFormat {
  readonly system: SystemName;
  readonly kind: FileKind;
  targetOf(toWrite: TableToWrite): FolderFile;
  writerOf(toWrite: TableToWrite, bytes: ByteSink): TableWriter | Promise<TableWriter>;
  /** Reads back a file that was written. */
  read(file: TableFile, toWrite: TableToWrite, options: ReadOptions): AsyncIterable<RowBatch>;
  /** Reads files that were there before. */
  sourceOf(paths: readonly string[]): Source;
}

interface StagedFile extends FolderFile {
  readonly partial: string;
  readonly bytes: ByteSink;
  isEnded: boolean;
}

/** Writes one file per table into a folder. The files get their names in `commit`, all of them or none. */
export class FolderSink implements Sink {
  readonly system: SystemName;
  readonly #folder: string;
  readonly #format: FolderFormat;
  readonly #run = randomBytes(6).toString("hex");
  #staged: StagedFile[] = [];
  #signal = new AbortController().signal;

  constructor(folder: string, format: FolderFormat) {
    this.#folder = folder;
    this.#format = format;
    this.system = format.system;
  }

  async open(): Promise<void> {
    const found = await lstat(this.#folder).catch(() => null);
    if (found === null || found.isDirectory() || found.isSymbolicLink()) return;
    throw new StandinError("TARGET_UNREACHABLE", `${this.#folder} is a file; a file per table is written to a folder.`, {
      file: this.#folder,
    });
  }

  identity(): Promise<string> {
    return folderIdentity(this.#folder, this.system);
  }

  /** A folder takes any table. */
  async schema(): Promise<DataSchema> {
    return { system: this.system, tables: [] };
  }

  async begin(tables: readonly TableToWrite[], _definition: unknown, signal: AbortSignal): Promise<{ notes: readonly string[] }> {
    this.#signal = signal;
    await prepareFolder(
      this.#folder,
      tables.map((table) => this.#format.targetOf(table)),
    );
    return { notes: [] };
  }

  async writer(toWrite: TableToWrite): Promise<TableWriter> {
    const target = this.#format.targetOf(toWrite);
    const partial = `${target.final}.partial-${this.#run}`;
    const bytes = await createFile(partial, target.isGzip);
    const staged: StagedFile = { ...target, partial, bytes, isEnded: false };
    this.#staged.push(staged);
    const writer = await this.#format.writerOf(toWrite, bytes);
    return {
      write: (batch) => writer.write(batch),
      end: async () => {
        const rows = await writer.end();
        staged.isEnded = true;
        return rows;
      },
    };
  }

  /** The folder as it will be: the files that were written, and those that stay. */
  async staged(): Promise<StagedTarget> {
    const { kind } = this.#format;
    const files = new Map<Table, readonly [toWrite: TableToWrite, file: TableFile]>();
    for (const { toWrite, partial, final } of this.#staged)
      files.set({ ...toWrite.table, columns: toWrite.columns }, [toWrite, await describeFile(partial, kind, final)]);
    const gone = new Set(this.#staged.map(({ final }) => resolve(final)));
    const paths = (await readdir(this.#folder)).filter((name) => isNameOf(name, kind)).map((name) => join(this.#folder, name));
    const others = this.#format.sourceOf(paths.filter((path) => !gone.has(resolve(path))));
    await others.open(this.#signal);
    const { tables } = await others.schema();
    return {
      schema: { system: this.system, tables: [...files.keys(), ...tables] },
      read: (table, options) => {
        const own = files.get(table);
        return own === undefined ? others.read(table, options) : this.#format.read(own[1], own[0], options);
      },
    };
  }

  /** The files get their names, all of them or none. */
  async commit(): Promise<void> {
    try {
      await publishFiles(this.#staged, this.#folder, this.#run);
    } catch (error) {
      await this.rollback();
      throw writeFailed(this.#folder, error);
    }
    this.#staged = [];
  }

  async rollback(): Promise<void> {
    const staged = this.#staged;
    this.#staged = [];
    for (const { partial, bytes, isEnded } of staged) {
      if (!isEnded) await bytes.abort();
      await unlink(partial).catch(() => {});
    }
  }

  close(): Promise<void> {
    return this.rollback();
  }
}
