import type { ColumnValues, SampleOptions, Source, Table } from "../contracts.ts";
import { cutSample, sampleRows } from "../sample-bounds.ts";

/** Looks at a table's first rows. */
export async function sampleFirst(
  source: Pick<Source, "read">,
  table: Table,
  { columns, rows, signal }: SampleOptions,
): Promise<readonly ColumnValues[]> {
  const wanted = sampleRows({ rows });
  const sampled: (string | null)[][] = columns.map(() => []);
  let seen = 0;
  for await (const batch of source.read(table, { columns, batchSize: { maxRows: wanted }, signal })) {
    const take = Math.min(batch.rowCount, wanted - seen);
    for (const [index, values] of sampled.entries())
      for (const value of batch.column(index).slice(0, take)) values.push(cutSample(value));
    seen += take;
    batch.release?.();
    if (seen >= wanted) break;
  }
  return sampled;
}
