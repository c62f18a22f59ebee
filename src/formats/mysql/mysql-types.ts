import type { Column } from "../../contracts.ts";

const BINARY = new Set(["binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"]);
const SPATIAL = new Set([
  "geometry",
  "point",
  "linestring",
  "polygon",
  "multipoint",
  "multilinestring",
  "multipolygon",
  "geometrycollection",
  "geomcollection",
]);

/** The name of a type without its length and attributes: `int` for `int(10) unsigned`. */
export const typeName = ({ type }: Column): string => /^[a-z0-9]+/i.exec(type)?.[0]?.toLowerCase() ?? "";

/** Whether cells of the column travel as `\x` and hexadecimal digits, as PostgreSQL writes bytes: raw, they would pass through a character set. */
export const isHex = (column: Column): boolean => BINARY.has(typeName(column)) || SPATIAL.has(typeName(column));
