import type { Column, ColumnKind, Table } from "../contracts.ts";
import type { Row } from "./object-batch.ts";

/** The table that rows of objects make: a column per property, of the kind that the first value of each suggests. */
export function objectTable(name: string, columns: readonly string[], sample: readonly Row[]): Table {
  return {
    ref: { schema: null, name },
    columns: columns.map((column) => objectColumn(column, kindOf(sample, column))),
    uniqueKeys: [],
    foreignKeys: [],
    rowEstimate: null,
  };
}

function objectColumn(name: string, kind: ColumnKind): Column {
  return {
    name,
    type: kind,
    kind,
    nullable: true,
    maxLength: null,
    isPadded: false,
    range: null,
    labels: null,
    isGenerated: false,
    hasDefault: false,
  };
}

function kindOf(sample: readonly Row[], column: string): ColumnKind {
  const value = sample.find((row) => row[column] !== null && row[column] !== undefined)?.[column];
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) ? "integer" : "float";
    case "bigint":
      return "integer";
    case "boolean":
      return "boolean";
    case "object":
      if (value instanceof Date) return "timestamp";
      return value instanceof Uint8Array ? "bytes" : "json";
    default:
      return "text";
  }
}
