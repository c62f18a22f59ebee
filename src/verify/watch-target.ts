import type { Column, StagedTarget, Table } from "../contracts.ts";
import type { ColumnPrf } from "../keys/column-prf.ts";
import type { Plan, TablePlan } from "../plan/plan.ts";
import type { AnonymityPolicy } from "../policy/define-policy.ts";
import { isSameTable, tableName } from "../table-ref.ts";
import { AnonymityCount } from "./anonymity.ts";
import { ColumnProfile } from "./column-profile.ts";
import type { IntegrityWatch } from "./integrity-watch.ts";
import type { LeakWatch, Sighting, Sightings } from "./leak-watch.ts";
import type { TextHash } from "./text-hash.ts";

/** What the copy's side of a table looks like, whether it was copied or was there before. */
export interface TargetSide {
  readonly table: Table;
  /** Null for a table that the policy does not copy. */
  readonly plan: TablePlan | null;
  readonly rows: number;
  readonly profiles: ReadonlyMap<string, ColumnProfile>;
  /** By column: what was found in it. */
  readonly sightings: ReadonlyMap<string, readonly Sighting[]>;
  readonly anonymity: AnonymityCount | null;
}

export interface SearchOptions {
  readonly prf: ColumnPrf;
  readonly hash: TextHash;
  readonly signal: AbortSignal;
  /** By the table's name. */
  readonly anonymity: ReadonlyMap<string, AnonymityPolicy>;
  onTable(table: string): void;
}

/** Reads every table of the copy once, also those that the policy does not name: searches all cells, and watches keys and shapes. */
export async function watchTarget(
  target: StagedTarget,
  plan: Plan,
  watches: { readonly leaks: LeakWatch; readonly integrity: IntegrityWatch },
  options: SearchOptions,
): Promise<readonly TargetSide[]> {
  const sides: TargetSide[] = [];
  for (const table of target.schema.tables) {
    options.onTable(tableName(table.ref));
    const own = plan.tables.find((one) => isSameTable(one.table.ref, table.ref)) ?? null;
    sides.push(await searchTable(target, table, own, watches, options));
  }
  return sides;
}

async function searchTable(
  target: StagedTarget,
  table: Table,
  plan: TablePlan | null,
  { leaks, integrity }: { readonly leaks: LeakWatch; readonly integrity: IntegrityWatch },
  options: SearchOptions,
): Promise<TargetSide> {
  const columns = table.columns.filter(({ isGenerated }) => !isGenerated);
  const profiles = new Map(columns.map((column) => [column.name, new ColumnProfile(column, options.hash)]));
  const sightings = new Map(columns.map(({ name }) => [name, new Map() as Sightings]));
  const risk = options.anonymity.get(tableName(table.ref));
  const anonymity = risk === undefined ? null : new AnonymityCount(risk, options.prf);
  let rows = 0;
  const reading = { columns, weights: integrity.weights(table), batchSize: {}, signal: options.signal };
  for await (const batch of columns.length === 0 ? [] : target.read(table, reading)) {
    rows += batch.rowCount;
    for (const [index, { name }] of columns.entries()) {
      const values = batch.column(index);
      profiles.get(name)!.add(values);
      leaks.search(values, { firstRow: batch.firstRow, isMasked: isMaskedColumn(plan, name) }, sightings.get(name)!);
    }
    integrity.add(table, batch);
    const valuesOf = (names: readonly string[]) => names.map((name) => batch.column(placeOf(columns, name)));
    if (risk !== undefined) anonymity?.add(valuesOf(risk.quasiIdentifiers), valuesOf(risk.sensitive ?? []));
    batch.release?.();
  }
  const found = [...sightings].map(([name, seen]) => [name, [...seen.values()]] as const);
  return { table, plan, rows, profiles, sightings: new Map(found), anonymity };
}

/** Whether a mask gave what the column holds. */
export function isMaskedColumn(plan: TablePlan | null, column: string): boolean {
  return plan?.columns.some((one) => one.column.name === column && one.decision === "mask") ?? false;
}

function placeOf(columns: readonly Column[], name: string): number {
  return columns.findIndex((column) => column.name === name);
}
