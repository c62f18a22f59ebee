import xxhash from "xxhash-wasm";
import type { Column, MaskColumn } from "../../contracts.ts";
import { canonicalOf } from "../../keys/canonical.ts";
import { writeWtf8, wtf8Bound } from "../../keys/wtf8.ts";
import { choice, integer, type OptionsValue } from "../../option-spec.ts";
import { defineTransform, EMPTY_STAYS } from "../define-transform.ts";
import { BASE64URL_SHARE, digestBits, integersOf, longestDigest, scale64 } from "./digest-form.ts";

const OPTIONS = {
  as: choice({ describe: "How the checksum is written.", choices: ["hex", "base64url", "integer"], default: "hex" }),
  length: integer({
    describe:
      "Characters of the output: 16 of hex, 11 of base64url or 19 digits where this is not given. Fewer of them collide sooner.",
    optional: true,
    min: 1,
    max: 19,
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

const BITS = 64;

/**
 * Replaces a value by its checksum (XXH64, seeded from the key): `build-7f3a` becomes `c2b5a17e09d4f36b`, the same everywhere. No protection.
 *
 * For columns that identify nobody and only need another value: build ids, cache keys, shard numbers. XXH64 is no cryptographic function: whoever knows some
 * pairs may find the seed, and with it every value that can be guessed. The plan refuses it on a column whose name, the policy's `classes` or a rule by
 * class says that it tells of a person or a secret. Hint: for those use `hash`, which is as fast.
 *
 * Source: XXH64 of the xxHash specification 0.1.1.
 */
export const xxh64 = defineTransform({
  name: "xxh64",
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
  protects: false,
  options: OPTIONS,
  shorthand: "as",
  maxOutputLength: (options) => lengthOf(options),
  checkColumn: ({ as, length = 1 }, column) => {
    const longest = longestDigest(as, BITS);
    return [
      ...(column.kind === "integer" && as !== "integer"
        ? [`a column of type ${column.type} needs xxh64 with as: "integer"`]
        : []),
      ...(length > longest ? [`a checksum in ${as} has at most ${longest} characters`] : []),
    ];
  },
  prepare: async (options, { column, deriveKey }): Promise<MaskColumn> => {
    const { h64Raw } = await xxhash();
    const seed = Buffer.from(deriveKey("xxh64")).readBigUInt64BE();
    const canonical = canonicalOf(column);
    const write = writerOf(options, column);
    let bytes = new Uint8Array(1024);
    return (values) => {
      const masked = new Array<string | null>(values.length);
      for (let row = 0; row < values.length; row++) {
        const given = values[row]!;
        const value = given === null || canonical === null ? given : canonical(given);
        if (value === null || value === "") {
          masked[row] = value;
          continue;
        }
        const bound = wtf8Bound(value);
        if (bound > bytes.length) bytes = new Uint8Array(bound * 2);
        const sum = h64Raw(bytes.subarray(0, writeWtf8(value, bytes, 0)), seed);
        const text = write(sum);
        // A checksum that is its own input is taken of the opposite bits.
        masked[row] = text === value ? write(sum ^ ALL_BITS) : text;
      }
      return masked;
    };
  },
});

const ALL_BITS = 2n ** 64n - 1n;

function writerOf(options: Options, { range }: Column): (sum: bigint) => string {
  const length = lengthOf(options);
  const size = integersOf(length, range);
  const eight = Buffer.alloc(8);
  const { as } = options;
  return (sum) => {
    eight.writeBigUInt64BE(sum);
    return as === "integer" ? scale64(eight.readUInt32BE(0), eight.readUInt32BE(4), size) : eight.toString(as).slice(0, length);
  };
}

function lengthOf({ as, length }: Options): number {
  return length ?? longestDigest(as, BITS);
}

function bitsOf(options: Options, column: Column): number {
  const length = lengthOf(options);
  if (options.as === "integer") return Math.log2(Number(integersOf(length, column.range)));
  return digestBits(options.as, length, BITS);
}
