import { isDeepStrictEqual } from "node:util";
import type { LockedColumn, LockedExpression } from "./lock.ts";
import type { LockDifference } from "./lock-difference.ts";

export type ColumnPair = readonly [former: LockedColumn, now: LockedColumn];

export interface ComparedColumns {
  /** Columns that were there and still are, also under a new name. */
  readonly pairs: readonly ColumnPair[];
  readonly differences: readonly LockDifference[];
}

/** What became of a table's columns as the server has them: rules are another matter. */
export function compareColumns(table: string, former: readonly LockedColumn[], now: readonly LockedColumn[]): ComparedColumns {
  const after = new Map(now.map((column) => [column.column, column]));
  const before = new Set(former.map(({ column }) => column));
  const pairs: ColumnPair[] = former.flatMap((column) => {
    const other = after.get(column.column);
    return other === undefined ? [] : [[column, other] as const];
  });
  const differences: LockDifference[] = [];
  const added = now.filter(({ column }) => !before.has(column));
  const isShared = (column: LockedColumn) => before.has(column.column) && after.has(column.column);

  for (const column of former.filter(({ column }) => !after.has(column))) {
    const at = placeOf(column, former, isShared);
    // No server tells a rename: the same type in the same place is the best guess there is.
    const found = added.findIndex((one) => one.type === column.type && placeOf(one, now, isShared) === at);
    const [renamed] = found < 0 ? [] : added.splice(found, 1);
    if (renamed === undefined) {
      differences.push({
        change: "column-dropped",
        message: `${table}.${column.column} is gone from the source.`,
        table,
        column: column.column,
        ...(column.decision === "keep" || column.decision === "mask" ? { hint: `Take ${column.column} out of the policy.` } : {}),
      });
    } else {
      pairs.push([column, renamed]);
      differences.push({
        change: "column-renamed",
        message: `${table}.${column.column} is gone and ${table}.${renamed.column} is new, of the same type in the same place: renamed, it seems.`,
        table,
        column: renamed.column,
        formerly: column.column,
        hint: `Write ${renamed.column} in the place of ${column.column} in the policy. If it is another column, that rule may not suit it: decide about ${renamed.column} anew.`,
      });
    }
  }
  for (const { column, type } of added)
    differences.push({ change: "column-added", message: `${table}.${column} (${type}) is new in the source.`, table, column });
  const names = new Map(pairs.map(([one, other]) => [one.column, other.column]));
  differences.push(...pairs.flatMap((pair) => compareShape(table, pair, names)));
  if (differences.length === 0 && pairs.some(([, other], index) => now[index] !== other))
    differences.push({ change: "columns-reordered", message: `The columns of ${table} are in another order.`, table });
  return { pairs, differences };
}

/** The column that stands before it and is in both schemas: dropped and added ones move no place. */
function placeOf(
  column: LockedColumn,
  columns: readonly LockedColumn[],
  isShared: (column: LockedColumn) => boolean,
): string | undefined {
  return columns.slice(0, columns.indexOf(column)).findLast(isShared)?.column;
}

function compareShape(
  table: string,
  [former, now]: ColumnPair,
  newNames: ReadonlyMap<string, string>,
): readonly LockDifference[] {
  const place = { table, column: now.column };
  const name = `${table}.${now.column}`;
  const found: LockDifference[] = [];
  const labels = former.labels && now.labels ? labelChanges(former.labels, now.labels) : [];
  if (labels.length > 0)
    found.push({ change: "labels-changed", message: `${name} (an enum) ${labels.join(", and ")}.`, ...place });
  // MySQL writes the labels into the type: one change is told once.
  else if (former.type !== now.type)
    found.push({ change: "column-retyped", message: `${name} was ${former.type} and is ${now.type}.`, ...place });
  else if (former.kind !== now.kind)
    found.push({
      change: "column-retyped",
      message: `${name} (${now.type}) held ${former.kind} and holds ${now.kind}.`,
      ...place,
    });
  if ((former.decision === "generated") !== (now.decision === "generated")) {
    const message = now.decision === "generated" ? "is now computed by the server" : "is no longer computed by the server";
    found.push({ change: "column-retyped", message: `${name} ${message}.`, ...place });
  } else if (!isSameExpression(former.computedBy, now.computedBy, newNames))
    found.push({ change: "column-retyped", message: `${name} is computed by the server by another expression.`, ...place });
  if (former.nullable !== now.nullable) {
    const message = now.nullable ? "was NOT NULL and may now be NULL" : "may no longer be NULL";
    found.push({ change: "nullability-changed", message: `${name} ${message}.`, ...place });
  }
  return found;
}

/** Whether it is the same but for names of columns that changed. */
function isSameExpression(
  former: LockedExpression | undefined,
  now: LockedExpression | undefined,
  newNames: ReadonlyMap<string, string>,
): boolean {
  const reads = former?.reads.map((name) => newNames.get(name) ?? name);
  return former?.text === now?.text && isDeepStrictEqual(reads, now?.reads);
}

function labelChanges(former: readonly string[], now: readonly string[]): readonly string[] {
  const quoted = (labels: readonly string[]) => labels.map((label) => JSON.stringify(label)).join(", ");
  const added = now.filter((label) => !former.includes(label));
  const gone = former.filter((label) => !now.includes(label));
  const changes: string[] = [];
  const [label] = added;
  // One for another in the same place, and all others as they were: every row that held the one holds the other.
  if (added.length === 1 && gone.length === 1 && former.indexOf(gone[0]!) === now.indexOf(label!) && isInOrder(former, now))
    return [`has ${quoted(added)} in the place of ${quoted(gone)}: renamed, it seems`];
  if (added.length > 0) changes.push(`has the new label${added.length > 1 ? "s" : ""} ${quoted(added)}`);
  if (gone.length > 0) changes.push(`has lost ${quoted(gone)}`);
  if (!isInOrder(former, now)) changes.push("has its labels in another order");
  return changes;
}

/** Whether the labels that both have stand in the same order. */
function isInOrder(former: readonly string[], now: readonly string[]): boolean {
  return isDeepStrictEqual(
    former.filter((label) => now.includes(label)),
    now.filter((label) => former.includes(label)),
  );
}
