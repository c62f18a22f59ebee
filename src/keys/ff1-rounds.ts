import type { EncryptBlocks } from "./aes.ts";
import { type Ff1Shape, ff1Header, ff1TailBytes } from "./ff1-shape.ts";

/** Many numbers side by side, an array for each limb, the lowest first. */
export type WideNumbers = readonly Float64Array[];

/** Writes the tweak of one value of a group to the place where it belongs. All tweaks of a group have one length. */
export type WriteTweak = (slot: number, target: Uint8Array, offset: number) => void;

/** The tweaks of a group: one for all values, or one each. */
export type GroupTweak = Uint8Array | { readonly length: number; readonly write: WriteTweak };

/** The tweaks of a group from one value on. */
export function tweakFrom(tweak: GroupTweak, from: number): GroupTweak {
  if (from === 0 || tweak instanceof Uint8Array) return tweak;
  return { length: tweak.length, write: (slot, target, offset) => tweak.write(from + slot, target, offset) };
}

/** The numbers y of one round, a value each: the big-endian word `offset` bytes into S. */
export type ReadDrawn = (offset: number) => { readonly view: DataView; readonly at: number };

/**
 * What the last blocks of Q meet AES as, for each value, round and half still 0: an array of four words a value for each block that a round or a half
 * reaches. The chain over P and the blocks before them is in the first one.
 */
export function startBlocks(encrypt: EncryptBlocks, shape: Ff1Shape, tweak: GroupTweak, count: number): Int32Array[] {
  if (tweak instanceof Uint8Array) {
    const own = { length: tweak.length, write: (_: number, target: Uint8Array, offset: number) => target.set(tweak, offset) };
    return startBlocks(encrypt, shape, own, 1).map((words) => repeated(words, count));
  }
  const size = ff1TailBytes(shape, tweak.length);
  const tails = new Uint8Array(count * size);
  for (let slot = 0; slot < count; slot++) tweak.write(slot, tails, slot * size);
  const varying = Math.floor((size - shape.b - 1) / 16) * 16;
  const header = encrypt(ff1Header(shape, tweak.length));
  const state = new Uint8Array(count * 16);
  for (let index = 0; index < state.length; index++) state[index] = header[index & 15]!;
  const starts: Int32Array[] = [];
  for (let position = 0; position < size; position += 16) {
    const isFirst = position <= varying;
    for (let slot = 0; slot < count; slot++) {
      const from = slot * size + position;
      for (let index = slot * 16; index < slot * 16 + 16; index++) {
        const byte = tails[from + (index & 15)]!;
        state[index] = isFirst ? state[index]! ^ byte : byte;
      }
    }
    if (position < varying) state.set(encrypt(state));
    else starts.push(bigEndianWords(state));
  }
  return starts;
}

function repeated(words: Int32Array, count: number): Int32Array {
  const all = new Int32Array(count * 4);
  for (let index = 0; index < all.length; index++) all[index] = words[index & 3]!;
  return all;
}

function bigEndianWords(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = new Int32Array(bytes.length >> 2);
  for (let index = 0; index < words.length; index++) words[index] = view.getInt32(index * 4);
  return words;
}

/**
 * Steps 6.i to 6.iii of FF1 (SP 800-38G, Algorithms 7 and 8) for values side by side, with halves of any length: gives a function that draws S of a round
 * from the halves that it leaves alone, as numbers in words of 32 bits.
 */
export function createDraw(
  encrypt: EncryptBlocks,
  shape: Ff1Shape,
  tweak: GroupTweak,
  count: number,
): (round: number, other: WideNumbers) => ReadDrawn {
  const starts = startBlocks(encrypt, shape, tweak, count);
  const blocks = starts.map((words) => {
    const own = ownBlocks(count);
    for (let index = 0; index < words.length; index++) own.view.setInt32(index * 4, words[index]!);
    return { words, ...own };
  });
  const roundWord = shape.b >> 2;
  const drawn = ownBlocks(count);
  const further = Array.from({ length: Math.ceil(shape.d / 16) - 1 }, (_, index) => ({
    counter: index + 1,
    ...ownBlocks(count),
  }));
  const views = [drawn.view, ...further.map(({ view }) => view)];
  const none = new Float64Array(count);

  return (round, other) => {
    for (const [index, { words, bytes, view }] of blocks.entries()) {
      const lowest = (blocks.length - 1 - index) * 4;
      for (let word = 0; word < 4; word++) {
        const place = lowest + 3 - word;
        const half = other[place];
        const bits = place === roundWord ? round << (8 * (shape.b & 3)) : 0;
        if (index > 0) chainWord(view, words, word, bits, half ?? none, drawn.view);
        else if (half !== undefined || place === roundWord) writeWord(view, words, word, bits, half ?? none);
      }
      drawn.bytes.set(encrypt(bytes));
    }
    for (const { counter, bytes } of further) bytes.set(encrypt(counted(drawn.bytes, counter)));
    return (offset) => ({ view: views[offset >> 4]!, at: offset & 15 });
  };
}

interface Blocks {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Memory for blocks that is looked into more than once: to open the array that a call of AES gives takes longer than to copy it. */
function ownBlocks(count: number): Blocks {
  const bytes = new Uint8Array(count * 16);
  return { bytes, view: viewOf(bytes) };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

function writeWord(view: DataView, words: Int32Array, word: number, bits: number, half: Float64Array): void {
  for (let slot = 0; slot < half.length; slot++)
    view.setInt32(slot * 16 + word * 4, words[slot * 4 + word]! ^ bits ^ half[slot]!);
}

function chainWord(view: DataView, words: Int32Array, word: number, bits: number, half: Float64Array, chained: DataView): void {
  for (let slot = 0; slot < half.length; slot++) {
    const at = slot * 16 + word * 4;
    view.setInt32(at, words[slot * 4 + word]! ^ bits ^ half[slot]! ^ chained.getInt32(at));
  }
}

/** R ⊕ j, for S beyond its first 16 bytes. */
function counted(drawn: Uint8Array, counter: number): Uint8Array {
  const blocks = Uint8Array.from(drawn);
  const view = viewOf(blocks);
  for (let at = 12; at < blocks.length; at += 16) view.setInt32(at, view.getInt32(at) ^ counter);
  return blocks;
}
