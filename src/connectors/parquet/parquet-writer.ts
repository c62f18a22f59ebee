import { gzipSync } from "node:zlib";
import type { SchemaElement } from "hyparquet";
import type { ColumnValues, RowBatch, TableToWrite, TableWriter } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import type { ByteSink } from "../file-bytes.ts";
import { ParquetBatch } from "./parquet-batch.ts";
import type { Raw } from "./parquet-field.ts";
import { type HyparquetWriter, loadWriter } from "./parquet-library.ts";
import type { ParquetWriteOptions } from "./parquet-options.ts";
import { footerSchema, type ParquetColumn, physicalSchema } from "./parquet-schema.ts";
import { targetColumns } from "./parquet-target.ts";

const CREATED_BY = "standin";
const GROUP_ROWS = 50_000;
/** Characters and bytes of a row group that are gathered at most. */
const GROUP_BYTES = 32 * 1024 * 1024;
const CODECS = { snappy: "SNAPPY", gzip: "GZIP", none: "UNCOMPRESSED" } as const;

/** Opens the file of a table. Throws DRIVER_MISSING. */
export async function parquetWriter(toWrite: TableToWrite, bytes: ByteSink, options: ParquetWriteOptions): Promise<TableWriter> {
  return new ParquetTableWriter(toWrite, bytes, options, await loadWriter());
}

/** The footer of a file without rows: `num_rows` 0, no row groups, and by whom. The writer does not say what the empty list is of, and strict readers ask. */
const EMPTY_GROUPS = Buffer.concat([Buffer.from([0x16, 0x00, 0x19, 0x00, 0x28, CREATED_BY.length]), Buffer.from(CREATED_BY)]);
const LIST_OF_STRUCTS = 0x0c;

/** The writer has types of its own for what the reader has as well. */
type WriterSchema = ConstructorParameters<HyparquetWriter["ParquetWriter"]>[0]["schema"];

/** Gathers rows, and writes them as row groups. */
class ParquetTableWriter implements TableWriter {
  readonly #table: string;
  readonly #columns: readonly ParquetColumn[];
  readonly #schema: readonly SchemaElement[];
  readonly #sink: ByteSink;
  readonly #bytes: InstanceType<HyparquetWriter["ByteWriter"]>;
  readonly #writer: InstanceType<HyparquetWriter["ParquetWriter"]>;
  readonly #groupRows: number;
  #group: (Raw | null)[][];
  #groupBytes = 0;
  #rows = 0;

  constructor(
    toWrite: TableToWrite,
    sink: ByteSink,
    options: ParquetWriteOptions,
    { ByteWriter, ParquetWriter }: HyparquetWriter,
  ) {
    this.#table = tableName(toWrite.table.ref);
    this.#columns = targetColumns(toWrite, options.types?.[this.#table] ?? {});
    this.#sink = sink;
    this.#groupRows = options.rowGroupRows ?? GROUP_ROWS;
    this.#group = this.#columns.map(() => []);
    this.#schema = [{ name: "schema", num_children: this.#columns.length }, ...this.#columns.flatMap(({ elements }) => elements)];
    this.#bytes = new ByteWriter();
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      // Values are written as they lie in the file, whatever they stand for.
      schema: physicalSchema(this.#schema, ["LIST", "MAP"]) as WriterSchema,
      codec: CODECS[options.codec ?? "snappy"],
      compressors: { GZIP: (plain) => gzipSync(plain) },
      createdBy: CREATED_BY,
    });
  }

  async write(batch: RowBatch): Promise<void> {
    for (const [index, column] of this.#columns.entries()) this.#take(batch, index, column);
    this.#rows += batch.rowCount;
    if (this.#group[0]!.length >= this.#groupRows || this.#groupBytes >= GROUP_BYTES) await this.#writeGroup();
  }

  async end(): Promise<number> {
    await this.#writeGroup();
    // What the values stand for is said in the footer.
    this.#writer.schema = footerSchema(this.#schema) as WriterSchema;
    await this.#writer.finish();
    await this.#flush();
    await this.#sink.end();
    return this.#rows;
  }

  #take(batch: RowBatch, index: number, column: ParquetColumn): void {
    const values = this.#group[index]!;
    const replaced = batch.replacement(index);
    // A file's own values go on as they are, where the column is written as it came.
    const isOwn = batch instanceof ParquetBatch && batch.parquet(index).elements[0] === column.elements[0];
    const texts = replaced ?? (isOwn ? null : batch.column(index));
    const originals = isOwn && replaced !== undefined ? batch.column(index) : null;
    for (let row = 0; row < batch.rowCount; row++) {
      const isKept = isOwn && (texts === null || texts[row] === originals![row]);
      const raw = isKept ? batch.raw(index, row) : this.#rawOf(texts!, row, column, batch.firstRow);
      if (raw === null || raw === undefined) this.#refuseMissing(column, batch.firstRow + row);
      values.push(raw ?? null);
      this.#groupBytes += raw instanceof Uint8Array ? raw.length + 16 : typeof raw === "object" ? 128 : 8;
    }
  }

  #rawOf(texts: ColumnValues, row: number, { column, field }: ParquetColumn, firstRow: number): Raw {
    const text = texts[row]!;
    if (text === null) return null;
    const raw = field.raw(text);
    if (raw !== undefined) return raw;
    const ordinal = firstRow + row + 1;
    throw new StandinError(
      "VALUE_UNSUPPORTED",
      `${this.#table}.${column.name} cannot be written as ${field.type} in row ${ordinal}.`,
      {
        table: this.#table,
        column: column.name,
        row: ordinal,
        hint: `Write the column as text, parquetSink({ types: { ${JSON.stringify(this.#table)}: { ${JSON.stringify(column.name)}: "text" } } }), or mask it otherwise.`,
      },
    );
  }

  #refuseMissing({ column }: ParquetColumn, row: number): void {
    if (column.nullable) return;
    throw new StandinError("NOT_NULLABLE", `${this.#table}.${column.name} is required, and is NULL in row ${row + 1}.`, {
      table: this.#table,
      column: column.name,
      row: row + 1,
    });
  }

  async #writeGroup(): Promise<void> {
    const rows = this.#group[0]?.length ?? 0;
    if (rows === 0) return;
    const columnData = this.#columns.map(({ column, field }, index) => {
      const data = this.#group[index]! as unknown[];
      // Where the order of the stored values is another than that of what they stand for, no smallest and largest are told.
      return { name: column.name, data, statistics: field.isOrdered };
    });
    await this.#writer.write({ columnData, rowGroupSize: rows });
    this.#group = this.#columns.map(() => []);
    this.#groupBytes = 0;
    await this.#flush();
  }

  async #flush(): Promise<void> {
    const { buffer, byteOffset, length } = this.#bytes.getBytes();
    const written = Buffer.from(buffer, byteOffset, length);
    const empty = written.indexOf(EMPTY_GROUPS);
    if (this.#rows === 0 && empty >= 0) written[empty + 3] = LIST_OF_STRUCTS;
    await this.#sink.write(written);
    this.#bytes.index = 0;
  }
}
