import { gunzipSync, gzipSync } from "node:zlib";
import type { Column } from "../../contracts.ts";
import { innerGuarantees, refuseWindows, ruleOption } from "../../inner-rules.ts";
import { choice } from "../../option-spec.ts";
import { defineTransform } from "../define-transform.ts";
import { maskPlaces } from "./mask-places.ts";
import { partFor, partOf, partProblems, prepareParts, textParts } from "./part-masks.ts";

/**
 * Masks what a value stands for, and encodes it again: Base64's `amFuZUBhY21lLmNvbQ==` (jane@acme.com) becomes the Base64 of what
 * `then: fake("internet.email")` gives.
 *
 * `gzip` takes bytes as columns of bytes write them (`\x1f8b…`) and packs them again as zlib does by default, without a time or a name: the same
 * input gives the same output under one version of Node's zlib. `hex` reads such bytes as text. What stands within must be UTF-8, or bytes for another
 * `decode`: Base64 of gzip is `decode({ as: "base64", then: decode({ as: "gzip", then }) })`. What is not in the code is unsupported, and so is what
 * unpacks to more than 64 MiB. Sources: RFC 4648 (Base64, hex), RFC 1952 (gzip).
 */
export const decode = defineTransform({
  name: "decode",
  technique: "pseudonymization",
  accepts: ["text", "bytes"],
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
    const parts = maskPlaces(masks, column, (value) => {
      if (value === "" || value === "\\x") return [];
      const bytes = read(value);
      const text = bytes === undefined ? undefined : isOfBytes ? `\\x${bytes.toString("hex")}` : textOf(bytes);
      if (text === undefined) return undefined;
      return [
        {
          from: 0,
          to: value.length,
          mask: 0,
          text,
          write: (masked, raw) =>
            masked === null ? GONE : write(isOfBytes ? bytesOf(masked) : Buffer.from(masked, "utf8"), raw),
        },
      ];
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

const MOST_BYTES = 64 * 2 ** 20;

interface Code {
  read(value: string): Buffer | undefined;
  write(bytes: Buffer, raw: string): string;
}

const CODES: Readonly<Record<"base64" | "base64url" | "hex" | "gzip", Code>> = {
  base64: {
    read: (value) => exactly(value, Buffer.from(value, "base64"), "base64"),
    write: (bytes, raw) => padded(bytes.toString("base64"), raw),
  },
  base64url: {
    read: (value) => exactly(value, Buffer.from(value, "base64url"), "base64url"),
    write: (bytes, raw) => bytes.toString("base64url") + (raw.endsWith("=") ? "=".repeat((3 - (bytes.length % 3)) % 3) : ""),
  },
  hex: {
    read: (value) =>
      /^(?:\\x|0x)?(?:[\da-f]{2})+$/i.test(value) ? Buffer.from(value.replace(/^(?:\\x|0x)/, ""), "hex") : undefined,
    write: (bytes, raw) => {
      const digits = bytes.toString("hex");
      const [, prefix = "", body = ""] = /^(\\x|0x)?(.*)$/s.exec(raw)!;
      return prefix + (/[A-F]/.test(body) ? digits.toUpperCase() : digits);
    },
  },
  gzip: {
    read: (value) => {
      try {
        return gunzipSync(Buffer.from(value.replace(/^\\x/, ""), "hex"), { maxOutputLength: MOST_BYTES });
      } catch {
        return undefined;
      }
    },
    write: (bytes) => `\\x${gzipSync(bytes).toString("hex")}`,
  },
};

/** What is written otherwise than its bytes would be is no Base64. */
function exactly(value: string, bytes: Buffer, as: "base64" | "base64url"): Buffer | undefined {
  return value.replace(/={1,2}$/, "") === bytes.toString(as).replace(/=+$/, "") ? bytes : undefined;
}

/** Without the padding where the original could have had it and did not. */
function padded(written: string, raw: string): string {
  return raw.length % 4 === 0 ? written : written.replace(/=+$/, "");
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function textOf(bytes: Buffer): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** As a column of bytes would: text without the prefix stands for its own bytes. */
const bytesOf = (masked: string): Buffer =>
  masked.startsWith("\\x") ? Buffer.from(masked.slice(2), "hex") : Buffer.from(masked, "utf8");
