import { bareColumn } from "../bare-column.ts";
import type { Column, ColumnKind, Table } from "../contracts.ts";
import type { Row } from "./object-batch.ts";

/** What a JavaScript value is to a mask. */
export interface ValueShape {
  readonly kind: ColumnKind;
  readonly range: Column["range"];
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

const SHAPES = {
  text: { kind: "text", range: null },
  /** A number's stand-in must be a number: beyond these it would be rounded, and two would meet in one. */
  integer: { kind: "integer", range: { min: -MAX_SAFE, max: MAX_SAFE } },
  float: { kind: "float", range: null },
  bigint: { kind: "integer", range: null },
  boolean: { kind: "boolean", range: null },
  timestamp: { kind: "timestamp", range: null },
  bytes: { kind: "bytes", range: null },
  json: { kind: "json", range: null },
} as const satisfies Record<string, ValueShape>;

/** The shape of one value, always the same object for one shape. Null for null and undefined, which have none. */
export function shapeOf(value: unknown): ValueShape | null {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) ? SHAPES.integer : SHAPES.float;
    case "bigint":
      return SHAPES.bigint;
    case "boolean":
      return SHAPES.boolean;
    case "object":
      if (value instanceof Date) return SHAPES.timestamp;
      return value instanceof Uint8Array ? SHAPES.bytes : SHAPES.json;
    default:
      return SHAPES.text;
  }
}

/** The shape that holds all of several: whole and broken numbers are floats, what has nothing in common is text. */
function commonShape(shapes: Iterable<ValueShape | null>): ValueShape {
  let common: ValueShape | null = null;
  for (const shape of shapes) {
    if (shape === null || shape === common) continue;
    if (common === null) common = shape;
    else if (isNumber(common) && isNumber(shape)) common = SHAPES.float;
    else return SHAPES.text;
  }
  return common ?? SHAPES.text;
}

const isNumber = (shape: ValueShape) => shape === SHAPES.integer || shape === SHAPES.float;

/** The table that rows of objects make: a column per property, of the kind that holds every value in it. */
export function objectTable(name: string, columns: readonly string[], rows: readonly Row[]): Table {
  return shapedTable(name, columns, (column) => commonShape(rows.map((row) => shapeOf(cellOf(row, column)))));
}

/** A table whose columns have shapes that the caller knows. */
export function shapedTable(name: string, columns: readonly string[], shapeOfColumn: (column: string) => ValueShape): Table {
  return {
    ref: { schema: null, name },
    columns: columns.map((column) => objectColumn(column, shapeOfColumn(column))),
    uniqueKeys: [],
    foreignKeys: [],
    rowEstimate: null,
  };
}

/** A property that a row does not have itself is missing: `constructor` is no cell. */
export function cellOf(row: Row, column: string): unknown {
  return Object.hasOwn(row, column) ? row[column] : undefined;
}

function objectColumn(name: string, { kind, range }: ValueShape): Column {
  return bareColumn(name, kind, { range });
}
