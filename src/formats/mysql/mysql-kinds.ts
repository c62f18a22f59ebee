import type { ColumnKind } from "../../contracts.ts";

const KINDS: Readonly<Record<string, ColumnKind>> = {
  char: "text",
  varchar: "text",
  tinytext: "text",
  text: "text",
  mediumtext: "text",
  longtext: "text",
  tinyint: "integer",
  smallint: "integer",
  mediumint: "integer",
  int: "integer",
  bigint: "integer",
  bit: "integer",
  decimal: "decimal",
  float: "float",
  double: "float",
  date: "date",
  time: "time",
  datetime: "timestamp",
  timestamp: "timestamp",
  binary: "bytes",
  varbinary: "bytes",
  tinyblob: "bytes",
  blob: "bytes",
  mediumblob: "bytes",
  longblob: "bytes",
  enum: "enum",
  json: "json",
  uuid: "uuid",
  inet4: "network",
  inet6: "network",
};

const INTEGER_BITS: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, mediumint: 24, int: 32, bigint: 64 };

/** What a type holds, seen from the masks. `dataType` is its name alone. */
export function kindOf(dataType: string): ColumnKind {
  return (Object.hasOwn(KINDS, dataType) && KINDS[dataType]) || "other";
}

/** Smallest and largest value of an integer type; `type` is its full name, `int(10) unsigned`. */
export function rangeOf(dataType: string, type: string): { readonly min: bigint; readonly max: bigint } | null {
  if (dataType === "bit") return { min: 0n, max: 2n ** BigInt(/\d+/.exec(type)?.[0] ?? "1") - 1n };
  if (!Object.hasOwn(INTEGER_BITS, dataType)) return null;
  const bits = BigInt(INTEGER_BITS[dataType]!);
  if (/unsigned|zerofill/.test(type)) return { min: 0n, max: 2n ** bits - 1n };
  return { min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n };
}

/** What `timestamp` holds. Some newer servers hold more; a mask that stays within fits every one. */
export const TIMESTAMP_SECONDS = { min: 1, max: 2 ** 31 - 1 } as const;

/** The labels of `enum('a','b''c')` or a set, null for other types. */
export function labelsOf(type: string): string[] | null {
  const list = /^(?:enum|set)\(([\s\S]*)\)/i.exec(type)?.[1];
  if (list === undefined) return null;
  return [...list.matchAll(/'((?:[^'\\]|''|\\[\s\S])*)'/g)].map(([, label]) =>
    label!.replace(/''|\\([\s\S])/g, (_, escaped?: string) => (escaped === undefined ? "'" : (ESCAPED[escaped] ?? escaped))),
  );
}

const ESCAPED: Readonly<Record<string, string>> = { "0": "\0", n: "\n", r: "\r", t: "\t", Z: "\x1a" };
