import type { Condition } from "../conditions/condition.ts";
import { columnsOf } from "../conditions/condition.ts";
import { readRowsCondition } from "../conditions/row-condition.ts";
import type { Column, SelectionSeed, Table } from "../contracts.ts";
import type { StandinErrorCode } from "../errors.ts";
import type { SubsetTable } from "../policy/subset-policy.ts";
import { tableName } from "../table-ref.ts";
import { nearestNames } from "../transforms/nearest-name.ts";

/** Tells what is wrong with what a policy says of one table's subset. */
export type ReportSubset = (message: string, hint: string, code?: StandinErrorCode) => void;

/** What chooses rows of a table by its own words; null where nothing does. */
export function seedOf(table: Table, words: SubsetTable, report: ReportSubset): SelectionSeed | null {
  const { percent = null, rows = null, keep = [], where } = words;
  const draws = percent !== null || rows !== null || where !== undefined;
  if (!draws && keep.length === 0) return null;
  const by = columnsBy(table, words, report);
  const needsKey = percent !== null || rows !== null || keep.length > 0;
  if (needsKey && by.length === 0 && words.by === undefined) reportNoKey(table, "rows are drawn and kept by", report);
  return {
    where: where === undefined ? null : conditionOf(where, table, report),
    percent,
    rows,
    keep: typeof keep === "string" ? [] : keep.flatMap((key) => keyTexts(key, table, by, report)),
    draws,
    by,
  };
}

/** The columns of a table that say which row is which: those that the policy names, else its primary key or one as good. */
export function columnsBy(table: Table, { by }: Pick<SubsetTable, "by">, report: ReportSubset): readonly Column[] {
  if (by === undefined) return keyOf(table);
  return [by].flat().flatMap((name) => columnNamed(table, name, "subset → by", report));
}

function keyOf({ columns, uniqueKeys }: Table): readonly Column[] {
  const named = (names: readonly string[]) => names.flatMap((name) => columns.filter((column) => column.name === name));
  const isWhole = ({ columns: own, isPartial, prefixes, overlaps }: Table["uniqueKeys"][number]) =>
    own.length > 0 &&
    !isPartial &&
    prefixes === undefined &&
    overlaps === undefined &&
    named(own).every(({ nullable, isGenerated }) => !nullable && !isGenerated);
  const keys = uniqueKeys.filter(isWhole);
  const key = keys.find(({ isPrimary }) => isPrimary) ?? keys[0];
  return key === undefined ? [] : named(key.columns);
}

/** Tells that nothing says which row of a table is which. */
export function reportNoKey({ ref }: Table, what: string, report: ReportSubset): void {
  report(
    `subset: ${tableName(ref)} has no primary key that ${what}.`,
    `Say by which column: subset: { ${tableName(ref)}: { by: … } }.`,
  );
}

/** A condition of the policy about rows of a table; null, and a report, where it names a column that is not there. */
export function conditionOf(text: string, table: Table, report: ReportSubset): Condition | null {
  const read = readRowsCondition(text);
  if (!("condition" in read)) {
    report(`subset: the condition ${read.problem}.`, "Write it as SQL does: country = 'DE'.");
    return null;
  }
  const found = [...columnsOf(read.condition)].map((name) => columnNamed(table, name, "subset → where", report));
  return found.some((columns) => columns.length === 0) ? null : read.condition;
}

function columnNamed(table: Table, name: string, section: string, report: ReportSubset): readonly Column[] {
  const column = table.columns.find((one) => one.name === name && !one.isGenerated);
  if (column !== undefined) return [column];
  const near = nearestNames(
    name,
    table.columns.map((one) => one.name),
    1,
  );
  const hint =
    near.length > 0 ? `Did you mean ${near.join()}?` : "Name a column of the table that is read: none that its server computes.";
  report(`${section}: ${tableName(table.ref)} has no column ${name}.`, hint, "COLUMN_UNKNOWN");
  return [];
}

/** A key as the texts of its columns. Never told: it is a cell's value. */
function keyTexts(
  key: Exclude<NonNullable<SubsetTable["keep"]>, string>[number],
  table: Table,
  by: readonly Column[],
  report: ReportSubset,
): readonly (readonly string[])[] {
  if (by.length === 0) return [];
  const names = by.map(({ name }) => name);
  if (typeof key !== "object") {
    if (by.length === 1) return [[String(key)]];
    report(
      `subset → keep: a key of ${tableName(table.ref)} has ${by.length} columns.`,
      `Write { ${names.map((name) => `${name}: …`).join(", ")} }.`,
    );
    return [];
  }
  const isWhole = Object.keys(key).length === names.length && names.every((name) => Object.hasOwn(key, name));
  if (isWhole) return [names.map((name) => String(key[name]))];
  report(
    `subset → keep: a key of ${tableName(table.ref)} is of ${names.join(" and ")}.`,
    `Write { ${names.map((name) => `${name}: …`).join(", ")} }.`,
  );
  return [];
}
