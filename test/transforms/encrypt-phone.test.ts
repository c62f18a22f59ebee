import { readFileSync } from "node:fs";
import { parsePhoneNumberFromString as parse } from "libphonenumber-js/max";
import { describe, expect, it } from "vitest";
import { checkTransform } from "../../src/testing/index.ts";
import { encryptPhone } from "../../src/transforms/ids/encrypt-phone.ts";
import { describeWithData, sharedData } from "../shared-data.ts";
import { maskOne, maskValues, revealValues } from "./mask-values.ts";

describe("encryptPhone", () => {
  it("keeps country, type and layout", async () => {
    const values = ["+49 151 12345678", "+1 (212) 555-2368", "+44 20 7946 0958", "+33612345678"];
    const masked = (await maskValues(encryptPhone(), values)) as string[];
    for (const [index, value] of masked.entries()) {
      const [one, other] = [parse(values[index]!)!, parse(value)!];
      expect(other.isValid()).toBe(true);
      expect([other.country, other.getType()]).toEqual([one.country, one.getType()]);
      expect(value.replace(/\d/g, "0")).toBe(values[index]!.replace(/\d/g, "0"));
      expect(value).not.toBe(values[index]);
    }
  });

  it("gives one number one stand-in, however it is written", async () => {
    const [full, spaced, withTrunk, national, dialled] = await maskValues(encryptPhone({ country: "DE" }), [
      "+4915112345678",
      "+49 151 12345678",
      "+49 (0) 151 12345678",
      "0151/12345678",
      "004915112345678",
    ]);
    const number = full!.slice(3);
    expect(spaced!.replaceAll(" ", "")).toBe(full);
    expect(withTrunk!.replace("(0)", "").replaceAll(" ", "")).toBe(full);
    expect(national!.replace("/", "")).toBe(`0${number}`);
    expect(dialled).toBe(`0049${number}`);
  });

  it("reads numbers without a plus as beginning with their calling code, where no country is said", async () => {
    const [plus, bare] = await maskValues(encryptPhone(), ["+4915112345678", "4915112345678"]);
    expect(plus).toBe(`+${bare}`);
    expect(await maskOne(encryptPhone(), "4915112345678", { column: "integer" })).toBe(bare);
  });

  it("keeps the layout of an extension, and gives every one of a length another, whatever the number", async () => {
    const number = "+1 212 555 2368";
    const signs = [" ext. ", " x", "x", ";ext=", " extension ", "#", ", ", " Ext:", " доб. "];
    const plain = await maskOne(encryptPhone(), number);
    const masked = await maskValues(
      encryptPhone(),
      signs.map((sign) => `${number}${sign}12`),
    );
    const other = masked[0]!.slice(-2);
    expect(other).toMatch(/^\d\d$/);
    expect(other).not.toBe("12");
    expect(masked).toEqual(signs.map((sign) => plain + sign + other));
    const all = Array.from({ length: 1000 }, (_, index) => `${number} x${String(index).padStart(3, "0")}`);
    const hundreds = await maskValues(encryptPhone(), all);
    expect(new Set(hundreds).size).toBe(1000);
    expect(hundreds.filter((value, index) => value === all[index])).toEqual([]);
    expect(await revealValues(encryptPhone(), hundreds)).toEqual(all);
  });

  it("cannot handle what no plan knows, a short code, letters for digits, or two numbers in one", async () => {
    for (const value of [
      "+49 1",
      "hello",
      "+999123456789",
      "112",
      "1-800-FLOWERS",
      "+1 212 555 2368 ext. 12345678",
      "+1 212 555 2368 / 2369",
    ])
      await expect(maskOne(encryptPhone(), value)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    expect(() => encryptPhone({ country: "Germany" })).toThrow(/two capital letters/);
  });

  it("leaves no two numbers with one stand-in", async () => {
    const values = Array.from({ length: 100_000 }, (_, index) => `+4915112${String(index).padStart(6, "0")}`);
    const masked = await maskValues(encryptPhone(), values);
    expect(new Set(masked).size).toBe(values.length);
    expect(masked.filter((value, index) => value === values[index])).toEqual([]);
  });

  it("keeps its promises", async () => {
    const values = ["+49 151 12345678", "+1 (212) 555-2368", "+442079460958", null, ""];
    expect(await checkTransform(encryptPhone(), { column: "text", values })).toEqual([]);
  });
});

describeWithData("phone numbers of all countries", "ids/phone-examples.json", () => {
  const { examples } = JSON.parse(readFileSync(sharedData("ids", "phone-examples.json"), "utf8"));
  /** Each small domain costs a table: of the rarer types every eighth stands for the others. */
  const numbers: string[] = examples
    .filter(
      ({ type, e164 }: { type: string; e164: string }, index: number) =>
        (/mobile|fixedLine/.test(type) || index % 8 === 0) && parse(e164)?.isValid(),
    )
    .map(({ e164 }: { e164: string }) => e164);

  it("stay valid, of their country and type, and never what they are", { timeout: 240_000 }, async () => {
    expect(numbers.length).toBeGreaterThan(500);
    const masked = (await maskValues(encryptPhone(), numbers)) as string[];
    const wrong = masked.filter((value, index) => {
      const [one, other] = [parse(numbers[index]!)!, parse(value)];
      return !other?.isValid() || other.country !== one.country || other.getType() !== one.getType() || value === numbers[index];
    });
    expect(wrong).toEqual([]);
    const some = (values: readonly string[]) => values.filter((_, index) => index % 8 === 0);
    expect(await revealValues(encryptPhone(), some(masked))).toEqual(some(numbers));
  });
});
