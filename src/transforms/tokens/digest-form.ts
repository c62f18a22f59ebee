/** How a digest may be written. */
export type DigestForm = "hex" | "base64url" | "integer";

/** Most characters of a digest of so many bits. An integer is drawn from the first 64 bits of it. */
export function longestDigest(form: DigestForm, bits: number): number {
  if (form === "integer") return 19;
  return form === "hex" ? bits / 4 : Math.ceil(bits / 6);
}

/** How many bits the first characters of a digest hold. */
export function digestBits(form: "hex" | "base64url", length: number, bits: number): number {
  return Math.min(bits, length * (form === "hex" ? 4 : 6));
}

/** What is left of them where case is ignored: 38 characters of base64url's 64. */
export const BASE64URL_SHARE = Math.log2(38) / 6;

/** 64 bits scaled to 0 … size - 1: as even as they are. */
export function scale64(high: number, low: number, size: bigint): string {
  return ((((BigInt(high) << 32n) | BigInt(low)) * size) >> 64n).toString();
}

/** How many integers of at most so many digits a column can hold: from 0 up to what its type has. */
export function integersOf(length: number, range: { readonly max: bigint } | null): bigint {
  const largest = range === null || range.max > MAX_BIGINT ? MAX_BIGINT : range.max;
  const size = 10n ** BigInt(length);
  return size <= largest ? size : largest + 1n;
}

const MAX_BIGINT = 2n ** 63n - 1n;
