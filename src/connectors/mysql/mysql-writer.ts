import { ByteBatch } from "../../batch/byte-batch.ts";
import { ByteWriter } from "../../batch/byte-writer.ts";
import { encodeBatch } from "../../batch/encode-batch.ts";
import type { Column, ColumnValues, RowBatch, TableToWrite, TableWriter } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { mysqlText } from "../../formats/mysql-text.ts";
import { tableName } from "../../table-ref.ts";
import type { MysqlClient } from "./mysql-client.ts";
import { hasErrorValue, isHex } from "./mysql-columns.ts";
import { fromMysqlError } from "./mysql-errors.ts";
import { findWarning } from "./mysql-warnings.ts";
import type { RowTransport } from "./row-transports.ts";

/** Smaller writes cost more in system calls than they bring in overlap. */
const WRITE_BYTES = 64 * 1024;

/** Writes one table. What the server says about a row is a warning at most, so the end counts them. */
export class MysqlWriter implements TableWriter {
  readonly #client: MysqlClient;
  readonly #transport: RowTransport;
  readonly #name: string;
  readonly #columns: readonly Column[];
  readonly #text = new ByteWriter(4 * WRITE_BYTES);
  /** Empty cells of ENUM columns: the server warns of each, as it should, and stores it. */
  #errorValues = 0;
  #rows = 0;

  constructor(client: MysqlClient, { table, columns }: TableToWrite, transport: RowTransport) {
    this.#client = client;
    this.#transport = transport;
    this.#name = tableName(table.ref);
    this.#columns = columns;
  }

  async write(batch: RowBatch): Promise<void> {
    for (const [index, column] of this.#columns.entries()) {
      if (hasErrorValue(column)) this.#errorValues += countEmpty(batch, index);
      if (isHex(column)) this.#refuseBrokenHex(batch, index);
    }
    this.#rows += batch.rowCount;
    encodeBatch(batch, this.#columns.length, mysqlText, this.#text);
    if (this.#text.position >= WRITE_BYTES) await this.#flush();
  }

  async end(): Promise<number> {
    if (this.#text.position > 0) await this.#flush();
    const { rows, warnings } = await this.#rebuilding(() => this.#transport.end());
    if (warnings !== this.#errorValues || rows !== this.#rows) await this.#refuseWarnings();
    return rows;
  }

  #flush(): Promise<void> {
    return this.#rebuilding(() => this.#transport.send(this.#text.take()));
  }

  /** A packet counts 65,535 warnings at most, so the server is asked. */
  async #refuseWarnings(): Promise<void> {
    const warning = await this.#rebuilding(() => findWarning(this.#client, this.#columns, this.#errorValues));
    if (warning === null) return;
    const { errno, column, row } = warning;
    const where = [`error ${errno}`, column && `column ${column}`, row && `row ${row}`].filter(Boolean).join(", ");
    throw new StandinError("SINK_REJECTED", `The target's server refused a row while writing ${this.#name} (${where}).`, {
      table: this.#name,
      column,
      row,
      hint: "See which rule of the policy writes the column, and what the target's table allows.",
    });
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

  async #rebuilding<Result>(step: () => Promise<Result>): Promise<Result> {
    try {
      return await step();
    } catch (error) {
      throw fromMysqlError(error, "target", `writing ${this.#name}`, this.#name);
    }
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
