import { refuseWindows, ruleMap } from "../../inner-rules.ts";
import { boolean, text } from "../../option-spec.ts";
import { defineTransform } from "../define-transform.ts";
import { maskPlaces, type Place, type WritePart } from "./mask-places.ts";
import { prepareNamed } from "./named-parts.ts";
import { others, partGuarantees, partProblems, textParts } from "./part-masks.ts";

/**
 * Masks columns of CSV that stands in a cell, a record or a whole table: `7,"jane@acme.com"` becomes `7,"mo.brandt@example.net"` with
 * `columns: { 1: fake("internet.email") }`.
 *
 * Quotes, line ends and spaces stay; a field is quoted where it must be. With `header` the first record names the columns, else they are named by
 * their positions from 0. Empty fields stay empty. What no rule names is copied unless `others` says otherwise. Source: RFC 4180.
 */
export const maskCsv = defineTransform({
  name: "maskCsv",
  technique: "pseudonymization",
  accepts: ["text"],
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
    const { masks, placeOf } = await prepareNamed(columns, others, context);
    const write: WritePart = (masked, raw) => {
      if (masked === null) return "";
      const mustBeQuoted = masked.includes(delimiter) || /["\r\n]|^\s|\s$/.test(masked);
      return mustBeQuoted || raw.startsWith('"') ? `"${masked.replaceAll('"', '""')}"` : masked;
    };
    return maskPlaces(masks, context.column, (value) => {
      const records = readRecords(value, delimiter);
      if (records === undefined) return undefined;
      const names = header ? records[0]?.map(({ from, to }) => textOf(value.slice(from, to))) : undefined;
      const places: Place[] = [];
      for (const record of header ? records.slice(1) : records) {
        for (const [index, { from, to }] of record.entries()) {
          const text = textOf(value.slice(from, to));
          if (text === "") continue;
          const place = placeOf(header ? names![index] : String(index), from, to, text, write);
          if (place === undefined) return undefined;
          if (place !== null) places.push(place);
        }
      }
      return places;
    });
  },
});

interface Field {
  readonly from: number;
  readonly to: number;
}

/** Where the fields of each record stand, quotes included. Undefined where a quote stands within a field that has none around it, or is not closed. */
function readRecords(value: string, delimiter: string): Field[][] | undefined {
  const records: Field[][] = [];
  let record: Field[] = [];
  let at = 0;
  for (;;) {
    const from = at;
    if (value[at] === '"') {
      do {
        at = value.indexOf('"', at + 1) + 1;
        if (at === 0) return undefined;
      } while (value[at] === '"');
    } else while (at < value.length && value[at] !== delimiter && !'"\r\n'.includes(value[at]!)) at++;
    record.push({ from, to: at });
    if (value[at] === delimiter) {
      at++;
      continue;
    }
    records.push(record);
    record = [];
    if (at === value.length) return records;
    const end = value.startsWith("\r\n", at) ? 2 : "\r\n".includes(value[at]!) ? 1 : 0;
    if (end === 0) return undefined;
    at += end;
    if (at === value.length) return records;
  }
}

const textOf = (raw: string): string => (raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
