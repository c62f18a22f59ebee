import type { Column, MaskColumn } from "../../contracts.ts";
import { canonicalOf } from "../../keys/canonical.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { choice, integer, type OptionsValue, text } from "../../option-spec.ts";
import { defineTransform, isEmptyCell } from "../define-transform.ts";
import { createIntegerTokens, firstClassSize } from "./integer-token.ts";
import { BASE62_LENGTH, base62Bits, base62Of, type KeyedText, uuidOf } from "./keyed-text.ts";

const OPTIONS = {
  as: choice({
    describe: "What the token looks like; auto: what the column holds.",
    choices: ["auto", "text", "integer", "uuid"],
    default: "auto",
  }),
  prefix: text({ describe: "What each token of text begins with.", default: "" }),
  length: integer({
    describe: "Characters of a token of text behind the prefix, each with almost 6 keyed bits.",
    default: BASE62_LENGTH,
    min: 4,
    max: BASE62_LENGTH,
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

const SMALL = 1_000_000;

/**
 * Replaces a value by a keyed token that keeps joins and unique keys: `jane@acme.com` becomes `3kTMd9fqVw0ZcB1yLr8XnA`, `42` in an integer column
 * `1290345512`, and a UUID another UUID.
 *
 * Whoever lacks the key learns from a token nothing but how often it occurs. Integers are permuted: 1 … 2^31-1 among themselves, larger ones
 * among themselves, 0 stays, and a column for fewer values (`smallint`) uses only those. Hint: to get the value back, use `encryptDigits`.
 */
export const tokenize = defineTransform({
  name: "tokenize",
  technique: "pseudonymization",
  accepts: ["text", "integer", "uuid"],
  unsupported: "where tokens are integers, what is none, or is beyond its column's type",
  guarantees: (options, column) => {
    const form = formOf(options, column);
    return {
      deterministic: true,
      uniqueness:
        form === "integer"
          ? { kind: "preserved" }
          : form === "uuid"
            ? { kind: "unlikely-lost", bits: 122 }
            : {
                kind: "unlikely-lost",
                bits: base62Bits(options.length),
                // 36 characters are left of 62.
                bitsIgnoringCase: base62Bits(options.length) * (Math.log2(36) / Math.log2(62)),
              },
      reversible: form === "integer",
      preservesLength: false,
      changesInput: form === "text" ? "always" : "almost-always",
    };
  },
  fixedPoints: {
    description: "an empty string, and zero where tokens are integers",
    isFixed: (value, options, column) =>
      isEmptyCell(value, column?.isPadded ?? false) ||
      (column !== undefined && formOf(options, column) === "integer" && /^[-+]?0+(\.0*)?$/.test(value.trim())),
  },
  isKeyed: true,
  options: OPTIONS,
  shorthand: "as",
  maxOutputLength: (options, column) => {
    const form = formOf(options, column);
    if (form === "text") return [...options.prefix].length + options.length;
    return form === "uuid" ? 36 : column.kind === "integer" ? null : 20;
  },
  smallDomain: (options, column) => {
    if (formOf(options, column) !== "integer") return null;
    const size = firstClassSize(column.range?.max);
    return size < SMALL ? size : null;
  },
  checkColumn: (options, column) => {
    const form = formOf(options, column);
    return [
      ...(column.kind !== "text" && form !== column.kind
        ? [`a column of type ${column.type} cannot hold tokens of ${form}`]
        : []),
      ...(options.prefix !== "" && form !== "text" ? ["only tokens of text have a prefix"] : []),
      ...(options.length !== BASE62_LENGTH && form !== "text" ? ["only tokens of text have a length"] : []),
    ];
  },
  prepare: (options, { column, deriveKey }) => {
    const form = formOf(options, column);
    const key = deriveKey(`tokenize:${form}`);
    const canonical = canonicalOf(column);
    if (form === "integer") return createIntegerTokens(key, column.range?.max, "forward", canonical ?? undefined);
    const mask = form === "uuid" ? uuidTokens(key) : textTokens(key, options);
    if (canonical === null) return mask;
    return (values, batch) =>
      mask(
        values.map((value) => (value === null ? null : canonical(value))),
        batch,
      );
  },
  reveal: (options, { column, deriveKey }) => {
    if (formOf(options, column) !== "integer")
      return (values) => values.map((value) => (value === "" || value === null ? value : undefined));
    return createIntegerTokens(deriveKey("tokenize:integer"), column.range?.max, "backward");
  },
});

function formOf({ as }: Options, { kind }: Column): "text" | "integer" | "uuid" {
  if (as !== "auto") return as;
  return kind === "integer" || kind === "uuid" ? kind : "text";
}

function textTokens(key: Uint8Array, { prefix, length }: Options): MaskColumn {
  return tokens(key, base62Of, (text, at) => prefix + text.slice(at, at + length));
}

function uuidTokens(key: Uint8Array): MaskColumn {
  return tokens(key, uuidOf, (text, at) => text.slice(at, at + 36));
}

function tokens(
  key: Uint8Array,
  textOf: (words: Uint32Array, count: number) => KeyedText,
  cut: (text: string, at: number) => string,
): MaskColumn {
  const prf = createColumnPrf(key);
  return (values) => {
    const words = prf.words(values);
    const { text, size } = textOf(words, values.length);
    const masked = new Array<string | null>(values.length);
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (value === null || value === "") masked[row] = value;
      else {
        const token = cut(text, row * size);
        masked[row] = token === value ? redrawn(token) : token;
      }
    }
    return masked;
  };
}

/** A token that is its own input ends in another character. Short ones meet this once in 15 million values. */
function redrawn(token: string): string {
  return token.slice(0, -1) + (token.endsWith("0") ? "1" : "0");
}
