import type { Finding } from "../../errors.ts";
import type { DataClass } from "../../policy/class-names.ts";
import type { ClassSource } from "../../policy/class-source.ts";
import type { Policy } from "../../policy/define-policy.ts";
import { type Advice, PRESETS, type Preset } from "../../policy/presets.ts";
import { tableName } from "../../table-ref.ts";
import type { ColumnPlan, TablePlan } from "../plan.ts";

/** What the policy's presets advise about its columns. Warnings, and no word about compliance: nobody here knows what the columns hold beyond their names. */
export function checkPresets(policy: Policy, tables: readonly TablePlan[], classes: ClassSource | null): readonly Finding[] {
  const { presets = [] } = policy;
  if (presets.length === 0) return [];
  if (classes === null) {
    return [
      {
        code: "CLASSES_UNAVAILABLE",
        severity: "error",
        message: "The policy has `presets`, and here nothing tells what a column holds.",
        hint: "Use planRefresh() or `standin plan`, which look at the columns' names, or take `presets` out.",
      },
    ];
  }
  return presets.flatMap((name) => [
    ...tables.flatMap((table) => table.columns.flatMap((column) => advise(name, PRESETS[name], table, column, classes))),
    ...adviseOnPairs(name, PRESETS[name], tables, classes),
  ]);
}

/** Advice about a column because of another one of the copy: the first that gives cause. */
function adviseOnPairs(name: string, preset: Preset, tables: readonly TablePlan[], classes: ClassSource): readonly Finding[] {
  if (preset.adviseOnPair === undefined) return [];
  const classed = tables.flatMap(({ table, columns }) =>
    columns.flatMap(({ column, rule }) => {
      const dataClass = rule === null ? null : classes.classOf(table, column);
      return rule === null || dataClass === null ? [] : [{ dataClass, rule, table: tableName(table.ref), column: column.name }];
    }),
  );
  return classed.flatMap((one): Finding[] => {
    const other = classed.find((two) => preset.adviseOnPair?.(one, two) != null);
    const advice = other && preset.adviseOnPair?.(one, other);
    if (!other || !advice) return [];
    const because = `${advice.because}, ${other.table}.${other.column}`;
    return [finding(name, preset, one, { ...advice, because })];
  });
}

function advise(
  name: string,
  preset: Preset,
  { table }: TablePlan,
  { column, rule }: ColumnPlan,
  classes: ClassSource,
): Finding[] {
  const dataClass = rule === null ? null : classes.classOf(table, column);
  if (rule === null || dataClass === null) return [];
  const advice = preset.advise(dataClass, rule);
  if (advice === null) return [];
  return [finding(name, preset, { table: tableName(table.ref), column: column.name, dataClass }, advice)];
}

function finding(
  name: string,
  preset: Preset,
  { table, column, dataClass }: { readonly table: string; readonly column: string; readonly dataClass: DataClass },
  { because, suggestion }: Advice,
): Finding {
  return {
    code: "PRESET_ADVICE",
    severity: "warning",
    message: `${name}: ${table}.${column} (${dataClass}) ${because}.`,
    table,
    column,
    hint: `Think of ${suggestion}. This is advice from ${preset.text}, not a judgement of compliance.`,
  };
}
