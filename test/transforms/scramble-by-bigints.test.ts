import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cmac } from "../../src/keys/cmac.ts";
import { createFf1 } from "../../src/keys/ff1.ts";
import { MaskingKey, parseMaskingKey } from "../../src/keys/masking-key.ts";
import { LETTER_CLASSES } from "../../src/transforms/tokens/letter-classes.ts";
import { scramble } from "../../src/transforms/tokens/scramble.ts";
import { ShapeIndex } from "../../src/transforms/tokens/scramble-shapes.ts";
import { TEST_KEY } from "../test-key.ts";
import { maskValues, revealValues } from "./mask-values.ts";

const key = new MaskingKey(parseMaskingKey(TEST_KEY));
const DOMAIN = "scramble";

/** What scramble is by its words, one value at a time: the letters as one big integer, and FF1 over its bits until it is below the size. */
function byBigints(value: string): string {
  const letters = [...value].flatMap((character, at) => {
    const found = LETTER_CLASSES.find(({ codes }) => codes.includes(character.charCodeAt(0)));
    return found === undefined ? [] : [{ at, found, rank: BigInt(found.codes.indexOf(character.charCodeAt(0))) }];
  });
  let size = 1n;
  let number = 0n;
  for (const { found, rank } of letters) {
    const forms = BigInt(found.codes.length);
    size *= forms;
    number = number * forms + rank;
  }
  const name = letters.map(({ found }) => found.name).join("");
  const bits = (size - 1n).toString(2).length;
  const tweak = cmac(key.derive("scramble:shapes", DOMAIN), Buffer.from(name));
  const ff1 = createFf1({ key: key.derive("scramble:sized", DOMAIN), radix: 2 });
  do number = BigInt(`0b${ff1.encrypt([...number.toString(2).padStart(bits, "0")].map(Number), tweak).join("")}`);
  while (number >= size);
  const masked = [...value];
  for (const { at, found } of letters.toReversed()) {
    const forms = BigInt(found.codes.length);
    masked[at] = String.fromCharCode(found.codes[Number(number % forms)]!);
    number /= forms;
  }
  return masked.join("");
}

/** A value of six to twelve letters of any classes, with signs between them: few enough for 192 bits, enough for a million values. */
const letter = fc
  .constantFrom(...LETTER_CLASSES)
  .chain(({ codes }) => fc.constantFrom(...codes).map((code) => String.fromCharCode(code)));
const mixed = fc
  .array(fc.oneof({ weight: 5, arbitrary: letter }, { weight: 1, arbitrary: fc.constantFrom("-", " ", ".") }), {
    minLength: 16,
    maxLength: 16,
  })
  .map((characters) => characters.join(""))
  .filter((value) => value.replace(/[- .]/g, "").length >= 8 && value.replace(/[- .]/g, "").length <= 13);
const plain = fc.stringMatching(/^[A-Z][a-z]{5,25}( [0-9]{1,4})?$/);

describe("scramble beside an arithmetic of big integers", () => {
  it("gives the same for values of any shapes side by side, with NULL and what it cannot handle between them", async () => {
    const cell = fc.oneof(mixed, plain, fc.constantFrom(null, "", "\ud800", "\u1230"));
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 40 }), async (values) => {
        const rule = scramble({ domain: DOMAIN, onUnsupported: "nullify" });
        const expected = values.map((value) =>
          value === "\u1230" ? null : value === null || !/[\p{L}\p{N}]/u.test(value) ? value : byBigints(value),
        );
        expect(await maskValues(rule, values)).toEqual(expected);
        const known = values.filter((value) => value !== "\u1230");
        expect(await revealValues(rule, await maskValues(rule, known))).toEqual(known);
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same for the first and the last value of sizes around a power of two", async () => {
    // The accented letters are 32: every size here is a power of two, but for the last letter.
    const values = [4, 6, 7, 12, 13, 19, 20, 25, 26, 32, 37].flatMap((count) =>
      ["0", "9", "", "Z"].map((end) => `${"\u00ff".repeat(count)}${end}`),
    );
    expect(await maskValues(scramble({ domain: DOMAIN }), values)).toEqual(values.map(byBigints));
  });

  it("gives the same for the first and the last value of every length about two words, of classes large and small", async () => {
    const values = [
      ["09", 6, 22],
      ["az", 5, 22],
      ["\u00df\u00ff", 5, 22],
      ["\u4e00\u9fa5", 2, 12],
      ["\uac00\ud7a3", 2, 12],
    ].flatMap(([ends, from, to]) =>
      [...String(ends)].flatMap((letter) =>
        Array.from({ length: Number(to) - Number(from) }, (_, more) => letter.repeat(Number(from) + more)).flatMap((text) => [
          text,
          `Z9${text}0`,
        ]),
      ),
    );
    const masked = await maskValues(scramble({ domain: DOMAIN }), values);
    expect(masked).toEqual(values.map(byBigints));
    expect(await revealValues(scramble({ domain: DOMAIN }), masked)).toEqual(values);
  });
});

describe("ShapeIndex", () => {
  const add = (index: ShapeIndex, classes: readonly number[]) => {
    index.classes.set(classes);
    index.add(0, 0, classes.length, classes.length, false);
    return index.used.at(-1)!;
  };

  it("knows a shape again in the next column", () => {
    const index = new ShapeIndex();
    index.begin();
    const shape = add(index, [1, 2, 3]);
    index.begin();
    expect(add(index, [1, 2, 3])).toBe(shape);
  });

  it("lets go of all shapes once those it holds have many letters: texts have a shape each, which none after them has", () => {
    const index = new ShapeIndex();
    index.begin();
    const shape = add(index, [1, 2, 3]);
    for (let text = 0; text < 20; text++)
      add(
        index,
        Array.from({ length: 8_000 }, (_, at) => (at + text) % 26),
      );
    index.begin();
    expect(add(index, [1, 2, 3])).not.toBe(shape);
  });
});
