import type { Table, UniqueKey } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import { tableName } from "../table-ref.ts";
import type { ColumnPlan } from "./plan.ts";

/** The chance of a collision that a plan accepts. */
const ACCEPTED = 1e-6;
/** Where nobody knows the number of rows, the bound is taken at this many. */
const UNKNOWN_ROWS = 100_000_000;

/** A unique key stays unique when every column of it maps different values to different ones: by construction, or all but certainly. */
export function checkUniqueness(table: Table, columns: readonly ColumnPlan[]): readonly Finding[] {
  const rows = Math.max(table.rowEstimate ?? UNKNOWN_ROWS, 1000);
  return table.uniqueKeys.flatMap((key) => key.columns.flatMap((name) => checkKey(table, key, columns, name, rows)));
}

function checkKey(
  table: Table,
  key: UniqueKey,
  columns: readonly ColumnPlan[],
  columnName: string,
  rows: number,
): readonly Finding[] {
  const plan = columns.find(({ column }) => column.name === columnName);
  if (plan?.decision !== "mask" || plan.guarantees === null || plan.rule === null) return [];
  const { uniqueness } = plan.guarantees;
  if (uniqueness.kind === "preserved") return [];
  // Birthday bound: n² / 2^(bits + 1).
  if (uniqueness.kind === "unlikely-lost" && rows ** 2 / 2 ** (uniqueness.bits + 1) <= ACCEPTED) return [];
  const name = tableName(table.ref);
  const transform = plan.rule.transform.name;
  const why =
    uniqueness.kind === "lossy"
      ? `${transform} can give two values of ${name}.${columnName} the same output`
      : `${transform} spreads ${name}.${columnName} over ${Math.floor(uniqueness.bits)} bits, too few for ${rows.toLocaleString("en")} rows`;
  return [
    {
      code: "UNIQUENESS_LOST",
      severity: "error",
      message: `${why}, and ${key.isPrimary ? "the primary key" : key.name} must stay unique.`,
      table: name,
      column: columnName,
      hint: "Use tokenize, encryptDigits, encryptText, scramble, or fake(…, { unique: true }).",
    },
  ];
}
