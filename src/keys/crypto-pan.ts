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

/** Addresses that are enciphered at a time: 112 blocks each of IPv6 are 460 KB. */
const CHUNK = 256;

/** Bits that are looked up: what every address of a network shares is enciphered once. */
const TOP_BITS = 16;

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
  const pad = Uint32Array.from([0, 4, 8, 12], (at) => padBytes.readUInt32BE(at));
  /** Flips of the first 16 bits, for each value that they can have; -1 where it has not been asked for yet. */
  const tops = new Int32Array(1 << TOP_BITS).fill(-1);

  return {
    encrypt(addresses, size, kept) {
      learnTops(addresses, size);
      const encrypted = Uint32Array.from(addresses);
      const count = addresses.length / size;
      for (let from = 0; from < count; from += CHUNK) encryptChunk(encrypted, size, kept, from, Math.min(from + CHUNK, count));
      return encrypted;
    },
    decrypt(addresses, size, kept) {
      const decrypted = Uint32Array.from(addresses);
      for (let bit = 0; bit < size * 32; bit++) decryptBit(decrypted, size, kept, bit);
      return decrypted;
    },
  };

  function decryptBit(addresses: Uint32Array, size: number, kept: Uint8Array, bit: number): void {
    const rows = [...kept.keys()].filter((row) => kept[row]! <= bit);
    const blocks = createBlocks(rows.length);
    for (const [slot, row] of rows.entries()) writePrefix(blocks, slot, addresses, row * size, bit);
    const output = cipher(blocks.bytes);
    for (const [slot, row] of rows.entries())
      addresses[row * size + (bit >>> 5)]! ^= (output[slot * 16]! >>> 7) << (31 - (bit & 31));
  }

  function learnTops(addresses: Uint32Array, size: number): void {
    const missing = new Set<number>();
    for (let at = 0; at < addresses.length; at += size) {
      const top = addresses[at]! >>> TOP_BITS;
      if (tops[top] === -1) missing.add(top);
    }
    for (const top of missing) {
      const blocks = createBlocks(TOP_BITS);
      const address = Uint32Array.of(top << TOP_BITS);
      for (let bit = 0; bit < TOP_BITS; bit++) writePrefix(blocks, bit, address, 0, bit);
      const output = cipher(blocks.bytes);
      let flips = 0;
      for (let bit = 0; bit < TOP_BITS; bit++) flips = (flips << 1) | (output[bit * 16]! >>> 7);
      tops[top] = flips;
    }
  }

  function encryptChunk(addresses: Uint32Array, size: number, kept: Uint8Array, from: number, to: number): void {
    const bits = size * 32;
    let count = 0;
    for (let row = from; row < to; row++) count += bits - Math.max(kept[row]!, TOP_BITS);
    const blocks = createBlocks(count);
    let block = 0;
    for (let row = from; row < to; row++) {
      for (let bit = Math.max(kept[row]!, TOP_BITS); bit < bits; bit++) writePrefix(blocks, block++, addresses, row * size, bit);
    }
    const output = cipher(blocks.bytes);
    block = 0;
    for (let row = from; row < to; row++) {
      const at = row * size;
      const first = kept[row]!;
      if (first < TOP_BITS) addresses[at]! ^= (tops[addresses[at]! >>> TOP_BITS]! & (0xffff >>> first)) << TOP_BITS;
      for (let bit = Math.max(first, TOP_BITS); bit < bits; bit++)
        addresses[at + (bit >>> 5)]! ^= (output[block++ * 16]! >>> 7) << (31 - (bit & 31));
    }
  }

  /** The first bits of an address, filled up with the padding to a block. */
  function writePrefix({ view }: Blocks, block: number, addresses: Uint32Array, at: number, bits: number): void {
    const word = bits >>> 5;
    const start = block * 16;
    for (let index = 0; index < 4; index++) {
      let value = pad[index]!;
      if (index < word) value = addresses[at + index]!;
      else if (index === word && (bits & 31) > 0) {
        const mask = -1 << (32 - (bits & 31));
        value = (addresses[at + index]! & mask) | (value & ~mask);
      }
      view.setInt32(start + index * 4, value);
    }
  }
}

interface Blocks {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

function createBlocks(count: number): Blocks {
  const bytes = new Uint8Array(count * 16);
  return { bytes, view: new DataView(bytes.buffer) };
}
