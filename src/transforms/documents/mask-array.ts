import type { Column } from "../../contracts.ts";
import { refuseWindows, ruleOption } from "../../inner-rules.ts";
import { defineTransform } from "../define-transform.ts";
import { maskPlaces, type Place, type WritePart } from "./mask-places.ts";
import { partGuarantees, partProblems, prepareParts } from "./part-masks.ts";
import { partsOfType } from "./part-types.ts";

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
  guarantees: ({ items }, column) => partGuarantees([items], itemColumns(column)),
  options: { items: ruleOption({ describe: "The rule for each item.", problem: refuseWindows }) },
  shorthand: "items",
  checkColumn: ({ items }, column) => partProblems([items], itemColumns(column)),
  prepare: async ({ items }, context) => {
    const { column } = context;
    const masks = await prepareParts([items], itemColumns(column), context);
    // The one built-in type whose arrays are parted otherwise.
    const delimiter = typeOf(column) === "box[]" ? ";" : ",";
    return maskPlaces(masks, column, (value) => findItems(value, delimiter));
  },
});

const typeOf = ({ type, baseType }: Column): string => baseType ?? type;

function itemColumns(column: Column): readonly Column[] {
  const { fields } = column;
  const parts = partsOfType(column, column.kind === "array" ? typeOf(column).replace(/\[\]$/, "") : "");
  return fields === undefined ? parts : parts.map((part) => ({ ...part, fields }));
}

/** `[2:3]={a,b}`: bounds other than from 1. */
const BOUNDS = /^\s*(?:(?:\[[-+]?\d+(?::[-+]?\d+)?\])+\s*=\s*)?/;

/** PostgreSQL's manual, 8.15.2 and 8.15.6: Array Value Input, Array Input and Output Syntax. */
function findItems(value: string, delimiter: string): readonly Place[] | undefined {
  const places: Place[] = [];
  const item = delimiter === "," ? /"(?:[^"\\]|\\.)*"|(?:[^{},"\\]|\\.)+/sy : /"(?:[^"\\]|\\.)*"|(?:[^{};"\\]|\\.)+/sy;
  let at = BOUNDS.exec(value)![0].length;
  let depth = 0;
  /** An item or an array may stand here. */
  let isFree = true;
  /** The closing brace of an empty array may stand here. */
  let isEmpty = false;
  while (at < value.length) {
    const sign = value[at]!;
    if (SPACE.test(sign)) at++;
    else if (sign === "{" && isFree) {
      depth++;
      isEmpty = true;
      at++;
    } else if (sign === "}" && depth > 0 && (isEmpty || !isFree)) {
      depth--;
      isFree = false;
      isEmpty = false;
      at++;
    } else if (sign === delimiter && depth > 0 && !isFree) {
      isFree = true;
      at++;
    } else {
      item.lastIndex = at;
      const found = isFree && depth > 0 ? item.exec(value)?.[0].trimEnd() : undefined;
      // An escaped space at the end, which the server never writes, would lose its meaning.
      if (found === undefined || found.endsWith("\\")) return undefined;
      if (!/^null$/i.test(found)) places.push({ from: at, to: at + found.length, mask: 0, text: textOf(found), write: asItem });
      at += found.length;
      isFree = false;
      isEmpty = false;
    }
  }
  return depth === 0 && !isFree ? places : undefined;
}

const SPACE = /\s/;

function textOf(item: string): string {
  const text = item.startsWith('"') ? item.slice(1, -1) : item;
  return text.includes("\\") ? text.replaceAll(/\\(.)/gs, "$1") : text;
}

const asItem: WritePart = (masked, raw) => {
  if (masked === null) return "NULL";
  const mustBeQuoted = masked === "" || /[{},;"\\\s]/.test(masked) || /^null$/i.test(masked);
  return mustBeQuoted || raw.startsWith('"') ? `"${masked.replaceAll(/["\\]/g, "\\$&")}"` : masked;
};
