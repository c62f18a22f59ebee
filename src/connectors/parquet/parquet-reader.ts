import type { Compressors, FileMetaData } from "hyparquet";
import { USUAL_ROWS } from "../../batch/usual-size.ts";
import type { ColumnKind, ReadOptions } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { dottedRef } from "../dotted-ref.ts";
import { ParquetBatch, type RawColumn } from "./parquet-batch.ts";
import type { OpenedBytes } from "./parquet-bytes.ts";
import { type Raw, reshaped } from "./parquet-field.ts";
import { loadCompressors, loadReader } from "./parquet-library.ts";
import { annotated, type ParquetColumn, parquetColumns, physicalSchema } from "./parquet-schema.ts";
import type { ParquetTable } from "./parquet-table.ts";

/** Where the bytes of one table come from. */
export interface ParquetInput {
  readonly table: string;
  /** As errors name it. */
  readonly file: string;
  readonly path: string | null;
  open(): Promise<OpenedBytes>;
}

/** Rows of a batch are about this many bytes of the file, unpacked. */
const BATCH_BYTES = 256 * 1024;

/** A file whose footer was read. */
export interface OpenedParquet {
  readonly table: ParquetTable;
  readonly columns: readonly ParquetColumn[];
  readonly metadata: FileMetaData;
}

/** Reads the footer. */
export async function openParquet(input: ParquetInput, types: { readonly [column: string]: ColumnKind }): Promise<OpenedParquet> {
  const { parquetMetadataAsync } = await loadReader();
  const bytes = await input.open();
  try {
    const read = await parquetMetadataAsync(bytes.buffer, { geoparquet: false }).catch((error) => {
      throw unreadable(input, error);
    });
    const metadata = { ...read, schema: annotated(read.schema) };
    const columns = parquetColumns(metadata.schema, types, input.file);
    const table = {
      ref: dottedRef(input.table),
      columns: columns.map(({ column }) => column),
      uniqueKeys: [],
      foreignKeys: [],
      rowEstimate: Number(metadata.num_rows),
      parquet: { path: input.path, columns: columns.map(({ elements, as }) => ({ elements, as })) },
    };
    return { table, columns, metadata };
  } finally {
    await bytes.close();
  }
}

/** Reads one row group after the other. */
export async function* readParquet(
  input: ParquetInput,
  { table: { ref }, columns: known, metadata: read }: OpenedParquet,
  { columns, batchSize, signal }: ReadOptions,
): AsyncGenerator<ParquetBatch> {
  const metadata = { ...read, schema: physicalSchema(read.schema, ["LIST"]) };
  const compressors = await loadCompressors(codecsOf(metadata));
  const asked = columns.map(({ name }) => known.find(({ column }) => column.name === name)!);
  const bytes = await input.open();
  try {
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const raw: RawColumn[] = [];
      for (const column of asked) {
        signal.throwIfAborted();
        const values = await readColumn(input, bytes, metadata, column.column.name, { rowStart, rowEnd, compressors });
        const { field } = column;
        raw.push({ column, values: field.reshape === undefined ? values : values.map((value) => reshaped(value, field)) });
      }
      const step = rowsOfBatch(batchSize, rowEnd - rowStart, Number(group.total_byte_size));
      for (let from = 0; from < rowEnd - rowStart; from += step) {
        signal.throwIfAborted();
        const to = Math.min(from + step, rowEnd - rowStart);
        yield new ParquetBatch(ref, raw, from, to, rowStart + from);
      }
      rowStart = rowEnd;
    }
    await bytes.check();
  } finally {
    await bytes.close();
  }
}

function rowsOfBatch(
  { maxRows = USUAL_ROWS, maxBytes = BATCH_BYTES }: ReadOptions["batchSize"],
  rows: number,
  bytes: number,
): number {
  return Math.max(1, Math.min(maxRows, Math.floor((maxBytes * rows) / Math.max(bytes, 1))));
}

async function readColumn(
  input: ParquetInput,
  { buffer }: OpenedBytes,
  metadata: FileMetaData,
  name: string,
  group: { readonly rowStart: number; readonly rowEnd: number; readonly compressors: Compressors },
): Promise<readonly Raw[]> {
  const { parquetRead } = await loadReader();
  const parsers = { timestampFromNanoseconds: (nanoseconds: bigint) => nanoseconds };
  const values: Raw[] = [];
  const onChunk = ({ columnData }: { readonly columnData: ArrayLike<Raw> }) => {
    for (let index = 0; index < columnData.length; index++) values.push(columnData[index]);
  };
  const how = { ...group, file: buffer, metadata, columns: [name], utf8: false, geoparquet: false, parsers, onChunk };
  await parquetRead(how).catch((error) => {
    throw unreadable(input, error);
  });
  if (values.length === group.rowEnd - group.rowStart) return values;
  throw unreadable(input, null);
}

const codecsOf = ({ row_groups: groups }: FileMetaData): ReadonlySet<string> =>
  new Set(groups.flatMap(({ columns }) => columns.map(({ meta_data: meta }) => meta?.codec ?? "UNCOMPRESSED")));

/** Only our own errors are known to quote nothing. */
function unreadable({ file }: ParquetInput, error: unknown): StandinError {
  if (error instanceof StandinError) return error;
  return new StandinError("FORMAT_INVALID", `${file} is no Parquet file that can be read.`, {
    file,
    hint: "Look at it with another reader. Encrypted files, and such as keep columns in other files, are not read.",
  });
}
