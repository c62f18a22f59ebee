import type { ColumnKind } from "../contracts.ts";

/** Values as they are within what carries them, and a word for what that is. */
export interface Unwrapped {
  readonly values: readonly string[];
  readonly from: string;
}

/** The items of arrays, the text that bytes or Base64 stand for, the number in `tel:`; null where most values carry nothing else. */
export function unwrapValues(kind: ColumnKind, values: readonly string[]): Unwrapped | null {
  if (kind === "array") return most(values, itemsOfArray, "as items of arrays");
  if (kind === "bytes") return most(values, textOfHex, "as bytes");
  if (kind !== "text") return null;
  return (
    most(values, (value) => (/^(?:tel|sip|sms):\S+$/i.test(value) ? [value.slice(value.indexOf(":") + 1)] : []), "as links") ??
    most(values, textOfBase64, "in Base64")
  );
}

function most(values: readonly string[], open: (value: string) => readonly string[], from: string): Unwrapped | null {
  const opened = values.map(open);
  const found = opened.filter((inner) => inner.length > 0).length;
  return found > 0 && found >= 0.5 * values.length
    ? { values: [...new Set(opened.flat())].slice(0, values.length * 4), from }
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
