import type {
  AlterTableCmd,
  AlterTableStmt,
  ColumnDef,
  CompositeTypeStmt,
  Constraint,
  CreateDomainStmt,
  CreateStmt,
  IndexElem,
  IndexStmt,
  Node,
  RangeVar,
} from "libpg-query";
import type { TableRef } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { columnsRead } from "../columns-read.ts";
import { behindWord, indexExpression, inParentheses, listItems } from "./postgres-ddl-text.ts";
import { isSerial, namesOf, type WrittenType, writtenType } from "./postgres-ddl-types.ts";
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
  /** The table that it is a partition of. */
  root: string | null;
}

export interface DraftDomain {
  readonly type: WrittenType;
  isNotNull: boolean;
  hasDefault: boolean;
  readonly checks: DraftCheck[];
}

/** What DDL statements made, statement by statement. Names are keyed as the server quotes them. */
export class PostgresDdl {
  readonly tables = new Map<string, DraftTable>();
  readonly enums = new Map<string, string[]>();
  readonly domains = new Map<string, DraftDomain>();
  readonly composites = new Map<string, { name: string; type: WrittenType }[]>();
  /** Collations under which unequal texts are equal. */
  readonly looseCollations = new Set<string>();
  /** Indexes of partitions that belong to one of their root's. */
  readonly attachedIndexes = new Set<string>();

  /** Takes in one statement by its parse tree. */
  add(node: Node, sql: string): void {
    if ("CreateStmt" in node) this.#createTable(node.CreateStmt, sql);
    else if ("AlterTableStmt" in node) this.#alterTable(node.AlterTableStmt, sql);
    else if ("IndexStmt" in node) this.#createIndex(node.IndexStmt, sql);
    else if ("CreateEnumStmt" in node) this.enums.set(keyOf(node.CreateEnumStmt.typeName), namesOf(node.CreateEnumStmt.vals));
    else if ("CreateDomainStmt" in node) this.#createDomain(node.CreateDomainStmt, sql);
    else if ("CompositeTypeStmt" in node) this.#createComposite(node.CompositeTypeStmt);
    else if ("DefineStmt" in node && node.DefineStmt.kind === "OBJECT_COLLATION" && /\bdeterministic\s*=\s*false/i.test(sql))
      this.looseCollations.add(keyOf(node.DefineStmt.defnames));
    else if ("CreateTableAsStmt" in node && node.CreateTableAsStmt.objtype !== "OBJECT_MATVIEW")
      throw new StandinError("DUMP_INVALID", "A statement makes a table together with its rows, which no dump does.");
  }

  #createTable(statement: CreateStmt, sql: string): void {
    const { relation, tableElts = [], inhRelations = [], partbound, partspec, ofTypename } = statement;
    const ref = refOf(relation!);
    const table: DraftTable = { ref, columns: [], keys: [], foreignKeys: [], checks: [], partitionedBy: [], root: null };
    for (const parent of inhRelations) {
      const inherited = "RangeVar" in parent ? this.tables.get(quoteTable(refOf(parent.RangeVar))) : undefined;
      if (partbound !== undefined && "RangeVar" in parent) table.root = quoteTable(refOf(parent.RangeVar));
      for (const column of inherited?.columns ?? []) mergeColumn(table, { ...column });
      // Those of a partitioned table are the root's to tell.
      if (partbound === undefined) table.checks.push(...(inherited?.checks ?? []));
    }
    for (const { name, type } of this.composites.get(keyOf(ofTypename?.names)) ?? [])
      table.columns.push({ name, type, collation: null, isNotNull: false, hasDefault: false, computedBy: null });
    const bytes = Buffer.from(sql);
    for (const element of tableElts) {
      if ("ColumnDef" in element) this.#addColumn(table, element.ColumnDef, bytes);
      else if ("Constraint" in element) this.#addConstraint(table, element.Constraint, textAt(bytes, element.Constraint));
    }
    const names = table.columns.map(({ name }) => name);
    if (partspec !== undefined) table.partitionedBy.push(...columnsRead(textAt(bytes, partspec), names));
    this.tables.set(quoteTable(ref), table);
  }

  #addColumn(table: DraftTable, { colname = "", typeName, collClause, constraints = [] }: ColumnDef, bytes: Buffer): void {
    // Of a partition, or a table of a type, a column may be named for what it has besides.
    if (typeName !== undefined)
      mergeColumn(table, {
        name: colname,
        type: writtenType(typeName),
        collation: collClause === undefined ? null : keyOf(collClause.collname),
        isNotNull: isSerial(typeName),
        hasDefault: isSerial(typeName),
        computedBy: null,
      });
    const merged = table.columns.find(({ name }) => name === colname);
    if (merged === undefined)
      throw new StandinError("DUMP_INVALID", "A statement makes a table of one that the dump does not make.");
    for (const node of constraints) {
      if (!("Constraint" in node)) continue;
      const { contype } = node.Constraint;
      if (contype === "CONSTR_NOTNULL") merged.isNotNull = true;
      else if (contype === "CONSTR_DEFAULT") merged.hasDefault = true;
      else if (contype === "CONSTR_IDENTITY") merged.isNotNull = merged.hasDefault = true;
      else if (contype === "CONSTR_GENERATED") merged.computedBy = inParentheses(textAt(bytes, node.Constraint), "AS");
      else
        this.#addConstraint(table, { ...node.Constraint, ...ofColumn(node.Constraint, colname) }, textAt(bytes, node.Constraint));
    }
  }

  #addConstraint(table: DraftTable, constraint: Constraint, sql: string): void {
    const { contype, conname, keys, nulls_not_distinct, exclusions, pktable } = constraint;
    const { schema, name: tableName } = table.ref;
    const columns = namesOf(keys);
    if (contype === "CONSTR_CHECK") {
      table.checks.push({ name: conname ?? `${tableName}_check`, expression: inParentheses(sql, "CHECK") ?? "" });
    } else if (contype === "CONSTR_FOREIGN" && pktable !== undefined) {
      table.foreignKeys.push({
        name: conname ?? `${tableName}_${namesOf(constraint.fk_attrs).join("_")}_fkey`,
        columns: namesOf(constraint.fk_attrs),
        to: refOf(pktable),
        referencedColumns: namesOf(constraint.pk_attrs),
      });
    } else if (contype === "CONSTR_NOTNULL") {
      for (const column of table.columns) if (columns.includes(column.name)) column.isNotNull = true;
    } else if (contype === "CONSTR_PRIMARY" || contype === "CONSTR_UNIQUE") {
      const isPrimary = contype === "CONSTR_PRIMARY";
      if (isPrimary) for (const column of table.columns) if (columns.includes(column.name)) column.isNotNull = true;
      const name = conname ?? (isPrimary ? `${tableName}_pkey` : `${tableName}_${columns.join("_")}_key`);
      // `USING INDEX` names one that is there.
      if (columns.length > 0)
        table.keys.push({ ...plainKey(schema, name, columns), isPrimary, nullsNotDistinct: nulls_not_distinct === true });
    } else if (contype === "CONSTR_EXCLUSION") {
      const parts = (exclusions ?? []).flatMap((node) => ("List" in node ? [node.List.items ?? []] : []));
      const elements = parts.flatMap(([element]) => (element !== undefined && "IndexElem" in element ? [element.IndexElem] : []));
      const operators = parts.map(([, list]) => (list !== undefined && "List" in list ? namesOf(list.List.items).at(-1) : "="));
      table.keys.push({
        ...plainKey(schema, conname ?? `${tableName}_excl`, []),
        ...partsOf(elements, inParentheses(sql, constraint.access_method?.toUpperCase() ?? "")),
        isExclusion: true,
        overlaps: elements.flatMap(({ name }, index) => (name !== undefined && operators[index] !== "=" ? [name] : [])),
        predicate: constraint.where_clause === undefined ? null : inParentheses(sql, "WHERE"),
      });
    }
  }

  #alterTable({ relation, cmds = [], objtype }: AlterTableStmt, sql: string): void {
    const commands = cmds.flatMap((node) => ("AlterTableCmd" in node ? [node.AlterTableCmd] : []));
    if (objtype === "OBJECT_INDEX") {
      for (const { subtype, def } of commands) {
        const attached = def !== undefined && "PartitionCmd" in def ? def.PartitionCmd.name : undefined;
        if (subtype === "AT_AttachPartition" && attached !== undefined) this.attachedIndexes.add(quoteTable(refOf(attached)));
      }
      return;
    }
    const key = quoteTable(refOf(relation!));
    const table = this.tables.get(key);
    if (table !== undefined) for (const command of commands) this.#alter(table, key, command, sql);
  }

  #alter(table: DraftTable, key: string, { subtype, name, def }: AlterTableCmd, sql: string): void {
    const column = table.columns.find((one) => one.name === name);
    if (subtype === "AT_AddConstraint" && def !== undefined && "Constraint" in def)
      this.#addConstraint(table, def.Constraint, sql);
    else if (subtype === "AT_AddColumn" && def !== undefined && "ColumnDef" in def)
      this.#addColumn(table, def.ColumnDef, Buffer.from(sql));
    else if (subtype === "AT_ColumnDefault" && column !== undefined) column.hasDefault = def !== undefined;
    else if (subtype === "AT_AddIdentity" && column !== undefined) column.hasDefault = true;
    else if (subtype === "AT_SetNotNull" && column !== undefined) column.isNotNull = true;
    else if (subtype === "AT_AttachPartition" && def !== undefined && "PartitionCmd" in def) {
      const leaf = this.tables.get(quoteTable(refOf(def.PartitionCmd.name!)));
      if (leaf !== undefined) leaf.root = key;
    }
  }

  #createIndex(statement: IndexStmt, sql: string): void {
    const { relation, idxname, indexParams = [], whereClause, accessMethod = "btree", nulls_not_distinct } = statement;
    const table = this.tables.get(quoteTable(refOf(relation!)));
    if (table === undefined || statement.unique !== true || idxname === undefined) return;
    const elements = indexParams.flatMap((node) => ("IndexElem" in node ? [node.IndexElem] : []));
    table.keys.push({
      ...plainKey(table.ref.schema, idxname, []),
      ...partsOf(elements, inParentheses(sql, accessMethod.toUpperCase()) ?? inParentheses(sql, "ON")),
      nullsNotDistinct: nulls_not_distinct === true,
      predicate: whereClause === undefined ? null : behindWord(sql, "WHERE"),
    });
  }

  #createDomain({ domainname, typeName, constraints = [] }: CreateDomainStmt, sql: string): void {
    const domain: DraftDomain = { type: writtenType(typeName!), isNotNull: false, hasDefault: false, checks: [] };
    const bytes = Buffer.from(sql);
    for (const node of constraints) {
      if (!("Constraint" in node)) continue;
      const { contype, conname } = node.Constraint;
      if (contype === "CONSTR_NOTNULL") domain.isNotNull = true;
      else if (contype === "CONSTR_DEFAULT") domain.hasDefault = true;
      else if (contype === "CONSTR_CHECK") {
        const name = conname ?? `${namesOf(domainname).at(-1)}_check`;
        domain.checks.push({ name, expression: inParentheses(textAt(bytes, node.Constraint), "CHECK") ?? "" });
      }
    }
    this.domains.set(keyOf(domainname), domain);
  }

  #createComposite({ typevar, coldeflist = [] }: CompositeTypeStmt): void {
    const fields = coldeflist.flatMap((node) =>
      "ColumnDef" in node ? [{ name: node.ColumnDef.colname ?? "", type: writtenType(node.ColumnDef.typeName!) }] : [],
    );
    this.composites.set(quoteTable(refOf(typevar!)), fields);
  }
}

/** A name of one or two parts as a key. */
function keyOf(names: readonly Node[] | undefined): string {
  const parts = namesOf(names);
  return quoteTable({ schema: parts.at(-2) ?? null, name: parts.at(-1) ?? "" });
}

export function refOf({ schemaname, relname }: RangeVar): TableRef {
  return { schema: schemaname ?? "public", name: relname ?? "" };
}

/** Places in a parse tree count bytes. */
function textAt(sql: Buffer, { location = 0 }: { readonly location?: number }): string {
  return sql.toString("utf8", location);
}

/** A constraint that stands at its column. */
function ofColumn({ contype }: Constraint, column: string): Partial<Constraint> {
  const names = [{ String: { sval: column } }];
  return contype === "CONSTR_FOREIGN" ? { fk_attrs: names } : contype === "CONSTR_CHECK" ? {} : { keys: names };
}

/** A column that a parent has too is one column. */
function mergeColumn(table: DraftTable, column: DraftColumn): void {
  const there = table.columns.find(({ name }) => name === column.name);
  if (there === undefined) table.columns.push(column);
  else there.isNotNull ||= column.isNotNull;
}

function plainKey(schema: string | null, name: string, columns: readonly string[]): DraftKey {
  return {
    ...{ id: quoteTable({ schema, name }), name, columns, isPrimary: false, isExclusion: false },
    ...{ nullsNotDistinct: false, overlaps: null, expressions: null, predicate: null },
  };
}

/** The columns of an index, null for each expression, and the expressions' texts. */
function partsOf(elements: readonly IndexElem[], list: string | null): Pick<DraftKey, "columns" | "expressions"> {
  const items = listItems(list ?? "");
  const expressions = elements.flatMap(({ name }, index) => (name === undefined ? [indexExpression(items[index] ?? "")] : []));
  return {
    columns: elements.map(({ name }) => name ?? null) as DraftKey["columns"],
    expressions: expressions.length === 0 ? null : expressions.join(", "),
  };
}
