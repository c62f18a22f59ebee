import type { Column, ColumnKind } from "../../contracts.ts";
import { partOf, textParts } from "./part-masks.ts";

/** The kinds of PostgreSQL's types, by the names that the server writes. */
const KINDS: Readonly<Record<string, ColumnKind>> = {
  text: "text",
  "character varying": "text",
  character: "text",
  citext: "text",
  smallint: "integer",
  integer: "integer",
  bigint: "integer",
  numeric: "decimal",
  real: "float",
  "double precision": "float",
  boolean: "boolean",
  date: "date",
  "time without time zone": "time",
  "time with time zone": "time",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamp",
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

const BITS: Readonly<Record<string, bigint>> = { smallint: 16n, integer: 32n, bigint: 64n };

/** The columns that parts of a type may be masked as: the one that a column of this type would be, or whatever the rule takes for a type not known. */
export function partsOfType(column: Column, type: string): readonly Column[] {
  const name = type.replace(/\(.*?\)/, "");
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name]! : null;
  if (kind === null) return textParts(column);
  const bits = BITS[name];
  const length = /^character.*\((\d+)\)$/.exec(type)?.[1];
  return [
    partOf(column, kind, {
      type,
      maxLength: length === undefined ? null : Number(length),
      isPadded: name === "character",
      range: bits === undefined ? null : { min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n },
    }),
  ];
}
