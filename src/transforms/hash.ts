import type { Column } from "../contracts.ts";
import { canonicalOf } from "../keys/canonical.ts";
import { createColumnPrf } from "../keys/column-prf.ts";
import { choice, integer, type OptionsValue } from "../option-spec.ts";
import { defineTransform, EMPTY_STAYS } from "./define-transform.ts";
import { base64urlOf, hexOf, type KeyedText } from "./keyed-text.ts";

const OPTIONS = {
  as: choice({ describe: "How the hash is written.", choices: ["hex", "base64url", "integer"], default: "hex" }),
  length: integer({
    describe:
      "Characters of the output: 32 of hex, 22 of base64url or 19 digits where this is not given. Fewer of them collide sooner.",
    optional: true,
    min: 1,
    max: 32,
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

const LONGEST = { hex: 32, base64url: 22, integer: 19 } as const;

/**
 * Replaces a value by its keyed hash (AES-256-CMAC): `jane@acme.com` becomes `b91f…`, 32 hexadecimal digits, the same everywhere.
 *
 * Whoever lacks the key cannot find the value by hashing guesses. Shows how often a value occurs; and two values may meet in one output once
 * it is cut short. Hint: on unique columns and for integer keys use `tokenize`, whose integers never meet.
 */
export const hash = defineTransform({
  name: "hash",
  technique: "pseudonymization",
  accepts: ["text", "integer"],
  guarantees: (options, column) => ({
    deterministic: true,
    uniqueness: {
      kind: "unlikely-lost",
      bits: bitsOf(options, column),
      // 38 characters are left of base64url's 64.
      ...(options.as === "base64url" && { bitsIgnoringCase: (bitsOf(options, column) * Math.log2(38)) / 6 }),
    },
    reversible: false,
    preservesLength: false,
    changesInput: "always",
  }),
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  options: OPTIONS,
  shorthand: "as",
  maxOutputLength: (options) => lengthOf(options),
  checkColumn: ({ as, length = 1 }, column) => [
    ...(column.kind === "integer" && as !== "integer" ? [`a column of type ${column.type} needs hash with as: "integer"`] : []),
    ...(length > LONGEST[as] ? [`a hash in ${as} has at most ${LONGEST[as]} characters`] : []),
  ],
  prepare: (options, { column, deriveKey }) => {
    const prf = createColumnPrf(deriveKey("hash"));
    const canonical = canonicalOf(column);
    const write = writerOf(options, column);
    return (values) => {
      const texts = canonical === null ? values : values.map((value) => (value === null ? null : canonical(value)));
      const words = prf.words(texts);
      const hashes = write(words, values.length);
      return hashes.map((hashed, row) => {
        const value = texts[row]!;
        if (value === null || value === "") return value;
        return hashed === value ? write(complement(words, row), 1)[0] : hashed;
      });
    };
  },
});

type Write = (words: Uint32Array, count: number) => string[];

function writerOf(options: Options, column: Column): Write {
  const length = lengthOf(options);
  if (options.as === "integer") return integerWriter(sizeOf(options, column));
  const textOf: (words: Uint32Array, count: number) => KeyedText = options.as === "hex" ? hexOf : base64urlOf;
  return (words, count) => {
    const { text, size } = textOf(words, count);
    return Array.from({ length: count }, (_, row) => text.slice(row * size, row * size + length));
  };
}

/** The first 64 bits, scaled to the size: as even as they are. */
function integerWriter(size: bigint): Write {
  return (words, count) =>
    Array.from({ length: count }, (_, row) => {
      const bits = (BigInt(words[row * 4]!) << 32n) | BigInt(words[row * 4 + 1]!);
      return ((bits * size) >> 64n).toString();
    });
}

/** A hash that is its own input is drawn again, from the opposite bits: no character of it is the same. */
function complement(words: Uint32Array, row: number): Uint32Array {
  return words.slice(row * 4, row * 4 + 4).map((word) => ~word);
}

function lengthOf({ as, length }: Options): number {
  return length ?? LONGEST[as];
}

/** How many integers an output is drawn from: from 0 up to what the column holds. */
function sizeOf(options: Options, { range }: Column): bigint {
  const largest = range === null || range.max > MAX_BIGINT ? MAX_BIGINT : range.max;
  const size = 10n ** BigInt(lengthOf(options));
  return size <= largest ? size : largest + 1n;
}

const MAX_BIGINT = 2n ** 63n - 1n;

function bitsOf(options: Options, column: Column): number {
  const length = lengthOf(options);
  if (options.as === "integer") return Math.log2(Number(sizeOf(options, column)));
  return Math.min(128, length * (options.as === "hex" ? 4 : 6));
}
