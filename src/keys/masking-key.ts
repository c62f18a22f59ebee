import { randomBytes } from "node:crypto";
import { StandinError } from "../errors.ts";
import { hkdf } from "./hkdf.ts";
import { wtf8Of } from "./wtf8.ts";

/** The secret of a run, from which every other key is derived. Its bytes cannot be printed or serialized, and are handed to this run's own threads alone. */
export class MaskingKey {
  readonly #bytes: Uint8Array;
  /** Eight hex digits that tell two keys apart and say nothing about either. Safe to print. */
  readonly fingerprint: string;

  constructor(bytes: Uint8Array) {
    this.#bytes = Uint8Array.from(bytes);
    this.fingerprint = Buffer.from(this.derive("fingerprint", "")).toString("hex", 0, 4);
  }

  /** A copy for another thread of this process, to be given away: `new MaskingKey(…)` makes the key of it there. */
  forThread(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  /** A 32-byte key for one purpose in one domain: HKDF-SHA-256, info = version ‖ purpose ‖ domain, each part after its length. */
  derive(purpose: string, domain: string): Uint8Array {
    return hkdf(this.#bytes, Buffer.concat([Buffer.from("standin/v1"), withLength(purpose), withLength(domain)]));
  }
}

/** Where a caller keeps the key: the key itself, printed or as bytes, or a function that fetches it (a KMS, a vault). */
export type KeyProvider = string | Uint8Array | (() => string | Uint8Array | Promise<string | Uint8Array>);

/**
 * Gets the key from the caller, or from an environment variable where the caller gave none. There is no default: throws KEY_REQUIRED.
 *
 * What a provider throws is not passed on: its text might quote the key.
 */
export async function resolveMaskingKey(
  provider: KeyProvider | undefined,
  environment: { readonly [variable: string]: string | undefined } = process.env,
  variable = "STANDIN_KEY",
): Promise<MaskingKey> {
  const given = typeof provider === "function" ? await callProvider(provider) : (provider ?? environment[variable]);
  if (given === undefined || given === null || given === "") {
    throw new StandinError("KEY_REQUIRED", "There is no masking key.", {
      hint: `Run \`npx standin keygen\` once, keep what it prints as a secret, and set ${variable} to it or pass it as \`key\`.`,
    });
  }
  return new MaskingKey(parseMaskingKey(given));
}

async function callProvider(provider: Extract<KeyProvider, () => unknown>): Promise<string | Uint8Array> {
  try {
    return await provider();
  } catch {
    throw new StandinError("KEY_REQUIRED", "The function that provides the masking key failed.", {
      hint: "Call the function by itself to see its error; standin does not print it, because it might quote the key.",
    });
  }
}

const PREFIX = "standin_key_";
const KEY_BYTES = 32;

/** Makes a new key from the system's randomness, in printed form. */
export function generateMaskingKey(): string {
  return PREFIX + randomBytes(KEY_BYTES).toString("base64url");
}

/**
 * Reads a key: as `npx standin keygen` prints it, as 64 hex digits, as base64 of 32 bytes, or as the 32 bytes. A file's BOM and last line break
 * are left out. Throws KEY_INVALID, which never quotes the key, also for 32 bytes that are plainly not random.
 */
export function parseMaskingKey(input: string | Uint8Array): Uint8Array {
  const bytes = typeof input === "string" ? bytesOfText(input) : bytesOf(input);
  if (bytes === null) {
    throw invalidKey("The masking key is not 32 bytes in a form that standin reads.");
  }
  const weakness = weaknessOf(bytes);
  if (weakness !== null) throw invalidKey(`The masking key is not random: ${weakness}.`);
  return bytes;
}

function invalidKey(message: string): StandinError {
  return new StandinError("KEY_INVALID", message, { hint: "Run `npx standin keygen` and use what it prints, unchanged." });
}

/** Bytes that are not 32 may be a key file read whole. */
function bytesOf(input: Uint8Array): Uint8Array | null {
  if (!(input instanceof Uint8Array)) return null;
  return input.length === KEY_BYTES ? Uint8Array.from(input) : bytesOfText(Buffer.from(input).toString("utf8"));
}

function bytesOfText(input: string): Uint8Array | null {
  const text = input.replace(/^\uFEFF/, "").replace(/\r?\n$/, "");
  if (text.startsWith(PREFIX)) return decoded(text.slice(PREFIX.length), "base64url");
  if (/^[0-9a-f]{64}$/i.test(text)) return decoded(text.toLowerCase(), "hex");
  return decoded(text.replace(/=$/, "").replaceAll("+", "-").replaceAll("/", "_"), "base64url");
}

/** Node skips what it cannot decode; a text that does not come back the same was not this encoding. */
function decoded(text: string, encoding: "hex" | "base64url"): Uint8Array | null {
  const bytes = Buffer.from(text, encoding);
  return bytes.length === KEY_BYTES && bytes.toString(encoding) === text ? Uint8Array.from(bytes) : null;
}

/** Each of these meets a random key with a chance below 10^-13. */
function weaknessOf(bytes: Uint8Array): string | null {
  const steps = bytes.map((byte, index) => byte - (bytes[index - 1] ?? 0)).subarray(1);
  if (new Set(bytes).size < 16) return "few different bytes";
  if (new Set(steps).size < 16) return "its bytes follow a pattern";
  if (bytes.subarray(0, KEY_BYTES / 2).every((byte, index) => byte === bytes[index + KEY_BYTES / 2]))
    return "its halves are equal";
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return "it is readable text";
  return null;
}

function withLength(part: string): Uint8Array {
  const bytes = wtf8Of(part);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
