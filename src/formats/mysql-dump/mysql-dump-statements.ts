import { behindParentheses, isMark, isOneRoutine } from "./mysql-dump-routines.ts";
import type { Token } from "./mysql-dump-token.ts";

/** What a statement is to a dump: `rows` are read cell by cell, `table` and `alter` are what the schema is read from. */
export type StatementKind =
  | "empty"
  | "rows"
  | "set"
  | "table"
  | "alter"
  | "drop"
  | "view"
  | "routine"
  | "sequence"
  | "use"
  | "other";

/** A statement that is let through, or what it has that no dump has. */
export type Judgement = { readonly kind: StatementKind } | { readonly refusal: string };

const kind = (name: StatementKind): Judgement => ({ kind: name });
const refused = (refusal: string): Judgement => ({ refusal });

/** Statements that pass as they are, by their first words. Whatever is not named here is refused. */
const PASSES = [
  /^UNLOCK TABLES?$/,
  /^LOCK TABLES? /,
  /^(?:START TRANSACTION|BEGIN|COMMIT)(?: |$)/,
  /^CREATE (?:OR REPLACE )?(?:DATABASE|SCHEMA) /,
  /^CREATE (?:(?:UNIQUE|FULLTEXT|SPATIAL) )?INDEX /,
  /^(?:CREATE|ALTER) (?:UNDO )?(?:TABLESPACE|LOGFILE GROUP) /,
  /^ALTER (?:DATABASE|SCHEMA|SEQUENCE) /,
  /^DROP (?:DATABASE|SCHEMA|TRIGGER|PROCEDURE|FUNCTION|EVENT|SEQUENCE|INDEX|PACKAGE) /,
  /^FLUSH (?:PRIVILEGES|TABLES)$/,
  /^ANALYZE (?:LOCAL |NO_WRITE_TO_BINLOG )?TABLES? /,
];
const ROUTINE =
  /^CREATE (?:OR REPLACE )?(?:DEFINER = \S+(?: @ \S+)?(?: \( \))? )?(?:AGGREGATE )?(?:TRIGGER|PROCEDURE|FUNCTION|EVENT) /;
const VIEW = /^CREATE (?:OR REPLACE )?(?:ALGORITHM = \w+ )?(?:DEFINER = \S+(?: @ \S+)?(?: \( \))? )?(?:SQL SECURITY \w+ )?VIEW /;
const SETVAL = /^(?:DO|SELECT) (?:PG_CATALOG . )?SETVAL \( [^ ]+ , -? ?\d+ , [01](?: , \d+)? \)$/;
/** Words that bring rows along wherever they stand in what makes a table. */
const ROWS_OF_OTHERS = new Set(["SELECT", "TABLE", "AS", "IGNORE", "REPLACE", "LIKE", "WITH", "VALUES", "START"]);

/** Says what a statement is. Statements that some servers see a part of have to pass as both. */
export function judgeStatement(tokens: readonly Token[]): Judgement {
  const certain = tokens.filter(({ isConditional }) => !isConditional);
  const judged = judgeWords(tokens);
  if ("refusal" in judged || certain.length === tokens.length) return judged;
  const other = judgeWords(certain);
  return "refusal" in other ? other : judged;
}

function judgeWords(tokens: readonly Token[]): Judgement {
  if (tokens.length === 0) return kind("empty");
  const line = tokens.map(wordOrPlace).join(" ");
  if (/^(?:INSERT|REPLACE)\b/.test(line)) return kind("rows");
  if (ROUTINE.test(line)) {
    if (tokens.some(({ type, text }) => type === "word" && text.toUpperCase() === "SONAME")) return refused("loads a library");
    return isOneRoutine(tokens) ? kind("routine") : refused("has a routine that goes on behind its end");
  }
  if (tokens.some((token) => isMark(token, ";"))) return refused("has several statements in one");
  if (line.startsWith("SET ")) return line.startsWith("SET STATEMENT ") ? refused(UNKNOWN) : kind("set");
  if (/^CREATE (?:OR REPLACE )?TABLE /.test(line)) return judgeTable(tokens);
  if (VIEW.test(line)) return / INTO (?:OUTFILE|DUMPFILE|@)/.test(line) ? refused(UNKNOWN) : kind("view");
  if (/^DROP (?:TABLE|VIEW) /.test(line)) return kind("drop");
  if (/^ALTER TABLE /.test(line)) return / (?:SELECT|IMPORT|EXCHANGE)(?: |$)/.test(line) ? refused(UNKNOWN) : kind("alter");
  if (/^USE [^ ]+$/.test(line)) return kind("use");
  if (SETVAL.test(line) || /^CREATE (?:OR REPLACE )?SEQUENCE /.test(line)) return kind("sequence");
  if (line.startsWith("ANALYZE") && / USING /.test(line)) return refused("has values in a table's statistics");
  return PASSES.some((pattern) => pattern.test(line)) ? kind("other") : refused(UNKNOWN);
}

const UNKNOWN = "has a statement that is neither rows nor a table's definition";

function judgeTable(tokens: readonly Token[]): Judgement {
  const open = tokens.findIndex((token) => isMark(token, "("));
  const from = open < 0 ? 0 : behindParentheses(tokens, open);
  const words = (list: readonly Token[]) => list.map(({ type, text }) => (type === "word" ? text.toUpperCase() : ""));
  const head = words(tokens.slice(1, Math.max(open, 0)));
  if (open < 0 || head.includes("LIKE") || head.includes("AS") || head.includes("SELECT")) return refused(UNKNOWN);
  if (words(tokens.slice(open, from)).includes("SELECT")) return refused("makes a table of rows");
  const options = words(tokens.slice(from));
  const brings = options.some((word, index) => ROWS_OF_OTHERS.has(word) && !isOption(word, options[index + 1] ?? ""));
  return brings ? refused("makes a table of rows") : kind("table");
}

/** Words of the options and partitions of a table: `WITH SYSTEM VERSIONING`, `VALUES LESS THAN`, `VALUES IN`. */
const isOption = (word: string, next: string): boolean =>
  (word === "WITH" && next === "SYSTEM") || (word === "VALUES" && (next === "LESS" || next === "IN"));

/** Names and texts are of no matter to what a statement is, and may read as anything. */
function wordOrPlace({ type, text }: Token): string {
  if (type === "word") return text.toUpperCase();
  return type === "mark" ? text : "?";
}
