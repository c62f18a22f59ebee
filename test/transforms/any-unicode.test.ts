import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutText } from "../../src/transforms/fake/fake-text.ts";
import { scramble } from "../../src/transforms/index.ts";
import { maskValues, revealValues } from "./mask-values.ts";

const GRAPHEMES = new Intl.Segmenter("und", { granularity: "grapheme" });

/** The code points that become one character with the letter before or behind them. */
const joining = (): readonly string[] => {
  const found: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const sign = String.fromCodePoint(code);
    for (const text of [`a${sign}`, `${sign}a`]) if (Array.from(GRAPHEMES.segment(text)).length === 1) found.push(sign);
  }
  return [...new Set(found)];
};
const JOINING = joining();

/** What people read as one character, or a half of it. */
const piece = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)) },
  { weight: 2, arbitrary: fc.integer({ min: 0xd800, max: 0xdfff }).map((unit) => String.fromCharCode(unit)) },
  { weight: 3, arbitrary: fc.constantFrom(...JOINING) },
  { weight: 3, arbitrary: fc.constantFrom(..."aZé9 ñßжЖαΩعبדאकषกขあア漢字각나") },
  { weight: 1, arbitrary: fc.integer({ min: 0x1100, max: 0x11ff }).map((code) => String.fromCodePoint(code)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "e\u0301\u0323",
      "👩‍👩‍👧‍👦",
      "👍🏽",
      "🏴\u{e0067}\u{e0062}\u{e007f}",
      "🇩🇪",
      "1\ufe0f\u20e3",
      "क्ष",
      "น้ำ",
      "שָׁ",
      "\r\n",
    ),
  },
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

/** Where characters as they are read end, the start and the end among them. */
const bordersOf = (whole: string) => [...Array.from(GRAPHEMES.segment(whole), ({ index }) => index), whole.length];
const lengthOf = (part: string) => [...part].length;

describe("any text of Unicode", () => {
  it("knows hundreds of code points that join others", () => {
    expect(JOINING.length).toBeGreaterThan(1000);
  });

  it("is cut by cutText behind the last whole character that fits", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: -1, max: 15 }), (whole, most) => {
        const end = Math.max(0, ...bordersOf(whole).filter((border) => lengthOf(whole.slice(0, border)) <= most));
        expect(cutText(whole, most)).toBe(whole.slice(0, end).trimEnd());
      }),
      { numRuns: 20_000, seed: 4711 },
    );
  });

  it("is cut so between any code point and a letter before and behind it", () => {
    for (const sign of JOINING)
      for (const whole of [`b${sign}a`, `b${sign}`, `${sign}a`])
        for (const most of [1, 2]) {
          const end = Math.max(0, ...bordersOf(whole).filter((border) => lengthOf(whole.slice(0, border)) <= most));
          expect([sign.codePointAt(0)!.toString(16), cutText(whole, most)]).toEqual([
            sign.codePointAt(0)!.toString(16),
            whole.slice(0, end).trimEnd(),
          ]);
        }
  });

  it("keeps under scramble its length, its surrogates, marks and joiners, and the category of each letter", async () => {
    const rule = scramble({ onUnsupported: "nullify" });
    let handled = 0;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(text, { minLength: 1, maxLength: 20 }), async (values) => {
        const masked = await maskValues(rule, values);
        expect(await maskValues(rule, values.toReversed())).toEqual(masked.toReversed());
        const known = values.filter((_, row) => masked[row] !== null);
        const stands = masked.filter((value) => value !== null);
        handled += known.filter((value) => /\p{L}/u.test(value)).length;
        for (const [row, value] of known.entries()) {
          expect(stands[row]!.length).toBe(value.length);
          for (let at = 0; at < value.length; at++) expect(changeOf(value[at]!, stands[row]![at]!)).toBe("");
        }
        expect(new Set(stands).size).toBe(known.length);
        expect(await revealValues(scramble(), stands)).toEqual(known);
      }),
      { numRuns: 100, seed: 4711 },
    );
    expect(handled).toBeGreaterThan(200);
  });
});

const CATEGORIES = [/^\p{Lu}$/u, /^\p{Ll}$/u, /^\p{Lo}$/u, /^\p{N}$/u];

/** What is wrong with a code unit in the place of another. */
function changeOf(before: string, after: string): string {
  if (before === after) return "";
  const category = CATEGORIES.findIndex((one) => one.test(before));
  if (category < 0) return `changes ${before.charCodeAt(0).toString(16)}, which is no letter or digit`;
  return CATEGORIES[category]!.test(after) ? "" : `makes another category of ${before.charCodeAt(0).toString(16)}`;
}
