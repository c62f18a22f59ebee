import type { ReadOptions, RowBatch } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { scanCopyText } from "../../formats/copy-scanner.ts";
import { tableName } from "../../table-ref.ts";
import { counted } from "../../written-numbers.ts";
import type { CatalogTable } from "./postgres-catalog.ts";
import type { PostgresEnd } from "./postgres-end.ts";
import { fromPostgresError } from "./postgres-errors.ts";
import { copyOutStatement } from "./postgres-sql.ts";

/** Streams one table in the transaction under way, and makes sure that as many rows came as the server says it sent. */
export async function* readTable(
  end: PostgresEnd,
  { table, isPartitioned }: CatalogTable,
  { columns, batchSize, signal }: ReadOptions,
): AsyncGenerator<RowBatch> {
  const name = tableName(table.ref);
  end.stopOn(signal);
  let promised = 0;
  const chunks = untilCount(end.client.copyOut(copyOutStatement(table.ref, columns, isPartitioned)), (count) => {
    promised = count;
  });
  let rows = 0;
  try {
    for await (const batch of scanCopyText(chunks, { table: table.ref, columnCount: columns.length, batchSize })) {
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
