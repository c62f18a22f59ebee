import type {
  AlterTableCmd,
  AlterTableStmt,
  ColumnDef,
  CompositeTypeStmt,
  CreateDomainStmt,
  CreateStmt,
  IndexStmt,
  Node,
} from "libpg-query";
import { StandinError } from "../../errors.ts";
import { columnsRead } from "../columns-read.ts";
import { addConstraint, ofColumn } from "./postgres-ddl-constraints.ts";
import { type DraftDomain, type DraftTable, keyOf, mergeColumn, partsOf, plainKey, refOf, textAt } from "./postgres-ddl-draft.ts";
import { cutOf } from "./postgres-ddl-partitions.ts";
import { behindWord, inParentheses } from "./postgres-ddl-text.ts";
import { isSerial, namesOf, type WrittenType, writtenType } from "./postgres-ddl-types.ts";
import { quoteTable } from "./postgres-quotes.ts";

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
    const table: DraftTable = {
      ...{ ref, columns: [], keys: [], foreignKeys: [], checks: [], partitionedBy: [] },
      ...{ cut: null, root: null, bound: partbound ?? null },
    };
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
      else if ("Constraint" in element) addConstraint(table, element.Constraint, textAt(bytes, element.Constraint));
    }
    const names = table.columns.map(({ name }) => name);
    if (partspec !== undefined) {
      const text = textAt(bytes, partspec);
      table.partitionedBy.push(...columnsRead(text, names));
      table.cut = cutOf(partspec, text);
    }
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
      else addConstraint(table, { ...node.Constraint, ...ofColumn(node.Constraint, colname) }, textAt(bytes, node.Constraint));
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
    if (subtype === "AT_AddConstraint" && def !== undefined && "Constraint" in def) addConstraint(table, def.Constraint, sql);
    else if (subtype === "AT_AddColumn" && def !== undefined && "ColumnDef" in def)
      this.#addColumn(table, def.ColumnDef, Buffer.from(sql));
    else if (subtype === "AT_ColumnDefault" && column !== undefined) column.hasDefault = def !== undefined;
    else if (subtype === "AT_AddIdentity" && column !== undefined) column.hasDefault = true;
    else if (subtype === "AT_SetNotNull" && column !== undefined) column.isNotNull = true;
    else if (subtype === "AT_AttachPartition" && def !== undefined && "PartitionCmd" in def) {
      const leaf = this.tables.get(quoteTable(refOf(def.PartitionCmd.name!)));
      if (leaf !== undefined) Object.assign(leaf, { root: key, bound: def.PartitionCmd.bound ?? null });
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
