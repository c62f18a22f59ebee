import type { SchemaDefinition } from "../contracts.ts";

/** A foreign key as a dump's CREATE TABLE has it. */
export interface DumpForeignKey {
  readonly table: string;
  readonly name: string;
  readonly columns: readonly string[];
  /** The other database, null for the dump's. */
  readonly referencedSchema: string | null;
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
  readonly onUpdate: string;
  readonly onDelete: string;
}

/** How a dump makes what it holds. */
export class MysqlDumpDefinition implements SchemaDefinition {
  readonly tables: readonly { readonly name: string; readonly sql: string }[];
  readonly foreignKeys: readonly DumpForeignKey[];
  /** Sequences, and what makes them go on where they were. */
  readonly sequences: readonly string[];
  /** Triggers, routines, events and views, with the sql_mode that each wants. */
  readonly afterRows: readonly string[];

  constructor(parts: Omit<MysqlDumpDefinition, "beforeRows">) {
    this.tables = parts.tables;
    this.foreignKeys = parts.foreignKeys;
    this.sequences = parts.sequences;
    this.afterRows = parts.afterRows;
  }

  get beforeRows(): readonly string[] {
    return [...this.sequences, ...this.tables.map(({ sql }) => sql)];
  }
}

/** Whoever makes it is its definer. */
export const withoutDefiner = (sql: string): string =>
  sql.replace(/\bDEFINER\s*=\s*(?:`(?:[^`]|``)*`|[\w$]+)\s*@\s*(?:`(?:[^`]|``)*`|[\w$%.]+)/i, "");
