import type { ColumnContext, MaskColumn } from "../../contracts.ts";
import { createBlockCipher } from "../../keys/aes.ts";
import { createFf1 } from "../../keys/ff1.ts";
import { createFf1Column, fitsColumn } from "../../keys/ff1-column.ts";
import { ff1Shape } from "../../keys/ff1-shape.ts";
import type { OptionSpec } from "../../option-spec.ts";
import { defineTransform, EMPTY_STAYS, isEmptyCell } from "../define-transform.ts";
import { createSmallDomains, SMALL_DOMAIN } from "./small-domains.ts";

const DIGITS = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();

const ALPHABETS: { readonly [name: string]: string } = {
  digits: DIGITS,
  lower: LOWER,
  upper: UPPER,
  letters: LOWER + UPPER,
  alphanumeric: DIGITS + LOWER + UPPER,
};

const alphabet: OptionSpec<"digits" | "lower" | "upper" | "letters" | "alphanumeric" | (string & {}), true> = {
  kind: "text",
  describe: `The characters to encrypt: ${Object.keys(ALPHABETS).join(", ")}, or the characters themselves.`,
  isOptional: true,
  default: "alphanumeric",
  problem: (value) => {
    if (typeof value !== "string") return "must be text";
    const characters = charactersOf(value);
    if (characters.length < 2) return "must have at least 2 characters";
    return new Set(characters).size < characters.length ? "must not have a character twice" : null;
  },
};

/** The arithmetic of long numbers takes the square of their length. */
const MAX_CHARACTERS = 10_000;

/**
 * Encrypts the characters of an alphabet and leaves all others in place (FF1, NIST SP 800-38G): `AB-1029-x` becomes `q7-Zk3P-e`.
 *
 * Whoever lacks the key cannot get the characters back, and sees length, layout, what is outside of the alphabet, and how often a value occurs;
 * whoever holds it can. A value without any character of the alphabet is unsupported. Hint: for letters that stay letters use `scramble`; for
 * cards `encryptDigits`.
 */
export const encryptText = defineTransform({
  name: "encryptText",
  technique: "pseudonymization",
  accepts: ["text"],
  guarantees: (options) => ({
    deterministic: true,
    uniqueness: hasCase(options.alphabet) ? { kind: "preserved", ignoringCase: "lossy" } : { kind: "preserved" },
    reversible: true,
    preservesLength: true,
    changesInput: "almost-always",
  }),
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  options: { alphabet },
  shorthand: "alphabet",
  smallDomain: (options, { maxLength }) => {
    const size = charactersOf(options.alphabet).length ** (maxLength ?? Number.POSITIVE_INFINITY);
    return size < SMALL_DOMAIN ? size : null;
  },
  prepare: (options, context) => createMask(options.alphabet, context, "forward"),
  reveal: (options, context) => createMask(options.alphabet, context, "backward"),
});

const hasCase = (name: string): boolean => charactersOf(name).some((one) => one.toLowerCase() !== one.toUpperCase());

function charactersOf(name: string): string[] {
  return [...(Object.hasOwn(ALPHABETS, name) ? ALPHABETS[name]! : name)];
}

/** A value as the numerals of its characters in the alphabet; the others wait in `characters`. */
interface Numbered {
  readonly row: number;
  readonly characters: string[];
  readonly numerals: number[];
}

function createMask(
  name: string,
  { column: { isPadded }, deriveKey }: ColumnContext,
  direction: "forward" | "backward",
): MaskColumn {
  const alphabet = charactersOf(name);
  const radix = alphabet.length;
  const key = deriveKey(`encryptText:${radix}`);
  const numeralOf = new Map(alphabet.map((character, numeral) => [character, numeral]));
  const ff1 = createFf1({ key, radix });
  const column = createFf1Column(createBlockCipher(key));
  const smallDomain = createSmallDomains(deriveKey("encryptText:small"));
  const noTweak = new Uint8Array(0);

  return (values) => {
    const masked = new Array<string | null | undefined>(values.length).fill(undefined);
    const groups = new Map<number, Numbered[]>();
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (value === null || isEmptyCell(value, isPadded)) {
        masked[row] = value;
        continue;
      }
      const characters = [...value];
      const numerals: number[] = [];
      for (const character of characters) {
        const numeral = numeralOf.get(character);
        if (numeral !== undefined) numerals.push(numeral);
      }
      const { length } = numerals;
      if (length === 0 || length > MAX_CHARACTERS) continue;
      const group = groups.get(length) ?? [];
      groups.set(length, group);
      group.push({ row, characters, numerals });
    }
    for (const [length, group] of groups) {
      const encrypted = encryptGroup(length, group);
      for (const [slot, { row, characters }] of group.entries()) masked[row] = inPlaceOf(characters, encrypted[slot]!);
    }
    return masked;
  };

  function encryptGroup(length: number, group: readonly Numbered[]): number[][] {
    if (radix ** length < SMALL_DOMAIN) {
      const ranks = Float64Array.from(group, ({ numerals }) => rankOf(numerals, 0, length));
      const tweaks = new Array<string>(group.length).fill(String(length));
      const permuted = smallDomain(radix ** length)[direction](ranks, tweaks);
      return Array.from(permuted, (rank) => numeralsOf(rank, length));
    }
    const shape = ff1Shape(radix, length);
    const crypt = direction === "forward" ? ff1.encrypt : ff1.decrypt;
    if (!fitsColumn(shape)) return group.map(({ numerals }) => crypt(numerals));
    const left = Float64Array.from(group, ({ numerals }) => rankOf(numerals, 0, shape.u));
    const right = Float64Array.from(group, ({ numerals }) => rankOf(numerals, shape.u, length));
    column.crypt(shape, noTweak, left, right, direction === "backward");
    return group.map((_, slot) => [...numeralsOf(left[slot]!, shape.u), ...numeralsOf(right[slot]!, shape.v)]);
  }

  function rankOf(numerals: readonly number[], from: number, to: number): number {
    let rank = 0;
    for (let index = from; index < to; index++) rank = rank * radix + numerals[index]!;
    return rank;
  }

  function numeralsOf(rank: number, length: number): number[] {
    const numerals = new Array<number>(length);
    let rest = rank;
    for (let index = length - 1; index >= 0; index--) {
      const shorter = Math.floor(rest / radix);
      numerals[index] = rest - shorter * radix;
      rest = shorter;
    }
    return numerals;
  }

  function inPlaceOf(characters: readonly string[], numerals: readonly number[]): string {
    let next = 0;
    let text = "";
    for (const character of characters) text += numeralOf.has(character) ? alphabet[numerals[next++]!] : character;
    return text;
  }
}
