import type { OnProgress } from "./progress.ts";

interface Sum {
  rows: number;
  bytes: number;
  told: number;
}

/** Adds up the rows of a table's batches and passes the sum on now and then, and what is left before the table's end. All other events pass as they are. */
export function sumRows(listener: OnProgress, milliseconds: number): OnProgress {
  const sums = new Map<string, Sum>();
  const tell = (table: string, sum: Sum) => {
    const { rows, bytes } = sum;
    Object.assign(sum, { rows: 0, bytes: 0, told: performance.now() } satisfies Sum);
    if (rows > 0) listener({ type: "rows", table, rows, bytes });
  };
  return (event) => {
    if (event.type === "table-started") sums.set(event.table, { rows: 0, bytes: 0, told: performance.now() });
    const sum = "table" in event ? sums.get(event.table) : undefined;
    if (event.type === "rows" && sum !== undefined) {
      sum.rows += event.rows;
      sum.bytes += event.bytes;
      if (performance.now() - sum.told >= milliseconds) tell(event.table, sum);
      return;
    }
    if (event.type === "table-finished" && sum !== undefined) {
      tell(event.table, sum);
      sums.delete(event.table);
    }
    listener(event);
  };
}
