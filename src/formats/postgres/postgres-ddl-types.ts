import type { Node, TypeName } from "libpg-query";

/** A type as a statement names it. */
export interface WrittenType {
  /** Null for one of the server's own. */
  readonly schema: string | null;
  readonly name: string;
  readonly modifiers: readonly number[];
  readonly isArray: boolean;
}

/** How the server writes the names of its own types, where it does otherwise (format_type in the PostgreSQL sources). */
const WRITTEN: Readonly<Record<string, string>> = {
  bool: "boolean",
  bpchar: "character",
  char: '"char"',
  float4: "real",
  float8: "double precision",
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  varbit: "bit varying",
  varchar: "character varying",
};

const ZONES: Readonly<Record<string, string>> = {
  time: "time# without time zone",
  timetz: "time# with time zone",
  timestamp: "timestamp# without time zone",
  timestamptz: "timestamp# with time zone",
};

/** What a column without more is filled by. */
const SERIALS: Readonly<Record<string, string>> = {
  smallserial: "int2",
  serial2: "int2",
  serial: "int4",
  serial4: "int4",
  bigserial: "int8",
  serial8: "int8",
};

/** Bits of an interval's fields (INTERVAL_MASK in utils/timestamp.h). */
const FIELDS: readonly (readonly [bit: number, name: string])[] = [
  [2, "year"],
  [1, "month"],
  [3, "day"],
  [10, "hour"],
  [11, "minute"],
  [12, "second"],
];
const ALL_FIELDS = 0x7fff;

/** The texts of a list of names. */
export function namesOf(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => ("String" in node ? [node.String.sval ?? ""] : []));
}

export function writtenType(type: TypeName): WrittenType {
  const names = namesOf(type.names);
  const name = names.at(-1)!;
  const schema = names.length > 1 && names.at(-2) !== "pg_catalog" ? names.at(-2)! : null;
  const modifiers = (type.typmods ?? []).flatMap((node) => ("A_Const" in node ? [node.A_Const.ival?.ival ?? 0] : []));
  return { schema, name: schema === null ? (SERIALS[name] ?? name) : name, modifiers, isArray: type.arrayBounds !== undefined };
}

/** Whether a column of the type is one that its own sequence fills. */
export function isSerial(type: TypeName): boolean {
  const names = namesOf(type.names);
  return names.length === 1 && Object.hasOwn(SERIALS, names[0]!);
}

/** The type's full name, as the server writes it under an empty search path. */
export function typeText({ schema, name, modifiers, isArray }: WrittenType): string {
  const suffix = isArray ? "[]" : "";
  if (schema !== null) return `${nameText(schema)}.${nameText(name)}${argumentsText(modifiers)}${suffix}`;
  if (Object.hasOwn(ZONES, name)) return `${ZONES[name]!.replace("#", argumentsText(modifiers))}${suffix}`;
  if (name === "interval") return `interval${intervalText(modifiers)}${suffix}`;
  // Without a length, `character` would be one of length 1.
  const word = name === "bpchar" && modifiers.length === 0 ? "bpchar" : (WRITTEN[name] ?? nameText(name));
  return `${word}${argumentsText(modifiers)}${suffix}`;
}

const argumentsText = (modifiers: readonly number[]) => (modifiers.length === 0 ? "" : `(${modifiers.join(",")})`);

function intervalText([fields = ALL_FIELDS, precision]: readonly number[]): string {
  const names = fields === ALL_FIELDS ? [] : FIELDS.filter(([bit]) => fields & (1 << bit)).map(([, name]) => name);
  const [first, last] = [names[0], names.at(-1)];
  const range = first === undefined ? "" : first === last ? ` ${first}` : ` ${first} to ${last}`;
  return `${range}${precision === undefined ? "" : `(${precision})`}`;
}

/** A name as the server writes it: in quotes where it has to be. Keywords in the place of a type are rare enough to be left out. */
function nameText(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
