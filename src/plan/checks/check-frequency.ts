import type { ColumnValues, Table } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import type { ColumnPlan } from "../plan.ts";

/** In a smaller sample every value is rare. */
const FEWEST_VALUES = 50;
/** So few different values are told apart by how often each occurs. */
const FEW_DISTINCT = 12;
/** A value that this share of the rows hold is known by that. */
const DOMINANT = 0.25;

/**
 * A mask that maps equal values to equal ones shows how often each occurs: where few do, or one by far the most, whoever knows that of the world reads the
 * values off the copy. Says it with numbers, and with no value. `masked` is what the mask made of a sample.
 */
export function checkFrequency(table: Table, { column, rule }: ColumnPlan, masked: ColumnValues): readonly Finding[] {
  const counts = new Map<string, number>();
  let values = 0;
  for (const value of masked) {
    if (value === null) continue;
    values++;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  // One output for all tells nothing apart.
  if (values < FEWEST_VALUES || counts.size < 2) return [];
  const share = Math.max(...counts.values()) / values;
  if (counts.size > FEW_DISTINCT && share < DOMINANT) return [];
  const name = tableName(table.ref);
  const percent = `${Math.round(share * 100)} %`;
  return [
    {
      code: "FREQUENCY_SHOWN",
      severity: "warning",
      message: `${rule!.transform.name} keeps how often each value of ${name}.${column.name} occurs: ${counts.size} different ones in ${values.toLocaleString("en")} sampled rows, the most common in ${percent} of them.`,
      table: name,
      column: column.name,
      hint: "Use shuffle, constant or nullify where the frequencies tell the values.",
    },
  ];
}
