import type * as Parser from "libpg-query";
import type { SchemaDefinition, TableRef } from "../../contracts.ts";
import { requirePackage } from "../../require-package.ts";
import { PostgresDdl } from "../postgres/postgres-ddl.ts";
import { rootOf } from "../postgres/postgres-ddl-tables.ts";
import { quoteTable } from "../postgres/postgres-quotes.ts";
import { type DumpStatement, judgeCommand, judgeStatement, refused } from "./postgres-dump-statements.ts";

type Parse = (sql: string) => { readonly stmts?: readonly { readonly stmt?: Parser.Node }[] };

const FIRST_LINE = /^-- PostgreSQL database (?:cluster )?dump$/m;
const LAST_LINE = /^-- PostgreSQL database (?:cluster )?dump complete$/m;

/** What another server takes over: neither who owns what, nor settings, nor where sequences stand, nor what comes before a new beginning. */
const NOT_DEFINING =
  /^(?:SET|SELECT|GRANT|REVOKE|DROP|BEGIN|COMMIT|(?:CREATE|ALTER|COMMENT ON|SECURITY LABEL ON) (?:DATABASE|ROLE|USER|TABLESPACE|PUBLICATION|SUBSCRIPTION)|ALTER DEFAULT PRIVILEGES|CREATE SCHEMA public;|COMMENT ON SCHEMA public )\b|^ALTER [\s\S]* OWNER TO [^;]*;$|^ALTER [\s\S]*(?:DISABLE|ENABLE) TRIGGER ALL;$|^ALTER TABLE IF EXISTS [\s\S]* DROP /i;

/** What pg_dump writes behind the rows, for dumps without any. */
const AFTER_ROWS =
  /^(?:CREATE (?:UNIQUE )?INDEX|CREATE (?:CONSTRAINT )?TRIGGER|CREATE RULE|CREATE POLICY|CREATE EVENT TRIGGER|REFRESH|ALTER INDEX|ALTER TABLE (?:ONLY )?[^;]*\s(?:ADD CONSTRAINT|CLUSTER ON|REPLICA IDENTITY USING INDEX))\b/i;

/** What is known of a dump by the statements so far. */
export class DumpKnowledge {
  /** Whether backslashes in texts mean nothing, by a setting of the dump's own. */
  isStandard = false;
  /** The last key that psql was restricted by. */
  restrictKey: string | null = null;
  readonly #ddl: PostgresDdl;
  readonly #statements: string[] = [];
  /** Statements before the first rows, null where there were none yet. */
  #beforeRows: number | null = null;
  /** Statements that are yet to be parsed, with their places. */
  #pending: (readonly [sql: string, offset: number])[] = [];
  #parse: Parse | null = null;
  #isRestricted = false;
  #hasBegun = false;
  #isComplete = false;
  /** Whether there were tables, and whether those that come now are of another database. */
  #hasTables = false;
  #isOther = false;

  constructor(former?: DumpKnowledge) {
    this.#ddl = former?.ddl() ?? new PostgresDdl();
    this.isStandard = former?.isStandard ?? false;
  }

  /** Loads PostgreSQL's own parser: 1.7 MB of WebAssembly, so for dumps alone. */
  async load(): Promise<void> {
    const { loadModule, parseSync }: typeof Parser = requirePackage("libpg-query");
    await loadModule();
    this.#parse = parseSync;
  }

  /** Takes in a statement that is no INSERT. */
  statement(sql: string, offset: number): DumpStatement {
    const judged = judgeStatement(sql, offset);
    this.#isComplete = false;
    if (judged.type === "copy") return judged;
    this.isStandard ||= judged.isStandard;
    if (judged.isOfSchema) {
      this.#refuseOther(offset);
      this.#pending.push([sql, offset]);
    }
    if (NOT_DEFINING.test(sql)) return judged;
    this.#statements.push(sql);
    return judged;
  }

  /** Takes in a line with a command of psql's. */
  command(line: string, offset: number): void {
    const command = judgeCommand(line, offset);
    if (command.type === "restrict") {
      this.restrictKey = command.key;
      this.#isRestricted = true;
    } else if (command.type === "unrestrict") {
      if (!this.#isRestricted || command.key !== this.restrictKey)
        throw refused("The dump has \\unrestrict with another key than \\restrict.", offset, UNRESTRICTED);
      this.#isRestricted = false;
    }
    // The next session begins with the settings of its database.
    else {
      this.isStandard = false;
      this.#isOther = this.#hasTables;
    }
  }

  /** Takes in spaces and comments. */
  blank(bytes: Buffer, from: number, to: number): void {
    if (to - from < 20) return;
    const text = bytes.toString("latin1", from, to);
    this.#hasBegun ||= FIRST_LINE.test(text);
    this.#isComplete ||= LAST_LINE.test(text);
  }

  /** Throws where pg_dump's last line is missing: it broke off, and what came is not all. */
  end(offset: number): void {
    if (!this.#hasBegun || this.#isComplete) return;
    const hint = "Make it again, and look at pg_dump's exit code (set -o pipefail).";
    throw refused("The dump breaks off: the line that pg_dump ends with is missing.", offset, hint);
  }

  /** Takes in that rows of a table begin. Whose rows they are: of a partition, its root's. */
  beginRows(ref: TableRef, offset: number): TableRef {
    this.#refuseOther(offset);
    this.#beforeRows ??= this.#statements.length;
    this.#isComplete = false;
    return rootOf(this.ddl(), ref)?.ref ?? ref;
  }

  /** Tables are known by their names alone, so those of a second database have no place. */
  #refuseOther(offset: number): void {
    if (this.#isOther) throw refused("The dump holds more than one database.", offset, ONE_BY_ONE);
    this.#hasTables = true;
  }

  /** The columns that decide whether a row may stand in this partition; undefined for a table that is none. */
  partitionedBy(ref: TableRef): readonly string[] | undefined {
    const { tables } = this.ddl();
    const found = new Set<string>();
    const leaf = tables.get(quoteTable(ref));
    if (leaf === undefined || leaf.root === null) return undefined;
    for (let table = tables.get(leaf.root); table !== undefined; table = tables.get(table.root ?? ""))
      for (const column of table.partitionedBy) found.add(column);
    return [...found];
  }

  /** A table's own columns in order, null where no statement makes it. */
  columnsOf(ref: TableRef, exceptGenerated: boolean): readonly string[] | null {
    const table = this.ddl().tables.get(quoteTable(ref));
    if (table === undefined) return null;
    return table.columns.filter(({ computedBy }) => !exceptGenerated || computedBy === null).map(({ name }) => name);
  }

  ddl(): PostgresDdl {
    const pending = this.#pending;
    this.#pending = [];
    for (const [sql, offset] of pending) {
      const parsed = this.#parsed(sql, offset);
      for (const { stmt } of parsed.stmts ?? []) if (stmt !== undefined) this.#ddl.add(stmt, sql);
    }
    return this.#ddl;
  }

  definition(): SchemaDefinition {
    const first = this.#statements.findIndex((sql) => AFTER_ROWS.test(sql));
    const before = this.#beforeRows ?? (first < 0 ? this.#statements.length : first);
    return { beforeRows: this.#statements.slice(0, before), afterRows: this.#statements.slice(before) };
  }

  #parsed(sql: string, offset: number): ReturnType<Parse> {
    try {
      return this.#parse!(sql);
    } catch {
      // What the parser says quotes the statement.
      throw refused(
        "A statement of the dump cannot be read as PostgreSQL's.",
        offset,
        "Have it written by pg_dump, of version 18 at most.",
      );
    }
  }
}

const ONE_BY_ONE = "Dump them one by one, each by pg_dump, and what they share by pg_dumpall --globals-only.";
const UNRESTRICTED = "Do not restore this dump: ask where it comes from.";
