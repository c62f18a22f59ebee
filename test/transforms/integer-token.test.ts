import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBigPermutation } from "../../src/keys/permutation.ts";
import { createIntegerTokens } from "../../src/transforms/tokens/integer-token.ts";

const KEY = Buffer.alloc(32, 7);
const MAX_INT = 2n ** 31n - 1n;

/** What the doc comment says, a value at a time. */
function tokenOf(text: string, max: bigint): string | undefined {
  if (text === "" || text === "0") return text;
  if (!/^-?[1-9][0-9]*$/.test(text)) return undefined;
  const [sign, size] = text.startsWith("-") ? ["-", -BigInt(text)] : ["", BigInt(text)];
  const classes = [
    [1n, MAX_INT],
    [MAX_INT + 1n, 2n ** 63n - 1n],
    [2n ** 63n, 2n ** 64n - 1n],
  ] as const;
  for (const [first, last] of classes) {
    const end = last < max ? last : max;
    if (size < first || size > end) continue;
    return sign + (createBigPermutation(KEY, end - first + 1n).forward(size - first) + first);
  }
  return undefined;
}

describe("createIntegerTokens", () => {
  const number = fc
    .tuple(fc.constantFrom("", "-", "+", "0", " "), fc.bigInt({ min: 0n, max: 2n ** 65n }), fc.integer({ min: 0, max: 66 }))
    .map(([before, size, bits]) => before + (size >> BigInt(bits)));
  const edge = fc.constantFrom("", "0", "-0", "-", "00", "1", "-1", "2147483647", "2147483648", "-2147483647", "9999999999");
  const odd = fc.constantFrom("1a", "a1", "1.0", "1/", "1:", "९", "10000000000", "9223372036854775808", "18446744073709551616");

  it("maps each class of integers by its permutation, and nothing else", () => {
    const maxima = [2n ** 31n - 1n, 2n ** 63n - 1n, 2n ** 64n - 1n, 32_767n, 2n ** 33n];
    for (const max of maxima) {
      const tokens = createIntegerTokens(KEY, max);
      const back = createIntegerTokens(KEY, max, "backward");
      fc.assert(
        fc.property(fc.array(fc.oneof(number, edge, odd), { minLength: 1, maxLength: 12 }), (values) => {
          const masked = tokens([...values, null]);
          expect(masked).toEqual([...values.map((value) => tokenOf(value, max)), null]);
          const known = values.filter((_, row) => masked[row] !== undefined);
          expect(back(masked.filter((token) => typeof token === "string"))).toEqual(known);
        }),
        { numRuns: 40 },
      );
    }
  });

  it("takes for an integer what another form makes one", () => {
    const tokens = createIntegerTokens(KEY, MAX_INT, "forward", (value) => value.replace(/^\+/, ""));
    const [plain, signed, zero, other] = tokens(["42", "+42", "+0", "+x"]);
    expect([signed, zero, other]).toEqual([plain, "0", undefined]);
  });
});
