import type { Finding } from "../errors.ts";
import type { ClassSource } from "../policy/class-source.ts";
import type { Policy } from "../policy/define-policy.ts";
import { PRESETS, type Preset } from "../policy/presets.ts";
import { tableName } from "../table-ref.ts";
import type { ColumnPlan, TablePlan } from "./plan.ts";

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
  return presets.flatMap((name) =>
    tables.flatMap((table) => table.columns.flatMap((column) => advise(name, PRESETS[name], table, column, classes))),
  );
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
  const place = { table: tableName(table.ref), column: column.name };
  return [
    {
      code: "PRESET_ADVICE",
      severity: "warning",
      message: `${name}: ${place.table}.${place.column} (${dataClass}) ${advice.because}.`,
      ...place,
      hint: `Think of ${advice.suggestion}. This is advice from ${preset.text}, not a judgement of compliance.`,
    },
  ];
}
