import { ReorderedBatch } from "../batch/reordered-batch.ts";
import type { ChangeSink, ChangingTable, Source, TableWriter } from "../contracts.ts";
import type { MaskingKey } from "../keys/masking-key.ts";
import { columnsReadBy } from "../plan/checks/check-reads.ts";
import { movedColumns, type TablePlan } from "../plan/plan.ts";
import { tableName } from "../table-ref.ts";
import { type CopyOptions, copyTable } from "./copy-table.ts";
import { prepareTable } from "./masking/prepare-table.ts";

/** The tables whose deleted rows go too. The source gives all rows, not the changed ones alone. */
export interface Comparison {
  readonly source: Source;
  readonly changes: ChangeSink;
  readonly tables: readonly { readonly plan: TablePlan; readonly wanted: ChangingTable }[];
}

/**
 * Sends the masked keys of all rows to the target, which holds them against its own: there alone keys are compared as its columns compare them, whatever the forms that two servers
 * write them in. Reads the keys' columns, and those that their masks read.
 */
export async function sendKeys(
  { source, changes, tables }: Comparison,
  key: MaskingKey | null,
  options: Omit<CopyOptions, "watch" | "onRows">,
  onTable: (name: string) => void,
): Promise<void> {
  for (const { plan, wanted } of tables) {
    onTable(tableName(plan.table.ref));
    const names = wanted.key!;
    const narrow = narrowed(plan, names);
    const prepared = await prepareTable(narrow, key, { only: names, signal: options.signal });
    const writer = async () => {
      const writer = await changes.keys(wanted);
      return narrow.columns.length === names.length ? writer : keysAlone(writer, names.length);
    };
    await copyTable(source, { writer }, narrow, prepared, { ...options, onRows: () => {} });
  }
}

/** A table as if it had its key alone, in the key's order, and behind it what the masks of the key read. */
function narrowed(plan: TablePlan, key: readonly string[]): TablePlan {
  const moved = movedColumns(plan);
  const find = (wanted: string) => moved.filter(({ column }) => column.name === wanted);
  const names = new Set(key);
  // What is added is visited as well.
  for (const name of names) for (const read of find(name).flatMap(columnsReadBy)) names.add(read);
  return { table: plan.table, columns: [...names].flatMap(find) };
}

/** Leaves away the columns behind the key. */
function keysAlone(writer: TableWriter, count: number): TableWriter {
  const order = Array.from({ length: count }, (_, index) => index);
  return {
    write: (batch) => writer.write(new ReorderedBatch(batch, order)),
    end: () => writer.end(),
  };
}
