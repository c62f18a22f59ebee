import { createHash } from "node:crypto";
import type { ColumnValues, DrawKey } from "../contracts.ts";
import type { MaskingKey } from "../keys/masking-key.ts";

/** Bytes that SHA-256 takes at a time. */
const BLOCK = 64;

/** The key that rows of a subset are drawn by: who has it can tell which rows were drawn, and nothing else. */
export function drawKeyOf(key: Pick<MaskingKey, "derive">): DrawKey {
  return padded(key.derive("subset", ""));
}

/** A key for looking at how many rows a draw would bring, where there is no secret: the same share of other rows. */
export const SAMPLE_DRAW: DrawKey = padded(createHash("sha256").update("standin subset without a key").digest());

function padded(key: Uint8Array): DrawKey {
  const pad = (byte: number) => Uint8Array.from({ length: BLOCK }, (_, index) => (key[index] ?? 0) ^ byte);
  // RFC 2104, section 2.
  return { inner: pad(0x36), outer: pad(0x5c) };
}

/** Draws rows by their key: the first 64 bits of an HMAC-SHA-256, as two numbers. A server draws the same in SQL. */
export class RowDraw {
  readonly #key: DrawKey;
  high = 0;
  low = 0;

  constructor(key: DrawKey) {
    this.#key = key;
  }

  /** `parts` are the texts of the key's columns, of which `row` is meant. */
  take(parts: readonly ColumnValues[], row: number): void {
    const inner = createHash("sha256").update(this.#key.inner).update(messageOf(parts, row)).digest();
    const mac = createHash("sha256").update(this.#key.outer).update(inner).digest();
    this.high = mac.readUInt32BE(0);
    this.low = mac.readUInt32BE(4);
  }
}

/** Every part behind its length in bytes, so that no two keys have one message. */
export function messageOf(parts: readonly ColumnValues[], row: number): string {
  let message = "";
  for (const part of parts) {
    const text = part[row]!;
    message += text === null ? "~" : `${Buffer.byteLength(text)}:${text}`;
  }
  return message;
}
