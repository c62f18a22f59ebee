import type { Column } from "../../contracts.ts";
import { truthOf } from "./leaf-masks.ts";
import type { WritePart } from "./places.ts";

/** Writes for what may stand in a JSON document. */
export interface JsonWriters {
  readonly text: WritePart;
  readonly name: WritePart;
  readonly number: WritePart;
  readonly boolean: WritePart;
}

/** `asText`: what is no number or boolean takes the place of one as text. */
export function writersFor({ type, baseType = type }: Column, asText: boolean): JsonWriters {
  const text = baseType === "jsonb" ? asStoredString : asString;
  const orText =
    (write: WritePart): WritePart =>
    (masked, value, from, to) =>
      write(masked, value, from, to) ?? text(masked, value, from, to);
  return {
    text,
    name: (masked, value, from, to) => (masked === null ? undefined : text(masked, value, from, to)),
    number: asText ? orText(asNumber) : asNumber,
    boolean: asText ? orText(asBoolean) : asBoolean,
  };
}

/** With the escapes of a document that keeps to ASCII by them. */
const asString: WritePart = (masked, value, from, to) => {
  if (masked === null) return "null";
  const written = JSON.stringify(masked);
  return BEYOND_ASCII.test(written) && value.slice(from, to).includes("\\u")
    ? written.replaceAll(EVERY_BEYOND, escapeOf)
    : written;
};

const BEYOND_ASCII = /[\u007f-\uffff]/;
const EVERY_BEYOND = /[\u007f-\uffff]/g;
const escapeOf = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** PostgreSQL's jsonb is stored as text, which has no NUL and no half of a surrogate pair. */
const asStoredString: WritePart = (masked, value, from, to) =>
  masked !== null && /\0|\p{Surrogate}/u.test(masked) ? undefined : asString(masked, value, from, to);

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const asNumber: WritePart = (masked) => {
  if (masked === null) return "null";
  return NUMBER.test(masked) ? masked : undefined;
};

const asBoolean: WritePart = (masked) => (masked === null ? "null" : truthOf(masked)?.toString());
