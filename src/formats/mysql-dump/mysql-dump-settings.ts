import type { LexRules, Token } from "./mysql-dump-token.ts";

/** What a dump may set for its session: it changes how rows are stored, and nothing else. */
const SETTINGS = new Set([
  "autocommit",
  "character_set_client",
  "character_set_connection",
  "character_set_database",
  "character_set_results",
  "check_constraint_checks",
  "collation_connection",
  "collation_database",
  "default_storage_engine",
  "default_tmp_storage_engine",
  "default_table_access_method",
  "explicit_defaults_for_timestamp",
  "foreign_key_checks",
  "information_schema_stats_expiry",
  "innodb_strict_mode",
  "lock_wait_timeout",
  "net_read_timeout",
  "net_write_timeout",
  "sql_log_bin",
  "sql_mode",
  "sql_notes",
  "sql_quote_show_create",
  "sql_require_primary_key",
  "sql_safe_updates",
  "storage_engine",
  "system_versioning_insert_history",
  "time_zone",
  "unique_checks",
  "use_stat_tables",
  "wait_timeout",
]);
/** What a dump may set for the server: where replication stands, and how statistics are kept while it is read. */
const GLOBAL_SETTINGS = new Set(["gtid_purged", "gtid_slave_pos", "innodb_stats_auto_recalc"]);
const SCOPES = new Set(["SESSION", "LOCAL", "GLOBAL"]);

/** Character sets of the client in which a byte of ASCII is always that character, so that a quote is a quote. */
const SAFE_CHARSETS =
  /^(?:utf8|utf8mb3|utf8mb4|binary|ascii|latin[1257]|cp(?:850|852|866|125[01678])|koi8[ru]|greek|hebrew|macce|macroman|dec8|hp8|tis620|armscii8|geostd8|keybcs2|eucjpms|ujis|euckr|gb2312)$/;
/** Modes that mean ANSI_QUOTES among others (MySQL manual, "Combination SQL Modes"). */
const ANSI_MODES = /^(?:ANSI|ANSI_QUOTES|DB2|MAXDB|MSSQL|ORACLE|POSTGRESQL)$/;

/** A variable's value: a text, or that of a setting or variable that the dump never gave one. */
type Value = string | undefined;

/** The settings of the dump's session, as far as they say how its statements and rows are read. */
export class DumpSettings {
  delimiter = ";";
  readonly #settings: Map<string, Value>;
  readonly #variables: Map<string, Value>;

  constructor(former?: DumpSettings) {
    this.#settings = new Map(former === undefined ? [] : former.#settings);
    this.#variables = new Map(former === undefined ? [] : former.#variables);
  }

  get rules(): LexRules {
    const modes = (this.#settings.get("sql_mode") ?? "").toUpperCase().split(",");
    return {
      ansiQuotes: modes.some((mode) => ANSI_MODES.test(mode)),
      backslashes: !modes.includes("NO_BACKSLASH_ESCAPES"),
      delimiter: this.delimiter,
    };
  }

  /** The sql_mode that the dump set last, null where it set none. */
  get sqlMode(): string | null {
    return this.#settings.get("sql_mode") ?? null;
  }

  /** The character set of the texts: UTF-8 where the dump says nothing, as the clients do. */
  get charset(): string {
    return this.#settings.get("character_set_client") ?? "utf8mb4";
  }

  /** Another reader may begin at any of a dump's rows, so all are read alike: says where these are not. */
  otherThan(former: DumpSettings | null): string | null {
    const asRead = (settings: DumpSettings) => JSON.stringify([settings.rules, settings.charset]);
    return former === null || asRead(former) === asRead(this) ? null : "changes between its rows how their texts are read";
  }

  /** Takes a SET in. Returns what is wrong with it, null where nothing is. */
  take(tokens: readonly Token[]): string | null {
    const before = JSON.stringify([this.rules, this.charset]);
    const cursor = { tokens, at: 1 };
    do {
      const refusal = this.#assign(cursor);
      if (refusal !== null) return refusal;
    } while (takeMark(cursor, ","));
    if (cursor.at < tokens.length) return "sets what no dump sets";
    const isDoubtful = tokens.some(({ isConditional }) => isConditional);
    const changes = JSON.stringify([this.rules, this.charset]) !== before;
    return isDoubtful && changes ? "sets on some servers alone how its texts are read" : null;
  }

  #assign(cursor: Cursor): string | null {
    const { tokens } = cursor;
    const first = tokens[cursor.at];
    const word = wordOf(first);
    if (word === "NAMES" || (word === "CHARACTER" && wordOf(tokens[cursor.at + 1]) === "SET")) {
      cursor.at += word === "NAMES" ? 1 : 2;
      const charset = plainValue(tokens[cursor.at++]);
      if (wordOf(tokens[cursor.at]) === "COLLATE") cursor.at += 2;
      return this.#setCharset(charset);
    }
    if (takeMark(cursor, "@") && !takeMark(cursor, "@")) {
      const name = plainValue(tokens[cursor.at++]);
      // A text in a variable would be no cell that a mask could see.
      if (name === undefined || !takeEquals(cursor) || tokens[cursor.at]?.text !== "@")
        return "sets a variable to what no dump sets it to";
      const value = this.#value(cursor);
      this.#variables.set(name.toLowerCase(), value.text);
      return value.isKnown ? null : "sets a variable to what no dump sets it to";
    }
    return this.#assignSetting(cursor);
  }

  #assignSetting(cursor: Cursor): string | null {
    const { scope, name } = takeSetting(cursor);
    const allowed = scope === "GLOBAL" ? GLOBAL_SETTINGS : SETTINGS;
    if (name === undefined || !allowed.has(name) || !takeEquals(cursor)) return "sets what no dump sets";
    const value = this.#value(cursor);
    if (!value.isKnown) return "sets something to what no dump sets it to";
    if (name === "character_set_client") return value.text === undefined ? this.#forget(name) : this.#setCharset(value.text);
    if (name === "sql_mode" && value.text !== undefined && /^\d/.test(value.text)) return "sets an sql_mode by its number";
    // Rows with times of their own, in columns that their table does not name.
    if (name === "system_versioning_insert_history" && /^(?:1|ON|TRUE)$/i.test(value.text ?? ""))
      return "has former versions of rows: make it without --dump-history";
    this.#settings.set(name, value.text?.toUpperCase() === "DEFAULT" ? undefined : value.text);
    return null;
  }

  #forget(name: string): null {
    this.#settings.delete(name);
    return null;
  }

  #setCharset(charset: string | undefined): string | null {
    const name = charset?.toLowerCase();
    if (name === undefined || !SAFE_CHARSETS.test(name)) return "sets a character set whose letters may hold quotes";
    this.#settings.set("character_set_client", name);
    return null;
  }

  /** A text, number or word, or the value of a variable or setting. */
  #value(cursor: Cursor): { readonly isKnown: boolean; readonly text?: Value } {
    const { tokens } = cursor;
    if (takeMark(cursor, "@")) {
      if (takeMark(cursor, "@")) {
        const { name } = takeSetting(cursor);
        return name === undefined ? { isKnown: false } : { isKnown: true, text: this.#settings.get(name) };
      }
      const name = plainValue(tokens[cursor.at++])?.toLowerCase();
      return name === undefined ? { isKnown: false } : { isKnown: this.#variables.has(name), text: this.#variables.get(name) };
    }
    takeMark(cursor, "-");
    const text = plainValue(tokens[cursor.at++]);
    if (text === undefined) return { isKnown: false };
    // GTID_PURGED is a text for some servers and two for others.
    while (tokens[cursor.at]?.type === "string") cursor.at++;
    return { isKnown: true, text };
  }
}

interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
}

function takeMark(cursor: Cursor, mark: string): boolean {
  const token = cursor.tokens[cursor.at];
  const isThere = token?.type === "mark" && token.text === mark;
  if (isThere) cursor.at++;
  return isThere;
}

function takeEquals(cursor: Cursor): boolean {
  takeMark(cursor, ":");
  return takeMark(cursor, "=");
}

/** `sql_mode`, `SESSION sql_mode`, and behind @@ `sql_mode`, `session.sql_mode`. */
function takeSetting(cursor: Cursor): { readonly scope: string | null; readonly name: string | undefined } {
  const { tokens } = cursor;
  const scope = wordOf(tokens[cursor.at]);
  if (scope === null || !SCOPES.has(scope)) return { scope: null, name: plainValue(tokens[cursor.at++])?.toLowerCase() };
  cursor.at++;
  takeMark(cursor, ".");
  return { scope, name: plainValue(tokens[cursor.at++])?.toLowerCase() };
}

const wordOf = (token: Token | undefined): string | null => (token?.type === "word" ? token.text.toUpperCase() : null);

function plainValue(token: Token | undefined): string | undefined {
  if (token === undefined || token.type === "mark") return undefined;
  return token.type === "string" ? token.text.slice(1, -1) : token.text;
}
