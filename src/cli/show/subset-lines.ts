import { inertText } from "../../policy/parse/written-name.ts";
import type { Subset, SubsetRelationRows, SubsetTableRows } from "../../subset/describe-selection.ts";
import { amount, counted } from "../../written-numbers.ts";
import type { Paint } from "./paint.ts";

/** What a subset comes to: the rows of each table, and how many came over each reference. Nothing where every row is copied. */
export function subsetLines(subset: Subset | null, paint: Paint): readonly string[] {
  if (subset === null) return [];
  const { tables, relations, keptIn, isSample } = subset;
  const width = Math.max(...tables.map(({ table }) => inertText(table).length));
  const sample = isSample ? "; without the key, about as many other rows are counted" : "";
  const lines = tables.map((table) => `  ${inertText(table.table).padEnd(width)}  ${rowsText(table, paint)}`);
  const edges = relations
    .filter(({ rows }) => rows > 0)
    .map((relation) => `  ${relationText(relation)}  ${paint("dim", inertText(relation.name))}`);
  return [
    "",
    `${paint("bold", "subset")}${paint("dim", `  keys in ${keptIn}${sample}`)}`,
    ...lines,
    ...(edges.length === 0 ? [] : [paint("dim", "  brought by"), ...edges]),
  ];
}

/** The same in a line. */
export function subsetText({ tables, keptIn }: Subset): string {
  const parts = tables.filter(({ part }) => part !== "whole");
  const rows = parts.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
  const all = parts.some(({ of }) => of === null) ? null : parts.reduce((sum, { of }) => sum + of!, 0);
  const whole = all === null ? "" : ` of about ${amount(all)}`;
  return `a subset: ${counted(rows, "row")}${whole} in ${counted(parts.length, "table")}, keys in ${keptIn}`;
}

function rowsText({ part, rows, of, chosen }: SubsetTableRows, paint: Paint): string {
  const whole = of === null ? "" : ` of about ${amount(of)}`;
  if (part === "whole") return `all${of === null ? "" : ` of about ${counted(of, "row")}`}`;
  const how = part === "following" ? "what points to nothing that is left out" : chosen > 0 ? `${amount(chosen)} chosen` : "";
  return `${counted(rows ?? 0, "row")}${whole}${how === "" ? "" : paint("dim", `  ${how}`)}`;
}

function relationText({ from, to, brings, rows }: SubsetRelationRows): string {
  const [one, other] = [inertText(from), inertText(to)];
  if (brings === "children") return `${other} → its ${one}: ${counted(rows, "row")}`;
  if (brings === "parents") return `${one} → the ${other} that it points to: ${counted(rows, "row")}`;
  return `${one} without its ${other}: ${counted(rows, "row")} left out`;
}
