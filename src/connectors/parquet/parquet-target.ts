import type { SchemaElement } from "hyparquet";
import type { Column, ColumnKind, TableToWrite } from "../../contracts.ts";
import { isUntyped } from "../../system-traits.ts";
import { type ParquetColumn, parquetColumn } from "./parquet-schema.ts";
import { type ColumnElements, isParquetTable } from "./parquet-table.ts";

/** The columns that a table is written in: as its own file has them where `types` says nothing else, else of the type that comes closest. */
export function targetColumns(
  { table, columns }: TableToWrite,
  types: { readonly [column: string]: ColumnKind },
): readonly ParquetColumn[] {
  return columns.map((column) => {
    const said = Object.hasOwn(types, column.name) ? types[column.name]! : null;
    const own = isParquetTable(table)
      ? table.parquet.columns.find(({ elements }) => elements[0]!.name === column.name)
      : undefined;
    if (own !== undefined && said === null) return parquetColumn(withoutInt96(own));
    const kind = said ?? column.kind;
    const element = { name: column.name, repetition_type: column.nullable ? "OPTIONAL" : "REQUIRED" } as const;
    return parquetColumn({ elements: [{ ...element, ...elementOf({ ...column, kind }) }], as: null });
  });
}

/** Nobody writes INT96 any more: its instants of nanoseconds are what TIMESTAMP holds. */
function withoutInt96({ elements, as }: ColumnElements): ColumnElements {
  const [{ name, repetition_type }] = elements as [SchemaElement];
  if (elements[0]!.type !== "INT96") return { elements, as };
  return { elements: [{ name, repetition_type, ...TIMESTAMP_NANOS } as SchemaElement], as };
}

type Typed = Omit<SchemaElement, "name">;

const STRING: Typed = { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } };
const TIMESTAMP_NANOS: Typed = { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "NANOS" } };
const INT32_MAX = 2n ** 31n - 1n;
const INT64_MAX = 2n ** 63n - 1n;

function elementOf(column: Column): Typed {
  switch (column.kind) {
    case "boolean":
      return { type: "BOOLEAN" };
    case "integer":
      return integerElement(column);
    case "decimal":
      return decimalElement(column);
    case "float":
      return { type: /^(real|float4|float)\b/i.test(column.type) ? "FLOAT" : "DOUBLE" };
    case "date":
      return { type: "INT32", converted_type: "DATE", logical_type: { type: "DATE" } };
    case "timestamp":
      return timestampElement(column);
    case "uuid":
      return { type: "FIXED_LEN_BYTE_ARRAY", type_length: 16, logical_type: { type: "UUID" } };
    case "json":
      return { type: "BYTE_ARRAY", converted_type: "JSON", logical_type: { type: "JSON" } };
    case "bytes":
      return { type: "BYTE_ARRAY" };
    default:
      return STRING;
  }
}

function integerElement({ range }: Column): Typed {
  if (range !== null && range.max <= INT32_MAX && range.min >= -INT32_MAX - 1n) return { type: "INT32" };
  if (range === null || range.max <= INT64_MAX) return { type: "INT64" };
  return { type: "INT64", converted_type: "UINT_64" };
}

/** Digits without a bound are text: nothing else holds all of them. */
function decimalElement({ type, baseType = type }: Column): Typed {
  const [, digits, behind = "0"] = /^(?:numeric|decimal)\((\d+)(?:,\s*(\d+))?\)/i.exec(baseType) ?? [];
  const [precision, scale] = [Number(digits), Number(behind)];
  if (digits === undefined || precision > 38 || scale > precision) return STRING;
  const bits = (10n ** BigInt(precision)).toString(2).length + 1;
  return {
    ...{ type: "FIXED_LEN_BYTE_ARRAY", type_length: Math.ceil(bits / 8), converted_type: "DECIMAL", precision, scale },
    logical_type: { type: "DECIMAL", precision, scale },
  };
}

/** An instant where the type says so, or where nothing says what it is: text without a zone is then taken as UTC. */
function timestampElement(column: Column): Typed {
  const isUtc = isUntyped(column) || /with time zone|timestamptz|, UTC\]/i.test(column.type);
  return { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: isUtc, unit: "MICROS" } };
}
