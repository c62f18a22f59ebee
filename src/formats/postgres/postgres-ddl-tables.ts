import type { DataSchema, RowField, Table, TableRef } from "../../contracts.ts";
import type { PostgresDdl } from "./postgres-ddl.ts";
import type { DraftColumn, DraftDomain, DraftKey, DraftTable } from "./postgres-ddl-draft.ts";
import { boundsOf } from "./postgres-ddl-partitions.ts";
import { typeText, type WrittenType } from "./postgres-ddl-types.ts";
import { quoteTable } from "./postgres-quotes.ts";
import { type ColumnRow, type KeyRow, toCheck, toColumn, toForeignKey, toUniqueKey } from "./postgres-table.ts";
import { timeInUtc } from "./time-in-utc.ts";

/** The tables that the statements made, as a live server's catalog would tell them: partitions are their root's. */
export function ddlSchema(ddl: PostgresDdl): DataSchema {
  const roots = [...ddl.tables.values()].filter(({ root }) => root === null);
  const tables = roots.map((table) => toTable(ddl, table));
  return { system: "postgres", tables: tables.sort((one, other) => compareNames(one.ref, other.ref)) };
}

/** The table that speaks for one: of a partition, the root of all. Undefined where no statement makes it. */
export function rootOf(ddl: PostgresDdl, ref: TableRef): DraftTable | undefined {
  let table = ddl.tables.get(quoteTable(ref));
  while (table !== undefined && table.root !== null) table = ddl.tables.get(table.root);
  return table;
}

/** A table's columns of times with zone. */
export function zonedColumns(ddl: PostgresDdl, ref: TableRef): readonly string[] {
  const columns = rootOf(ddl, ref)?.columns ?? [];
  const isZoned = (type: WrittenType) => type.schema === null && type.name === "timestamptz" && !type.isArray;
  return columns.filter(({ type }) => isZoned(domainsOf(ddl, type).at(-1)?.type ?? type)).map(({ name }) => name);
}

function toTable(ddl: PostgresDdl, table: DraftTable): Table {
  const parts = [...ddl.tables.values()].filter((one) => rootOf(ddl, one.ref) === table);
  const names = table.columns.map(({ name }) => name);
  const keys = parts.flatMap((part) => part.keys).filter(({ id }) => !ddl.attachedIndexes.has(id));
  const checks = [
    ...table.checks.map((check) => ({ ...check, domainColumn: null })),
    ...table.columns.flatMap(({ name, type, computedBy }) =>
      computedBy !== null
        ? []
        : domainsOf(ddl, type).flatMap((domain) => domain.checks.map((check) => ({ ...check, domainColumn: name }))),
    ),
  ];
  const zoned = zonedColumns(ddl, table.ref);
  const isZoned = table.partitionedBy.some((name) => zoned.includes(name));
  const bounds = boundsOf(table, ddl.tables, isZoned ? timeInUtc : (text) => text);
  return {
    ref: table.ref,
    columns: table.columns.map((column) => toColumn(columnRow(ddl, column), names)),
    uniqueKeys: keys
      .map((key) => keyRow(ddl, table, key))
      .sort((one, other) => Number(other.isPrimary) - Number(one.isPrimary) || compare(one.name, other.name))
      .map((row) => toUniqueKey(row, names)),
    foreignKeys: parts
      .flatMap((part) => part.foreignKeys)
      .sort((one, other) => compare(one.name, other.name))
      .map(({ to, ...key }) => {
        const referenced = rootOf(ddl, to) ?? { ref: to, keys: [] };
        const primary = referenced.keys.find(({ isPrimary }) => isPrimary)?.columns.filter((column) => column !== null) ?? [];
        return toForeignKey({
          ...key,
          oid: "",
          schema: referenced.ref.schema!,
          table: referenced.ref.name,
          referencedColumns: key.referencedColumns.length > 0 ? key.referencedColumns : primary,
        });
      }),
    checks: checks
      .sort(
        (one, other) => compare(one.name, other.name) || compare(one.domainColumn ?? "\uffff", other.domainColumn ?? "\uffff"),
      )
      .map((check) => toCheck({ ...check, oid: "" }, names)),
    ...(bounds !== null && {
      partitionBounds: toCheck({ oid: "", name: "partition bounds", domainColumn: null, expression: bounds }, names),
    }),
    rowEstimate: null,
  };
}

function columnRow(ddl: PostgresDdl, column: DraftColumn): ColumnRow {
  const domains = domainsOf(ddl, column.type);
  const base = domains.at(-1)?.type ?? column.type;
  const key = keyOfType(base);
  const labels = base.isArray ? undefined : ddl.enums.get(key);
  const fields = fieldsOf(ddl, key);
  const isOwn = base.schema === null;
  const length = base.modifiers[0];
  return {
    oid: "",
    name: column.name,
    type: typeText(column.type),
    baseType: domains.length === 0 ? null : typeText(base),
    // An array's own type has a name of its own.
    baseName: base.isArray ? `_${base.name}` : base.name,
    baseIsBuiltIn: isOwn,
    baseVariety: labels !== undefined ? "e" : "b",
    baseCategory: base.isArray || (isOwn && /^(?:int2|oid)vector$/.test(base.name)) ? "A" : "",
    // The modifier of a length counts its header of four bytes.
    modifier: isOwn && length !== undefined && /^(?:varchar|bpchar)$/.test(base.name) ? length + 4 : -1,
    labels: labels ?? null,
    fields: fields ?? null,
    isCaseless: isCaseless(ddl, column, base.name),
    isNotNull: column.isNotNull || domains.some(({ isNotNull }) => isNotNull),
    isGenerated: column.computedBy !== null,
    hasDefault: column.computedBy === null && (column.hasDefault || domains.some(({ hasDefault }) => hasDefault)),
    computedBy: column.computedBy,
  };
}

/** `type` is what is under its domains. */
function isCaseless(ddl: PostgresDdl, { collation }: DraftColumn, type: string): boolean {
  return type === "citext" || ddl.looseCollations.has(collation ?? "");
}

/** The domains between a type and the one below them all, from the outermost on. */
function domainsOf(ddl: PostgresDdl, type: WrittenType): DraftDomain[] {
  const found: DraftDomain[] = [];
  for (let at = type; !at.isArray; at = found.at(-1)!.type) {
    const domain = ddl.domains.get(keyOfType(at));
    if (domain === undefined) break;
    found.push(domain);
  }
  return found;
}

function fieldsOf(ddl: PostgresDdl, key: string): readonly RowField[] | undefined {
  const fields = ddl.composites.get(key) ?? ddl.tables.get(key)?.columns;
  return fields?.map(({ name, type }) => ({ name, type: typeText(type) }));
}

/** A type without a schema is the server's, or, in a dump by hand, of the usual schema. */
const keyOfType = ({ schema, name }: WrittenType) => quoteTable({ schema, name });

function keyRow(ddl: PostgresDdl, table: DraftTable, { isExclusion, ...key }: DraftKey): KeyRow {
  const loose = key.columns.filter((name) => {
    const column = table.columns.find((one) => one.name === name);
    return column !== undefined && isCaseless(ddl, column, column.type.name);
  });
  const ignoresCase = loose.filter((name) => name !== null);
  return {
    ...key,
    oid: "",
    isPartial: key.predicate !== null || isExclusion || ignoresCase.length > 0,
    ignoresCase: ignoresCase.length > 0 ? ignoresCase : null,
  };
}

function compareNames(one: TableRef, other: TableRef): number {
  return compare(one.schema ?? "", other.schema ?? "") || compare(one.name, other.name);
}

/** By bytes, as the catalog sorts names. */
function compare(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
