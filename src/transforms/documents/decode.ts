import { isUtf8 } from "node:buffer";
import type { Column } from "../../contracts.ts";
import { innerGuarantees, refuseWindows, ruleOption } from "../../inner-rules.ts";
import { choice } from "../../option-spec.ts";
import { defineTransform } from "../define-transform.ts";
import { CODES } from "./byte-codes.ts";
import { maskPlaces } from "./mask-places.ts";
import { partFor, partOf, partProblems, prepareParts, textParts } from "./part-masks.ts";
import type { WritePart } from "./places.ts";

/**
 * Masks what a value stands for, and encodes it again: Base64's `amFuZUBhY21lLmNvbQ==` (jane@acme.com) becomes the Base64 of what
 * `then: fake("internet.email")` gives.
 *
 * `gzip` takes bytes as columns of bytes write them (`\x1f8b…`) and packs them again as zlib does by default, without a time or a name: the same
 * input gives the same output under one version of Node's zlib. `hex` reads such bytes as text. What stands within must be UTF-8, or bytes for another
 * `decode`: Base64 of gzip is `decode({ as: "base64", then: decode({ as: "gzip", then }) })`. Base64 in lines of one length, as MIME and PostgreSQL's
 * encode() write it, stays in such lines. What is not in the code is unsupported, and so is what unpacks to more than 64 MiB. Sources: RFC 4648 (Base64, hex), RFC 1952 (gzip).
 */
export const decode = defineTransform({
  name: "decode",
  technique: "pseudonymization",
  accepts: ["text", "bytes"],
  unsupported:
    "what is not in the code or unpacks to more than 64 MiB, what stands for no text in UTF-8, and what its rule cannot handle",
  guarantees: ({ then }, column) => {
    const part = partFor(then, partsWithin(column)) ?? partOf(column, "text");
    return {
      ...innerGuarantees(then, part),
      uniqueness: { kind: "lossy" },
      reversible: false,
      preservesLength: false,
      changesInput: "not-promised",
    };
  },
  options: {
    as: choice({ describe: "The code.", choices: ["base64", "base64url", "hex", "gzip"], default: "base64" }),
    then: ruleOption({ describe: "The rule for what the value stands for.", problem: refuseWindows }),
  },
  givesNull: ({ then: { transform, options, onUnsupported } }) => transform.givesNull(options) || onUnsupported === "nullify",
  checkColumn: ({ as, then }, column) => [
    ...(column.kind === "bytes" && as.startsWith("base64")
      ? [`decode cannot read ${as} in a column of bytes: decode it as hex first`]
      : []),
    ...(column.kind === "text" && as === "gzip" ? ["decode cannot read gzip in text: decode it as base64 or hex first"] : []),
    ...partProblems([then], partsWithin(column)),
  ],
  prepare: async ({ as, then }, context) => {
    const { column } = context;
    const masks = await prepareParts([then], partsWithin(column), context);
    const isOfBytes = partFor(then, partsWithin(column))?.kind === "bytes";
    const { read, write } = CODES[as];
    const wrap: WritePart = (masked, value) =>
      masked === null ? GONE : write(isOfBytes ? bytesOf(masked) : Buffer.from(masked, "utf8"), value);
    const parts = maskPlaces(masks, column, (value, places) => {
      if (value === "" || value === "\\x") return true;
      const bytes = read(value);
      const text = bytes === undefined ? undefined : isOfBytes ? `\\x${bytes.toString("hex")}` : textOf(bytes);
      if (text !== undefined) places.mask(0, 0, value.length, text, wrap);
      return text !== undefined;
    });
    return async (values, batch) => (await parts(values, batch)).map((masked) => (masked === GONE ? null : masked));
  },
});

/** Stands for NULL: no code writes it. */
const GONE = "\0";

const partsWithin = (column: Column): readonly Column[] => {
  const [text, ...rest] = textParts(column);
  return [text!, partOf(column, "bytes"), ...rest];
};

function textOf(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}

/** As a column of bytes would: text without the prefix stands for its own bytes. */
const bytesOf = (masked: string): Buffer =>
  masked.startsWith("\\x") ? Buffer.from(masked.slice(2), "hex") : Buffer.from(masked, "utf8");
