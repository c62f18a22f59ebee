import { randomBytes } from "node:crypto";
import { lstat, realpath, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ByteWriter } from "../../batch/byte-writer.ts";
import type { DataSchema, RowBatch, SchemaDefinition, Sink, StagedTarget, TableToWrite, TableWriter } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import type { DumpScript } from "../../formats/dump-script.ts";
import { type ByteSink, createFile } from "../file-bytes.ts";
import { publishFiles } from "../publish-files.ts";
import { dumpSource } from "./dump-source.ts";

const WRITE_BYTES = 256 * 1024;

export interface DumpSinkOptions {
  /** The file to write, `masked.sql`; a name that ends in `.gz` is packed by gzip. */
  readonly path: string;
  /** How dumps of the source's system are written. */
  readonly script: DumpScript;
}

/**
 * Writes a plain dump of the copy, as a database's own clients restore it. All or nothing: it is written under another name beside the file that it replaces, readable
 * by its owner alone, and gets its name when all of it is there.
 */
export function dumpSink({ path, script }: DumpSinkOptions): Sink {
  return new DumpSink(path, script);
}

class DumpSink implements Sink {
  readonly system;
  readonly #path: string;
  readonly #script: DumpScript;
  readonly #run = randomBytes(6).toString("hex");
  readonly #partial: string;
  #file: ByteSink | null = null;
  #isEnded = false;
  #afterRows: readonly string[] = [];
  #tables: readonly TableToWrite[] = [];

  constructor(path: string, script: DumpScript) {
    this.system = script.system;
    this.#path = resolve(path);
    this.#script = script;
    // The ending says how it is packed, also of what is read back before it is published.
    this.#partial = `${this.#path}.partial-${this.#run}`;
  }

  async open(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const folder = dirname(this.#path);
    const found = await lstat(folder).catch(() => null);
    if (found === null || !(found.isDirectory() || found.isSymbolicLink()))
      throw unreachable(this.#path, `its folder does not exist`);
    const there = await lstat(this.#path).catch(() => null);
    if (there !== null && !there.isFile()) throw unreachable(this.#path, "something that is no file has its name");
  }

  async identity(): Promise<string> {
    return `dump:${join(await realpath(dirname(this.#path)), basename(this.#path))}`;
  }

  async schema(): Promise<DataSchema> {
    return { system: this.system, tables: [] };
  }

  async begin(tables: readonly TableToWrite[], definition: SchemaDefinition | null): Promise<{ notes: readonly string[] }> {
    if (definition === null) {
      throw new StandinError(
        "SYSTEMS_UNSUPPORTED",
        "The source cannot tell how its tables are made, and a dump begins with that.",
        {
          hint: "Take a database or a dump as the source, or a folder of CSV files as the target.",
        },
      );
    }
    this.#tables = tables;
    this.#afterRows = definition.afterRows;
    this.#file = await createFile(this.#partial, this.#path.endsWith(".gz"));
    await this.#write(this.#script.opening, ...definition.beforeRows.map(this.#script.asStatement));
    return { notes: [`wrote the statements that make ${tables.length === 1 ? "the table" : `${tables.length} tables`}`] };
  }

  async writer(toWrite: TableToWrite): Promise<TableWriter> {
    const script = this.#script;
    const writer = new ByteWriter(2 * WRITE_BYTES);
    writer.text(script.beginRows(toWrite));
    let rows = 0;
    const flush = async () => {
      for (const piece of writer.pieces()) await this.#file!.write(piece);
      writer.clear();
    };
    return {
      write: async (batch: RowBatch) => {
        script.writeRows(batch, toWrite, writer, rows === 0);
        rows += batch.rowCount;
        if (writer.position >= WRITE_BYTES) await flush();
      },
      end: async () => {
        writer.text(script.endRows(toWrite, rows > 0));
        await flush();
        return rows;
      },
    };
  }

  /** What was written, read back by whoever would restore it. */
  async staged(): Promise<StagedTarget> {
    await this.#end();
    const source = await dumpSource({ path: this.#partial });
    return { schema: await source.schema(), read: (table, options) => source.read(table, options) };
  }

  async commit(): Promise<void> {
    await this.#end();
    await publishFiles([{ partial: this.#partial, final: this.#path }], dirname(this.#path), this.#run);
    this.#file = null;
  }

  async rollback(): Promise<void> {
    if (this.#file === null) return;
    if (!this.#isEnded) await this.#file.abort();
    this.#file = null;
    await unlink(this.#partial).catch(() => {});
  }

  close(): Promise<void> {
    return this.rollback();
  }

  async #end(): Promise<void> {
    if (this.#isEnded) return;
    const { sequences, ending, asStatement } = this.#script;
    await this.#write("\n", sequences(this.#tables), "\n", ...this.#afterRows.map(asStatement), ending);
    await this.#file!.end();
    this.#isEnded = true;
  }

  async #write(...texts: readonly string[]): Promise<void> {
    await this.#file!.write(Buffer.from(texts.join("")));
  }
}

function unreachable(path: string, why: string): StandinError {
  return new StandinError("TARGET_UNREACHABLE", `${path} cannot be written: ${why}.`, { file: path });
}
