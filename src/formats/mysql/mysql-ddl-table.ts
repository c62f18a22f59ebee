import type { Table } from "../../contracts.ts";
import { behindParentheses, isMark } from "../mysql-dump/mysql-dump-routines.ts";
import type { Token } from "../mysql-dump/mysql-dump-token.ts";
import { currentCharset, type DdlColumn, isWord, plainText, readColumn, type TextDefaults } from "./mysql-ddl-column.ts";
import type { ForeignKeyDefinition } from "./mysql-foreign-key.ts";
import { tableOf } from "./mysql-table.ts";

type Row = (string | null)[];

/** The table that a statement names where its name is due. */
export interface NamedTable {
  readonly database: string | null;
  readonly name: string;
  /** Behind the name. */
  readonly at: number;
}

/** `t`, `d.t`. */
export function tableNameAt(tokens: readonly Token[], at: number): NamedTable {
  const first = plainText(tokens[at]);
  if (!isMark(tokens[at + 1], ".")) return { database: null, name: first, at: at + 1 };
  return { database: first, name: plainText(tokens[at + 2]), at: at + 3 };
}

/** A table as CREATE TABLE and the ALTER TABLEs behind it make it. */
export class DdlTable {
  readonly name: string;
  readonly columns: DdlColumn[] = [];
  readonly #keys: Row[] = [];
  readonly #foreignKeys: Row[] = [];
  readonly #actions = new Map<string, { readonly onUpdate: string | null; readonly onDelete: string | null }>();
  readonly #checks: Row[] = [];
  #told: Table | null = null;
  #defaults: TextDefaults = { charset: "utf8mb4", collation: null };

  /** `tokens` are those of the statement, `open` is its first parenthesis. */
  constructor(name: string, tokens: readonly Token[], open: number, textOf: (from: Token, to: Token) => string) {
    this.name = name;
    const end = behindParentheses(tokens, open);
    this.#readOptions(tokens.slice(end));
    for (const entry of entriesOf(tokens.slice(open + 1, end - 1))) this.#take(entry, textOf);
  }

  /** Takes the clauses of an ALTER TABLE in. False where one changes more than keys. */
  alter(tokens: readonly Token[], textOf: (from: Token, to: Token) => string): boolean {
    this.#told = null;
    return entriesOf(tokens).every((clause) => {
      if (isWord(clause[0], "ENABLE") || isWord(clause[0], "DISABLE") || isWord(clause[0], "AUTO_INCREMENT")) return true;
      if (isWord(clause[0], "ADD") && isKey(clause.slice(1))) this.#take(clause.slice(1), textOf);
      else if (isWord(clause[0], "MODIFY")) {
        const column = readColumn(clause.slice(isWord(clause[1], "COLUMN") ? 2 : 1), textOf);
        const index = this.columns.findIndex(({ name }) => isSameName(name, column.name));
        if (index < 0) return false;
        this.columns[index] = column;
      } else return false;
      return true;
    });
  }

  /** As the live database's catalog would tell it. Told anew only where something changed: a dump asks before each table's rows. */
  table(isMariaDb: boolean): Table {
    this.#told ??= this.#tell(isMariaDb);
    return this.#told;
  }

  #tell(isMariaDb: boolean): Table {
    const primary = this.#keys.filter(([, name]) => name === "PRIMARY").map(([, , column]) => column);
    return tableOf(this.name, isMariaDb, {
      columns: this.columns.map((column) => {
        const row = column.row(this.name, isMariaDb && !primary.includes(column.name), this.#defaults);
        return primary.includes(column.name) ? row.with(4, "NO") : row;
      }),
      keys: byName(this.#keys),
      foreignKeys: byName(this.#foreignKeys),
      checks: this.#checks,
      rowEstimate: null,
    });
  }

  /** Its foreign keys with all that it takes to make them anew. */
  foreignKeys(): ForeignKeyDefinition[] {
    const keys = new Map<string, ForeignKeyDefinition & { columns: string[]; referencedColumns: string[] }>();
    for (const [, name, column, referencedSchema, referencedTable, referenced] of this.#foreignKeys) {
      const key = keys.get(name!) ?? {
        ...{ table: this.name, name: name!, columns: [], referencedColumns: [], ...this.#actions.get(name!)! },
        ...{ referencedSchema: referencedSchema!, referencedTable: referencedTable! },
      };
      key.columns.push(column!);
      key.referencedColumns.push(referenced!);
      keys.set(name!, key);
    }
    return [...keys.values()];
  }

  #take(entry: readonly Token[], textOf: (from: Token, to: Token) => string): void {
    if (isKey(entry)) this.#takeKey(entry, textOf);
    else {
      const column = readColumn(entry, textOf);
      this.columns.push(column);
      if (column.isPrimary || column.isUnique)
        this.#keys.push([this.name, column.isPrimary ? "PRIMARY" : column.name, column.name, null]);
      if (column.check !== null) this.#checks.push([this.name, column.name, column.check]);
    }
  }

  #takeKey(entry: readonly Token[], textOf: (from: Token, to: Token) => string): void {
    let at = isWord(entry[0], "CONSTRAINT") ? 1 : 0;
    const isNamed = at === 1 && !isKey(entry.slice(1));
    const constraint = isNamed ? plainText(entry[at++]) : null;
    const open = entry.findIndex((token) => isMark(token, "("));
    if (isWord(entry[at], "CHECK")) {
      const end = behindParentheses(entry, open);
      // A condition that is not enforced promises nothing.
      if (isWord(entry[end], "NOT")) return;
      this.#checks.push([
        this.name,
        constraint ?? `CONSTRAINT_${this.#checks.length + 1}`,
        textOf(entry[open + 1]!, entry[end - 2]!),
      ]);
    } else if (isWord(entry[at], "PERIOD")) {
      // A period begins before it ends; the system's own is its to keep.
      const [from, to] = namesIn(entry.slice(open + 1, behindParentheses(entry, open) - 1));
      const name = plainText(entry[at + 2]);
      if (name.toUpperCase() !== "SYSTEM_TIME") this.#checks.push([this.name, name, `\`${from}\` < \`${to}\``]);
    } else if (isWord(entry[at], "FOREIGN")) this.#takeForeignKey(entry, open, constraint);
    else if (isWord(entry[at], "PRIMARY") || isWord(entry[at], "UNIQUE")) {
      const parts = entriesOf(entry.slice(open + 1, behindParentheses(entry, open) - 1));
      const before = entry[open - 1]!;
      const own = before.type === "name" || open - at > 2 ? keyName(entry.slice(at + 1, open)) : null;
      const name = isWord(entry[at], "PRIMARY") ? "PRIMARY" : (own ?? constraint ?? plainText(parts[0]?.[0]));
      for (const part of parts) this.#keys.push([this.name, name, ...keyPart(part)]);
    }
  }

  #takeForeignKey(entry: readonly Token[], open: number, constraint: string | null): void {
    const end = behindParentheses(entry, open);
    const columns = namesIn(entry.slice(open + 1, end - 1));
    const { database, name, at } = tableNameAt(entry, end + 1);
    const referenced = namesIn(entry.slice(at + 1, behindParentheses(entry, at) - 1));
    const rest = entry.slice(at).map(({ text }) => text.toUpperCase());
    const key = constraint ?? `${this.name}_ibfk_${new Set(this.#foreignKeys.map(([, own]) => own)).size + 1}`;
    this.#actions.set(key, { onUpdate: actionOn("UPDATE", rest), onDelete: actionOn("DELETE", rest) });
    for (const [index, column] of columns.entries())
      this.#foreignKeys.push([this.name, key, column, database, name, referenced[index] ?? null]);
  }

  #readOptions(tokens: readonly Token[]): void {
    let charset: string | null = null;
    let collation: string | null = null;
    for (let at = 0; at < tokens.length; at++) {
      const value = isMark(tokens[at + 1], "=") ? tokens[at + 2] : tokens[at + 1];
      if (isWord(tokens[at], "CHARSET") || (isWord(tokens[at], "SET") && isWord(tokens[at - 1], "CHARACTER")))
        charset = currentCharset(plainText(value));
      if (isWord(tokens[at], "COLLATE")) collation = plainText(value).toLowerCase();
    }
    charset ??= collation === null ? "utf8mb4" : currentCharset(/^[a-z0-9]+/.exec(collation)![0]);
    this.#defaults = { charset, collation };
  }
}

const KEY_WORDS = [
  "CONSTRAINT",
  "PRIMARY",
  "UNIQUE",
  "KEY",
  "INDEX",
  "FULLTEXT",
  "SPATIAL",
  "FOREIGN",
  "CHECK",
  "PERIOD",
  "VECTOR",
];

/** Whether an entry is no column: a column of such a name stands in quotes. */
const isKey = (entry: readonly Token[]): boolean => KEY_WORDS.some((word) => isWord(entry[0], word));

/** The name between UNIQUE KEY and the parenthesis, if one stands there. */
function keyName(tokens: readonly Token[]): string | null {
  const rest = tokens.filter(
    (token) => token.type === "name" || !/^(?:KEY|INDEX|USING|BTREE|HASH|IF|NOT|EXISTS)$/i.test(token.text),
  );
  return rest.length > 0 ? plainText(rest[0]) : null;
}

/** What `ON DELETE CASCADE` and the like say. */
function actionOn(event: string, words: readonly string[]): string | null {
  const at = words.findIndex((word, index) => word === "ON" && words[index + 1] === event);
  if (at < 0) return null;
  const [action, object] = words.slice(at + 2);
  return action === "SET" || action === "NO" ? `${action} ${object}` : action!;
}

/** The column of a key's part and how much of its start counts; none where it is an expression. */
function keyPart(part: readonly Token[]): Row {
  if (isMark(part[0], "(")) return [null, null];
  return [plainText(part[0]), isMark(part[1], "(") ? plainText(part[2]) : null];
}

const namesIn = (tokens: readonly Token[]): string[] => entriesOf(tokens).map(([first]) => plainText(first));

/** What commas outside of parentheses part. */
export function entriesOf(tokens: readonly Token[]): Token[][] {
  const entries: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isMark(token, "(")) depth++;
    if (isMark(token, ")")) depth--;
    if (depth === 0 && isMark(token, ",")) entries.push([]);
    else entries.at(-1)!.push(token);
  }
  return entries.filter((entry) => entry.length > 0);
}

/** In the catalog's order: the primary key, then by name. */
function byName(rows: readonly Row[]): Row[] {
  const rank = ([, name]: Row) => (name === "PRIMARY" ? "" : name!.toUpperCase());
  return [...rows].sort((one, other) => (rank(one) < rank(other) ? -1 : rank(one) > rank(other) ? 1 : 0));
}

/** Servers do not tell the case of a column's name. */
export const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
