import { chainBlocks, createBlockCipher } from "./aes.ts";

/** What the last block is combined with: `complete` where the message fills it, `padded` where it does not (K1 and K2). */
export interface CmacSubkeys {
  readonly complete: Uint8Array;
  readonly padded: Uint8Array;
}

/** NIST SP 800-38B §6.1. */
export function cmacSubkeys(key: Uint8Array): CmacSubkeys {
  const complete = double(createBlockCipher(key)(new Uint8Array(16)));
  return { complete, padded: double(complete) };
}

/** AES-CMAC of one message (NIST SP 800-38B §6.2). For whole columns use `createColumnPrf`: it gives the same and is 50 times faster. */
export function cmac(key: Uint8Array, message: Uint8Array): Buffer {
  const { complete, padded } = cmacSubkeys(key);
  const blocks = new Uint8Array(Math.max(16, Math.ceil(message.length / 16) * 16));
  blocks.set(message);
  const isComplete = message.length === blocks.length;
  if (!isComplete) blocks[message.length] = 0x80;
  const subkey = isComplete ? complete : padded;
  const last = blocks.subarray(-16);
  for (let index = 0; index < 16; index++) last[index]! ^= subkey[index]!;
  return Buffer.from(chainBlocks(key, new Uint8Array(16), blocks));
}

/** Doubling in GF(2^128): shift left by one bit, reduce by x^128 + x^7 + x^2 + x + 1. */
function double(block: Uint8Array): Uint8Array {
  const doubled = new Uint8Array(16);
  for (let index = 0; index < 16; index++) {
    doubled[index] = (block[index]! << 1) | ((block[index + 1] ?? 0) >> 7);
  }
  if (block[0]! & 0x80) doubled[15]! ^= 0x87;
  return doubled;
}
