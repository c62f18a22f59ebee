import { expect } from "vitest";
import type { DataSchema } from "../../src/contracts.ts";
import { type ColumnPlan, movedColumns, type Plan, type TablePlan } from "../../src/plan/plan.ts";
import { tableName } from "../../src/table-ref.ts";

/** What a test must be able to find out about a database, by SQL of its own. */
export interface Examiner {
  schema(url: string): Promise<DataSchema>;
  /** Rows of some columns, each as text that no two different rows share, in any order. */
  rows(url: string, plan: TablePlan, columns: readonly string[]): Promise<string[]>;
  /** One column as text, by the text of the key. */
  cells(url: string, plan: TablePlan, key: readonly string[], column: string): Promise<Map<string, string | null>>;
  /** How many foreign keys there are, and which of them have rows that point nowhere. */
  foreignKeys(url: string): Promise<{ readonly total: number; readonly broken: readonly string[] }>;
  /** Definitions of everything that is no row: tables, indexes, constraints, triggers, views, routines. By name. */
  definitions(url: string): Promise<Readonly<Record<string, string>>>;
  /** Inserts one row into each table that has any, numbered by the server where it numbers rows. Gives what failed. */
  insertOnce(url: string, plan: Plan): Promise<readonly string[]>;
}

/** Holds a copy against what a copy promises: kept cells equal, masked cells changed, everything about the tables the same. */
export async function expectFaithfulCopy(examiner: Examiner, source: string, target: string, plan: Plan): Promise<void> {
  for (const table of plan.tables) await expectKeptCellsEqual(examiner, source, target, table);
  expect(await unchangedCells(examiner, source, target, plan)).toEqual([]);
  const before = await examiner.foreignKeys(source);
  expect(await examiner.foreignKeys(target)).toEqual({ total: before.total, broken: [] });
  expect(await examiner.definitions(target)).toEqual(await examiner.definitions(source));
}

async function expectKeptCellsEqual(examiner: Examiner, source: string, target: string, table: TablePlan): Promise<void> {
  // What the server computes from masked columns changes with them.
  const isMasked = table.columns.some(({ decision }) => decision === "mask");
  const compared = isMasked ? ["keep"] : ["keep", "generated"];
  const kept = table.columns.filter(({ decision }) => compared.includes(decision)).map(({ column }) => column.name);
  const before = (await examiner.rows(source, table, kept)).sort();
  const after = (await examiner.rows(target, table, kept)).sort();
  const name = tableName(table.table.ref);
  expect(after.length, `rows of ${name}`).toBe(before.length);
  // A failure prints the rows that differ, not all of them.
  const lost = without(before, after);
  const added = without(after, before);
  expect({ lost, added }, `kept cells of ${name}`).toEqual({ lost: [], added: [] });
  expect(after.join("\n") === before.join("\n"), `how often each row of ${name} occurs`).toBe(true);
}

function without(rows: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return rows.filter((row) => !known.has(row));
}

/** Masked cells that are what they were, told by the primary key, or that cannot be told apart because that is masked or missing. */
async function unchangedCells(examiner: Examiner, source: string, target: string, plan: Plan): Promise<string[]> {
  const unchanged: string[] = [];
  for (const table of plan.tables) {
    for (const column of movedColumns(table).filter(({ decision }) => decision === "mask")) {
      const count = await countUnchanged(examiner, source, target, table, column);
      if (count !== 0) unchanged.push(`${tableName(table.table.ref)}.${column.column.name}: ${count ?? "no key to compare by"}`);
    }
  }
  return unchanged;
}

async function countUnchanged(
  examiner: Examiner,
  source: string,
  target: string,
  table: TablePlan,
  { column, rule }: ColumnPlan,
): Promise<number | null> {
  const key = keptKey(table);
  if (key === null) return null;
  const before = await examiner.cells(source, table, key, column.name);
  const after = await examiner.cells(target, table, key, column.name);
  const { transform, options } = rule!;
  return [...before].filter(
    ([id, value]) => value !== null && value === after.get(id) && !transform.fixedPoints?.isFixed(value, options, column),
  ).length;
}

function keptKey({ table, columns }: TablePlan): readonly string[] | null {
  const kept = new Set(columns.filter(({ decision }) => decision === "keep").map(({ column }) => column.name));
  const key = table.uniqueKeys.find(({ isPrimary }) => isPrimary)?.columns ?? [];
  return key.length > 0 && key.every((name) => kept.has(name)) ? key : null;
}
