import type { RowBatch, Source, Table } from "../contracts.ts";
import type { ColumnPrf } from "../keys/column-prf.ts";
import { type ColumnPlan, movedColumns, type Plan, type TablePlan, variantsOf } from "../plan/plan.ts";
import type { ClassSource } from "../policy/class-source.ts";
import { tableName } from "../table-ref.ts";
import { ColumnProfile } from "./column-profile.ts";
import type { LeakWatch } from "./leak-watch.ts";
import { type IsCommon, nameUnits, type TellingUnit, tellingUnits } from "./telling-text.ts";

/** What the source's side of a table looks like. */
export interface SourceSide {
  readonly rows: number;
  readonly profiles: ReadonlyMap<string, ColumnProfile>;
}

export interface WatchOptions {
  readonly classes: ClassSource;
  readonly isCommon: IsCommon;
  readonly prf: ColumnPrf;
  readonly signal: AbortSignal;
  onTable(table: string): void;
}

/** Reads the source once: remembers what must not be found in the copy, and what its columns look like. */
export async function watchSource(
  source: Source,
  plan: Plan,
  watch: LeakWatch,
  options: WatchOptions,
): Promise<ReadonlyMap<Table, SourceSide>> {
  const sides = new Map<Table, SourceSide>();
  for (const table of plan.tables) {
    options.onTable(tableName(table.table.ref));
    sides.set(table.table, await watchTable(source, table, watch, options));
  }
  return sides;
}

async function watchTable(source: Source, table: TablePlan, watch: LeakWatch, options: WatchOptions): Promise<SourceSide> {
  const moved = movedColumns(table);
  const profiles = new Map(moved.map(({ column }) => [column.name, new ColumnProfile(column, options.prf)]));
  const watchers = watchersOf(table, moved, options);
  let rows = 0;
  const columns = moved.map(({ column }) => column);
  for await (const batch of source.read(table.table, { columns, batchSize: {}, signal: options.signal })) {
    rows += batch.rowCount;
    for (const [index, { column }] of moved.entries()) profiles.get(column.name)!.add(batch.column(index));
    for (const { of, units } of watchers) watch.remember(of, units(batch));
    batch.release?.();
  }
  return { rows, profiles };
}

interface Watcher {
  /** The column or columns whose values these are. */
  readonly of: string;
  units(batch: RowBatch): readonly TellingUnit[];
}

/** What is to be remembered of a table's rows: the telling values of masked columns, and first and last names side by side. */
function watchersOf({ table }: TablePlan, moved: readonly ColumnPlan[], { classes, isCommon }: WatchOptions): readonly Watcher[] {
  const name = tableName(table.ref);
  const described = moved.map((plan, index) => ({ plan, index, dataClass: classes.classOf(table, plan.column) }));
  const watchers = described.flatMap(({ plan, index, dataClass }): Watcher[] => {
    const units = isWatched(plan) ? tellingUnits(plan.column, dataClass, isCommon) : null;
    if (units === null) return [];
    return [
      {
        of: `${name}.${plan.column.name}`,
        units: (batch) => batch.column(index).flatMap((value) => (value === null || value === "" ? [] : units(value))),
      },
    ];
  });
  const [first, last] = (["firstName", "lastName"] as const).map((one) => described.find(({ dataClass }) => dataClass === one));
  if (first === undefined || last === undefined || !(isWatched(first.plan) || isWatched(last.plan))) return watchers;
  const pairs = (batch: RowBatch) => {
    const lasts = batch.column(last.index);
    return batch
      .column(first.index)
      .flatMap((one, row) => (one === null || lasts[row] === null ? [] : nameUnits(one, lasts[row]!, isCommon)));
  };
  return [...watchers, { of: `${name}.${first.plan.column.name} + ${last.plan.column.name}`, units: pairs }];
}

/** Masked columns, but for those whose mask hands real values out again, to other rows: it is a perturbation, and no function of the value. */
function isWatched(plan: ColumnPlan): boolean {
  return variantsOf(plan).some(
    ({ decision, rule, guarantees }) =>
      decision === "mask" &&
      rule !== null &&
      !(rule.transform.technique === "perturbation" && guarantees?.deterministic === false),
  );
}
