import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalOf } from "../../src/keys/canonical.ts";

const number = canonicalOf({ kind: "integer", isPadded: false })!;
const uuid = canonicalOf({ kind: "uuid", isPadded: false })!;
const padded = canonicalOf({ kind: "text", isPadded: true })!;

describe("canonicalOf a number", () => {
  it.each([
    ["42", "42"],
    ["+42", "42"],
    ["0042", "42"],
    ["42.0", "42"],
    ["42.", "42"],
    [" 42 ", "42"],
    ["-42.00", "-42"],
    ["-0", "0"],
    ["-0.00e5", "0"],
    ["00", "0"],
    [".5", "0.5"],
    ["-.50", "-0.5"],
    ["1.50", "1.5"],
    ["100", "100"],
    ["1e2", "100"],
    ["1.2E+3", "1200"],
    ["12e-1", "1.2"],
    ["1e-3", "0.001"],
    ["1e999999999", "1e999999999"],
    ["10e999999998", "1e999999999"],
    ["-0.1e-999999", "-1e-1000000"],
    ["9223372036854775807", "9223372036854775807"],
  ])("%s is %s", (value, canonical) => expect(number(value)).toBe(canonical));

  it.each(["", "-", "+", ".", "e5", "NaN", "Infinity", "n/a", "1,5", "1 2", "0x10", "--1", "1e", "٤٢", "1e9999999999"])(
    "leaves %j as it is",
    (value) => expect(number(value)).toBe(value),
  );

  const written = fc
    .record({
      sign: fc.constantFrom("", "+", "-"),
      zeros: fc.constantFrom("", "0", "000"),
      whole: fc.bigInt({ min: 0n, max: 10n ** 25n }).map(String),
      fraction: fc.option(
        fc.array(fc.nat(9), { maxLength: 12 }).map((digits) => digits.join("")),
        { nil: undefined },
      ),
      exponent: fc.option(fc.integer({ min: -40, max: 40 }), { nil: undefined }),
    })
    .map(({ sign, zeros, whole, fraction, exponent }) => {
      const point = fraction === undefined ? "" : `.${fraction}`;
      return `${sign}${zeros}${whole}${point}${exponent === undefined ? "" : `e${exponent}`}`;
    });

  /** The exact value, times 10^60. */
  function scaled(text: string): bigint {
    const [mantissa, exponent = "0"] = text.toLowerCase().split("e");
    const [whole, fraction = ""] = mantissa!.replace(/^[+-]/, "").split(".");
    const value = BigInt(whole + fraction) * 10n ** BigInt(60 + Number(exponent) - fraction.length);
    return mantissa!.startsWith("-") ? -value : value;
  }

  it("gives equal numbers one text and keeps every number's value", () => {
    fc.assert(
      fc.property(written, (text) => {
        expect(scaled(number(text))).toBe(scaled(text));
      }),
    );
    fc.assert(
      fc.property(written, fc.integer({ min: -15, max: 15 }), fc.constantFrom("", "0", "00"), (text, shift, zeros) => {
        const [mantissa, exponent = "0"] = text.split("e");
        const [whole, fraction = ""] = mantissa!.split(".");
        const digits = `${whole}${fraction}${zeros}`;
        const same = `${digits}e${Number(exponent) - fraction.length - zeros.length}`;
        const shifted = `${digits}${"0".repeat(Math.max(shift, 0))}e${Number(exponent) - fraction.length - zeros.length - Math.max(shift, 0)}`;
        expect(number(same)).toBe(number(text));
        expect(number(shifted)).toBe(number(text));
      }),
    );
    fc.assert(
      fc.property(written, written, (a, b) => {
        expect(number(a) === number(b)).toBe(scaled(a) === scaled(b));
      }),
    );
  });

  it("is settled after one pass, for anything", () => {
    fc.assert(
      fc.property(fc.oneof(written, fc.string(), fc.string({ unit: fc.constantFrom(..."0123456789+-.eE ") })), (text) => {
        expect(number(number(text))).toBe(number(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("holds for decimals and floats too", () => {
    expect(canonicalOf({ kind: "decimal", isPadded: false })!("1.50")).toBe("1.5");
    expect(canonicalOf({ kind: "float", isPadded: false })!("1e+20")).toBe("100000000000000000000");
  });
});

describe("canonicalOf a UUID", () => {
  const plain = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";

  it.each([plain, plain.toUpperCase(), `{${plain}}`, plain.replaceAll("-", ""), "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11"])(
    "%s is lower case with hyphens",
    (value) => expect(uuid(value)).toBe(plain),
  );

  it("reads what comes in plain form as every other form of it", () => {
    const character = fc.constantFrom(..."0123456789abcdefABCDEF-/:`g");
    const almost = fc
      .tuple(fc.uuid(), fc.option(fc.tuple(fc.nat(35), character)))
      .map(([whole, changed]) =>
        changed === null ? whole : whole.slice(0, changed[0]) + changed[1] + whole.slice(changed[0] + 1),
      );
    fc.assert(
      fc.property(almost, (value) => {
        expect(uuid(value)).toBe(uuid(`{${value}}`).replace(/[{}]/g, ""));
      }),
    );
  });

  it.each(["", "a0eebc99", `${plain}0`, plain.replace("a", "g")])("leaves %j as it is", (value) =>
    expect(uuid(value)).toBe(value),
  );
});

describe("canonicalOf a text", () => {
  it("loses padding spaces, and only those, where the type pads", () => {
    expect(padded("ab   ")).toBe("ab");
    expect(padded("  ab\t ")).toBe("  ab\t");
    expect(padded("   ")).toBe("");
  });

  it("stays as it is everywhere else", () => {
    expect(canonicalOf({ kind: "text", isPadded: false })).toBeNull();
    expect(canonicalOf({ kind: "timestamp", isPadded: false })).toBeNull();
  });
});
