import type { EncryptBlocks } from "./aes.ts";
import { type CryptLimbs, fitsLimbs } from "./ff1-limbs.ts";
import { cryptHalves } from "./ff1-numerals.ts";
import type { GroupTweak, WideNumbers } from "./ff1-rounds.ts";
import { type Ff1Shape, isFf1Length } from "./ff1-shape.ts";
import { type Places, placesOfLimbs } from "./ff1-texts.ts";
import { writeWtf8, wtf8Bound } from "./wtf8.ts";

interface Ff1DigitsParts {
  readonly encrypt: EncryptBlocks;
  readonly crypt: CryptLimbs;
  readonly shapeOf: (length: number) => Ff1Shape;
  readonly tweak: Uint8Array;
}

export interface Ff1Digits {
  crypt(
    values: readonly (string | null)[],
    tweaks: readonly (string | null)[] | undefined,
    isDecrypt: boolean,
  ): (string | null | undefined)[];
}

/** The arithmetic of long numbers takes the square of their length: a cell of a megabyte would take hours. */
const MAX_DIGITS = 10_000;

/** Values of one length, and tweaks of one length, go side by side. */
interface Group {
  readonly length: number;
  readonly tweakLength: number;
  readonly rows: number[];
}

/** FF1 over a column of decimal digits of any lengths. */
export function createFf1Digits({ encrypt, crypt, shapeOf, tweak }: Ff1DigitsParts): Ff1Digits {
  return {
    crypt(values, tweaks, isDecrypt) {
      const result = new Array<string | null | undefined>(values.length).fill(null);
      const ownTweaks = tweaks === undefined ? null : packTweaks(tweak, tweaks);
      for (const group of groupsOf(values, ownTweaks)) {
        const { length, rows } = group;
        if (length > MAX_DIGITS || !isFf1Length(10, length)) {
          for (const row of rows) result[row] = undefined;
          continue;
        }
        const shape = shapeOf(length);
        if (fitsLimbs(shape)) cryptGroup(shape, group);
        else for (const row of rows) result[row] = cryptOne(shape, values[row]!, ownTweaks?.bytesOf(row) ?? tweak);
      }
      return result;

      function cryptGroup(shape: Ff1Shape, group: Group): void {
        const rows = group.rows.filter((row) => isDigits(values[row]!));
        for (const row of group.rows) result[row] = undefined;
        const left = placesOfLimbs(shape, 0, shape.u);
        const right = placesOfLimbs(shape, shape.u, shape.length);
        const limbsAt = (places: readonly Places[]) => places.map((place) => parseDigits(values, rows, place));
        const halves = [limbsAt(left), limbsAt(right)] as const;
        const groupTweak: GroupTweak =
          ownTweaks === null
            ? tweak
            : { length: group.tweakLength, write: (slot, target, offset) => target.set(ownTweaks.bytesOf(rows[slot]!), offset) };
        crypt(shape, groupTweak, halves[0], halves[1], isDecrypt);
        const texts = formatColumn(shape, [...left, ...right], [...halves[0], ...halves[1]]);
        for (let slot = 0; slot < rows.length; slot++) {
          result[rows[slot]!] = texts.slice(slot * shape.length, (slot + 1) * shape.length);
        }
      }

      function cryptOne(shape: Ff1Shape, value: string, valueTweak: Uint8Array): string | undefined {
        if (!isDigits(value)) return undefined;
        const halves = [BigInt(value.slice(0, shape.u)), BigInt(value.slice(shape.u))] as const;
        const [left, right] = cryptHalves(encrypt, shape, valueTweak, halves, isDecrypt);
        return left.toString().padStart(shape.u, "0") + right.toString().padStart(shape.v, "0");
      }
    },
  };
}

interface PackedTweaks {
  lengthOf(row: number): number;
  bytesOf(row: number): Uint8Array;
}

/** Each value's tweak: the fixed part, then its own text. */
function packTweaks(fixed: Uint8Array, tweaks: readonly (string | null)[]): PackedTweaks {
  const bound = tweaks.reduce((size, own) => size + fixed.length + wtf8Bound(own ?? ""), 0);
  const bytes = new Uint8Array(bound);
  const ends = new Int32Array(tweaks.length + 1);
  let end = 0;
  for (let row = 0; row < tweaks.length; row++) {
    bytes.set(fixed, end);
    end = writeWtf8(tweaks[row] ?? "", bytes, end + fixed.length);
    ends[row + 1] = end;
  }
  return {
    lengthOf: (row) => ends[row + 1]! - ends[row]!,
    bytesOf: (row) => bytes.subarray(ends[row], ends[row + 1]),
  };
}

function groupsOf(values: readonly (string | null)[], tweaks: PackedTweaks | null): Iterable<Group> {
  const groups = new Map<number, Group>();
  let last: Group | undefined;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value === null) continue;
    const length = value.length;
    const tweakLength = tweaks === null ? 0 : tweaks.lengthOf(row);
    if (last === undefined || last.length !== length || last.tweakLength !== tweakLength) {
      const name = Math.min(length, MAX_DIGITS + 1) * 2 ** 32 + tweakLength;
      last = groups.get(name) ?? { length, tweakLength, rows: [] };
      groups.set(name, last);
    }
    last.rows.push(row);
  }
  return groups.values();
}

/** ASCII digits alone. */
function isDigits(value: string): boolean {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code < ZERO || code > NINE) return false;
  }
  return true;
}

const ZERO = 0x30;
const NINE = 0x39;

/** The digits of each value in some places, as a number. */
function parseDigits(values: readonly (string | null)[], rows: readonly number[], { from, to }: Places): Float64Array {
  const numbers = new Float64Array(rows.length);
  for (let slot = 0; slot < rows.length; slot++) {
    const value = values[rows[slot]!]!;
    let number = 0;
    for (let index = from; index < to; index++) number = number * 10 + value.charCodeAt(index) - ZERO;
    numbers[slot] = number;
  }
  return numbers;
}

/** All values of a group as one text: cutting it costs a quarter of formatting each value by itself. */
function formatColumn({ length }: Ff1Shape, places: readonly Places[], limbs: WideNumbers): string {
  const count = limbs[0]!.length;
  const bytes = Buffer.allocUnsafe(count * length);
  for (const [index, { from, to }] of places.entries()) {
    const numbers = limbs[index]!;
    for (let slot = 0; slot < count; slot++) writeDigits(bytes, slot * length + from, to - from, numbers[slot]!);
  }
  return bytes.toString("latin1");
}

/** Ten digits are written as five and five: 32-bit division is several times faster. */
function writeDigits(bytes: Uint8Array, offset: number, count: number, number: number): number {
  if (count > 9) {
    const high = Math.floor(number / 100_000);
    return writeDigits(bytes, writeDigits(bytes, offset, count - 5, high), 5, number - high * 100_000);
  }
  let rest = number | 0;
  for (let index = offset + count - 1; index >= offset; index--) {
    const shorter = (rest / 10) | 0;
    bytes[index] = ZERO + rest - shorter * 10;
    rest = shorter;
  }
  return offset + count;
}
