import type { IndexElem, Node, PartitionBoundSpec, RangeVar } from "libpg-query";
import type { TableRef } from "../../contracts.ts";
import type { DraftCut } from "./postgres-ddl-partitions.ts";
import { indexExpression, listItems } from "./postgres-ddl-text.ts";
import { namesOf, type WrittenType } from "./postgres-ddl-types.ts";
import { quoteTable } from "./postgres-quotes.ts";
import type { CheckRow, ForeignKeyRow, KeyRow } from "./postgres-table.ts";

export interface DraftColumn {
  readonly name: string;
  readonly type: WrittenType;
  readonly collation: string | null;
  isNotNull: boolean;
  hasDefault: boolean;
  computedBy: string | null;
}

export interface DraftKey extends Omit<KeyRow, "oid" | "isPartial" | "ignoresCase"> {
  /** Of the index: an index of the root's stands for those of its partitions. */
  readonly id: string;
  readonly isExclusion: boolean;
}

export type DraftForeignKey = Omit<ForeignKeyRow, "oid" | "schema" | "table"> & { readonly to: TableRef };
export type DraftCheck = Pick<CheckRow, "name" | "expression">;

export interface DraftTable {
  readonly ref: TableRef;
  readonly columns: DraftColumn[];
  readonly keys: DraftKey[];
  readonly foreignKeys: DraftForeignKey[];
  readonly checks: DraftCheck[];
  /** The columns by which it is cut into partitions. */
  readonly partitionedBy: string[];
  /** How its rows go to partitions, null for a table without. */
  cut: DraftCut | null;
  /** The table that it is a partition of, and which of its rows it takes. */
  root: string | null;
  bound: PartitionBoundSpec | null;
}

export interface DraftDomain {
  readonly type: WrittenType;
  isNotNull: boolean;
  hasDefault: boolean;
  readonly checks: DraftCheck[];
}

/** A name of one or two parts as a key. */
export function keyOf(names: readonly Node[] | undefined): string {
  const parts = namesOf(names);
  return quoteTable({ schema: parts.at(-2) ?? null, name: parts.at(-1) ?? "" });
}

export function refOf({ schemaname, relname }: RangeVar): TableRef {
  return { schema: schemaname ?? "public", name: relname ?? "" };
}

/** Places in a parse tree count bytes. */
export function textAt(sql: Buffer, { location = 0 }: { readonly location?: number }): string {
  return sql.toString("utf8", location);
}

/** A column that a parent has too is one column. */
export function mergeColumn(table: DraftTable, column: DraftColumn): void {
  const there = table.columns.find(({ name }) => name === column.name);
  if (there === undefined) table.columns.push(column);
  else there.isNotNull ||= column.isNotNull;
}

/** A key that has nothing besides its columns. */
export function plainKey(schema: string | null, name: string, columns: readonly string[]): DraftKey {
  return {
    ...{ id: quoteTable({ schema, name }), name, columns, isPrimary: false, isExclusion: false },
    ...{ nullsNotDistinct: false, overlaps: null, expressions: null, predicate: null },
  };
}

/** The columns of an index, null for each expression, and the expressions' texts. */
export function partsOf(elements: readonly IndexElem[], list: string | null): Pick<DraftKey, "columns" | "expressions"> {
  const items = listItems(list ?? "");
  const expressions = elements.flatMap(({ name }, index) => (name === undefined ? [indexExpression(items[index] ?? "")] : []));
  return {
    columns: elements.map(({ name }) => name ?? null) as DraftKey["columns"],
    expressions: expressions.length === 0 ? null : expressions.join(", "),
  };
}
