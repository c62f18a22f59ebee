import type { SystemName } from "../contracts.ts";
import { ExactDecimal, type SqlNumber } from "./exact-number.ts";
import { regexpPattern } from "./sql-patterns.ts";
import type { SqlValue } from "./sql-values.ts";

type Known = string | SqlNumber | boolean;

const characters = (text: string) => [...text].length;

/** A function that checks call. */
interface SqlFunction {
  /** What it gives, in words. */
  readonly describe: string;
  call(values: readonly Known[], system: SystemName): SqlValue;
}

const lengthIn: SqlFunction = { describe: "How many characters.", call: ([text]) => characters(String(text)) };
const lower: SqlFunction = { describe: "In small letters.", call: ([text]) => String(text).toLowerCase() };
const upper: SqlFunction = { describe: "In capital letters.", call: ([text]) => String(text).toUpperCase() };
const part: SqlFunction = {
  describe: "The characters from a position on, all of them or so many: `substr(value, 1, 2)`.",
  call: (values) => substring(values),
};
const place: SqlFunction = {
  describe: "Where a text first holds another, from 1; 0 where it does not: `strpos(value, '@')`.",
  // The whole first, then what is looked for.
  call: ([whole, part]) => String(whole).indexOf(String(part)) + 1,
};

/** Positions count from 1, lengths in characters; MySQL's `length` counts bytes. */
const FUNCTIONS: Readonly<Record<string, SqlFunction>> = {
  length: {
    describe: "How many characters.",
    call: ([text], system) => (system === "mysql" ? Buffer.byteLength(String(text)) : characters(String(text))),
  },
  char_length: lengthIn,
  character_length: lengthIn,
  octet_length: { describe: "How many bytes in UTF-8.", call: ([text]) => Buffer.byteLength(String(text)) },
  lower,
  lcase: lower,
  upper,
  ucase: upper,
  btrim: {
    describe: "Without spaces at both ends.",
    call: ([text, ...more]) => (more.length > 0 ? undefined : trimSpaces(String(text), true, true)),
  },
  trim: { describe: "Without spaces at both ends.", call: ([text]) => trimSpaces(String(text), true, true) },
  ltrim: {
    describe: "Without spaces at the start.",
    call: ([text, ...more]) => (more.length > 0 ? undefined : trimSpaces(String(text), true, false)),
  },
  rtrim: {
    describe: "Without spaces at the end.",
    call: ([text, ...more]) => (more.length > 0 ? undefined : trimSpaces(String(text), false, true)),
  },
  abs: {
    describe: "A number without its sign.",
    call: ([number]) => {
      if (number instanceof ExactDecimal) return number.units < 0n ? new ExactDecimal(-number.units, number.scale) : number;
      if (typeof number === "bigint") return number < 0n ? -number : number;
      return typeof number === "number" ? Math.abs(number) : undefined;
    },
  },
  left: {
    describe: "So many characters from the start: `left(value, 2)`.",
    call: ([text, count]) => (Number(count) >= 0 ? [...String(text)].slice(0, Number(count)).join("") : undefined),
  },
  right: {
    describe: "So many characters from the end: `right(value, 4)`.",
    call: ([text, count]) => (Number(count) > 0 ? [...String(text)].slice(-Number(count)).join("") : undefined),
  },
  substr: part,
  substring: part,
  strpos: place,
  position: { ...place, describe: "The same, in the words of SQL: `position('@' in value)`." },
  instr: {
    describe: "The same as `strpos`, whatever the case.",
    call: ([whole, part]) => String(whole).toLowerCase().indexOf(String(part).toLowerCase()) + 1,
  },
  locate: {
    describe: "The same, whatever the case, what is looked for first: `locate('@', value)`.",
    call: ([part, whole, ...more]) =>
      more.length > 0 ? undefined : String(whole).toLowerCase().indexOf(String(part).toLowerCase()) + 1,
  },
  replace: {
    describe: "With each occurrence of a text replaced by another: `replace(value, ' ', '')`.",
    call: ([whole, part, by]) => (part === "" ? whole : String(whole).replaceAll(String(part), () => String(by))),
  },
  regexp_like: {
    describe: "Whether a part of a text matches a regular expression: `regexp_like(value, '^07')`.",
    call: ([text, pattern, ...more], system) =>
      more.length > 0 ? undefined : regexpPattern(String(pattern), system === "mysql")?.test(String(text)),
  },
  json_valid: { describe: "Whether a text is JSON.", call: ([text]) => isJson(String(text)) },
};

/** These look at NULL too. */
const OF_NULL: Readonly<Record<string, string>> = {
  coalesce: "The first that is not NULL: `coalesce(nick, name)`.",
  ifnull: "The same of two.",
  num_nulls: "How many are NULL.",
  num_nonnulls: "How many are not NULL.",
};

/** Whether a function of this name is known here. */
export function isSqlFunction(name: string): boolean {
  return Object.hasOwn(OF_NULL, name) || Object.hasOwn(FUNCTIONS, name);
}

/** The names of the functions that are known here. */
export function sqlFunctionNames(): readonly string[] {
  return [...Object.keys(OF_NULL), ...Object.keys(FUNCTIONS)];
}

/** What a function of this name gives, in words. */
export function describeFunction(name: string): string {
  return OF_NULL[name] ?? FUNCTIONS[name]!.describe;
}

/** Calls a function by its name in SQL. NULL gives NULL; one that is not known here gives undefined. */
export function callFunction(name: string, values: readonly SqlValue[], system: SystemName): SqlValue {
  if (name === "coalesce" || name === "ifnull") return firstValue(values);
  if (values.includes(undefined)) return undefined;
  if (name === "num_nulls") return values.filter((value) => value === null).length;
  if (name === "num_nonnulls") return values.filter((value) => value !== null).length;
  if (!Object.hasOwn(FUNCTIONS, name)) return undefined;
  if (values.includes(null)) return null;
  return FUNCTIONS[name]!.call(values as readonly Known[], system);
}

function firstValue(values: readonly SqlValue[]): SqlValue {
  return values.find((value) => value !== null) ?? (values.includes(undefined) ? undefined : null);
}

function trimSpaces(text: string, start: boolean, end: boolean): string {
  return text.replace(start && end ? /^ +| +$/g : start ? /^ +/ : / +$/, "");
}

function substring([text, from, count]: readonly Known[]): SqlValue {
  if (typeof from !== "number" || from < 1) return undefined;
  const rest = [...String(text)].slice(from - 1);
  return (count === undefined ? rest : rest.slice(0, Number(count))).join("");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
