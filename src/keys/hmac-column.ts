import { createHmac, createSecretKey } from "node:crypto";
import { writeWtf8, wtf8Bound } from "./wtf8.ts";

/** Bytes of an HMAC-SHA-256. */
export const HMAC_BYTES = 32;

/** HMAC-SHA-256 (RFC 2104, FIPS 198-1) under one key, a column at a time: 32 bytes a value, one after the other. */
export interface HmacColumn {
  /** Of the values' UTF-8 bytes. NULL has no MAC: what stands in its place means nothing. */
  macs(values: readonly (string | null)[]): Buffer;
  /** Of one message. */
  mac(message: Uint8Array): Buffer;
}

/** Makes it for one key: 2 µs a value, where the PRF of `createColumnPrf` takes 0.1 µs. */
export function createHmacColumn(key: Uint8Array): HmacColumn {
  const secret = createSecretKey(key);
  const mac = (message: Uint8Array) => createHmac("sha256", secret).update(message).digest();
  let text = new Uint8Array(1024);
  return {
    mac,
    macs(values) {
      const all = Buffer.alloc(values.length * HMAC_BYTES);
      for (let row = 0; row < values.length; row++) {
        const value = values[row]!;
        if (value === null) continue;
        const bound = wtf8Bound(value);
        if (bound > text.length) text = new Uint8Array(bound * 2);
        // Of UTF-8 as `update` would write it two lone surrogates are one.
        all.set(mac(text.subarray(0, writeWtf8(value, text, 0))), row * HMAC_BYTES);
      }
      return all;
    },
  };
}
