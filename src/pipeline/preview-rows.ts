import type { ColumnValues, RowBatch, Source } from "../contracts.ts";
import { compilePlan, refuseBrokenPlan } from "../plan/compile-plan.ts";
import { findTablePlan } from "../plan/find-table-plan.ts";
import { movedColumns, type TablePlan, tableToWrite } from "../plan/plan.ts";
import type { ClassSource } from "../policy/class-source.ts";
import type { Policy } from "../policy/define-policy.ts";
import { namedColumns } from "../policy/parse/named-columns.ts";
import { tableName } from "../table-ref.ts";
import { untilAborted } from "../until-aborted.ts";
import { WindowBatch } from "./masking/gather-windows.ts";
import { maskBatch } from "./masking/mask-batch.ts";
import { type KeyDeriver, prepareTable } from "./masking/prepare-table.ts";

/** A column of a preview, with what becomes of it. */
export interface PreviewColumn {
  readonly name: string;
  readonly decision: "keep" | "mask";
  readonly transform: string;
}

/** The first rows of a table as they are and as a run would write them: cells as text, NULL as null, by column in the order of `columns`. */
export interface Preview {
  readonly table: string;
  readonly columns: readonly PreviewColumn[];
  /** Holds production data: nothing that may leave the terminal. */
  readonly originals: readonly ColumnValues[];
  readonly masked: readonly ColumnValues[];
}

export interface PreviewRowsOptions {
  readonly table: string;
  readonly rows: number;
  readonly key: KeyDeriver | null;
  readonly signal: AbortSignal;
  readonly classes?: ClassSource | undefined;
}

/** Rows that a window is cut down to: a preview need not read a whole table to show a shuffle. */
const MOST_ROWS = 20_000;

/** Reads the first rows of one table and masks them. Closes the source. A plan with an error at this table is refused, as a run would refuse it. */
export async function previewRows(source: Source, policy: Policy, options: PreviewRowsOptions): Promise<Preview> {
  const { signal, key, rows } = options;
  try {
    await source.open(signal);
    source.expects?.(namedColumns(policy), null);
    const plan = compilePlan(policy, await source.schema(), { system: source.system, tables: [] }, options.classes ?? null);
    const table = findTablePlan(plan, options.table);
    const { columns } = tableToWrite(table);
    const held = (await source.hold?.([{ table: table.table, columns }])) ?? [];
    const name = tableName(table.table.ref);
    refuseBrokenPlan({ ...plan, findings: [...plan.findings, ...held].filter((finding) => finding.table === name) });
    const prepared = await prepareTable(table, key, { signal });
    const batch = await firstRows(source, table, Math.max(rows, Math.min(prepared.windowRows, MOST_ROWS)), signal);
    if (batch !== null) await untilAborted(maskBatch(prepared, batch), signal);
    const cells = (valuesOf: (index: number) => ColumnValues) =>
      columns.map((_, index) => (batch === null ? [] : valuesOf(index).slice(0, rows)));
    return {
      table: name,
      columns: movedColumns(table).map(({ column, decision, rule }) => ({
        name: column.name,
        decision: decision === "mask" ? "mask" : "keep",
        transform: rule!.transform.name,
      })),
      originals: cells((index) => batch!.column(index)),
      masked: cells((index) => batch!.replacement(index) ?? batch!.column(index)),
    };
  } finally {
    await source.close();
  }
}

async function firstRows(source: Source, plan: TablePlan, count: number, signal: AbortSignal): Promise<RowBatch | null> {
  const { columns } = tableToWrite(plan);
  const batches: RowBatch[] = [];
  let rows = 0;
  for await (const batch of source.read(plan.table, { columns, batchSize: { maxRows: count }, signal })) {
    batches.push(batch);
    rows += batch.rowCount;
    if (rows >= count) break;
  }
  return batches.length === 0 ? null : new WindowBatch(batches);
}
