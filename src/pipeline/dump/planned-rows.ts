import { ReorderedBatch } from "../../batch/reordered-batch.ts";
import type { RowBatch } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import type { DumpPart } from "../../formats/dump-format.ts";
import { movedColumns, type TablePlan } from "../../plan/plan.ts";
import { tableName } from "../../table-ref.ts";

export type RowsPart = DumpPart & { readonly type: "rows" };

/** The batch as the plan sees it: its columns in the table's order. What the server computes must be left to it. */
export function arranged({ table, columns, batch }: RowsPart, plan: TablePlan): RowBatch {
  const moved = movedColumns(plan).map(({ column }) => column.name);
  const order = moved.map((name) => columns.indexOf(name));
  const name = tableName(table);
  const missing = moved.find((_, index) => order[index]! < 0);
  if (missing !== undefined) throw otherColumns(name, `has rows without a value for ${missing}`);
  for (const [index, column] of columns.entries()) {
    if (order.includes(index)) continue;
    const isGenerated = plan.columns.some((one) => one.column.name === column && one.decision === "generated");
    if (!isGenerated) throw otherColumns(name, `has rows with a value for ${column}, which it has not`);
    if (batch.column(index).some((value) => value !== null))
      throw otherColumns(name, `has rows with a value for ${column}, which the server computes`);
  }
  const isAsItIs = order.length === columns.length && order.every((place, index) => place === index);
  return isAsItIs ? batch : new ReorderedBatch(batch, order);
}

/** A row whose partition hangs on a masked value would be written into the partition of the original. */
export function refuseOtherPartition({ table, partitionedBy = [] }: RowsPart, plan: TablePlan): void {
  const masked = plan.columns.find(({ column, decision }) => decision === "mask" && partitionedBy.includes(column.name));
  if (masked === undefined) return;
  const [name, column] = [tableName(table), masked.column.name];
  const message = `${name}.${column} is masked, and decides in which partition a row stands; the dump names the partition of each.`;
  const hint = "Dump with pg_dump --load-via-partition-root: the server finds the partitions then.";
  throw new StandinError("CHECK_VIOLATED", message, { table: name, column, hint });
}

/** The part that a batch, or a slice of it, came in. */
export function partFor(partOf: Map<number, RowsPart>, { firstRow }: RowBatch): RowsPart {
  let found = partOf.get(firstRow);
  for (const [first, part] of partOf) {
    if (first > firstRow) continue;
    found = part;
    // Rows are written in order: what came before is done with.
    if (first + part.batch.rowCount <= firstRow) partOf.delete(first);
  }
  return found!;
}

function otherColumns(table: string, what: string): StandinError {
  return new StandinError("DUMP_INVALID", `${table} ${what}.`, { table, hint: "Make the dump and its schema at the same time." });
}
