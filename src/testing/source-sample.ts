import type { Source, Table } from "../contracts.ts";
import { cutSample } from "../sample-bounds.ts";
import type { BrokenPromises } from "./broken-promises.ts";
import { readable, readCells } from "./source-reading.ts";

const ROWS = 5;

/** Looks at a sample, where the source gives any: of the columns asked for, no longer than asked for, and of cells that the table holds. */
export async function examineSample(source: Source, table: Table, broken: BrokenPromises): Promise<void> {
  if (source.sample === undefined) return;
  const columns = [...readable(table)].reverse();
  const { signal } = new AbortController();
  const sampled = await broken.inTime("sample", source.sample(table, { columns, rows: ROWS, signal }));
  broken.expect(sampled.length === columns.length, "a sample has other columns than those asked for");
  broken.expect(
    sampled.every((values) => values.length >= 1 && values.length <= ROWS && values.length === sampled[0]!.length),
    "a sample has no row, more rows than asked for, or columns of several lengths",
  );
  const cells = await readCells(source, table, { columns, batchSize: {} });
  for (const [index, values] of sampled.entries()) {
    const known = new Set(cells[index]?.map(cutSample));
    broken.expect(
      values.every((value) => known.has(value)),
      `a sample of ${columns[index]?.name} has a cell that the column does not hold`,
    );
  }
}
