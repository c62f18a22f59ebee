import type { EncryptBlocks } from "./aes.ts";
import { type Ff1Shape, ff1Header, ff1TailBytes } from "./ff1-shape.ts";

/** The two halves of one numeral string, as numbers. */
export type Halves = readonly [left: bigint, right: bigint];

/** FF1 of one value of any length (SP 800-38G, Algorithms 7 and 8). */
export function cryptHalves(
  encrypt: EncryptBlocks,
  shape: Ff1Shape,
  tweak: Uint8Array,
  [left, right]: Halves,
  isDecrypt: boolean,
): Halves {
  const round = roundFunction(encrypt, shape, tweak);
  const radix = BigInt(shape.radix);
  const moduli = [radix ** BigInt(shape.u), radix ** BigInt(shape.v)] as const;
  // Even rounds change the left half, odd ones the right: the same as swapping the halves after each round.
  const halves: [bigint, bigint] = [left, right];
  for (let step = 0; step < 10; step++) {
    const index = isDecrypt ? 9 - step : step;
    const side = (index % 2) as 0 | 1;
    const other = (1 - side) as 0 | 1;
    const drawn = round(index, halves[other]) % moduli[side];
    halves[side] = (halves[side] + (isDecrypt ? moduli[side] - drawn : drawn)) % moduli[side];
  }
  return halves;
}

/** Steps 6.i to 6.iv: the number y drawn for a round and the half that it leaves alone. */
function roundFunction(encrypt: EncryptBlocks, shape: Ff1Shape, tweak: Uint8Array): (round: number, half: bigint) => bigint {
  const { b, d } = shape;
  const tail = Buffer.alloc(ff1TailBytes(shape, tweak.length));
  tail.set(tweak);
  const varying = Math.floor((tail.length - b - 1) / 16) * 16;
  const prefix = chain(encrypt, encrypt(ff1Header(shape, tweak.length)), tail.subarray(0, varying));
  return (round, half) => {
    tail[tail.length - b - 1] = round;
    tail.write(half.toString(16).padStart(2 * b, "0"), tail.length - b, "hex");
    const drawn = chain(encrypt, prefix, tail.subarray(varying));
    return BigInt(`0x${stretch(encrypt, drawn, d).toString("hex", 0, d)}`);
  };
}

/** The CBC-MAC chain (Algorithm 6), one block after the other. */
function chain(encrypt: EncryptBlocks, state: Uint8Array, blocks: Uint8Array): Uint8Array {
  let last = state;
  for (let start = 0; start < blocks.length; start += 16) {
    const block = Uint8Array.from(blocks.subarray(start, start + 16));
    for (let index = 0; index < 16; index++) block[index]! ^= last[index]!;
    last = encrypt(block);
  }
  return last;
}

/** R ‖ CIPH(R ⊕ 1) ‖ CIPH(R ⊕ 2) …, at least `size` bytes. */
function stretch(encrypt: EncryptBlocks, drawn: Uint8Array, size: number): Buffer {
  const stretched = Buffer.alloc(Math.ceil(size / 16) * 16);
  stretched.set(drawn);
  if (stretched.length === 16) return stretched;
  const counters = Buffer.alloc(stretched.length - 16);
  for (let start = 0; start < counters.length; start += 16) {
    counters.writeUInt32BE(start / 16 + 1, start + 12);
    for (let index = 0; index < 16; index++) counters[start + index]! ^= drawn[index]!;
  }
  stretched.set(encrypt(counters), 16);
  return stretched;
}

/** NUM_radix: the number that numerals spell, the most significant first. */
export function numberOf(numerals: readonly number[], radix: number): bigint {
  const base = BigInt(radix);
  return numerals.reduce((number, numeral) => number * base + BigInt(numeral), 0n);
}

/** STR_radix: a number as `length` numerals. */
export function numeralsOf(number: bigint, radix: number, length: number): number[] {
  const base = BigInt(radix);
  const numerals = new Array<number>(length);
  let rest = number;
  for (let index = length - 1; index >= 0; index--) {
    numerals[index] = Number(rest % base);
    rest /= base;
  }
  return numerals;
}
