import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextHash } from "../../src/verify/text-hash.ts";
import { wordsOf } from "../../src/verify/text-units.ts";
import { UnitHashes } from "../../src/verify/unit-hashes.ts";
import { writtenUnits, writtenWords } from "./written-units.ts";

const hashes = new UnitHashes(new TextHash(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)));
const found = () => Array.from({ length: hashes.count }, (_, index) => `${hashes.highs[index]} ${hashes.lows[index]}`);

const hashesIn = (text: string) => {
  hashes.scan(text);
  return found().sort();
};

const hashOf = (unit: string) => {
  hashes.take(unit);
  return found()[0]!;
};

/** Texts with words, addresses, dates and numbers in groups, in one alphabet or several. */
const part = fc.oneof(
  fc.constantFrom(
    "Jane",
    "O'Neill",
    "jane@acme.com",
    "2024-05-17",
    "20240517",
    "4111",
    "1111",
    "+49",
    "(30)",
    "90.18",
    "--",
    "'x'",
    "@",
    "a@",
  ),
  fc.constantFrom("Zoë", "ZOE\u0308", "Ångström", "İstanbul", "Straße", "１２３４", "Юлия", "’tis", "a\u{1F600}b"),
  fc.stringMatching(/^[ -~]{0,12}$/),
  fc.stringMatching(/^[0-9]{1,9}$/),
  fc.string({ maxLength: 6 }),
);
const text = fc
  .array(fc.tuple(part, fc.constantFrom(" ", "", ", ", "-", "\t", "/", "\n")), { maxLength: 14 })
  .map((parts) => parts.flat().join(""));

describe("hashes of all that may be found in a text", () => {
  it("are those of its units written out", () => {
    fc.assert(
      fc.property(text, (value) => {
        const units = writtenUnits(value).map(hashOf).sort();
        expect(hashesIn(value)).toEqual(units);
      }),
      { numRuns: 2_000 },
    );
  });

  it("are those of its beginning where it is long", () => {
    for (const value of ["she called 030 90 18 20 77 again, ".repeat(100), "Zoë Ångström, ".repeat(300), "1234 ".repeat(600)]) {
      const units = new Set(writtenUnits(value).map(hashOf));
      expect(new Set(hashesIn(value))).toEqual(units);
    }
  });

  it("leave out runs that begin otherwise than all units that are looked for", () => {
    const own = new UnitHashes();
    own.take("jane doe");
    own.scan("dear jane doe and john");
    expect(own.count).toBe(4);
    own.scan("nobody was there");
    expect(own.count).toBe(0);
  });

  it("are others under another seed", () => {
    const [one, other] = [new UnitHashes(), new UnitHashes()];
    for (const each of [one, other]) each.take("jane@acme.com");
    expect([one.highs[0], one.lows[0]]).not.toEqual([other.highs[0], other.lows[0]]);
  });
});

describe("words of a text", () => {
  it("are found in ASCII as in any other", () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(wordsOf(value)).toEqual(writtenWords(value));
      }),
      { numRuns: 2_000 },
    );
  });
});
