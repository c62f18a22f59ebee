import type { ColumnValues, RowBatch } from "../contracts.ts";
import { type ColumnPlan, movedColumns, type TablePlan, variantsOf } from "../plan/plan.ts";
import type { ClassSource } from "../policy/class-source.ts";
import { tableName } from "../table-ref.ts";
import { ColumnProfile } from "./column-profile.ts";
import type { LeakWatch } from "./leak-watch.ts";
import { type IsCommon, nameUnits, type TellingUnit, tellingUnits } from "./telling-text.ts";
import type { TextHash } from "./text-hash.ts";

export interface WatchOptions {
  readonly classes: ClassSource;
  readonly isCommon: IsCommon;
  readonly hash: TextHash;
}

/** Watches the rows of one table of the source go by: remembers what must not be found in the copy, and what the columns look like. */
export class SourceWatch {
  readonly profiles: ReadonlyMap<string, ColumnProfile>;
  readonly #moved: readonly ColumnPlan[];
  readonly #watchers: readonly Watcher[];
  readonly #leaks: LeakWatch;
  readonly #masked = new Map<string, { filled: number; unchanged: number }>();
  #rows = 0;

  constructor(table: TablePlan, leaks: LeakWatch, options: WatchOptions) {
    this.#leaks = leaks;
    this.#moved = movedColumns(table);
    this.profiles = new Map(this.#moved.map(({ column }) => [column.name, new ColumnProfile(column, options.hash)]));
    this.#watchers = watchersOf(table, this.#moved, options);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Looks at the originals of a batch, which has the table's columns in order; whether it is masked already makes no difference. */
  add(batch: RowBatch): void {
    this.#rows += batch.rowCount;
    for (const [index, { column }] of this.#moved.entries()) {
      const originals = batch.column(index);
      this.profiles.get(column.name)!.add(originals);
      const masked = batch.replacement(index);
      if (masked !== undefined) this.#compare(column.name, originals, masked);
    }
    for (const { of, unitsOf } of this.#watchers) this.#leaks.remember(of, unitsOf(batch));
  }

  /** Share of a column's masked cells that are as they were; null where none of its cells went by masked. */
  unchangedShare(column: string): number | null {
    const cells = this.#masked.get(column);
    return cells === undefined || cells.filled === 0 ? null : cells.unchanged / cells.filled;
  }

  #compare(column: string, originals: ColumnValues, masked: ColumnValues): void {
    const cells = this.#masked.get(column) ?? { filled: 0, unchanged: 0 };
    this.#masked.set(column, cells);
    for (let row = 0; row < originals.length; row++) {
      if (originals[row] === null) continue;
      cells.filled++;
      if (originals[row] === masked[row]) cells.unchanged++;
    }
  }
}

interface Watcher {
  /** The column or columns whose values these are. */
  readonly of: string;
  unitsOf(batch: RowBatch): Iterable<TellingUnit>;
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
        *unitsOf(batch) {
          for (const value of batch.column(index)) if (value !== null && value !== "") yield* units(value);
        },
      },
    ];
  });
  const [first, last] = (["firstName", "lastName"] as const).map((one) => described.find(({ dataClass }) => dataClass === one));
  if (first === undefined || last === undefined || !(isWatched(first.plan) || isWatched(last.plan))) return watchers;
  function* pairs(batch: RowBatch): Generator<TellingUnit> {
    const [firsts, lasts] = [batch.column(first!.index), batch.column(last!.index)];
    for (let row = 0; row < firsts.length; row++) {
      const [one, other] = [firsts[row]!, lasts[row]!];
      if (one !== null && other !== null) yield* nameUnits(one, other, isCommon);
    }
  }
  return [...watchers, { of: `${name}.${first.plan.column.name} + ${last.plan.column.name}`, unitsOf: pairs }];
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
