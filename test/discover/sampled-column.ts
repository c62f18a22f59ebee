import type { Column, ColumnKind, Table } from "../../src/contracts.ts";
import type { ColumnSample } from "../../src/discover/classification.ts";
import { typicalColumn } from "../../src/testing/typical-columns.ts";

interface Shape extends Partial<Column> {
  readonly table?: string;
  readonly beside?: readonly string[];
  readonly isUnique?: boolean;
}

export function columnOf(name: string, kind: ColumnKind = "text", shape: Partial<Column> = {}): Column {
  return typicalColumn(kind, { name, ...shape });
}

/** A column of a table by itself, with what a sampler saw of it. */
export function sampleOf(
  name: string,
  values: readonly (string | null)[] = [],
  { table = "t", beside = [], isUnique = false, ...shape }: Shape = {},
): ColumnSample {
  const column = columnOf(name, shape.kind, shape);
  const whole: Table = {
    ref: { schema: null, name: table },
    columns: [column, ...beside.map((other) => columnOf(other))],
    uniqueKeys: isUnique ? [{ name: `${name}_key`, columns: [name], isPrimary: false, isPartial: false }] : [],
    foreignKeys: [],
    rowEstimate: 10_000,
  };
  return { table: whole, column, values };
}
