import { FF1 } from "@noble/ciphers/ff1.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFf1 } from "../../src/keys/ff1.ts";
import { ff1Shape } from "../../src/keys/ff1-shape.ts";
import samples from "../vectors/ff1-nist-samples.json" with { type: "json" };
import { sharedVectors } from "./shared-vectors.ts";

interface Vector {
  readonly id: number;
  readonly source: string;
  readonly key: string;
  readonly radix: number;
  readonly alphabet: string;
  readonly tweak: string;
  readonly pt: string;
  readonly ct: string;
}
const MIN_DOMAIN = 1_000_000;
const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

const ff1Of = ({ key, radix, tweak }: Pick<Vector, "key" | "radix" | "tweak">) =>
  createFf1({ key: Buffer.from(key, "hex"), radix, tweak: Buffer.from(tweak, "hex") });
const numeralsOf = (text: string, alphabet: string) => [...text].map((character) => alphabet.indexOf(character));

function expectVector(vector: Omit<Vector, "source" | "id">): void {
  const { alphabet, pt, ct, radix } = vector;
  const ff1 = ff1Of(vector);
  expect(ff1.encrypt(numeralsOf(pt, alphabet))).toEqual(numeralsOf(ct, alphabet));
  expect(ff1.decrypt(numeralsOf(ct, alphabet))).toEqual(numeralsOf(pt, alphabet));
  if (radix !== 10) return;
  expect(ff1.encryptDigits([pt, null, pt])).toEqual([ct, null, ct]);
  expect(ff1.decryptDigits([ct])).toEqual([pt]);
}

describe("createFf1", () => {
  it.each(samples.vectors)("meets sample $id of NIST SP 800-38G", (vector) => expectVector({ ...vector, alphabet: ALPHABET }));

  const nist = sharedVectors<{ vectors: Vector[] }>("ff1-nist.json");
  describe.skipIf(nist === null)("against the NIST and ACVP vectors", () => {
    it.each(nist?.vectors ?? [])("meets $source, $id", expectVector);
  });

  const wycheproof = sharedVectors<{ vectors: Vector[]; invalid: Omit<Vector, "ct">[] }>("ff1-wycheproof-sample.json");
  describe.skipIf(wycheproof === null)("against Wycheproof", () => {
    const isTooSmall = ({ radix, pt }: Vector) => radix ** pt.length < MIN_DOMAIN;

    it("meets every vector of a domain of 10^6 or more", () => {
      const vectors = wycheproof!.vectors.filter((vector) => !isTooSmall(vector));
      expect(vectors).toHaveLength(538);
      vectors.forEach(expectVector);
    });

    it("refuses the vectors of a smaller domain, which the first edition of the standard allowed", () => {
      const vectors = wycheproof!.vectors.filter(isTooSmall);
      expect(vectors).toHaveLength(2);
      for (const vector of vectors) {
        expect(() => ff1Of(vector).encrypt(numeralsOf(vector.pt, vector.alphabet))).toThrow(/below 10\^6/);
      }
    });

    it("rejects what must be rejected", () => {
      expect(wycheproof!.invalid).toHaveLength(90);
      for (const vector of wycheproof!.invalid) {
        const { pt, alphabet, radix } = vector;
        const crypt = () => ff1Of(vector).encrypt(numeralsOf(pt, alphabet));
        expect(crypt, `vector ${vector.id}`).toThrow(expect.objectContaining({ name: "StandinError" }));
        if (radix === 10) expect(ff1Of(vector).encryptDigits([pt])).toEqual([undefined]);
      }
    });
  });

  const key = fc.constantFrom(16, 24, 32).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
  const tweak = fc.uint8Array({ maxLength: 37 });
  const numerals = fc.constantFrom([10, 6], [36, 6], [2, 20], [62, 6], [1_000, 6], [65_535, 6]).chain(([radix, minLength]) =>
    fc.record({
      radix: fc.constant(radix!),
      text: fc.array(fc.nat(radix! - 1), { minLength: minLength!, maxLength: 40 }),
    }),
  );

  it("agrees with @noble/ciphers", () => {
    fc.assert(
      fc.property(key, tweak, numerals, (secret, bytes, { radix, text }) => {
        const ours = createFf1({ key: secret, radix, tweak: bytes });
        const theirs = FF1(radix, secret, bytes);
        const encrypted = theirs.encrypt([...text]);
        expect(ours.encrypt(text)).toEqual(encrypted);
        expect(ours.decrypt(encrypted)).toEqual(text);
        expect(createFf1({ key: secret, radix }).encrypt(text, bytes)).toEqual(encrypted);
      }),
      { numRuns: 300 },
    );
  });

  it("takes the radix 65536, which needs all three bytes of its place", () => {
    const ff1 = createFf1({ key: Buffer.alloc(32, 7), radix: 65_536 });
    const encrypted = ff1.encrypt([0, 65_535, 1]);
    expect(encrypted).not.toEqual([0, 65_535, 1]);
    expect(ff1.decrypt(encrypted)).toEqual([0, 65_535, 1]);
  });

  it.each([1, 0, 65_537, 2.5, Number.NaN])("refuses the radix %d", (radix) => {
    expect(() => createFf1({ key: Buffer.alloc(32), radix })).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  });

  it.each([[[1, 2, 3, 4, 5]], [[]]])("refuses a domain below 10^6", (text) => {
    const { encrypt } = createFf1({ key: Buffer.alloc(32), radix: 10 });
    expect(() => encrypt(text)).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
    expect(() => encrypt(text)).toThrow(/below 10\^6/);
  });

  it.each([-1, 10, 1.5, Number.NaN])("refuses %d as a numeral", (numeral) => {
    const { encrypt, decrypt } = createFf1({ key: Buffer.alloc(32), radix: 10 });
    expect(() => encrypt([1, 2, 3, 4, 5, numeral])).toThrow(expect.objectContaining({ code: "VALUE_UNSUPPORTED" }));
    expect(() => decrypt([1, 2, 3, 4, 5, numeral])).toThrow(expect.objectContaining({ code: "VALUE_UNSUPPORTED" }));
  });
});

describe("encryptDigits", () => {
  const secret = Buffer.from(samples.vectors[6]!.key, "hex");
  const digits = (minLength: number, maxLength: number) =>
    fc.array(fc.nat(9), { minLength, maxLength }).map((text) => text.join(""));
  const columns = fc.array(
    fc.record({
      value: fc.option(fc.oneof({ weight: 3, arbitrary: digits(6, 20) }, { weight: 1, arbitrary: digits(21, 40) }), {
        nil: null,
      }),
      own: fc.option(fc.string({ unit: "grapheme", maxLength: 24 }), { nil: null }),
    }),
    { maxLength: 30 },
  );

  it("gives each value what @noble/ciphers gives it", () => {
    fc.assert(
      fc.property(columns, fc.uint8Array({ maxLength: 20 }), (rows, tweak) => {
        const ff1 = createFf1({ key: secret, radix: 10, tweak });
        const values = rows.map(({ value }) => value);
        const owns = rows.map(({ own }) => own);
        const expected = (own: (row: number) => string) =>
          values.map((value, row) => {
            const bytes = Buffer.concat([tweak, Buffer.from(own(row))]);
            return (
              value &&
              FF1(10, secret, bytes)
                .encrypt([...value].map(Number))
                .join("")
            );
          });
        const encrypted = ff1.encryptDigits(values);
        expect(encrypted).toEqual(expected(() => ""));
        expect(ff1.decryptDigits(encrypted as (string | null)[])).toEqual(values);
        const bound = ff1.encryptDigits(values, owns);
        expect(bound).toEqual(expected((row) => owns[row] ?? ""));
        expect(ff1.decryptDigits(bound as (string | null)[], owns)).toEqual(values);
      }),
    );
  });

  it("gives a column what its values get one by one", () => {
    const ff1 = createFf1({ key: secret, radix: 10 });
    fc.assert(
      fc.property(columns, (rows) => {
        const values = rows.map(({ value }) => value);
        expect(ff1.encryptDigits(values)).toEqual(values.flatMap((value) => ff1.encryptDigits([value])));
      }),
    );
  });

  it("handles halves of nines and of zeros", () => {
    const ff1 = createFf1({ key: secret, radix: 10 });
    for (let length = 6; length <= 24; length++) {
      const values = ["9".repeat(length), "0".repeat(length)];
      expect(ff1.decryptDigits(ff1.encryptDigits(values) as string[])).toEqual(values);
    }
  });

  it.each([
    "",
    "12345",
    "12345a",
    "12-3456",
    "１２３４５６",
    "+123456",
    " 123456",
    "1".repeat(25).concat("x"),
    "1".repeat(10_001),
  ])("cannot handle a value such as no. %#, and says so", (value) => {
    const { encryptDigits } = createFf1({ key: secret, radix: 10 });
    const [before, odd, after] = encryptDigits(["123456", value, "123456"]);
    expect(odd).toBeUndefined();
    expect(before).toMatch(/^[0-9]{6}$/);
    expect(after).toBe(before);
  });

  it("gives another text under another key, tweak or own tweak", () => {
    const value = ["4111111111111111"];
    const other = Uint8Array.from(secret, (byte) => byte ^ 1);
    const texts = [
      createFf1({ key: secret, radix: 10 }).encryptDigits(value),
      createFf1({ key: other, radix: 10 }).encryptDigits(value),
      createFf1({ key: secret, radix: 10, tweak: Buffer.from("a") }).encryptDigits(value),
      createFf1({ key: secret, radix: 10 }).encryptDigits(value, ["b"]),
    ];
    expect(new Set(texts.flat()).size).toBe(4);
  });

  it("needs radix 10", () => {
    expect(() => createFf1({ key: secret, radix: 36 }).encryptDigits(["123456"])).toThrow(TypeError);
  });
});

describe("encryptTexts", () => {
  const secret = Buffer.from(samples.vectors[6]!.key, "hex");

  it("agrees with the numerals of each value, at any radix and length", () => {
    const cases = fc
      .record({
        radix: fc.constantFrom(2, 3, 10, 26, 36, 62, 64, 1_000, 65_536),
        // Below 10 in small numbers, below 90 in limbs, above it in big integers, where a radix is large.
        length: fc.oneof(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 13, max: 90 })),
        tweak: fc.uint8Array({ maxLength: 37 }),
        seed: fc.integer(),
        rows: fc.integer({ min: 1, max: 4 }),
      })
      .filter(({ radix, length }) => radix ** length >= MIN_DOMAIN);
    fc.assert(
      fc.property(cases, ({ radix, length, tweak, seed, rows }) => {
        const ff1 = createFf1({ key: secret, radix, tweak });
        // The largest numerals come often: what is carried goes far.
        const numeral = (index: number) => (Math.imul(seed ^ index, 0x9e3779b1) >>> 0) % (radix + 2);
        const given = Uint16Array.from({ length: rows * length }, (_, index) => Math.min(numeral(index), radix - 1));
        const texts = given.slice();
        ff1.encryptTexts(texts, length);
        for (let row = 0; row < rows; row++) {
          const own = (all: Uint16Array) => [...all.subarray(row * length, (row + 1) * length)];
          expect(own(texts)).toEqual(ff1.encrypt(own(given)));
        }
        ff1.decryptTexts(texts, length);
        expect(texts).toEqual(given);
      }),
      { numRuns: 300 },
    );
  });

  it("gives a long column what its values get one by one", () => {
    const ff1 = createFf1({ key: secret, radix: 62 });
    const given = Uint16Array.from({ length: 2_100 * 14 }, (_, index) => (index * 7_919) % 62);
    const texts = given.slice();
    ff1.encryptTexts(texts, 14);
    for (const row of [0, 1_023, 1_024, 2_099]) {
      expect([...texts.subarray(row * 14, (row + 1) * 14)]).toEqual(ff1.encrypt([...given.subarray(row * 14, (row + 1) * 14)]));
    }
  });

  it("is a bijection on a whole domain", () => {
    const texts = Uint16Array.from({ length: 6_000_000 }, (_, index) => Math.floor(index / 6 / 10 ** (5 - (index % 6))) % 10);
    createFf1({ key: secret, radix: 10 }).encryptTexts(texts, 6);
    const seen = new Uint8Array(1_000_000);
    for (let from = 0; from < texts.length; from += 6) {
      seen[texts.subarray(from, from + 6).reduce((number, digit) => number * 10 + digit, 0)] = 1;
    }
    expect(seen.includes(0)).toBe(false);
  });

  it("refuses a numeral that is not below the radix", () => {
    expect(() => createFf1({ key: secret, radix: 10 }).encryptTexts(Uint16Array.of(1, 2, 3, 4, 5, 10), 6)).toThrow(RangeError);
  });
});

describe("ff1Shape", () => {
  it("finds the exact number of bytes where a floating-point logarithm does not", () => {
    // log2(2^40 - 1) rounds to 40; two numerals of radix 2^16 fill 4 bytes, and one bit more needs a fifth.
    expect(ff1Shape(65_536, 4).b).toBe(4);
    expect(ff1Shape(2, 64).b).toBe(4);
    expect(ff1Shape(2, 66).b).toBe(5);
  });

  it("gives the fewest bytes that hold every right half", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 65_536 }), fc.integer({ min: 20, max: 200 }), (radix, length) => {
        const { u, v, b, d } = ff1Shape(radix, length);
        const largest = BigInt(radix) ** BigInt(v) - 1n;
        expect(u + v).toBe(length);
        expect(largest < 1n << BigInt(8 * b)).toBe(true);
        expect(largest >= 1n << BigInt(8 * (b - 1))).toBe(true);
        expect(d).toBe(4 * Math.ceil(b / 4) + 4);
      }),
    );
  });
});
