import type { DataSchema } from "../../contracts.ts";
import { DdlTable, entriesOf, tableNameAt } from "../mysql/mysql-ddl-table.ts";
import { MysqlDumpDefinition, withoutDefiner } from "./mysql-dump-definition.ts";
import { isMark } from "./mysql-dump-routines.ts";
import type { StatementKind } from "./mysql-dump-statements.ts";
import type { Token } from "./mysql-dump-token.ts";

/** What the statements of a dump have made so far. */
export class MysqlDumpSchema {
  /** Whether the dump is of a MariaDB, which has no type of its own for JSON; assumed where the dump does not say. */
  isMariaDb = true;
  #database: string | null = null;
  readonly #tables: Map<string, { readonly table: DdlTable; readonly sql: string }>;
  readonly #sequences: string[];
  readonly #views: Map<string, string>;
  readonly #routines: string[];
  /** Statements that change tables behind their making. */
  readonly #changes: string[];

  constructor(former?: MysqlDumpSchema) {
    this.#tables = new Map(former === undefined ? [] : former.#tables);
    this.#sequences = former === undefined ? [] : [...former.#sequences];
    this.#views = new Map(former === undefined ? [] : former.#views);
    this.#routines = former === undefined ? [] : [...former.#routines];
    this.#changes = former === undefined ? [] : [...former.#changes];
    this.isMariaDb = former?.isMariaDb ?? true;
    this.#database = former === undefined ? null : former.#database;
  }

  table(name: string): DdlTable | undefined {
    return this.#tables.get(name)?.table;
  }

  /** Takes in a statement that was judged; `sql` is all of it. Returns what is wrong with it, null where nothing is. */
  take(kind: StatementKind, tokens: readonly Token[], bytes: Buffer, sql: string, sqlMode: string | null): string | null {
    const textOf = (from: Token, to: Token) => bytes.toString("utf8", from.start, to.end);
    if (kind === "use") return this.#use(tokens[1]!.text);
    if (kind === "table") return this.#create(tokens, textOf, sql);
    if (kind === "alter") return this.#alter(tokens, textOf, sql);
    if (kind === "drop") this.#forget(tokens, 2);
    if (kind === "view") this.#view(tokens, sql);
    if (kind === "sequence") this.#sequences.push(sql);
    if (kind === "routine") {
      const mode = sqlMode === null ? [] : [`SET sql_mode = '${sqlMode.replaceAll("'", "''")}'`];
      this.#routines.push(...mode, withoutDefiner(sql));
    }
    return null;
  }

  /** What is wrong with naming a database before a table, null where it is the dump's. */
  checkDatabase(name: string | null): string | null {
    return name === null ? null : this.#use(name);
  }

  schema(): DataSchema {
    const tables = [...this.#tables.values()].map(({ table }) => table.table(this.isMariaDb));
    const rank = (name: string) => name.toUpperCase();
    tables.sort((one, other) => (rank(one.ref.name) < rank(other.ref.name) ? -1 : 1));
    return { system: "mysql", tables };
  }

  definition(): MysqlDumpDefinition {
    const tables = [...this.#tables.values()];
    return new MysqlDumpDefinition({
      tables: tables.map(({ table, sql }) => ({ name: table.name, sql })),
      foreignKeys: tables.flatMap(({ table }) => table.foreignKeys()),
      sequences: this.#sequences,
      afterRows: [...this.#changes, ...this.#routines, ...[...this.#views.values()].map(withoutDefiner)],
    });
  }

  /** A server's tables are found by their names alone, so a second database has no place. */
  #use(name: string): string | null {
    if (this.#database !== null && this.#database !== name) return "holds more than one database: dump them one by one";
    this.#database = name;
    return null;
  }

  #create(tokens: readonly Token[], textOf: (from: Token, to: Token) => string, sql: string): string | null {
    const open = tokens.findIndex((token) => isMark(token, "("));
    const nameStart =
      tokens.findIndex(({ type, text }, index) => index > 0 && type === "word" && text.toUpperCase() === "TABLE") + 1;
    const { database, name, at } = tableNameAt(tokens, nameStart + (at0(tokens, nameStart) === "IF" ? 3 : 0));
    if (at !== open) return "has a table that is made in a way that no dump makes one";
    this.#tables.set(name, { table: new DdlTable(name, tokens, open, textOf), sql });
    return this.checkDatabase(database);
  }

  #alter(tokens: readonly Token[], textOf: (from: Token, to: Token) => string, sql: string): string | null {
    const { database, name, at } = tableNameAt(tokens, 2);
    const table = this.table(name);
    const clauses = tokens.slice(at);
    const changesNothing = /^(?:EN|DIS)ABLE$/i.test(clauses[0]?.text ?? "");
    if (table === undefined ? !changesNothing : !table.alter(clauses, textOf)) return "changes a table after it was made";
    if (!changesNothing) this.#changes.push(sql);
    return this.checkDatabase(database);
  }

  /** Drops tables or views. */
  #forget(tokens: readonly Token[], from: number): void {
    const names = tokens.slice(from + (at0(tokens, from) === "IF" ? 2 : 0));
    for (const entry of entriesOf(names)) {
      const { name } = tableNameAt(entry, 0);
      this.#tables.delete(name);
      this.#views.delete(name);
    }
  }

  /** A table may have stood in for the view until now. */
  #view(tokens: readonly Token[], sql: string): void {
    const at = tokens.findIndex(({ type, text }) => type === "word" && text.toUpperCase() === "VIEW") + 1;
    const { name } = tableNameAt(tokens, at + (at0(tokens, at) === "IF" ? 3 : 0));
    this.#tables.delete(name);
    this.#views.set(name, sql);
  }
}

const at0 = (tokens: readonly Token[], at: number): string => (tokens[at]?.type === "word" ? tokens[at]!.text.toUpperCase() : "");
