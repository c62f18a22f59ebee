import { isUtf8 } from "node:buffer";
import type { SchemaElement, TimeUnit } from "hyparquet";
import type { Column, ColumnKind } from "../../contracts.ts";
import { decimal, doubleText, floatOf, floatText, integer } from "./parquet-numbers.ts";
import { dateText, daysOf, ticksOfTime, ticksOfTimestamp, timestampText, timeText } from "./parquet-times.ts";

/** A value as the file holds it: of its physical type, whatever it stands for. */
export type Physical = boolean | number | bigint | Uint8Array;

/** What a leaf of the schema holds, and its text. */
export interface Leaf {
  readonly kind: ColumnKind;
  /** As plans name the type. */
  readonly type: string;
  readonly range: Column["range"];
  /** Undefined for what is no text of it. */
  text(value: Physical): string | undefined;
  /** Undefined for what does not fit. */
  value(text: string): Physical | undefined;
  /** Whether its text is a number of JSON. */
  readonly isNumber?: boolean;
  /** Whether its smallest and largest value are found by its physical values' order. */
  readonly isOrdered: boolean;
}

/** What a leaf's annotations say (Parquet's LogicalTypes.md), the older ones (`converted_type`) included. */
export function leafOf(element: SchemaElement): Leaf {
  const { type, converted_type: converted, logical_type: logical } = element;
  switch (logical?.type ?? LOGICAL_OF[converted ?? ""] ?? "") {
    case "DECIMAL":
      return decimal(element);
    case "DATE":
      return { ...plain("date", "date"), text: (days) => dateText(Number(days)), value: daysOf };
    case "TIMESTAMP":
      return timestamp(...unitOf(element));
    case "TIME":
      return time(unitOf(element)[0], type === "INT32");
    case "STRING":
      return string("text", "string");
    case "ENUM":
      return string("text", "enum");
    case "JSON":
      return string("json", "json");
    case "UUID":
      return { ...plain("uuid", "uuid"), text: uuidText, value: uuidValue };
    default:
      return physicalLeaf(element);
  }
}

const LOGICAL_OF: Readonly<Record<string, string>> = {
  UTF8: "STRING",
  ENUM: "ENUM",
  JSON: "JSON",
  DECIMAL: "DECIMAL",
  DATE: "DATE",
  TIME_MILLIS: "TIME",
  TIME_MICROS: "TIME",
  TIMESTAMP_MILLIS: "TIMESTAMP",
  TIMESTAMP_MICROS: "TIMESTAMP",
};

function physicalLeaf(element: SchemaElement): Leaf {
  switch (element.type) {
    case "BOOLEAN":
      return { ...plain("boolean", "boolean"), text: String, value: truthOf };
    case "INT32":
    case "INT64":
      return integer(element);
    case "INT96":
      return timestamp("NANOS", true);
    case "FLOAT":
      return { ...plain("float", "float"), text: (value) => floatText(Number(value)), value: floatOf, isNumber: true };
    case "DOUBLE":
      return { ...plain("float", "double"), text: (value) => doubleText(Number(value)), value: floatOf, isNumber: true };
    default:
      return bytes(element);
  }
}

const plain = (kind: ColumnKind, type: string) => ({ kind, type, range: null, isOrdered: true });

/** Bytes that a caller says are text; others are as PostgreSQL writes bytes. */
export function string(kind: ColumnKind, type: string): Leaf {
  const text = (value: Physical) => (isUtf8(value as Uint8Array) ? Buffer.from(value as Uint8Array).toString("utf8") : undefined);
  return { ...plain(kind, type), text, value: (written) => Buffer.from(written, "utf8") };
}

function bytes({ type, type_length: length, converted_type: converted, logical_type: logical }: SchemaElement): Leaf {
  const name = (logical?.type ?? converted ?? (type === "BYTE_ARRAY" ? "binary" : `fixed[${length}]`)).toLowerCase();
  return {
    ...plain("bytes", name),
    isOrdered: logical === undefined && converted === undefined,
    text: (value) => `\\x${Buffer.from(value as Uint8Array).toString("hex")}`,
    value: (text) => {
      if (!/^\\x(?:[\da-f]{2})*$/i.test(text)) return undefined;
      const read = Buffer.from(text.slice(2), "hex");
      return type === "FIXED_LEN_BYTE_ARRAY" && read.length !== length ? undefined : read;
    },
  };
}

function unitOf({ type, converted_type: converted, logical_type: logical }: SchemaElement): [unit: TimeUnit, isUtc: boolean] {
  if (logical?.type === "TIMESTAMP" || logical?.type === "TIME") return [logical.unit, logical.isAdjustedToUTC];
  return [converted?.endsWith("MILLIS") || type === "INT32" ? "MILLIS" : "MICROS", true];
}

const UNIT_NAMES: Readonly<Record<TimeUnit, string>> = { MILLIS: "ms", MICROS: "us", NANOS: "ns" };

function timestamp(unit: TimeUnit, isUtc: boolean): Leaf {
  return {
    ...plain("timestamp", `timestamp[${UNIT_NAMES[unit]}${isUtc ? ", UTC" : ""}]`),
    text: (ticks) => timestampText(BigInt(ticks as bigint), unit, isUtc),
    value: (text) => fitting(ticksOfTimestamp(text, unit, isUtc)),
  };
}

const fitting = (ticks: bigint | undefined) => (ticks === undefined || BigInt.asIntN(64, ticks) !== ticks ? undefined : ticks);

function time(unit: TimeUnit, isShort: boolean): Leaf {
  return {
    ...plain("time", `time[${UNIT_NAMES[unit]}]`),
    text: (ticks) => timeText(BigInt(ticks as number | bigint), unit),
    value: (text) => {
      const ticks = ticksOfTime(text, unit);
      return ticks === undefined || !isShort ? ticks : Number(ticks);
    },
  };
}

function uuidText(value: Physical): string {
  const hex = Buffer.from(value as Uint8Array).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function uuidValue(text: string): Physical | undefined {
  const hex = text.replaceAll("-", "");
  return /^[\da-f]{32}$/i.test(hex) ? Buffer.from(hex, "hex") : undefined;
}

function truthOf(text: string): boolean | undefined {
  if (/^(t|true|1)$/i.test(text)) return true;
  return /^(f|false|0)$/i.test(text) ? false : undefined;
}
