import type { ColumnKind } from "../../contracts.ts";

/** A column's type with its domains taken off. */
export interface BaseType {
  readonly name: string;
  readonly isBuiltIn: boolean;
  /** pg_type.typtype: `e` is an enum. */
  readonly variety: string;
  /** pg_type.typcategory: `A` is an array. */
  readonly category: string;
  /** Type modifier, -1 where there is none. */
  readonly modifier: number;
}

const KINDS: Readonly<Record<string, ColumnKind>> = {
  text: "text",
  varchar: "text",
  bpchar: "text",
  char: "text",
  name: "text",
  int2: "integer",
  int4: "integer",
  int8: "integer",
  numeric: "decimal",
  float4: "float",
  float8: "float",
  bool: "boolean",
  date: "date",
  time: "time",
  timetz: "time",
  timestamp: "timestamp",
  timestamptz: "timestamp",
  interval: "interval",
  uuid: "uuid",
  json: "json",
  jsonb: "json",
  xml: "xml",
  bytea: "bytes",
  inet: "network",
  cidr: "network",
  macaddr: "network",
  macaddr8: "network",
};

const RANGES: Readonly<Record<string, { readonly min: bigint; readonly max: bigint }>> = {
  int2: { min: -(2n ** 15n), max: 2n ** 15n - 1n },
  int4: { min: -(2n ** 31n), max: 2n ** 31n - 1n },
  int8: { min: -(2n ** 63n), max: 2n ** 63n - 1n },
};

/** What a type holds, seen from the masks. An extension's type is `other`, but for citext, which is text that compares without case. */
export function kindOf({ name, isBuiltIn, variety, category }: BaseType): ColumnKind {
  if (variety === "e") return "enum";
  if (category === "A") return "array";
  if (!isBuiltIn) return name === "citext" ? "text" : "other";
  return (Object.hasOwn(KINDS, name) && KINDS[name]) || "other";
}

/** Longest text in characters, null where the type has no bound. */
export function maxLengthOf({ name, isBuiltIn, modifier }: BaseType): number | null {
  if (!isBuiltIn) return null;
  // The modifier counts the four bytes of a length header with the characters.
  if (name === "varchar" || name === "bpchar") return modifier < 4 ? null : modifier - 4;
  if (name === "name") return 63;
  return name === "char" ? 1 : null;
}

export function rangeOf({ name, isBuiltIn }: BaseType): { readonly min: bigint; readonly max: bigint } | null {
  return (isBuiltIn && Object.hasOwn(RANGES, name) && RANGES[name]) || null;
}
