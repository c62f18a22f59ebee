import { StandinError } from "../../errors.ts";
import { unquotedName } from "../postgres/postgres-quotes.ts";

const NAME = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`;
const COPY = new RegExp(String.raw`^COPY (${NAME})(?:\.(${NAME}))?\s*(?:\((${NAME}(?:,\s*${NAME})*)\)\s*)? FROM stdin;$`, "i");
const NAMES = new RegExp(NAME, "g");

/** What pg_dump asks by SELECT: the search path, and where sequences stand, the latter as our own dumps do too. */
const SELECTS = [
  /^SELECT pg_catalog\.set_config\('search_path', '(?:(?:public|"public")(?:, ?pg_catalog)?)?', (?:false|true)\);$/,
  /^SELECT pg_catalog\.setval\('(?:[^'\\]|'')+', -?\d+, (?:true|false)\);$/,
  /^SELECT pg_catalog\.setval\(pg_catalog\.pg_get_serial_sequence\('(?:[^']|'')+', '(?:[^']|'')+'\), pg_catalog\.max\("(?:[^"]|"")+"\)\) FROM "(?:[^"]|"")+"\."(?:[^"]|"")+";$/,
];

/** What makes tables, or says something of them. All rows come by COPY and INSERT, so that nothing else may bring any. */
const DEFINES = /^(?:CREATE|ALTER|COMMENT|DROP|GRANT|REVOKE|SECURITY LABEL|REFRESH MATERIALIZED VIEW|BEGIN|COMMIT|SET)\b/i;

/** Settings that change how the text behind them is to be read. */
const READING = /\b(?:standard_conforming_strings|client_encoding|backslash_quote|escape_string_warning|names)\b/i;

/** Whose table a name without a schema is, hangs on these: read as public's, another's rows would go by the rules of a namesake. */
const OF_PATH = /\b(?:search_path|schema)\b/i;
const USUAL_PATH = /^SET search_path = (?:''|"?public"?(?:, pg_catalog)?);$/;

/** Of tables and their keys, or of what those are made of. */
const OF_SCHEMA =
  /^(?:CREATE\s+(?:(?:UNLOGGED|GLOBAL|LOCAL|TEMP|TEMPORARY|FOREIGN)\s+)*TABLE|CREATE\s+UNIQUE\s+INDEX|CREATE\s+(?:TYPE|DOMAIN|COLLATION)|ALTER\s+(?:FOREIGN\s+)?TABLE|ALTER\s+INDEX)\b/i;
/** A comment before the word that says what is made: it may be a table, with rows that nobody masks. */
const IS_VEILED = /^(?:CREATE|ALTER)(?:\s+\w+)*\s*(?:--|\/\*)/i;

export type DumpStatement =
  | { readonly type: "copy"; readonly schema: string | null; readonly name: string; readonly columns: readonly string[] | null }
  /** `isOfSchema`: tables are made of it. `standard`: a setting says from here on that backslashes in texts mean nothing. */
  | { readonly type: "other"; readonly isOfSchema: boolean; readonly isStandard: boolean };

/** Says what a statement is. Throws DUMP_INVALID for one that no dump has, or that could bring rows past the masks. */
export function judgeStatement(sql: string, offset: number): DumpStatement {
  const copy = COPY.exec(sql);
  if (copy !== null) {
    const [, first, second, columns] = copy;
    return {
      type: "copy",
      schema: second === undefined ? null : unquotedName(first!),
      name: unquotedName(second ?? first!),
      columns: columns === undefined ? null : [...columns.matchAll(NAMES)].map(([name]) => unquotedName(name)),
    };
  }
  if (/^SELECT\b/i.test(sql)) {
    if (SELECTS.some((form) => form.test(sql))) return { type: "other", isOfSchema: false, isStandard: false };
    throw refusedSelect(sql, offset);
  }
  if (!DEFINES.test(sql)) throw refused(`The dump has a statement that no dump has (${wordOf(sql)}).`, offset, WRITE_PLAIN);
  if (/^SET\b/i.test(sql)) return setting(sql, offset);
  if (/^ALTER (?:DATABASE|ROLE|USER|SYSTEM)\b/i.test(sql) && READING.test(sql))
    throw refused("The dump changes how texts are read, for sessions to come.", offset, WRITE_PLAIN);
  if (IS_VEILED.test(sql) && !OF_SCHEMA.test(sql))
    throw refused("The dump has a comment where no dump has one, within what makes something.", offset, WRITE_PLAIN);
  if (/^(?:CREATE|ALTER) (?:ROLE|USER)\b(?! MAPPING)/i.test(sql) && /\bPASSWORD\b/i.test(sql))
    throw refused("The dump holds a role's password.", offset, "Leave it out: pg_dumpall --no-role-passwords.");
  return { type: "other", isOfSchema: OF_SCHEMA.test(sql), isStandard: false };
}

function setting(sql: string, offset: number): DumpStatement {
  const isStandard = /^SET standard_conforming_strings = on;$/i.test(sql);
  if (READING.test(sql) && !isStandard && !/^SET client_encoding = 'UTF-?8';$/i.test(sql)) {
    const hint = "Make it with pg_dump --encoding=UTF8, against a server with standard_conforming_strings on.";
    throw refused("The dump is in another encoding than UTF-8, or has its texts in a form of old.", offset, hint);
  }
  if (OF_PATH.test(sql) && !USUAL_PATH.test(sql)) throw refused(OTHER_PATH, offset, NAME_SCHEMAS);
  return { type: "other", isOfSchema: false, isStandard };
}

const OTHER_PATH = "The dump sets a search_path, so that its tables are named without their schemas.";
const NAME_SCHEMAS = "Have it written by pg_dump 10.3 or newer (or 9.6.8, 9.5.12), which names the schema of each.";

function refusedSelect(sql: string, offset: number): StandinError {
  if (/^SELECT pg_catalog\.(?:lo_|lowrite)/i.test(sql)) {
    return refused(
      "The dump holds large objects, whose bytes no column's rule covers.",
      offset,
      "Leave them out: pg_dump --no-blobs.",
    );
  }
  if (/^SELECT pg_catalog\.set_config\('search_path'/i.test(sql)) return refused(OTHER_PATH, offset, NAME_SCHEMAS);
  if (/pg_catalog\.pg_(?:restore|clear)_\w+_stats\b/i.test(sql)) {
    const hint = "Leave them out: pg_dump --no-statistics. ANALYZE makes them anew.";
    return refused("The dump holds statistics, which quote values of the rows.", offset, hint);
  }
  return refused("The dump calls a function that no dump calls.", offset, WRITE_PLAIN);
}

const WRITE_PLAIN =
  "Have it written by pg_dump, or by pg_restore -f - from an archive. Do not run this one: it could do more than restore.";

/** The first word, where it is one that tells nothing of the data. */
function wordOf(sql: string): string {
  return /^[A-Za-z]{1,20}\b/.exec(sql)?.[0].toUpperCase() ?? "no word";
}

/** A dump that is not read on, with the byte where that is. */
export function refused(message: string, offset: number, hint: string): StandinError {
  return new StandinError("DUMP_INVALID", message, { offset, hint });
}

/** psql's commands that dumps have, in their exact forms. */
const RESTRICT = /^\\(un)?restrict ([A-Za-z0-9]+)$/;
const CONNECT = /^\\connect (?:[A-Za-z0-9_.]+|-reuse-previous=on "dbname='[^'"`\\:\r]*'")$/;

export type DumpCommand = { readonly type: "restrict" | "unrestrict"; readonly key: string } | { readonly type: "connect" };

/** Says what a line with a command of psql's is. Throws DUMP_INVALID for all that could do something. */
export function judgeCommand(line: string, offset: number): DumpCommand {
  const restrict = RESTRICT.exec(line);
  if (restrict !== null) return { type: restrict[1] === undefined ? "restrict" : "unrestrict", key: restrict[2]! };
  if (CONNECT.test(line)) return { type: "connect" };
  const hint = "psql would run it, on the machine that restores. Do not restore this dump: ask where it comes from.";
  throw refused("The dump holds a command for psql that no dump has.", offset, hint);
}
