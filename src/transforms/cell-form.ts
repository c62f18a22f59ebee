import type { Column } from "../contracts.ts";

const FORMS: Partial<Record<Column["kind"], RegExp>> = {
  integer: /^[-+]?\d+$/,
  decimal: /^[-+]?(\d+\.?\d*|\.\d+)$|^NaN$/,
  float: /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$|^NaN$|^-?Infinity$/,
  boolean: /^(t|f|true|false|1|0|yes|no|on|off)$/i,
  date: /^\d{4,}-\d\d-\d\d( BC)?$|^-?infinity$/,
  time: /^-?\d{1,3}:\d\d(:\d\d(\.\d+)?)?([-+]\d\d(:\d\d)?)?$/,
  timestamp: /^\d{4,}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d(:?\d\d)?)?)?( BC)?$|^-?infinity$/,
  uuid: /^\{?[0-9a-fA-F]{4}(-?[0-9a-fA-F]{4}){7}\}?$/,
};

/** Whether a text has the form of the column's kind. Kinds with forms of their own beyond counting (arrays, intervals, XML) are left to the server. */
export function canStandIn(cell: string, { kind, type, range, labels }: Column): boolean {
  if (FORMS[kind]?.test(cell) === false) return false;
  if (kind === "integer") return range === null || (BigInt(cell) >= range.min && BigInt(cell) <= range.max);
  if (kind === "json") return isJson(cell);
  if (labels === null) return true;
  const chosen = /^set\b/i.test(type) ? cell.split(",").filter((label) => label !== "") : [cell];
  return chosen.every((label) => labels.includes(label));
}

function isJson(cell: string): boolean {
  try {
    JSON.parse(cell);
    return true;
  } catch {
    return false;
  }
}
