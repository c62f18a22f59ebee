import { refuseWindows, ruleMap } from "../../inner-rules.ts";
import { boolean, text } from "../../option-spec.ts";
import { defineTransform } from "../define-transform.ts";
import { maskPlaces } from "./mask-places.ts";
import { prepareNamed } from "./named-parts.ts";
import { others, partGuarantees, partProblems, textParts } from "./part-masks.ts";
import type { WritePart } from "./places.ts";

/**
 * Masks columns of CSV that stands in a cell, a record or a whole table: `7,"jane@acme.com"` becomes `7,"mo.brandt@example.net"` with
 * `columns: { 1: fake("internet.email") }`.
 *
 * Quotes, line ends and spaces stay; a field is quoted where it must be. With `header` the first record names the columns, spaces around the names aside,
 * else they are named by their positions from 0. Empty fields stay empty. What no rule names is copied unless `others` says otherwise. Source: RFC 4180.
 */
export const maskCsv = defineTransform({
  name: "maskCsv",
  technique: "pseudonymization",
  accepts: ["text"],
  unsupported:
    "a quote within a field that has none around it or that does not end, a field that its rule cannot handle, and what becomes too long for its column",
  guarantees: ({ columns }, column) => partGuarantees(Object.values(columns), textParts(column)),
  options: {
    columns: ruleMap({ describe: "Rules by column: its name with `header`, else its position from 0.", problem: refuseWindows }),
    header: boolean({ describe: "The first record names the columns.", default: false }),
    delimiter: text({ describe: "What stands between fields, one character.", default: ",", minLength: 1 }),
    others: others("fields"),
  },
  checkColumn: ({ columns, header, delimiter }, column) => [
    ...partProblems(Object.values(columns), textParts(column)),
    ...(delimiter.length > 1 || /["\r\n]/.test(delimiter) ? [`maskCsv cannot part fields by ${JSON.stringify(delimiter)}`] : []),
    ...Object.keys(columns).flatMap((name) =>
      header || /^(0|[1-9]\d*)$/.test(name) ? [] : [`maskCsv knows no column ${JSON.stringify(name)} without a header`],
    ),
  ],
  prepare: async ({ columns, header, delimiter, others }, context) => {
    const named = Object.fromEntries(Object.entries(columns).map(([name, rule]) => [name.trim(), rule]));
    const { masks, placePart } = await prepareNamed(named, others, context);
    const sign = delimiter.charCodeAt(0);
    const write: WritePart = (masked, value, from) => {
      if (masked === null) return "";
      const mustBeQuoted = value.charCodeAt(from) === QUOTE || masked.includes(delimiter) || /["\r\n]|^\s|\s$/.test(masked);
      return mustBeQuoted ? `"${masked.replaceAll('"', '""')}"` : masked;
    };
    return maskPlaces(masks, context.column, (value, places) => {
      const names: string[] = [];
      return eachField(value, sign, (record, index, from, to) => {
        const text = textOf(value, from, to);
        // Neither spaces around a name nor the mark that UTF-8 may begin with may keep a rule from its column.
        if (header && record === 0) names[index] = text.trim();
        else if (text !== "") return placePart(places, header ? names[index] : String(index), from, to, text, write);
        return true;
      });
    });
  },
});

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/**
 * Tells of each field, quotes included. False where a quote stands within a field that has none around it, or is not closed, or where `onField`
 * says so.
 */
function eachField(
  value: string,
  delimiter: number,
  onField: (record: number, index: number, from: number, to: number) => boolean,
): boolean {
  let record = 0;
  let index = 0;
  for (let at = 0; ; ) {
    const from = at;
    at = endOfField(value, at, delimiter);
    if (at < 0 || !onField(record, index, from, at)) return false;
    if (at === value.length) return true;
    const code = value.charCodeAt(at++);
    if (code === delimiter) {
      index++;
      continue;
    }
    if (code === RETURN && value.charCodeAt(at) === LINE_FEED) at++;
    else if (code !== RETURN && code !== LINE_FEED) return false;
    if (at === value.length) return true;
    record++;
    index = 0;
  }
}

function endOfField(value: string, from: number, delimiter: number): number {
  let at = from;
  if (value.charCodeAt(at) === QUOTE) {
    do {
      at = value.indexOf('"', at + 1) + 1;
      if (at === 0) return -1;
    } while (value.charCodeAt(at) === QUOTE);
    return at;
  }
  for (; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code === QUOTE) return -1;
    if (code === delimiter || code === LINE_FEED || code === RETURN) break;
  }
  return at;
}

function textOf(value: string, from: number, to: number): string {
  if (value.charCodeAt(from) !== QUOTE) return value.slice(from, to);
  const within = value.slice(from + 1, to - 1);
  return within.includes('"') ? within.replaceAll('""', '"') : within;
}
