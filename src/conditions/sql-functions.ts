import type { SystemName } from "../contracts.ts";
import type { SqlValue } from "./evaluate-condition.ts";
import { regexpPattern } from "./sql-patterns.ts";

type Known = string | number | bigint | boolean;

const characters = (text: string) => [...text].length;

/** What checks call. Positions count from 1, lengths in characters; MySQL's `length` counts bytes. */
const FUNCTIONS: Readonly<Record<string, (values: readonly Known[], system: SystemName) => SqlValue>> = {
  length: ([text], system) => (system === "mysql" ? Buffer.byteLength(String(text)) : characters(String(text))),
  char_length: ([text]) => characters(String(text)),
  character_length: ([text]) => characters(String(text)),
  octet_length: ([text]) => Buffer.byteLength(String(text)),
  lower: ([text]) => String(text).toLowerCase(),
  lcase: ([text]) => String(text).toLowerCase(),
  upper: ([text]) => String(text).toUpperCase(),
  ucase: ([text]) => String(text).toUpperCase(),
  btrim: ([text, ...more]) => (more.length > 0 ? undefined : trimSpaces(String(text), true, true)),
  trim: ([text]) => trimSpaces(String(text), true, true),
  ltrim: ([text, ...more]) => (more.length > 0 ? undefined : trimSpaces(String(text), true, false)),
  rtrim: ([text, ...more]) => (more.length > 0 ? undefined : trimSpaces(String(text), false, true)),
  abs: ([number]) => (typeof number === "number" ? Math.abs(number) : undefined),
  left: ([text, count]) => (Number(count) >= 0 ? [...String(text)].slice(0, Number(count)).join("") : undefined),
  right: ([text, count]) => (Number(count) > 0 ? [...String(text)].slice(-Number(count)).join("") : undefined),
  substr: (values) => substring(values),
  substring: (values) => substring(values),
  // The whole first, then what is looked for.
  position: ([whole, part]) => String(whole).indexOf(String(part)) + 1,
  strpos: ([whole, part]) => String(whole).indexOf(String(part)) + 1,
  instr: ([whole, part]) => String(whole).toLowerCase().indexOf(String(part).toLowerCase()) + 1,
  locate: ([part, whole, ...more]) =>
    more.length > 0 ? undefined : String(whole).toLowerCase().indexOf(String(part).toLowerCase()) + 1,
  replace: ([whole, part, by]) => (part === "" ? whole : String(whole).replaceAll(String(part), () => String(by))),
  regexp_like: ([text, pattern, ...more], system) =>
    more.length > 0 ? undefined : regexpPattern(String(pattern), system === "mysql")?.test(String(text)),
  json_valid: ([text]) => isJson(String(text)),
};

/** Whether a function of this name is known here. */
export function isSqlFunction(name: string): boolean {
  return SPECIAL.includes(name) || Object.hasOwn(FUNCTIONS, name);
}

/** The names of the functions that are known here. */
export function sqlFunctionNames(): readonly string[] {
  return [...SPECIAL, ...Object.keys(FUNCTIONS)];
}

/** These look at NULL too. */
const SPECIAL: readonly string[] = ["coalesce", "ifnull", "num_nulls", "num_nonnulls"];

/** Calls a function by its name in SQL. NULL gives NULL; one that is not known here gives undefined. */
export function callFunction(name: string, values: readonly SqlValue[], system: SystemName): SqlValue {
  if (name === "coalesce" || name === "ifnull") return firstValue(values);
  if (values.includes(undefined)) return undefined;
  if (name === "num_nulls") return values.filter((value) => value === null).length;
  if (name === "num_nonnulls") return values.filter((value) => value !== null).length;
  if (!Object.hasOwn(FUNCTIONS, name)) return undefined;
  if (values.includes(null)) return null;
  return FUNCTIONS[name]!(values as readonly Known[], system);
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
