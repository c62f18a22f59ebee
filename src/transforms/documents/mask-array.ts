import type { Column } from "../../contracts.ts";
import { refuseWindows, ruleOption } from "../../inner-rules.ts";
import { defineTransform } from "../define-transform.ts";
import { endOfQuotes, isSpace, quoted, skipSpace, unquoted } from "./backslash-quotes.ts";
import { maskPlaces } from "./mask-places.ts";
import { partGuarantees, partProblems, prepareParts } from "./part-masks.ts";
import { partsOfType } from "./part-types.ts";
import type { Places, WritePart } from "./places.ts";

/**
 * Masks every item of a PostgreSQL array, of any dimension: `{jane@acme.com,NULL}` becomes `{mo.brandt@example.net,NULL}` with
 * `items: fake("internet.email")`.
 *
 * Bounds, braces, spaces and quotes stay; an item is quoted where it must be. NULL stays NULL. A rule gets items as a column of their type would give
 * them: a `bigint[]` has integers. A value that is no array is unsupported. Hint: for an array in JSON, as MySQL has them, use `maskJson`.
 */
export const maskArray = defineTransform({
  name: "maskArray",
  technique: "pseudonymization",
  accepts: ["array", "text"],
  unsupported: "what is no PostgreSQL array, an item that its rule cannot handle, and what becomes too long for its column",
  guarantees: ({ items }, column) => partGuarantees([items], itemColumns(column)),
  options: { items: ruleOption({ describe: "The rule for each item.", problem: refuseWindows }) },
  shorthand: "items",
  checkColumn: ({ items }, column) => partProblems([items], itemColumns(column)),
  prepare: async ({ items }, context) => {
    const { column } = context;
    const masks = await prepareParts([items], itemColumns(column), context);
    // The one built-in type whose arrays are parted otherwise.
    const delimiter = typeOf(column) === "box[]" ? SEMICOLON : COMMA;
    return maskPlaces(masks, column, (value, places) => findItems(value, delimiter, places));
  },
});

const QUOTE = 0x22;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

const typeOf = ({ type, baseType }: Column): string => baseType ?? type;

function itemColumns(column: Column): readonly Column[] {
  const { fields } = column;
  const parts = partsOfType(column, column.kind === "array" ? typeOf(column).replace(/\[\]$/, "") : "");
  return fields === undefined ? parts : parts.map((part) => ({ ...part, fields }));
}

/** `[2:3]={a,b}`: bounds other than from 1. */
const BOUNDS = /(?:\[[-+]?\d+(?::[-+]?\d+)?\])+\s*=/y;

/** PostgreSQL's manual, 8.15.2 and 8.15.6: Array Value Input, Array Input and Output Syntax. */
function findItems(value: string, delimiter: number, places: Places): boolean {
  let at = behindBounds(value);
  let depth = 0;
  /** An item or an array may stand here. */
  let isFree = true;
  /** The closing brace of an empty array may stand here. */
  let isEmpty = false;
  while (at >= 0 && at < value.length) {
    const code = value.charCodeAt(at);
    if (isSpace(code)) at++;
    else if (code === OPEN && isFree) {
      depth++;
      isEmpty = true;
      at++;
    } else if (code === CLOSE && depth > 0 && (isEmpty || !isFree)) {
      depth--;
      isFree = false;
      isEmpty = false;
      at++;
    } else if (code === delimiter && depth > 0 && !isFree) {
      isFree = true;
      at++;
    } else {
      if (!isFree || depth === 0) return false;
      const end = code === QUOTE ? endOfQuotes(value, at) : endOfBareItem(value, at, delimiter);
      if (end < 0) return false;
      if (!isNull(value, at, end)) places.mask(0, at, end, unquoted(value, at, end), asItem);
      at = end;
      isFree = false;
      isEmpty = false;
    }
  }
  return at >= 0 && depth === 0 && !isFree;
}

function behindBounds(value: string): number {
  const at = skipSpace(value, 0);
  if (value.charCodeAt(at) !== BRACKET) return at;
  BOUNDS.lastIndex = at;
  return BOUNDS.test(value) ? BOUNDS.lastIndex : -1;
}

/** The spaces at its end are none of it, unless a backslash makes them so. */
function endOfBareItem(value: string, from: number, delimiter: number): number {
  let end = -1;
  for (let at = from; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code === QUOTE) return -1;
    if (code === OPEN || code === CLOSE || code === delimiter) return end;
    if (code === BACKSLASH) at++;
    if (code === BACKSLASH || !isSpace(code)) end = at + 1;
  }
  return -1;
}

const isNull = (value: string, from: number, to: number): boolean => to - from === 4 && /^null$/i.test(value.slice(from, to));

const asItem: WritePart = (masked, value, from) => {
  if (masked === null) return "NULL";
  const mustBeQuoted = masked === "" || value.charCodeAt(from) === QUOTE || /[{},;"\\\s]|^null$/i.test(masked);
  return mustBeQuoted ? quoted(masked) : masked;
};
