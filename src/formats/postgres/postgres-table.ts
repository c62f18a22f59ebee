import type { CheckConstraint, Column, ForeignKey, RowField, UniqueKey } from "../../contracts.ts";
import { columnsRead } from "../columns-read.ts";
import { kindOf, maxLengthOf, rangeOf } from "./postgres-kinds.ts";
import { quoteName } from "./postgres-quotes.ts";

/* What PostgreSQL's catalog says of a table, row by row: as a server's queries give it, or as a dump's statements do. */

export interface ColumnRow {
  readonly oid: string;
  readonly name: string;
  readonly type: string;
  /** The full name of the type under a domain, null where there is none. */
  readonly baseType: string | null;
  readonly baseName: string;
  readonly baseIsBuiltIn: boolean;
  readonly baseVariety: string;
  readonly baseCategory: string;
  readonly modifier: number;
  readonly labels: readonly string[] | null;
  /** Of a composite type, or of the one that an array has as its items. */
  readonly fields: readonly RowField[] | null;
  /** Compares without regard to case: citext, or under a nondeterministic collation. */
  readonly isCaseless: boolean;
  readonly isNotNull: boolean;
  readonly isGenerated: boolean;
  readonly hasDefault: boolean;
  /** How a generated column is computed. */
  readonly computedBy: string | null;
}

export interface KeyRow {
  readonly oid: string;
  readonly name: string;
  readonly isPrimary: boolean;
  readonly isPartial: boolean;
  /** In key order; null stands for an expression. */
  readonly columns: readonly (string | null)[];
  /** Never before PostgreSQL 15. */
  readonly nullsNotDistinct: boolean;
  readonly ignoresCase: readonly string[] | null;
  /** Columns that an EXCLUDE compares other than by equality; null for other keys. */
  readonly overlaps: readonly string[] | null;
  readonly expressions: string | null;
  readonly predicate: string | null;
}

export interface CheckRow {
  readonly oid: string;
  readonly name: string;
  readonly expression: string;
  /** The column whose domain holds the check: it says VALUE for it. */
  readonly domainColumn: string | null;
}

export interface ForeignKeyRow {
  readonly oid: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly schema: string;
  readonly table: string;
  readonly referencedColumns: readonly string[];
}

export function toColumn(row: ColumnRow, names: readonly string[]): Column {
  const base = {
    name: row.baseName,
    isBuiltIn: row.baseIsBuiltIn,
    variety: row.baseVariety,
    category: row.baseCategory,
    modifier: row.modifier,
  };
  return {
    name: row.name,
    type: row.type,
    ...(row.baseType !== null && { baseType: row.baseType }),
    kind: kindOf(base),
    nullable: !row.isNotNull,
    maxLength: maxLengthOf(base),
    ...(row.isCaseless && { ignoresCase: true }),
    isPadded: base.isBuiltIn && base.name === "bpchar",
    range: rangeOf(base),
    labels: row.labels,
    ...(row.fields !== null && { fields: row.fields }),
    isGenerated: row.isGenerated,
    ...(row.computedBy !== null && { computedBy: expressionOf(row.computedBy, names) }),
    hasDefault: row.hasDefault,
  };
}

export function toUniqueKey(row: KeyRow, names: readonly string[]): UniqueKey {
  const { name, columns, isPrimary, isPartial, nullsNotDistinct, ignoresCase, overlaps, expressions, predicate } = row;
  const plain = columns.filter((column) => column !== null);
  return {
    name,
    // A key over an expression says nothing that could be told by columns.
    columns: plain.length === columns.length ? plain : [],
    isPrimary,
    isPartial,
    ...(nullsNotDistinct && { nullsNotDistinct }),
    ...(ignoresCase !== null && { ignoresCase }),
    ...(overlaps !== null && { overlaps }),
    ...(expressions !== null && { expressions: expressionOf(expressions, names), plainColumns: plain }),
    ...(predicate !== null && { predicate: expressionOf(predicate, names) }),
  };
}

const expressionOf = (text: string, names: readonly string[]) => ({ text, columns: columnsRead(text, names) });

export function toCheck({ name, expression, domainColumn }: CheckRow, names: readonly string[]): CheckConstraint {
  if (domainColumn === null) return { name, expression, columns: columnsRead(expression, names) };
  // Text in quotes stays: only the domain's own word is the column.
  const text = expression.replace(/'(?:[^']|'')*'|\bVALUE\b/g, (part) => (part === "VALUE" ? quoteName(domainColumn) : part));
  return { name, expression: text, columns: [domainColumn] };
}

export function toForeignKey({ name, columns, schema, table, referencedColumns }: ForeignKeyRow): ForeignKey {
  return { name, columns, references: { schema, name: table }, referencedColumns };
}
