import { StandinError } from "../errors.ts";
import { createBlockCipher } from "./aes.ts";
import { createFf1Digits } from "./ff1-digits.ts";
import { createFf1Limbs, fitsLimbs } from "./ff1-limbs.ts";
import { cryptHalves, numberOf, numeralsOf } from "./ff1-numerals.ts";
import { type Ff1Shape, ff1Shape } from "./ff1-shape.ts";
import { cryptTexts } from "./ff1-texts.ts";

export interface Ff1Options {
  /** 16, 24 or 32 bytes. */
  readonly key: Uint8Array;
  /** 2 … 65,536. */
  readonly radix: number;
  /** Makes the mapping another one; need not be secret. @default empty */
  readonly tweak?: Uint8Array | undefined;
}

/** Text in, text out; NULL stays, undefined for a value that FF1 does not take. */
export type DigitColumn = (string | null | undefined)[];

/** Format-preserving encryption: a bijection on the texts of each length, which whoever holds the key can undo. */
export interface Ff1 {
  readonly radix: number;
  /** Any length with at least 10^6 texts. A tweak given here replaces the instance's. */
  encrypt(numerals: readonly number[], tweak?: Uint8Array): number[];
  decrypt(numerals: readonly number[], tweak?: Uint8Array): number[];
  /**
   * A column of decimal digits, each value to one of the same length: `4111111111111111` → `9203485710294857`. Radix 10 only.
   *
   * Undefined for a value that is not ASCII digits alone, or that has fewer than 6 of them. `tweaks` binds each value to its own text (the
   * part that stays readable), appended to the instance's tweak; null counts as empty. Up to 300 digits run side by side, longer ones one by
   * one at 30 µs.
   */
  encryptDigits(values: readonly (string | null)[], tweaks?: readonly (string | null)[]): DigitColumn;
  decryptDigits(values: readonly (string | null)[], tweaks?: readonly (string | null)[]): DigitColumn;
  /** A column of texts of one length, their numerals one after the other, in place. Throws RangeError for one that is not below the radix. */
  encryptTexts(numerals: Uint16Array, length: number): void;
  decryptTexts(numerals: Uint16Array, length: number): void;
}

/**
 * FF1 (NIST SP 800-38G) with AES, for a value or for a column. Throws OPTION_INVALID where the domain is below 10^6.
 *
 * Hides a value from someone without the key. Keeps its length, and does not hide that two values are equal.
 */
export function createFf1({ key, radix, tweak = new Uint8Array(0) }: Ff1Options): Ff1 {
  if (!Number.isInteger(radix) || radix < 2 || radix > 65_536) {
    throw new StandinError("OPTION_INVALID", "FF1: the radix must be an integer from 2 to 65536.");
  }
  const ownTweak = Uint8Array.from(tweak);
  const encrypt = createBlockCipher(key);
  const crypt = createFf1Limbs(encrypt);
  const shapes = new Map<number, Ff1Shape>();
  const shapeOf = (length: number): Ff1Shape => {
    const shape = shapes.get(length) ?? ff1Shape(radix, length);
    shapes.set(length, shape);
    return shape;
  };
  const digits = radix === 10 ? createFf1Digits({ encrypt, crypt, shapeOf, tweak: ownTweak }) : null;

  return {
    radix,
    encrypt: (numerals, ownOf = ownTweak) => cryptNumerals(numerals, ownOf, false),
    decrypt: (numerals, ownOf = ownTweak) => cryptNumerals(numerals, ownOf, true),
    encryptDigits: (values, tweaks) => decimal().crypt(values, tweaks, false),
    decryptDigits: (values, tweaks) => decimal().crypt(values, tweaks, true),
    encryptTexts: (numerals, length) => cryptColumn(numerals, length, false),
    decryptTexts: (numerals, length) => cryptColumn(numerals, length, true),
  };

  function cryptNumerals(numerals: readonly number[], valueTweak: Uint8Array, isDecrypt: boolean): number[] {
    for (const numeral of numerals) {
      if (!Number.isInteger(numeral) || numeral < 0 || numeral >= radix) {
        throw new StandinError("VALUE_UNSUPPORTED", `FF1: a numeral is not an integer below the radix, ${radix}.`);
      }
    }
    const shape = shapeOf(numerals.length);
    const halves = [numberOf(numerals.slice(0, shape.u), radix), numberOf(numerals.slice(shape.u), radix)] as const;
    const [left, right] = cryptHalves(encrypt, shape, valueTweak, halves, isDecrypt);
    return [...numeralsOf(left, radix, shape.u), ...numeralsOf(right, radix, shape.v)];
  }

  function decimal(): ReturnType<typeof createFf1Digits> {
    if (digits === null) throw new TypeError("FF1: digits need radix 10.");
    return digits;
  }

  function cryptColumn(numerals: Uint16Array, length: number, isDecrypt: boolean): void {
    const shape = shapeOf(length);
    for (const numeral of numerals) if (numeral >= radix) throw new RangeError("FF1: a numeral is not below the radix.");
    if (fitsLimbs(shape)) {
      cryptTexts(crypt, shape, ownTweak, numerals, isDecrypt);
      return;
    }
    for (let from = 0; from < numerals.length; from += length) {
      numerals.set(cryptNumerals([...numerals.subarray(from, from + length)], ownTweak, isDecrypt), from);
    }
  }
}
