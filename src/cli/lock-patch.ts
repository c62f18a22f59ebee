import type { CheckReport } from "../check-refresh.ts";
import { languageOf, TYPESCRIPT } from "../discover/propose/policy-language.ts";
import type { Lock, LockedColumn } from "../plan/locks/lock.ts";
import { inertText } from "../policy/parse/written-name.ts";
import { tableName } from "../table-ref.ts";
import { transformByName } from "../transforms/registry.ts";
import { ruleText } from "./show/rule-text.ts";

/**
 * What to paste into the policy for what changed in the schema, by table, in the policy's own language: `keep` for a new column, the former rule for a renamed one,
 * `skip` for a new table; `review` where the former rule is more than a lock holds. Empty where the policy needs nothing.
 */
export function lockPatch(
  { plan, former, differences, findings }: CheckReport,
  policyFile: string | undefined,
): readonly string[] {
  const language = languageOf(policyFile ?? "") ?? TYPESCRIPT;
  const { property, open, close, separator } = language;
  const keep = language.rule({ transform: "keep", options: {} });
  const skip = language.name === "yaml" ? "skip" : '"skip"';
  const remark = (text: string) => separator + (language.comment === null ? "" : ` ${language.comment} ${inertText(text)}`);
  const tables = new Map<string, string[]>();
  const add = (table: string, line: string) => tables.set(table, [...(tables.get(table) ?? []), line]);

  const renamed = differences.filter(({ change }) => change === "column-renamed");
  for (const { table, column, formerly } of renamed) {
    const rule = formerly && lockedColumn(former, table, formerly);
    // A rule that a foreign key brings is written nowhere.
    if (table === undefined || column === undefined || !rule || rule.from !== undefined) continue;
    if (!findings.some((one) => one.table === table && one.column === column && one.code === "COLUMN_UNCOVERED")) continue;
    const isOfPlugIn = rule.transform !== undefined && transformByName(rule.transform) === undefined;
    const why = `in the place of ${formerly}${isOfPlugIn ? `, by the plug-in that has ${rule.transform}` : ""}`;
    // Left out, it would look as if nothing were to be done.
    const text =
      ruleText(rule, language) ?? language.rule({ transform: "review", options: { reason: askedFor(formerly, rule) } });
    add(table, `${property(column)}: ${text}${remark(why)}`);
  }
  for (const { code, table, column } of findings) {
    if (code !== "COLUMN_UNCOVERED" || table === undefined || column === undefined) continue;
    const isRenamed = renamed.some((one) => one.table === table && one.column === column);
    if (!isRenamed) add(table, `${property(column)}: ${keep}${remark("or the transform that it needs")}`);
  }
  const copied = new Set(plan.tables.map(({ table }) => tableName(table.ref)));
  const skips = differences
    .filter(({ change, table }) => change === "table-added" && table !== undefined && !copied.has(table))
    .map(({ table }) => `${property(table!)}: ${skip}${remark("or a rule per column")}`);
  const blocks = [...tables].flatMap(([table, lines]) => [
    `${property(table)}:${open}`,
    ...lines.map((line) => `  ${line}`),
    ...(close === null ? [] : [close]),
  ]);
  return [...blocks, ...skips];
}

/** What stands for a rule that a lock does not hold whole. */
function askedFor(formerly: string, { transform }: LockedColumn): string {
  return inertText(
    `write the rule of ${formerly} here${transform === undefined ? "" : `, ${transform}`}: the lock does not hold all of it`,
  );
}

function lockedColumn(lock: Lock | null, table: string | undefined, column: string): LockedColumn | undefined {
  return lock?.tables.find((one) => one.table === table)?.columns.find((one) => one.column === column);
}
