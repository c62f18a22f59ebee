import type { ReadOptions, RowBatch } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { scanCopyText } from "../../../formats/postgres/copy-scanner.ts";
import { WHOLE_TABLE } from "../../../shard.ts";
import { tableName } from "../../../table-ref.ts";
import { counted } from "../../../written-numbers.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import { fromPostgresError } from "../postgres-errors.ts";
import { copyBlocksStatement, copyOutStatement } from "../postgres-sql.ts";
import type { PostgresEnd } from "../write/postgres-end.ts";
import type { BlockRange } from "./postgres-shards.ts";

/** Streams one table, or a part of it, or what a COPY statement selects of it, in the transaction under way, and makes sure that as many rows came as the server says it sent. */
export async function* readTable(
  end: PostgresEnd,
  { table, isPartitioned }: Pick<CatalogTable, "table" | "isPartitioned">,
  { columns, batchSize, shard = WHOLE_TABLE, firstRow, signal }: ReadOptions,
  selected?: string,
): AsyncGenerator<RowBatch> {
  const name = tableName(table.ref);
  end.stopOn(signal);
  let promised = 0;
  const range = shard.range as BlockRange | null;
  const whole = range === null ? copyOutStatement(table.ref, columns, isPartitioned) : copyBlocksStatement(range, columns);
  const statement = selected ?? whole;
  const chunks = untilCount(end.client.copyOut(statement), (count) => {
    promised = count;
  });
  let rows = 0;
  try {
    const form = { table: table.ref, columnCount: columns.length, batchSize, firstRow };
    for await (const batch of scanCopyText(chunks, form)) {
      rows += batch.rowCount;
      yield batch;
    }
  } catch (error) {
    throw fromPostgresError(error, end.side, `reading ${name}`, name);
  }
  if (rows !== promised) {
    throw new StandinError(
      "COUNT_MISMATCH",
      `${name}: ${counted(rows, "row")} came, and the ${end.side}'s server says it sent ${promised}.`,
      { table: name },
    );
  }
}

/** Passes chunks on, and then tells the count that the server ended with. */
async function* untilCount(
  chunks: AsyncGenerator<Uint8Array, number>,
  onCount: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  onCount(yield* chunks);
}
