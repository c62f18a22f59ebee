import type { ColumnKind } from "../../contracts.ts";
import { type SuggestedRule, suggested } from "../propose/suggested-rule.ts";
import { isEmail } from "./recognise-email.ts";

/** Values as they are within what carries them, and a word for what that is. */
export interface Unwrapped {
  readonly values: readonly string[];
  readonly from: string;
  /** Makes a rule for them one for the column; null where none does. */
  wrap(rule: SuggestedRule): SuggestedRule | null;
}

/** The items of arrays, each field of composite values, the text that bytes or Base64 stand for, the number in `tel:`; none where most values carry nothing else. */
export function unwrapValues(kind: ColumnKind, values: readonly string[]): readonly Unwrapped[] {
  if (kind === "other") return fieldsOf(values);
  const found = (CARRIERS[kind] ?? []).reduce<Unwrapped | null>((before, carrier) => before ?? most(values, carrier), null);
  return found === null ? [] : [found];
}

interface Carrier {
  readonly from: string;
  open(value: string): readonly string[];
  wrap?(rule: SuggestedRule): SuggestedRule | null;
}

/** Rules for the items of an array. */
export const forItems = (items: SuggestedRule) => suggested("maskArray", { items });

const CARRIERS: Readonly<Partial<Record<ColumnKind, readonly Carrier[]>>> = {
  array: [{ from: "as items of arrays", open: itemsOfArray, wrap: forItems }],
  bytes: [
    {
      from: "as bytes",
      open: textOfHex,
      wrap: (then) => suggested("decode", { as: "hex", then, onUnsupported: "nullify" }),
    },
  ],
  text: [
    { from: "as links", open: (value) => (/^(?:tel|sip|sms):\S+$/i.test(value) ? [value.slice(value.indexOf(":") + 1)] : []) },
    {
      from: "in Base64",
      open: textOfBase64,
      wrap: (then) => suggested("decode", { then, onUnsupported: "redact" }),
    },
    ...[",", ";", "|"].map((separator) => ({
      from: "as items of lists",
      open: (value: string) => itemsOfList(value, separator),
      wrap: (items: SuggestedRule) => suggested("maskList", { items, separator, onUnsupported: "redact" }),
    })),
  ],
};

/** Mail addresses alone: commas part the words of sentences as well. */
function itemsOfList(value: string, separator: string): readonly string[] {
  const items = value.split(separator).map((item) => item.trim());
  return items.length > 1 && items.every(isEmail) ? items : [];
}
/** More fields than a type of a person's data has. */
const MAX_FIELDS = 20;

/** Fields stand in one order: those of one place are looked at as a column is. */
function fieldsOf(values: readonly string[]): readonly Unwrapped[] {
  const rows = values.map(fieldsOfRow);
  const width = Math.min(MAX_FIELDS, Math.max(0, ...rows.map((row) => row.length)));
  return Array.from({ length: width }, (_, at) => ({
    values: [...new Set(rows.flatMap((row) => (row[at] ? [row[at]] : [])))],
    from: `as field ${at + 1} of composite values`,
    wrap: () => null,
  })).filter((field) => field.values.length > 0);
}

/** The fields of a composite value as PostgreSQL writes it, `("1 Main St",Berlin,)`; none where it is no such value. */
export function fieldsOfRow(value: string): readonly string[] {
  if (!/^\([\s\S]*\)$/.test(value)) return [];
  const fields = value.slice(1, -1).matchAll(/(?:^|,)((?:"(?:[^"\\]|\\[\s\S]|"")*"|[^",])*)(?=,|$)/g);
  return [...fields].map(([, field]) =>
    field!.replace(/"((?:[^"\\]|\\[\s\S]|"")*)"/g, (_, inner: string) => inner.replace(/\\([\s\S])|"(")/g, "$1$2")),
  );
}

function most(values: readonly string[], { from, open, wrap = () => null }: Carrier): Unwrapped | null {
  const opened = values.map(open);
  const found = opened.filter((inner) => inner.length > 0).length;
  return found > 0 && found >= 0.5 * values.length
    ? { values: [...new Set(opened.flat())].slice(0, values.length * 4), from, wrap }
    : null;
}

/** PostgreSQL's form: `{a,"b c"}`, nested braces among it. */
function itemsOfArray(value: string): readonly string[] {
  if (!value.startsWith("{")) return [];
  const items = value.matchAll(/"((?:[^"\\]|\\.)*)"|([^{},"]+)/gs);
  return [...items]
    .map(([, quoted, bare]) => quoted?.replace(/\\(.)/gs, "$1") ?? bare!)
    .filter((item) => item.trim() !== "" && item !== "NULL");
}

function textOfHex(value: string): readonly string[] {
  const [, digits] = /^(?:\\x|0x)((?:[\da-f]{2}){6,})/i.exec(value) ?? [];
  return digits === undefined ? [] : textOf(Buffer.from(digits, "hex"));
}

function textOfBase64(value: string): readonly string[] {
  if (!/^[A-Za-z\d+/_-]{16,}={0,2}$/.test(value)) return [];
  // A sample may have cut it: four characters stand for three bytes.
  return textOf(Buffer.from(value.slice(0, value.length - (value.endsWith("=") ? 0 : value.length % 4)), "base64"));
}

/** What is no text decodes to signs that no text has. */
function textOf(bytes: Buffer): readonly string[] {
  const text = bytes
    .toString("utf8")
    .replace(/\ufffd{1,3}$/, "")
    .trim();
  return text !== "" && /^[\p{L}\p{N}\p{P}\p{S}\s]+$/u.test(text) && !text.includes("\ufffd") ? [text] : [];
}
