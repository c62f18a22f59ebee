import { createCipheriv } from "node:crypto";

/**
 * A random cycle through 0 … size - 1, from the key alone (Sattolo's shuffle): `table[i]` never is `i`, for a size above 1.
 *
 * Bits come from the AES-256-CTR key stream, which a key must therefore serve for one table alone.
 */
export function createDerangement(key: Uint8Array, size: number): Uint32Array {
  const drawBelow = createDraw(key);
  const table = new Uint32Array(size);
  for (let index = 0; index < size; index++) table[index] = index;
  for (let last = size - 1; last > 0; last--) {
    const other = drawBelow(last);
    const value = table[last]!;
    table[last] = table[other]!;
    table[other] = value;
  }
  return table;
}

/** The table read backwards: `inverse[table[i]]` is `i`. */
export function inverseOf(table: Uint32Array): Uint32Array {
  const inverse = new Uint32Array(table.length);
  for (let index = 0; index < table.length; index++) inverse[table[index]!] = index;
  return inverse;
}

const CHUNK = new Uint8Array(16_384);

/** Draws without bias: a word in the incomplete last stretch of 2^32 is thrown away. A quotient, as a remainder beyond 2^31 takes three times as long. */
function createDraw(key: Uint8Array): (bound: number) => number {
  const stream = createCipheriv("aes-256-ctr", key, new Uint8Array(16));
  let bytes = stream.update(CHUNK);
  let offset = 0;
  const nextWord = (): number => {
    if (offset === bytes.length) {
      bytes = stream.update(CHUNK);
      offset = 0;
    }
    offset += 4;
    return bytes.readUInt32LE(offset - 4);
  };
  return (bound) => {
    for (;;) {
      const word = nextWord();
      const stretch = Math.floor(word / bound) * bound;
      if (stretch <= 4294967296 - bound) return word - stretch;
    }
  };
}
