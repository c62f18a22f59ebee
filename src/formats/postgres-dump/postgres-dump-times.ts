import { ByteBatch } from "../../batch/byte-batch.ts";
import type { CellFormat } from "../../batch/cell-format.ts";
import type { TableRef } from "../../contracts.ts";
import { tableName } from "../../table-ref.ts";
import type { DumpPart } from "../dump-format.ts";
import { zonedColumns } from "../postgres/postgres-ddl-tables.ts";
import { timeInUtc } from "../postgres/time-in-utc.ts";
import { PostgresDumpReader } from "./postgres-dump-reader.ts";

/**
 * Reads times with zone as a live server's session gives them, which is pinned to UTC: a dump has them in the zone of the session that dumped, and a mask would make
 * another value of one. Those that nobody masks keep their bytes.
 */
export class TimesDumpReader extends PostgresDumpReader {
  readonly #zoned = new Map<string, readonly string[]>();

  override async *parts(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<DumpPart> {
    for await (const part of super.parts(chunks, signal)) {
      if (part.type === "text") {
        // It may make a table anew, or change one.
        this.#zoned.clear();
        yield part;
        continue;
      }
      const zoned = this.#zonedOf(part.table);
      const { batch, columns } = part;
      const isZoned = columns.map((name) => zoned.includes(name));
      if (!isZoned.includes(true) || !(batch instanceof ByteBatch)) yield part;
      else yield { ...part, batch: inUtc(batch, isZoned) };
    }
  }

  #zonedOf(ref: TableRef): readonly string[] {
    const name = tableName(ref);
    const known = this.#zoned.get(name) ?? zonedColumns(this.known.ddl(), ref);
    this.#zoned.set(name, known);
    return known;
  }
}

function inUtc(batch: ByteBatch, isZoned: readonly boolean[]): ByteBatch {
  const { table, bytes, from, to, starts, ends, columnCount, rowCount, firstRow } = batch;
  const format: CellFormat = {
    ...batch.format,
    decodeColumn(read, column) {
      const values = batch.format.decodeColumn(read, column);
      return isZoned[column] === true ? values.map((value) => (value === null ? null : timeInUtc(value))) : values;
    },
  };
  const place = { table, bytes, from, to, starts, ends, columnCount, rowCount, firstRow };
  return new ByteBatch({ ...place, format, onRelease: () => batch.release() });
}
