import type { SchemaDefinition } from "../../contracts.ts";
import type { ForeignKeyDefinition } from "../mysql/mysql-foreign-key.ts";

/** How a dump makes what it holds. */
export class MysqlDumpDefinition implements SchemaDefinition {
  readonly tables: readonly { readonly name: string; readonly sql: string }[];
  readonly foreignKeys: readonly ForeignKeyDefinition[];
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
