import type { CheckReport } from "../check-refresh.ts";
import type { Lock, LockedColumn } from "../plan/lock.ts";
import { tableName } from "../table-ref.ts";
import { isDataFile, propertyName, ruleText } from "./rule-text.ts";

/**
 * What to paste into the policy for what changed in the schema, by table, in the policy's own language: `keep` for a new column, the former rule for a renamed one,
 * `skip` for a new table. Empty where the policy needs nothing.
 */
export function lockPatch(
  { plan, former, differences, findings }: CheckReport,
  policyFile: string | undefined,
): readonly string[] {
  const isData = isDataFile(policyFile);
  const end = isData ? "" : ",";
  const comment = isData ? "#" : "//";
  const tables = new Map<string, string[]>();
  const add = (table: string, line: string) => tables.set(table, [...(tables.get(table) ?? []), line]);

  const renamed = differences.filter(({ change }) => change === "column-renamed");
  for (const { table, column, formerly } of renamed) {
    const rule = formerly && lockedColumn(former, table, formerly);
    // A rule that a foreign key brings is written nowhere.
    if (table === undefined || column === undefined || !rule || rule.from !== undefined) continue;
    const text = ruleText(rule, isData);
    if (text !== null && findings.some((one) => one.table === table && one.column === column && one.code === "COLUMN_UNCOVERED"))
      add(table, `${propertyName(column)}: ${text}${end} ${comment} in the place of ${formerly}`);
  }
  for (const { code, table, column } of findings) {
    if (code !== "COLUMN_UNCOVERED" || table === undefined || column === undefined) continue;
    const isRenamed = renamed.some((one) => one.table === table && one.column === column);
    if (!isRenamed)
      add(table, `${propertyName(column)}: ${isData ? "keep" : "keep()"}${end} ${comment} or the transform that it needs`);
  }
  const copied = new Set(plan.tables.map(({ table }) => tableName(table.ref)));
  const skips = differences
    .filter(({ change, table }) => change === "table-added" && table !== undefined && !copied.has(table))
    .map(({ table }) => `${propertyName(table!)}: ${isData ? "skip" : '"skip"'}${end} ${comment} or a rule per column`);
  const blocks = [...tables].flatMap(([table, lines]) => [
    `${propertyName(table)}:${isData ? "" : " {"}`,
    ...lines.map((line) => `  ${line}`),
    ...(isData ? [] : ["},"]),
  ]);
  return [...blocks, ...skips];
}

function lockedColumn(lock: Lock | null, table: string | undefined, column: string): LockedColumn | undefined {
  return lock?.tables.find((one) => one.table === table)?.columns.find((one) => one.column === column);
}
