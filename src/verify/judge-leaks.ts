import type { Finding } from "../errors.ts";
import type { ColumnPlan } from "../plan/plan.ts";
import { tableName } from "../table-ref.ts";
import { counted } from "../written-numbers.ts";
import type { Sighting } from "./leak-watch.ts";
import type { Leak } from "./verification.ts";
import type { TargetSide } from "./watch-target.ts";

/** A masked column may meet real values by chance: a few, or this share of its cells. */
const CHANCE_CELLS = 2;
const CHANCE_SHARE = 0.01;

/** Says what of that which was seen is a leak. In a column that is kept, or was not copied, nothing may be seen at all. */
export function judgeLeaks(
  sides: readonly TargetSide[],
  allowed: readonly string[],
): { readonly leaks: readonly Leak[]; readonly findings: readonly Finding[] } {
  const leaks = sides.flatMap((side) =>
    [...side.sightings].flatMap(([column, seen]) =>
      allowed.includes(`${tableName(side.table.ref)}.${column}`) ? [] : seen.map((sighting) => judge(side, column, sighting)),
    ),
  );
  leaks.sort((one, other) => Number(one.mayBeChance) - Number(other.mayBeChance) || other.cells - one.cells);
  return { leaks, findings: leaks.map(findingOf) };
}

function judge({ table, plan, rows, profiles }: TargetSide, column: string, { of, cells, rows: seen }: Sighting): Leak {
  const { nullShare } = profiles.get(column)!.shape();
  const share = cells / Math.max(1, Math.round(rows * (1 - nullShare)));
  const mayMeet = plan?.columns.some((one) => one.column.name === column && canMeetReal(one)) ?? false;
  return {
    table: tableName(table.ref),
    column,
    of,
    cells,
    share,
    rows: seen,
    mayBeChance: mayMeet && (cells <= CHANCE_CELLS || share <= CHANCE_SHARE),
  };
}

/** A stand-in that is drawn from what exists may be a real value; what a function of the caller's gives is not drawn. */
function canMeetReal({ decision, guarantees }: ColumnPlan): boolean {
  return decision === "mask" && guarantees?.deterministic === true;
}

function findingOf({ table, column, of, cells, rows, mayBeChance }: Leak): Finding {
  const where = `${table}.${column}`;
  const count = `${counted(cells, "cell")} ${cells === 1 ? "holds a value" : "hold values"}`;
  const which = rows.length === 1 ? `row ${rows[0]}` : `rows ${rows.join(", ")}${cells > rows.length ? ", …" : ""}`;
  return {
    code: "LEAK_FOUND",
    severity: mayBeChance ? "warning" : "error",
    message: `${where}: ${count} of the source's ${of} (${which})${mayBeChance ? ", which may be chance" : ""}.`,
    table,
    column,
    row: rows[0],
    hint: hintFor(where, of, mayBeChance),
  };
}

function hintFor(where: string, of: string, mayBeChance: boolean): string {
  if (mayBeChance) return "A stand-in can meet a real value where both are common; look at those rows if it should not.";
  if (where === of) return "Its mask gives values back as they were: take another, or look at what its rule lets through.";
  return `Mask the column too (maskText, maskJson, or the rule of ${of}), or allow it: verify → allow.`;
}
