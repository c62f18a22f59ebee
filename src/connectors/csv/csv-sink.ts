import { randomBytes } from "node:crypto";
import { lstat, mkdir, realpath, unlink } from "node:fs/promises";
import { join } from "node:path";
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
import { type CsvDialect, csvDialect, WRITTEN_DIALECT } from "../../formats/csv-dialect.ts";
import { csvFormat } from "../../formats/csv-format.ts";
import { tableName } from "../../table-ref.ts";
import { csvEncoding } from "./csv-encoder.ts";
import { type ByteSink, CsvTableWriter, createFile, writeFailed } from "./csv-file-writer.ts";
import { folderIdentity } from "./csv-files.ts";
import { csvHeaderLine } from "./csv-header-line.ts";
import { publishFiles } from "./csv-publish.ts";
import { type StagedCsv, stagedFolder } from "./csv-staged.ts";
import { type CsvTable, isCsvTable } from "./csv-table.ts";

export interface CsvSinkOptions {
  /** Folder for one file per table; made where it does not exist. */
  readonly folder: string;
  /** @default the dialect of the source's file; for rows from elsewhere RFC 4180 with LF, NULL empty and the empty string in quotes */
  readonly dialect?: Partial<CsvDialect> | undefined;
  /** Packs the files. @default as the source's files are; no for rows from elsewhere */
  readonly gzip?: boolean | undefined;
}

/** Writes one CSV file per table. The files get their names in `commit`, all of them or none. */
export function csvSink(options: CsvSinkOptions): Sink {
  return new CsvSink(options);
}

interface StagedFile extends StagedCsv {
  readonly sink: ByteSink;
  isEnded: boolean;
}

class CsvSink implements Sink {
  readonly system = "csv";
  readonly #options: CsvSinkOptions;
  readonly #run = randomBytes(6).toString("hex");
  #staged: StagedFile[] = [];
  #signal = new AbortController().signal;

  constructor(options: CsvSinkOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const { folder } = this.#options;
    const found = await lstat(folder).catch(() => null);
    if (found !== null && !found.isDirectory() && !found.isSymbolicLink()) {
      throw new StandinError("TARGET_UNREACHABLE", `${folder} is a file; CSV files are written to a folder.`, { file: folder });
    }
  }

  identity(): Promise<string> {
    return folderIdentity(this.#options.folder);
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
    for (const table of tables) await refuseOwnSource(table, this.#targetOf(table).final);
    refuseSharedNames(tables, (table) => this.#targetOf(table).final);
    for (const table of tables) await refuseFolder(table, this.#targetOf(table).final);
    await mkdir(folder, { recursive: true }).catch((error) => {
      throw writeFailed(folder, error);
    });
    return { notes: [] };
  }

  async writer({ table, columns }: TableToWrite): Promise<TableWriter> {
    const { origin, final, isGzip } = this.#targetOf({ table, columns });
    const dialect = this.#dialectOf(origin);
    const partial = `${final}.partial-${this.#run}`;
    const sink = await createFile(partial, isGzip);
    const hasHeader = origin?.hasHeader ?? true;
    const staged: StagedFile = { toWrite: { table, columns }, partial, final, dialect, hasHeader, sink, isEnded: false };
    this.#staged.push(staged);
    const names = columns.map(({ name }) => name);
    const keepsHeader =
      origin !== null && this.#options.dialect === undefined && origin.columnNames.join("\0") === names.join("\0");
    const header = keepsHeader ? origin.header : hasHeader ? csvHeaderLine(names, dialect) : Buffer.alloc(0);
    const writer = new CsvTableWriter(sink, csvFormat(dialect), names.length, header);
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

  encoding({ table }: TableToWrite): RowEncoding {
    return csvEncoding(this.#dialectOf(isCsvTable(table) ? table.csv : null));
  }

  #dialectOf(origin: CsvTable["csv"] | null): CsvDialect {
    return csvDialect({ ...(origin?.dialect ?? WRITTEN_DIALECT), ...this.#options.dialect });
  }

  #targetOf({ table }: TableToWrite): {
    readonly origin: CsvTable["csv"] | null;
    readonly final: string;
    readonly isGzip: boolean;
  } {
    const origin = isCsvTable(table) ? table.csv : null;
    const isGzip = this.#options.gzip ?? origin?.isGzip ?? false;
    const final = join(this.#options.folder, fileName(origin?.fileName ?? `${tableName(table.ref)}.csv`, isGzip));
    return { origin, final, isGzip };
  }

  staged(): Promise<StagedTarget> {
    return stagedFolder(this.#options.folder, this.#staged, this.#signal);
  }

  /** The files get their names, all of them or none. */
  async commit(): Promise<void> {
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

/** A table's name as a file's name that cannot leave the folder. */
function fileName(name: string, isGzip: boolean): string {
  const harmless = name.replace(/[/\\\0]/g, "_").replace(/^\.+/, "_");
  const isPacked = /\.gz$/i.test(harmless);
  if (isGzip === isPacked) return harmless;
  return isGzip ? `${harmless}.gz` : harmless.replace(/\.gz$/i, "");
}

/** Files of several folders can be the source: the target's folder may be one of them, under another name too. */
async function refuseOwnSource({ table }: TableToWrite, final: string): Promise<void> {
  const source = isCsvTable(table) ? table.csv.path : null;
  if (source === null) return;
  const [from, to] = await Promise.all([source, final].map((path) => realpath(path).catch(() => null)));
  if (from === null || from !== to) return;
  throw new StandinError("SOURCE_IS_TARGET", `${source} would be overwritten: it is in the target's folder.`, {
    table: tableName(table.ref),
    file: source,
    hint: "Point the target to another folder.",
  });
}

/** A folder of a file's name would be moved out of the way with everything in it. */
async function refuseFolder({ table }: TableToWrite, final: string): Promise<void> {
  const found = await lstat(final).catch(() => null);
  if (found === null || !found.isDirectory()) return;
  throw new StandinError("TARGET_UNREACHABLE", `${final} is a folder, where a file is to be written.`, {
    table: tableName(table.ref),
    file: final,
    hint: "Move it elsewhere, or point the target to another folder.",
  });
}

/** Names that differ in what no file's name can hold would be one file; on some systems, so would names that differ in case. */
function refuseSharedNames(tables: readonly TableToWrite[], finalOf: (table: TableToWrite) => string): void {
  const files = new Map<string, string>();
  for (const one of tables) {
    const name = tableName(one.table.ref);
    const final = finalOf(one).toLowerCase();
    const other = files.get(final);
    if (other !== undefined) {
      throw new StandinError("LOCATION_INVALID", `The tables ${other} and ${name} would both be the file ${finalOf(one)}.`, {
        table: name,
        hint: "Copy one of them to another folder.",
      });
    }
    files.set(final, name);
  }
}
