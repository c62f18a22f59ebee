import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkTransform } from "../../src/testing/index.ts";
import { encryptId } from "../../src/transforms/ids/encrypt-id.ts";
import { NATIONAL_CHECKS } from "../../src/transforms/ids/iban-checks.ts";
import { IBAN_STRUCTURES } from "../../src/transforms/ids/iban-countries.ts";
import { luhnSum } from "../../src/transforms/ids/luhn.ts";
import { describeWithData, sharedData } from "../shared-data.ts";
import { columnOf, INT4, maskOne, maskValues, revealValues } from "./mask-values.ts";

const digitsOf = (text: string) => text.replace(/\D/g, "");

/** ISO 13616, by big integers. */
function isIban(text: string): boolean {
  const moved = text.slice(4) + text.slice(0, 4);
  return BigInt(moved.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))) % 97n === 1n;
}

function hasStructure(text: string): boolean {
  const classes = { n: "\\d", a: "[A-Z]", c: "[A-Z\\d]" };
  const parts = IBAN_STRUCTURES.get(text.slice(0, 2) + text.length)!.map(({ kind, width }) => `${classes[kind]}{${width}}`);
  return new RegExp(`^[A-Z]{2}\\d\\d${parts.join("")}$`).test(text);
}

describeWithData("cards of others", "ids/cards.json", () => {
  const cards = JSON.parse(readFileSync(sharedData("ids", "cards.json"), "utf8"));
  const numbers: string[] = [
    ...new Set<string>([...cards.known.map(({ pan }: { pan: string }) => pan), ...cards.validatorjs_valid]),
  ];

  it("stay valid, of their length, and never what they are", async () => {
    for (const keep of [false, true]) {
      const masked = await maskValues(encryptId({ scheme: "card", keep }), numbers);
      for (const [index, value] of masked.entries()) {
        expect(luhnSum(digitsOf(value!))).toBe(0);
        expect(value).not.toBe(numbers[index]);
        expect(value!.replace(/\d/g, "0")).toBe(numbers[index]!.replace(/\d/g, "0"));
        expect(value![0]).toBe(numbers[index]![0]);
        if (keep) expect(digitsOf(value!).slice(0, 6)).toBe(digitsOf(numbers[index]!).slice(0, 6));
      }
    }
  });
});

describeWithData("IBANs of others", "ids/iban-examples.json", () => {
  const { examples } = JSON.parse(readFileSync(sharedData("ids", "iban-examples.json"), "utf8"));
  const ibans: string[] = examples.map(({ iban }: { iban: string }) => iban).filter((iban: string) => !iban.startsWith("AA"));

  it("stay valid and of their country and structure, and never what they are", async () => {
    for (const keep of [false, true]) {
      const masked = (await maskValues(encryptId({ scheme: "iban", keep }), ibans)) as string[];
      expect(masked.filter((value) => !isIban(value) || !hasStructure(value))).toEqual([]);
      expect(masked.filter((value, index) => value === ibans[index] || value.slice(0, 2) !== ibans[index]!.slice(0, 2))).toEqual(
        [],
      );
    }
  });

  it("keep the country's own check digits where they are right, and only there", async () => {
    const own = ibans.filter((iban) => NATIONAL_CHECKS[iban.slice(0, 2)] !== undefined);
    const isChecked = (iban: string) => NATIONAL_CHECKS[iban.slice(0, 2)]!(iban.slice(4)) === iban.slice(4);
    for (const keep of [false, true]) {
      const masked = (await maskValues(encryptId({ scheme: "iban", keep }), own)) as string[];
      expect(masked.map(isChecked)).toEqual(own.map(isChecked));
    }
    // Examples of the registry that banks would take.
    expect(own.filter(isChecked).length).toBeGreaterThan(25);
  });

  it("keep their layout: spaces and small letters", async () => {
    const [plain, laidOut, small] = await maskValues(encryptId({ scheme: "iban" }), [
      "GB82WEST12345698765432",
      "GB82 WEST 1234 5698 7654 32",
      "gb82west12345698765432",
    ]);
    expect(laidOut).toBe(plain!.replace(/(.{4})(?=.)/g, "$1 "));
    expect(small).toBe(plain!.toLowerCase());
  });
});

describe("kinds", () => {
  const kinds: readonly (readonly [scheme: string, values: readonly string[], form: RegExp])[] = [
    [
      "uuid",
      ["6ba7b810-9dad-11d1-80b4-00c04fd430c8", "f47ac10b-58cc-4372-a567-0e02b2c3d479", "01890a5d-ac96-774b-bcce-b302099a8057"],
      /^[\da-f]{8}-[\da-f]{4}-[147][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
    ],
    ["ulid", ["01ARZ3NDEKTSV4RRFFQ69G5FAV"], /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/],
    ["objectid", ["507f1f77bcf86cd799439011"], /^[\da-f]{24}$/],
    ["mac", ["00:1A:2B:3C:4D:5E", "001A.2B3C.4D5E", "00-1a-2b-3c-4d-5e"], /^[\dA-Fa-f:.-]{14,17}$/],
    ["bic", ["DEUTDEFF", "DEUTDEFF500", "DEUTDEFFXXX"], /^[A-Z]{4}DE[A-Z2-9][A-Z0-9](?:[A-Z0-9]{3})?$/],
    ["vin", ["1M8GDM9AXKP042788", "WVWZZZ1JZ3W386752"], /^[0-9A-HJ-NPR-Z]{17}$/],
    ["imei", ["490154203237518", "35-209900-176148-1", "3568680000414120"], /^[\d-]+$/],
    ["isbn", ["978-0-306-40615-7", "0-306-40615-2", "979-10-90636-07-1"], /^[\dX-]+$/],
    ["issn", ["0378-5955"], /^\d{4}-\d{3}[\dX]$/],
    ["imo", ["9074729", "IMO 9074729", "imo9074729"], /^(?:IMO |imo)?\d{7}$/],
    ["ean", ["4006381333931", "73513537", "036000291452"], /^\d+$/],
    ["postcode.gb", ["SW1A 1AA", "M1 1AE"], /^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$/],
    ["postcode.us", ["90210", "90210-1234"], /^\d{5}(?:-\d{4})?$/],
    ["plate.de", ["B-MW 1234", "M AB 12"], /^[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2} \d{1,4}$/],
    ["/[A-Z]{2}-\\d{4}(-[xy])?/", ["AB-1234", "ZZ-0000-x"], /^[A-Z]{2}-\d{4}(-[xy])?$/],
  ];
  for (const [scheme, values, form] of kinds) {
    it(`stay of their form: ${scheme}`, async () => {
      const masked = (await maskValues(encryptId({ scheme }), values)) as string[];
      for (const [index, value] of masked.entries()) {
        expect(value).toMatch(form);
        expect(value).not.toBe(values[index]);
        expect(value.replace(/[0-9A-Za-zÄÖÜ]/g, "x")).toBe(values[index]!.replace(/[0-9A-Za-z]/g, "x"));
      }
    });

    it(`keep their promises: ${scheme}`, async () => {
      expect(
        await checkTransform(encryptId({ scheme }), {
          column: scheme === "uuid" ? "uuid" : "text",
          values: [...values, null, ""].filter((value) => scheme !== "uuid" || value !== ""),
        }),
      ).toEqual([]);
    });
  }

  it("are the same behind their own name, which stays, and no other is taken for it", async () => {
    for (const [scheme, plain, named] of [
      ["imo", "9074729", "IMO 9074729"],
      ["isbn", "978-0-306-40615-7", "ISBN 978-0-306-40615-7"],
      ["issn", "0378-5955", "ISSN 0378-5955"],
    ] as const) {
      const [one, other] = await maskValues(encryptId({ scheme }), [plain, named]);
      expect(other).toBe(named.replace(plain, one!));
      expect(await revealValues(encryptId({ scheme }), [other!])).toEqual([named]);
      for (const wrong of [`XX ${plain}`, `${plain} ${named.slice(0, 4).trim()}`])
        await expect(maskOne(encryptId({ scheme }), wrong)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    }
  });

  it("keep what keep names", async () => {
    const kept = async (scheme: string, value: string, start: number) => {
      const masked = await maskOne(encryptId({ scheme, keep: true }), value);
      expect(masked!.slice(0, start)).toBe(value.slice(0, start));
      expect(masked).not.toBe(value);
    };
    await kept("mac", "00:1A:2B:3C:4D:5E", 8);
    await kept("vin", "1M8GDM9AXKP042788", 3);
    await kept("imei", "490154203237518", 8);
    await kept("ulid", "01ARZ3NDEKTSV4RRFFQ69G5FAV", 10);
    await kept("objectid", "507f1f77bcf86cd799439011", 8);
    await kept("ean", "4006381333931", 7);
    await kept("iban", "DE89370400440532013000", 2);
  });

  it("cannot handle what is not valid", async () => {
    for (const [scheme, value] of [
      ["card", "4111111111111112"],
      ["iban", "GB83WEST12345698765432"],
      ["us.ssn", "666-12-3456"],
      ["nl.bsn", "111222334"],
      ["uuid", "not a uuid"],
      ["iban", "Gb82West12345698765432"],
      ["us.ssn", "１２３-45-6789"],
    ] as const)
      await expect(maskOne(encryptId({ scheme }), value)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    expect(() => encryptId({ scheme: "us.sns" })).toThrow(/us\.ssn/);
    expect(() => encryptId({ scheme: "/(?=x)/" })).toThrow(/beyond/);
  });

  it("are not those of a pattern that describes one text alone, which would stay what it is", () => {
    for (const pattern of ["abc", "^A{3}-[7]$", "(abc)", "x(y?){0}"])
      expect(() => encryptId({ scheme: `/${pattern}/` })).toThrow(/one text alone/);
    for (const pattern of ["ab[cd]", "ab?", "a|b", "x{1,2}"]) expect(() => encryptId({ scheme: `/${pattern}/` })).not.toThrow();
  });

  it("leaves no two texts with one stand-in where one is written small and the other is not", async () => {
    const letters = ["080442957X", "080442957x", "0-9752298-0-X"];
    const macs = Array.from({ length: 2000 }, (_, index) => `0A1B2C${String(index).padStart(6, "0")}`);
    const digits = Array.from({ length: 500 }, (_, index) => `10203${String(index).padStart(7, "0")}`);
    for (const [scheme, values] of [
      ["isbn", letters],
      ["mac", [...macs, ...macs.map((value) => value.toLowerCase()), ...digits]],
    ] as const) {
      const masked = await maskValues(encryptId({ scheme }), values);
      expect(new Set(masked).size).toBe(values.length);
      expect(await revealValues(encryptId({ scheme }), masked)).toEqual(values);
    }
  });

  it("takes no negative number for an identifier", async () => {
    await expect(maskOne(encryptId({ scheme: "nl.bsn" }), "-111222333", { column: INT4 })).rejects.toMatchObject({
      code: "VALUE_UNSUPPORTED",
    });
  });

  it("takes numbers that lost the zeros at their front", async () => {
    const [text] = await maskValues(encryptId({ scheme: "nl.bsn" }), ["010464554"]);
    const [number] = await maskValues(encryptId({ scheme: "nl.bsn" }), ["10464554"], { column: INT4 });
    expect(Number(number)).toBe(Number(text));
  });

  it("leaves no two numbers with one stand-in: a million US social security numbers", async () => {
    const rule = encryptId({ scheme: "us.ssn" });
    const seen = new Set<string>();
    for (let from = 0; from < 1_000_000; from += 50_000) {
      const values = Array.from({ length: 50_000 }, (_, index) => {
        const rank = from + index;
        return `${String(100 + Math.floor(rank / 989_901)).padStart(3, "0")}${String(1 + (Math.floor(rank / 9999) % 99)).padStart(2, "0")}${String(1 + (rank % 9999)).padStart(4, "0")}`;
      });
      for (const value of await maskValues(rule, values)) seen.add(value!);
    }
    expect(seen.size).toBe(1_000_000);
  });

  it("permutes a small domain whole: the postal codes of Norway", async () => {
    const all = Array.from({ length: 10_000 }, (_, number) => String(number).padStart(4, "0"));
    const masked = await maskValues(encryptId({ scheme: "postcode.no" }), all);
    expect([...masked].sort()).toEqual(all);
    expect(masked.filter((value, index) => value === all[index])).toEqual([]);
  });

  it("maps any two different UUIDs apart", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.uuid(), { minLength: 20, maxLength: 60 }), async (uuids) => {
        expect(new Set(await maskValues(encryptId({ scheme: "uuid" }), uuids)).size).toBe(uuids.length);
      }),
      { numRuns: 20 },
    );
  });

  it("are of PostgreSQL's macaddr columns too", async () => {
    const column = { kind: "network", type: "macaddr" } as const;
    const problems = (scheme: string, type: string) => {
      const { transform, options } = encryptId({ scheme });
      return transform.checkColumn(options, columnOf({ ...column, type }));
    };
    const masked = await maskOne(encryptId({ scheme: "mac" }), "08:00:2b:01:02:03", { column });
    expect(masked).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
    expect(problems("mac", "macaddr8")).toEqual([]);
    expect(problems("uuid", "macaddr")).toHaveLength(1);
    expect(problems("mac", "inet")).toHaveLength(1);
  });
});
