import { behindParentheses, isMark } from "../mysql-dump/mysql-dump-routines.ts";
import type { Token } from "../mysql-dump/mysql-dump-token.ts";

/** What servers call these types in what they write themselves. */
const SYNONYMS: Readonly<Record<string, string>> = {
  integer: "int",
  numeric: "decimal",
  dec: "decimal",
  fixed: "decimal",
  real: "double",
  bool: "tinyint",
  boolean: "tinyint",
};
const TEXT_BYTES: Readonly<Record<string, number>> = {
  tinytext: 255,
  text: 65_535,
  mediumtext: 2 ** 24 - 1,
  longtext: 2 ** 32 - 1,
};
const HAS_CHARSET = /^(?:char|varchar|tinytext|text|mediumtext|longtext|enum|set)$/;

/** The character set and collation of a table, for columns that name none of their own. */
export interface TextDefaults {
  readonly charset: string;
  readonly collation: string | null;
}

/** A column as CREATE TABLE says it. */
export interface DdlColumn {
  readonly name: string;
  /** Its row of the catalog's query about columns, from its name on. */
  readonly row: (table: string, isMariaDb: boolean, defaults: TextDefaults) => (string | null)[];
  /** A row that names no columns has none for it. */
  readonly isInvisible: boolean;
  readonly isPrimary: boolean;
  readonly isUnique: boolean;
  /** The condition behind CHECK. */
  readonly check: string | null;
}

/** Reads a column's definition: its name, its type, and whatever stands behind. */
export function readColumn(tokens: readonly Token[], textOf: (from: Token, to: Token) => string): DdlColumn {
  const name = tokens[0]!.text;
  const typeEnd = behindType(tokens);
  const written = textOf(tokens[1]!, tokens[typeEnd - 1]!);
  const first = tokens[1]!.text.toLowerCase();
  const dataType = SYNONYMS[first] ?? first;
  const found = readAttributes(tokens, typeEnd, textOf);
  const isNullable = !found.isNotNull && !found.isPrimary;
  const type = dataType === first ? lowered(written) : dataType + written.slice(first.length).toLowerCase();
  return {
    name,
    isInvisible: found.isInvisible,
    isPrimary: found.isPrimary,
    isUnique: found.isUnique,
    check: found.check,
    row(table, isMariaDb, defaults) {
      const { charset, collation } = HAS_CHARSET.test(dataType)
        ? textSettings(found, defaults)
        : { charset: null, collation: null };
      const isCaseful = collation !== null && /_(?:bin|cs)$/.test(collation);
      // MariaDB tells of NULL as a default where there is no other.
      const hasDefault = found.default === "value" || (isMariaDb && isNullable);
      return [
        table,
        name,
        dataType,
        type,
        isNullable ? "YES" : "NO",
        longestText(dataType, type),
        [found.isGenerated && "GENERATED", found.isAutoIncrement && "auto_increment"].filter(Boolean).join(" "),
        hasDefault ? "1" : "0",
        found.computedBy,
        charset,
        charset === null ? null : isCaseful ? "1" : "0",
        charset === null || isCaseful ? "0" : "1",
      ];
    },
  };
}

/** `int(10) unsigned zerofill`, `double precision`, `enum('a','b')`. */
function behindType(tokens: readonly Token[]): number {
  let at = 2;
  if (isWord(tokens[at], "PRECISION") || isWord(tokens[at], "VARYING")) at++;
  if (isMark(tokens[at], "(")) at = behindParentheses(tokens, at);
  while (["UNSIGNED", "SIGNED", "ZEROFILL"].some((word) => isWord(tokens[at], word))) at++;
  return at;
}

interface Attributes {
  isNotNull: boolean;
  default: "none" | "null" | "value";
  isAutoIncrement: boolean;
  isGenerated: boolean;
  computedBy: string | null;
  charset: string | null;
  collation: string | null;
  isInvisible: boolean;
  isPrimary: boolean;
  isUnique: boolean;
  check: string | null;
}

function readAttributes(tokens: readonly Token[], from: number, textOf: (from: Token, to: Token) => string): Attributes {
  const found: Attributes = {
    isNotNull: false,
    default: "none",
    isAutoIncrement: false,
    isGenerated: false,
    computedBy: null,
    charset: null,
    collation: null,
    isInvisible: false,
    isPrimary: false,
    isUnique: false,
    check: null,
  };
  const inner = (open: number) => textOf(tokens[open + 1]!, tokens[behindParentheses(tokens, open) - 2]!);
  for (let at = from; at < tokens.length; at++) {
    const next = tokens[at + 1];
    if (isMark(tokens[at], "(")) at = behindParentheses(tokens, at) - 1;
    else if (isWord(tokens[at], "NOT") && isWord(next, "NULL")) found.isNotNull = true;
    else if (isWord(tokens[at], "DEFAULT")) {
      found.default = isWord(next, "NULL") ? "null" : "value";
      at++;
      if (isMark(next, "(")) at = behindParentheses(tokens, at) - 1;
    } else if (isWord(tokens[at], "AUTO_INCREMENT")) found.isAutoIncrement = true;
    else if (isWord(tokens[at], "AS")) {
      found.isGenerated = true;
      if (isMark(next, "(")) {
        found.computedBy = inner(at + 1);
        at = behindParentheses(tokens, at + 1) - 1;
      }
    } else if (isWord(tokens[at], "CHARSET") || (isWord(tokens[at], "SET") && isWord(tokens[at - 1], "CHARACTER")))
      found.charset = plainText(tokens[++at]);
    else if (isWord(tokens[at], "COLLATE")) found.collation = plainText(tokens[++at]);
    else if (isWord(tokens[at], "INVISIBLE")) found.isInvisible = true;
    else if (isWord(tokens[at], "PRIMARY")) found.isPrimary = true;
    else if (isWord(tokens[at], "UNIQUE")) found.isUnique = true;
    else if (isWord(tokens[at], "COMMENT")) at++;
    else if (isWord(tokens[at], "CHECK") && isMark(next, "(")) {
      found.check = inner(at + 1);
      at = behindParentheses(tokens, at + 1) - 1;
    }
  }
  return found;
}

/** A collation begins with the name of its character set. */
function textSettings({ charset, collation }: Attributes, defaults: TextDefaults): { charset: string; collation: string | null } {
  const own = charset ?? (collation === null ? null : /^[a-z0-9]+/i.exec(collation)![0]);
  if (own === null) return defaults;
  return { charset: currentCharset(own), collation: collation === null ? null : collation.toLowerCase() };
}

/** Servers that are in use call it so. */
export const currentCharset = (name: string): string => (name.toLowerCase() === "utf8" ? "utf8mb3" : name.toLowerCase());

function longestText(dataType: string, type: string): string | null {
  if (Object.hasOwn(TEXT_BYTES, dataType)) return String(TEXT_BYTES[dataType]);
  if (dataType === "char" || dataType === "varchar") return /\((\d+)\)/.exec(type)?.[1] ?? "1";
  return null;
}

const lowered = (type: string): string => (type.includes("'") ? type : type.toLowerCase());

/** Whether a token is a keyword. */
export const isWord = (token: Token | undefined, word: string): boolean =>
  token?.type === "word" && token.text.toUpperCase() === word;

/** A name or word, or what is in a text. */
export function plainText(token: Token | undefined): string {
  if (token === undefined) return "";
  return token.type === "string" ? token.text.slice(1, -1) : token.text;
}
