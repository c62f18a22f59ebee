import type { ColumnContext, MaskColumn } from "../../contracts.ts";
import { createFf1 } from "../../keys/ff1.ts";
import type { OptionSpec } from "../../option-spec.ts";
import { defineTransform, EMPTY_STAYS, isEmptyCell } from "../define-transform.ts";
import { createAlphabet } from "./alphabet.ts";
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
  suggestions: Object.keys(ALPHABETS),
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
  unsupported: "a value without any character of the alphabet, or with more than 10,000 of them",
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

function createMask(
  name: string,
  { column: { isPadded }, deriveKey }: ColumnContext,
  direction: "forward" | "backward",
): MaskColumn {
  const characters = createAlphabet(charactersOf(name));
  const { radix } = characters;
  const ff1 = createFf1({ key: deriveKey(`encryptText:${radix}`), radix });
  const smallDomain = createSmallDomains(deriveKey("encryptText:small"));

  return (values) => {
    const masked = new Array<string | null | undefined>(values.length).fill(undefined);
    const groups = new Map<number, number[]>();
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (value === null || isEmptyCell(value, isPadded)) {
        masked[row] = value;
        continue;
      }
      const length = characters.count(value);
      if (length === 0 || length > MAX_CHARACTERS) continue;
      const rows = groups.get(length);
      if (rows === undefined) groups.set(length, [row]);
      else rows.push(row);
    }
    for (const [length, rows] of groups) {
      const numerals = new Uint16Array(rows.length * length);
      for (const [slot, row] of rows.entries()) characters.read(values[row]!, numerals, slot * length);
      encryptGroup(length, numerals);
      for (const [slot, row] of rows.entries()) masked[row] = characters.write(values[row]!, numerals, slot * length);
    }
    return masked;
  };

  /** Encrypts texts of one length, in place. */
  function encryptGroup(length: number, numerals: Uint16Array): void {
    if (radix ** length < SMALL_DOMAIN) {
      const ranks = new Float64Array(numerals.length / length);
      for (let index = 0; index < numerals.length; index++) {
        const slot = Math.floor(index / length);
        ranks[slot] = ranks[slot]! * radix + numerals[index]!;
      }
      const tweaks = new Array<string>(ranks.length).fill(String(length));
      spell(smallDomain(radix ** length)[direction](ranks, tweaks), numerals, length);
    } else if (direction === "forward") ff1.encryptTexts(numerals, length);
    else ff1.decryptTexts(numerals, length);
  }

  function spell(ranks: Float64Array, numerals: Uint16Array, length: number): void {
    for (let slot = 0; slot < ranks.length; slot++) {
      let rest = ranks[slot]!;
      for (let index = (slot + 1) * length - 1; index >= slot * length; index--) {
        const shorter = Math.floor(rest / radix);
        numerals[index] = rest - shorter * radix;
        rest = shorter;
      }
    }
  }
}
