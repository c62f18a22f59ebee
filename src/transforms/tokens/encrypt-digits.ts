import type { Column, MaskColumn } from "../../contracts.ts";
import { createFf1 } from "../../keys/ff1.ts";
import { boolean, integer, type OptionsValue } from "../../option-spec.ts";
import { defineTransform, EMPTY_STAYS, isEmptyCell } from "../define-transform.ts";
import { luhnDigit, luhnSum } from "../ids/luhn.ts";
import { createSmallDomains, SMALL_DOMAIN } from "./small-domains.ts";

const OPTIONS = {
  keepFirst: integer({ describe: "Leading digits that stay readable.", default: 0, min: 0 }),
  keepLast: integer({ describe: "Trailing digits that stay readable.", default: 0, min: 0 }),
  luhn: boolean({ describe: "Keeps the check digit right: valid card numbers stay valid.", default: false }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

/** One digit would be a table of ten. */
const FEWEST_DIGITS = 2;

/** Digits of most cards: what a column of unknown width is taken to hold where `luhn` is on. */
const CARD_DIGITS = 16;

/**
 * Encrypts the digits of a value and leaves the rest in place (FF1, NIST SP 800-38G): with `keepFirst: 6, keepLast: 4`, `4111-1111-1111-1111`
 * becomes `4111-1192-0348-1111`.
 *
 * Whoever lacks the key cannot get the digits back, and sees length, layout, the kept digits, and how often a value occurs; whoever holds it can.
 * Kept digits change how the others are encrypted. A value with fewer than 2 digits to encrypt, or with `luhn` one that is not valid, is
 * unsupported. In an integer column the first digit never becomes 0. Hint: for keys use `tokenize`, which takes small numbers as well.
 */
export const encryptDigits = defineTransform({
  name: "encryptDigits",
  technique: "pseudonymization",
  accepts: ["text", "integer"],
  unsupported:
    "fewer than 2 digits to encrypt (for small numbers there is `tokenize`), digits of other scripts (٣), and with `luhn` a number whose check digit is wrong",
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "preserved" },
    reversible: true,
    preservesLength: true,
    changesInput: "almost-always",
  },
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  options: OPTIONS,
  smallDomain: (options, column) => {
    const digits = digitsOf(options, column);
    if (digits === null) return null;
    const size = 10 ** Math.max(digits - options.keepFirst - options.keepLast - (options.luhn ? 1 : 0), 0);
    return size < SMALL_DOMAIN ? size : null;
  },
  checkColumn: ({ keepFirst, keepLast }, { range, maxLength }) => {
    const most = range === null ? maxLength : range.max.toString().length;
    return most === null || most - keepFirst - keepLast >= FEWEST_DIGITS
      ? []
      : [`encryptDigits needs ${FEWEST_DIGITS} digits to encrypt, and of at most ${most} it keeps ${keepFirst + keepLast}`];
  },
  prepare: (options, { column, deriveKey }) => createMask(options, column, deriveKey, "forward"),
  reveal: (options, { column, deriveKey }) => createMask(options, column, deriveKey, "backward"),
});

function digitsOf({ luhn }: Options, { maxLength, range }: Column): number | null {
  if (range !== null) return range.max.toString().length;
  if (luhn) return Math.min(maxLength ?? CARD_DIGITS, CARD_DIGITS);
  return maxLength;
}

/** Values taken apart, side by side. `free` is what is encrypted; with `luhn` the digit behind it is solved for. */
interface Parts {
  readonly rows: number[];
  readonly digits: string[];
  readonly free: string[];
}

const noParts = (): Parts => ({ rows: [], digits: [], free: [] });

function createMask(
  options: Options,
  column: Column,
  deriveKey: (purpose: string) => Uint8Array,
  direction: "forward" | "backward",
): MaskColumn {
  const { keepFirst, keepLast, luhn } = options;
  const ff1 = createFf1({ key: deriveKey("encryptDigits"), radix: 10 });
  const smallDomain = createSmallDomains(deriveKey("encryptDigits:small"));
  /** A number's first digit is no 0: one domain less a tenth, and what falls outside is encrypted again (cycle walking). */
  const isNumber = column.kind === "integer" && keepFirst === 0;
  const hasTweak = keepFirst + keepLast > 0;
  const solved = luhn ? 1 : 0;
  let longFrom = 1;
  while (domainSize(longFrom) < SMALL_DOMAIN) longFrom++;

  return (values) => {
    const masked = new Array<string | null | undefined>(values.length).fill(undefined);
    const long = noParts();
    const small = new Map<number, Parts>();
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (value === null || isEmptyCell(value, column.isPadded)) {
        masked[row] = value;
        continue;
      }
      const digits = onlyDigits(value);
      if (digits.length - keepFirst - keepLast < FEWEST_DIGITS || (luhn && luhnSum(digits) !== 0)) continue;
      if (isNumber && digits.charCodeAt(0) === ZERO) continue;
      const free = digits.slice(keepFirst, digits.length - keepLast - solved);
      let parts = long;
      if (free.length < longFrom) {
        parts = small.get(free.length) ?? noParts();
        small.set(free.length, parts);
      }
      parts.rows.push(row);
      parts.digits.push(digits);
      parts.free.push(free);
    }
    walk(values, masked, long, encryptLong);
    for (const parts of small.values()) walk(values, masked, parts, encryptSmall);
    return masked;
  };

  function domainSize(length: number): number {
    return isNumber ? 9 * 10 ** (length - 1) : 10 ** length;
  }

  /** Encrypts, and encrypts again what cannot stand in the column. A cycle leads back to where it began, which could. */
  function walk(
    values: readonly (string | null)[],
    masked: (string | null | undefined)[],
    all: Parts,
    encrypt: (parts: Parts) => string[],
  ): void {
    let parts = all;
    while (parts.rows.length > 0) {
      const { rows, digits } = parts;
      const encrypted = encrypt(parts);
      const again = noParts();
      for (let slot = 0; slot < rows.length; slot++) {
        const row = rows[slot]!;
        const free = encrypted[slot]!;
        const text = assemble(values[row]!, digits[slot]!, free);
        if (column.kind === "integer" && !canStand(text, free)) {
          again.rows.push(row);
          again.digits.push(digits[slot]!);
          again.free.push(free);
        } else masked[row] = text;
      }
      parts = again;
    }
  }

  function encryptLong({ free, digits }: Parts): string[] {
    const crypt = direction === "forward" ? ff1.encryptDigits : ff1.decryptDigits;
    return crypt(free, hasTweak ? digits.map(tweakOf) : undefined) as string[];
  }

  function encryptSmall({ free, digits }: Parts): string[] {
    const { length } = free[0]!;
    const lowest = isNumber ? 10 ** (length - 1) : 0;
    const ranks = Float64Array.from(free, (one) => Number(one) - lowest);
    const permuted = smallDomain(domainSize(length))[direction](ranks, digits.map(tweakOf));
    return Array.from(permuted, (rank) => String(rank + lowest).padStart(length, "0"));
  }

  function tweakOf(digits: string): string {
    return hasTweak ? digits.slice(0, keepFirst) + digits.slice(digits.length - keepLast) : "";
  }

  function assemble(value: string, digits: string, free: string): string {
    if (free.length === value.length) return free;
    const before = digits.slice(0, keepFirst) + free;
    const after = digits.slice(digits.length - keepLast);
    const all = luhn ? before + luhnDigit(before, after) + after : before + after;
    return value.length === all.length ? all : inPlaceOf(value, all);
  }

  function canStand(text: string, free: string): boolean {
    if (isNumber && free.charCodeAt(0) === ZERO) return false;
    const { range } = column;
    return range === null || (BigInt(text) >= range.min && BigInt(text) <= range.max);
  }
}

const ZERO = 0x30;

/** The ASCII digits of a value. Others (٣, ３) are characters like any other here, and make a value that has them unsupported. */
function onlyDigits(value: string): string {
  let count = 0;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code >= ZERO && code < ZERO + 10) count++;
  }
  if (count === value.length) return value;
  return OTHER_NUMBER.test(value) ? "" : value.replace(/[^0-9]+/g, "");
}

const OTHER_NUMBER = /(?![0-9])\p{N}/u;

/** Writes new digits where a value has its old ones. */
function inPlaceOf(value: string, digits: string): string {
  let next = 0;
  let text = "";
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    text += code >= ZERO && code < ZERO + 10 ? digits[next++] : value[index];
  }
  return text;
}
