import type { Column } from "../../contracts.ts";
import { canonicalOf } from "../../keys/canonical.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { createHmacColumn, HMAC_BYTES } from "../../keys/hmac-column.ts";
import { choice, integer, type OptionsValue } from "../../option-spec.ts";
import { defineTransform, EMPTY_STAYS } from "../define-transform.ts";
import { BASE64URL_SHARE, digestBits, integersOf, longestDigest, scale64 } from "./digest-form.ts";
import { base64urlOf, hexOf, type KeyedText } from "./keyed-text.ts";

const OPTIONS = {
  algorithm: choice({
    describe: "cmac: AES-256-CMAC, 128 bits, the fastest. hmac-sha256: HMAC-SHA-256, 256 bits.",
    choices: ["cmac", "hmac-sha256"],
    default: "cmac",
  }),
  as: choice({ describe: "How the hash is written.", choices: ["hex", "base64url", "integer"], default: "hex" }),
  length: integer({
    describe:
      "Characters of the output. Where this is not given: 32 of hex or 22 of base64url, of HMAC 64 or 43, or 19 digits. Fewer of them collide sooner.",
    optional: true,
    min: 1,
    max: 64,
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

const BITS = { cmac: 128, "hmac-sha256": 256 } as const;

/**
 * Replaces a value by its keyed hash (AES-256-CMAC, SP 800-38B, or HMAC-SHA-256, FIPS 198-1): `jane@acme.com` becomes `b91f…`, 32 hexadecimal digits, the same
 * everywhere.
 *
 * Whoever lacks the key cannot find the value by hashing guesses. Shows how often a value occurs; and two values may meet in one output once
 * it is cut short. HMAC gives up to 256 bits and takes 20 times as long. Hint: on unique columns and for integer keys use `tokenize`, whose integers never
 * meet; for columns that identify nobody, `xxh64`.
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
      ...(options.as === "base64url" && { bitsIgnoringCase: bitsOf(options, column) * BASE64URL_SHARE }),
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
  checkColumn: ({ as, algorithm, length = 1 }, column) => {
    const longest = longestDigest(as, BITS[algorithm]);
    return [
      ...(column.kind === "integer" && as !== "integer" ? [`a column of type ${column.type} needs hash with as: "integer"`] : []),
      ...(length > longest ? [`a hash of ${algorithm} in ${as} has at most ${longest} characters`] : []),
    ];
  },
  prepare: (options, { column, deriveKey }) => {
    const write = (options.algorithm === "cmac" ? cmacWriter : hmacWriter)(options, column, deriveKey);
    const canonical = canonicalOf(column);
    return (values) => {
      const texts = canonical === null ? values : values.map((value) => (value === null ? null : canonical(value)));
      const { hashes, again } = write(texts);
      return hashes.map((hashed, row) => {
        const value = texts[row]!;
        if (value === null || value === "") return value;
        return hashed === value ? again(row) : hashed;
      });
    };
  },
});

interface Hashed {
  readonly hashes: string[];
  /** Another hash for one that is its own input: drawn from the opposite bits, so no character of it is the same. */
  again(row: number): string;
}

type Write = (values: readonly (string | null)[]) => Hashed;
type DeriveKey = (purpose: string) => Uint8Array;

function cmacWriter(options: Options, column: Column, deriveKey: DeriveKey): Write {
  const prf = createColumnPrf(deriveKey("hash"));
  const write = wordWriter(options, column);
  return (values) => {
    const words = prf.words(values);
    return {
      hashes: write(words, values.length),
      again: (row) => write(words.slice(row * 4, row * 4 + 4).map(opposite), 1)[0]!,
    };
  };
}

function wordWriter(options: Options, column: Column): (words: Uint32Array, count: number) => string[] {
  const length = lengthOf(options);
  if (options.as === "integer") {
    const size = integersOf(length, column.range);
    return (words, count) => Array.from({ length: count }, (_, row) => scale64(words[row * 4]!, words[row * 4 + 1]!, size));
  }
  const textOf: (words: Uint32Array, count: number) => KeyedText = options.as === "hex" ? hexOf : base64urlOf;
  return (words, count) => {
    const { text, size } = textOf(words, count);
    return Array.from({ length: count }, (_, row) => text.slice(row * size, row * size + length));
  };
}

function hmacWriter(options: Options, column: Column, deriveKey: DeriveKey): Write {
  const hmac = createHmacColumn(deriveKey("hash:hmac-sha256"));
  const length = lengthOf(options);
  const size = integersOf(length, column.range);
  const { as } = options;
  const write = (mac: Buffer): string =>
    as === "integer" ? scale64(mac.readUInt32BE(0), mac.readUInt32BE(4), size) : mac.toString(as).slice(0, length);
  return (values) => {
    const macs = hmac.macs(values);
    const macOf = (row: number) => macs.subarray(row * HMAC_BYTES, (row + 1) * HMAC_BYTES);
    return {
      hashes: values.map((value, row) => (value === null ? "" : write(macOf(row)))),
      again: (row) => write(Buffer.from(macOf(row).map(opposite))),
    };
  };
}

const opposite = (bits: number): number => ~bits;

function lengthOf({ as, algorithm, length }: Options): number {
  return length ?? longestDigest(as, BITS[algorithm]);
}

function bitsOf(options: Options, column: Column): number {
  const length = lengthOf(options);
  if (options.as === "integer") return Math.log2(Number(integersOf(length, column.range)));
  return digestBits(options.as, length, BITS[options.algorithm]);
}
