import type { EncryptBlocks } from "./aes.ts";
import { type Ff1Column, fitsColumn, type GroupTweak } from "./ff1-column.ts";
import { cryptHalves } from "./ff1-numerals.ts";
import { type Ff1Shape, isFf1Length } from "./ff1-shape.ts";
import { writeWtf8, wtf8Bound } from "./wtf8.ts";

interface Ff1DigitsParts {
  readonly encrypt: EncryptBlocks;
  readonly column: Ff1Column;
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
export function createFf1Digits({ encrypt, column, shapeOf, tweak }: Ff1DigitsParts): Ff1Digits {
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
        if (fitsColumn(shape)) cryptGroup(shape, group);
        else for (const row of rows) result[row] = cryptOne(shape, values[row]!, ownTweaks?.bytesOf(row) ?? tweak);
      }
      return result;

      function cryptGroup(shape: Ff1Shape, group: Group): void {
        const left = new Float64Array(group.rows.length);
        const right = new Float64Array(group.rows.length);
        const rows: number[] = [];
        for (const row of group.rows) {
          const value = values[row]!;
          const slot = rows.length;
          left[slot] = parseDigits(value, 0, shape.u);
          right[slot] = parseDigits(value, shape.u, shape.length);
          if (left[slot]! + right[slot]! >= 0) rows.push(row);
          else result[row] = undefined;
        }
        const count = rows.length;
        const lefts = left.subarray(0, count);
        const rights = right.subarray(0, count);
        const groupTweak: GroupTweak =
          ownTweaks === null
            ? tweak
            : { length: group.tweakLength, write: (slot, target, offset) => target.set(ownTweaks.bytesOf(rows[slot]!), offset) };
        column.crypt(shape, groupTweak, lefts, rights, isDecrypt);
        const texts = formatColumn(shape, lefts, rights);
        for (let slot = 0; slot < count; slot++) {
          result[rows[slot]!] = texts.slice(slot * shape.length, (slot + 1) * shape.length);
        }
      }

      function cryptOne(shape: Ff1Shape, value: string, valueTweak: Uint8Array): string | undefined {
        if (!/^[0-9]+$/.test(value)) return undefined;
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

/** NaN where a character is no ASCII digit. */
function parseDigits(value: string, from: number, to: number): number {
  let number = 0;
  for (let index = from; index < to; index++) {
    const digit = value.charCodeAt(index) - 0x30;
    if (digit >>> 0 > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** All values of a group as one text: cutting it costs a quarter of formatting each value by itself. */
function formatColumn({ u, v }: Ff1Shape, left: Float64Array, right: Float64Array): string {
  const bytes = Buffer.allocUnsafe(left.length * (u + v));
  let end = 0;
  for (let slot = 0; slot < left.length; slot++) {
    end = writeDigits(bytes, end, u, left[slot]!);
    end = writeDigits(bytes, end, v, right[slot]!);
  }
  return bytes.toString("latin1", 0, end);
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
    bytes[index] = 0x30 + rest - shorter * 10;
    rest = shorter;
  }
  return offset + count;
}
