import { ByteWriter } from "../../../batch/byte-writer.ts";
import type { Column, EncodedRows, RowBatch, TableToWrite, TableWriter } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { fromMysqlError } from "../mysql-errors.ts";
import { RowText } from "./mysql-encoder.ts";
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
  readonly #rowText: RowText;
  readonly #text = new ByteWriter(4 * WRITE_BYTES);
  /** Warnings that are due. */
  #errorValues = 0;
  #rows = 0;

  constructor(client: MysqlClient, table: TableToWrite, transport: RowTransport) {
    this.#client = client;
    this.#transport = transport;
    this.#name = tableName(table.table.ref);
    this.#columns = table.columns;
    this.#rowText = new RowText(table);
  }

  async write(batch: RowBatch): Promise<void> {
    this.#errorValues += this.#rowText.append(batch, this.#text);
    this.#rows += batch.rowCount;
    if (this.#text.position >= WRITE_BYTES) await this.#flush();
  }

  async writeEncoded({ rows, pieces, tally }: EncodedRows): Promise<void> {
    if (this.#text.position > 0) await this.#flush();
    this.#errorValues += tally;
    this.#rows += rows;
    for (const { buffer, byteOffset, byteLength } of pieces) await this.#send(Buffer.from(buffer, byteOffset, byteLength));
  }

  async end(): Promise<number> {
    if (this.#text.position > 0) await this.#flush();
    const { rows, warnings } = await this.#rebuilding(() => this.#transport.end());
    if (warnings !== this.#errorValues || rows !== this.#rows) await this.#refuseWarnings();
    return rows;
  }

  #flush(): Promise<void> {
    return this.#send(this.#text.take());
  }

  #send(text: Buffer): Promise<void> {
    return this.#rebuilding(() => this.#transport.send(text));
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

  async #rebuilding<Result>(step: () => Promise<Result>): Promise<Result> {
    try {
      return await step();
    } catch (error) {
      throw fromMysqlError(error, "target", `writing ${this.#name}`, this.#name);
    }
  }
}
