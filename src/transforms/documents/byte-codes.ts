import { gunzipSync, gzipSync } from "node:zlib";
import { readLines } from "./line-layout.ts";

/** A way to write bytes as text. */
export interface ByteCode {
  /** Undefined for what is not in the code. */
  read(value: string): Buffer | undefined;
  /** In the same manner as `original`: its padding, line breaks, prefix and case. */
  write(bytes: Buffer, original: string): string;
}

/** Bytes that a gzip may unpack to. */
const MOST_BYTES = 64 * 2 ** 20;

const HEX = /^(?:\\x|0x)?(?:[\da-f]{2})+$/i;
const PREFIX = /^(?:\\x|0x)?/;

export const CODES: Readonly<Record<"base64" | "base64url" | "hex" | "gzip", ByteCode>> = {
  base64: {
    read: (value) => readBase64(value, "base64", NO_BASE64),
    write: (bytes, original) => writeBase64(bytes, "base64", original),
  },
  base64url: {
    read: (value) => readBase64(value, "base64url", NO_BASE64URL),
    write: (bytes, original) => writeBase64(bytes, "base64url", original),
  },
  hex: {
    read: (value) => (HEX.test(value) ? Buffer.from(value.replace(PREFIX, ""), "hex") : undefined),
    write: (bytes, original) => {
      const [prefix] = PREFIX.exec(original)!;
      const digits = bytes.toString("hex");
      return prefix + (/[A-F]/.test(original) ? digits.toUpperCase() : digits);
    },
  },
  gzip: {
    read: (value) => (HEX.test(value) ? unpacked(Buffer.from(value.replace(PREFIX, ""), "hex")) : undefined),
    write: (bytes) => `\\x${gzipSync(bytes).toString("hex")}`,
  },
};

/** What `info: true` gives, which the types do not know. */
interface Unpacked {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/** Zlib passes over what stands behind the last member and begins with a zero: it would be lost. */
function unpacked(bytes: Buffer): Buffer | undefined {
  try {
    const { buffer, engine } = gunzipSync(bytes, { info: true, maxOutputLength: MOST_BYTES }) as unknown as Unpacked;
    return engine.bytesWritten === bytes.length ? buffer : undefined;
  } catch {
    return undefined;
  }
}

/** What is in neither alphabet (RFC 4648 §4, §5). */
const NO_BASE64 = /[^A-Za-z\d+/]/;
const NO_BASE64URL = /[^\w-]/;

/** Last characters of a group of two or three: the bits behind the last byte are zero (RFC 4648 §3.5), lest two texts stand for the same bytes. */
const LAST_OF: readonly (string | undefined)[] = [undefined, undefined, "AQgw", "AEIMQUYcgkosw048"];

function readBase64(value: string, as: "base64" | "base64url", foreign: RegExp): Buffer | undefined {
  const text = value.includes("\n") ? readLines(value)?.text : value;
  if (text === undefined) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const digits = text.length - padding;
  const rest = digits % 4;
  if (rest === 1 || (padding > 0 && rest + padding !== 4)) return undefined;
  const body = padding === 0 ? text : text.slice(0, digits);
  if (foreign.test(body) || LAST_OF[rest]?.includes(body.at(-1)!) === false) return undefined;
  return Buffer.from(body, as);
}

function writeBase64(bytes: Buffer, as: "base64" | "base64url", original: string): string {
  const lines = original.includes("\n") ? readLines(original) : undefined;
  const text = lines?.text ?? original;
  // A text that needs no padding is of either manner: Base64 usually has it, Base64url has not.
  const isPadded = as === "base64" ? text.length % 4 === 0 : text.endsWith("=");
  const written = bytes.toString(as).replace(/=+$/, "");
  const whole = isPadded ? written.padEnd(Math.ceil(written.length / 4) * 4, "=") : written;
  return lines === undefined ? whole : lines.write(whole);
}
