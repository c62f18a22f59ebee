import { createCipheriv } from "node:crypto";
import { StandinError } from "../errors.ts";

/** Enciphers whole 16-byte blocks, each by itself. The output is a new array. */
export type EncryptBlocks = (blocks: Uint8Array) => Uint8Array;

/**
 * AES on bare blocks, the primitive under CMAC and FF1. Never a mode of encryption by itself: equal blocks give equal blocks.
 *
 * One cipher serves for life: making one costs as much as enciphering 500 blocks.
 */
export function createBlockCipher(key: Uint8Array): EncryptBlocks {
  const cipher = createCipheriv(`aes-${keyBits(key)}-ecb`, key, null).setAutoPadding(false);
  return (blocks) => cipher.update(blocks);
}

/** Continues a CBC chain from `state` over whole blocks and returns its last block: the MAC of one long message. */
export function chainBlocks(key: Uint8Array, state: Uint8Array, blocks: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`aes-${keyBits(key)}-cbc`, key, state).setAutoPadding(false);
  let last = state;
  for (let start = 0; start < blocks.length; start += CHAIN_BYTES) {
    last = cipher.update(blocks.subarray(start, start + CHAIN_BYTES)).subarray(-16);
  }
  return last;
}

/** Bounds the ciphertext that a CBC chain makes and throws away. */
const CHAIN_BYTES = 65_536;

function keyBits(key: Uint8Array): number {
  if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
    throw new StandinError("KEY_INVALID", "An AES key has 16, 24 or 32 bytes; this one has another length.");
  }
  return key.length * 8;
}
