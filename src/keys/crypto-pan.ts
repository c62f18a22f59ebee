import { endianness } from "node:os";
import { StandinError } from "../errors.ts";
import { createBlockCipher } from "./aes.ts";

/**
 * Prefix-preserving encryption of addresses, a column at a time: two addresses that share their first k bits, and not the next one, share exactly k bits
 * afterwards. A bijection of all addresses.
 */
export interface CryptoPan {
  /**
   * Addresses of `size` words of 32 bits each, most significant first: 1 for IPv4, 4 for IPv6. Of address `i` the first `kept[i]` bits stay.
   * The result is a new array.
   */
  encrypt(addresses: Uint32Array, size: 1 | 4, kept: Uint8Array): Uint32Array;
  /** The way back: bit by bit, for each needs those before it. */
  decrypt(addresses: Uint32Array, size: 1 | 4, kept: Uint8Array): Uint32Array;
}

/** Blocks that are enciphered at a time: 64 KB. */
const CHUNK_BLOCKS = 4096;

/** Bits that are looked up: what every address of a network shares is enciphered once. */
const TOP_BITS = 16;

const isBigEndian = endianness() === "BE";

/**
 * Makes Crypto-PAn (Xu, Fan, Ammar and Moon, "Prefix-Preserving IP Address Anonymization", ICNP 2002) of a key of 32 bytes: an AES-128 key and the
 * block that the padding is made from, as the authors' implementation has them. Bit `i` is flipped by the first bit of AES over the `i` bits before it.
 *
 * Whoever lacks the key and knows one address with its stand-in knows the first k bits of all that share k bits with it: that is what keeping prefixes means.
 */
export function createCryptoPan(key: Uint8Array): CryptoPan {
  if (key.length !== 32) throw new StandinError("KEY_INVALID", "A Crypto-PAn key has 32 bytes; this one has another length.");
  const cipher = createBlockCipher(key.slice(0, 16));
  const padBytes = Buffer.from(cipher(key.slice(16)));
  const pad = Int32Array.from([0, 4, 8, 12], (at) => padBytes.readInt32BE(at));
  const writtenPad = pad.map(bigEndian);
  /** Flips of the first 16 bits, for each value that they can have; -1 where it has not been asked for yet. */
  const tops = new Int32Array(1 << TOP_BITS).fill(-1);
  const blocks = new Int32Array(CHUNK_BLOCKS * 4);
  const bytes = new Uint8Array(blocks.buffer);

  return {
    encrypt(addresses, size, kept) {
      learnTops(addresses, size);
      const encrypted = Uint32Array.from(addresses);
      const rows = Math.floor(CHUNK_BLOCKS / (size * 32));
      const count = addresses.length / size;
      for (let from = 0; from < count; from += rows) encryptRows(encrypted, size, kept, from, Math.min(from + rows, count));
      return encrypted;
    },
    decrypt(addresses, size, kept) {
      const decrypted = Uint32Array.from(addresses);
      const count = addresses.length / size;
      for (let from = 0; from < count; from += CHUNK_BLOCKS)
        for (let bit = 0; bit < size * 32; bit++)
          decryptBit(decrypted, size, kept, bit, from, Math.min(from + CHUNK_BLOCKS, count));
      return decrypted;
    },
  };

  function learnTops(addresses: Uint32Array, size: number): void {
    const missing: number[] = [];
    for (let at = 0; at < addresses.length; at += size) {
      const top = addresses[at]! >>> TOP_BITS;
      if (tops[top] !== -1) continue;
      tops[top] = 0;
      missing.push(top);
    }
    const step = CHUNK_BLOCKS / TOP_BITS;
    for (let from = 0; from < missing.length; from += step) {
      const some = missing.slice(from, from + step);
      const addresses = Uint32Array.from(some, (top) => top << TOP_BITS);
      for (let row = 0; row < some.length; row++) writePrefixes(row * TOP_BITS, addresses, row, 0, TOP_BITS);
      const output = cipher(bytes.subarray(0, some.length * TOP_BITS * 16));
      for (let row = 0; row < some.length; row++) {
        let flips = 0;
        for (let bit = 0; bit < TOP_BITS; bit++) flips = (flips << 1) | (output[(row * TOP_BITS + bit) * 16]! >>> 7);
        tops[some[row]!] = flips;
      }
    }
  }

  function encryptRows(addresses: Uint32Array, size: number, kept: Uint8Array, from: number, to: number): void {
    const bits = size * 32;
    let count = 0;
    for (let row = from; row < to; row++) {
      const first = Math.max(kept[row]!, TOP_BITS);
      writePrefixes(count, addresses, row * size, first, bits);
      count += bits - first;
    }
    const output = cipher(bytes.subarray(0, count * 16));
    let at = 0;
    for (let row = from; row < to; row++) {
      const start = row * size;
      const first = kept[row]!;
      if (first < TOP_BITS) addresses[start]! ^= (tops[addresses[start]! >>> TOP_BITS]! & (0xffff >>> first)) << TOP_BITS;
      let bit = Math.max(first, TOP_BITS);
      for (let word = bit >>> 5; word < size; word++) {
        let flips = 0;
        for (const end = (word + 1) * 32; bit < end; bit++, at += 16) flips |= (output[at]! >>> 7) << (31 - (bit & 31));
        addresses[start + word]! ^= flips;
      }
    }
  }

  function decryptBit(addresses: Uint32Array, size: number, kept: Uint8Array, bit: number, from: number, to: number): void {
    const rows: number[] = [];
    for (let row = from; row < to; row++) {
      if (kept[row]! > bit) continue;
      writePrefixes(rows.length, addresses, row * size, bit, bit + 1);
      rows.push(row);
    }
    const output = cipher(bytes.subarray(0, rows.length * 16));
    for (const [slot, row] of rows.entries())
      addresses[row * size + (bit >>> 5)]! ^= (output[slot * 16]! >>> 7) << (31 - (bit & 31));
  }

  /** The first `from`, `from + 1` … `to - 1` bits of an address, each filled up with the padding to a block. */
  function writePrefixes(block: number, addresses: Uint32Array, at: number, from: number, to: number): void {
    const [target, filler, written] = [blocks, pad, writtenPad];
    let start = block * 4;
    for (let bits = from; bits < to; bits++, start += 4) {
      const word = bits >>> 5;
      for (let index = 0; index < word; index++) target[start + index] = bigEndian(addresses[at + index]!);
      const mask = (bits & 31) === 0 ? 0 : -1 << (32 - (bits & 31));
      target[start + word] = mask === 0 ? written[word]! : bigEndian((addresses[at + word]! & mask) | (filler[word]! & ~mask));
      for (let index = word + 1; index < 4; index++) target[start + index] = written[index]!;
    }
  }
}

/** The word whose bytes lie in memory with the most significant first. */
function bigEndian(word: number): number {
  if (isBigEndian) return word;
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
