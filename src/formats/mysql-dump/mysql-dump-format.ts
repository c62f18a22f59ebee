import { ByteBatch } from "../../batch/byte-batch.ts";
import type { ByteWriter } from "../../batch/byte-writer.ts";
import type { ColumnValues, RowBatch } from "../../contracts.ts";
import type { DumpFormat, DumpReader } from "../dump-format.ts";
import { MysqlDumpCells } from "./mysql-dump-cells.ts";
import { MysqlDumpReader } from "./mysql-dump-reader.ts";

const DEFAULT = Buffer.from("DEFAULT");

/** The dumps of mysqldump and mariadb-dump. */
export const mysqlDump: DumpFormat = {
  system: "mysql",

  reader(former?: DumpReader) {
    return new MysqlDumpReader(former instanceof MysqlDumpReader ? former : undefined);
  },

  writeRows,

  // Behind rows it is an error of syntax, behind a statement one that is raised: either way the client stops, and the rows of the last statement are not stored.
  failure: () => "\nSIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'standin failed: this dump breaks off here';\n",
};

/** A column of a batch whose cells are not copied as they came. */
interface ChangedColumn {
  readonly index: number;
  /** Null for a column that the server computes anew. */
  readonly values: { readonly originals: ColumnValues; readonly masked: ColumnValues } | null;
}

function writeRows(batch: RowBatch, writer: ByteWriter): void {
  if (!isDumpBatch(batch)) throw new TypeError("Rows of another format than this dump's.");
  const { bytes, starts, ends, columnCount, rowCount, format } = batch;
  const changed = changedColumns(batch, columnCount, format.computed);
  let copied = batch.from;
  for (let row = 0; row < rowCount; row++) {
    for (const { index, values } of changed) {
      const cell = row * columnCount + index;
      const start = starts[cell]!;
      if (values === null) {
        writer.copy(bytes, copied, start);
        writer.copy(DEFAULT, 0, DEFAULT.length);
      } else {
        const value = values.masked[row]!;
        // An unchanged value (NULL, a fixed point) keeps the very bytes it came in.
        if (value === values.originals[row]) continue;
        writer.copy(bytes, copied, start);
        format.writeCell(writer, value, batch, row, index, start);
      }
      copied = ends[cell]!;
    }
  }
  writer.copy(bytes, copied, batch.to);
}

/** A computed column tells of the columns that it is computed from: where any is masked, the server computes it anew. */
function changedColumns(
  batch: { column(index: number): ColumnValues; replacement(index: number): ColumnValues | undefined },
  count: number,
  computed: readonly number[],
): ChangedColumn[] {
  const changed: ChangedColumn[] = [];
  for (let index = 0; index < count; index++) {
    const masked = batch.replacement(index);
    if (masked !== undefined && !computed.includes(index))
      changed.push({ index, values: { originals: batch.column(index), masked } });
  }
  if (changed.length > 0) changed.push(...computed.map((index) => ({ index, values: null })));
  return changed.sort((one, other) => one.index - other.index);
}

const isDumpBatch = (batch: unknown): batch is ByteBatch & { readonly format: MysqlDumpCells } =>
  batch instanceof ByteBatch && batch.format instanceof MysqlDumpCells;
