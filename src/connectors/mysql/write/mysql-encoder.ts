import { ByteBatch } from "../../../batch/byte-batch.ts";
import { ByteWriter } from "../../../batch/byte-writer.ts";
import { encodeBatch } from "../../../batch/encode-batch.ts";
import type { Column, ColumnValues, EncodedRows, RowBatch, RowEncoder, TableToWrite } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { mysqlText } from "../../../formats/mysql/mysql-text.ts";
import { isHex } from "../../../formats/mysql/mysql-types.ts";
import { tableName } from "../../../table-ref.ts";
import { hasErrorValue } from "../mysql-columns.ts";

/** Writes out rows of one table on any thread, as the sink's own writer does. There is nothing to go by beside the table. */
export function mysqlEncoder(_how: unknown, table: TableToWrite): RowEncoder {
  const rows = new RowText(table);
  const text = new ByteWriter();
  return {
    encode(batch): EncodedRows {
      const tally = rows.append(batch, text);
      return { rows: batch.rowCount, pieces: [text.take()], tally };
    },
  };
}

/** Rows as LOAD DATA text, looked at for what the server would not refuse as it should. */
export class RowText {
  readonly #name: string;
  readonly #columns: readonly Column[];

  constructor({ table, columns }: TableToWrite) {
    this.#name = tableName(table.ref);
    this.#columns = columns;
  }

  /** Appends the rows to `text`. Returns the empty cells of ENUM columns among them: the server warns of each, as it should, and stores it. */
  append(batch: RowBatch, text: ByteWriter): number {
    let errorValues = 0;
    for (const [index, column] of this.#columns.entries()) {
      if (hasErrorValue(column)) errorValues += countEmpty(batch, index);
      if (isHex(column)) this.#refuseBrokenHex(batch, index);
    }
    encodeBatch(batch, this.#columns.length, mysqlText, text);
    return errorValues;
  }

  #refuseBrokenHex(batch: RowBatch, index: number): void {
    const values = foreignValues(batch, index);
    const row = values?.findIndex((value) => value?.startsWith("\\x") && !/^\\x(?:[0-9a-f]{2})*$/i.test(value)) ?? -1;
    if (row < 0) return;
    const { name } = this.#columns[index]!;
    throw new StandinError(
      "SINK_REJECTED",
      `A value for ${this.#name}.${name} starts like bytes in hexadecimal, and goes on otherwise.`,
      {
        table: this.#name,
        column: name,
        row: batch.firstRow + row + 1,
      },
    );
  }
}

/** Values that are not the server's own bytes: masked ones, or those of another system. */
function foreignValues(batch: RowBatch, index: number): ColumnValues | undefined {
  const isOwn = batch instanceof ByteBatch && batch.format.id === mysqlText.id;
  return batch.replacement(index) ?? (isOwn ? undefined : batch.column(index));
}

function countEmpty(batch: RowBatch, index: number): number {
  const values = foreignValues(batch, index);
  let count = 0;
  if (values !== undefined) {
    for (const value of values) if (value === "") count++;
    return count;
  }
  const { starts, ends, columnCount, rowCount } = batch as ByteBatch;
  for (let cell = index; cell < rowCount * columnCount; cell += columnCount) if (starts[cell] === ends[cell]) count++;
  return count;
}
