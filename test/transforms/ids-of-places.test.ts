import { describe, expect, it } from "vitest";
import type { IdSchemeName } from "../../src/transforms/ids/id-schemes.ts";
import { idScheme } from "../../src/transforms/ids/id-schemes.ts";
import { compactOf } from "../../src/transforms/ids/id-text.ts";
import { encryptId } from "../../src/transforms/index.ts";
import { samplesOf } from "./id-samples.ts";
import { maskValues, revealValues } from "./mask-values.ts";

type PlaceName = Extract<IdSchemeName, `postcode.${string}` | `plate.${string}`>;

/** Codes and plates of each form that a country has, as people there write them. */
const WRITTEN: Readonly<Record<PlaceName, readonly string[]>> = {
  "postcode.us": ["90210", "10001-1234", "606011234"],
  "postcode.gb": ["SW1A 1AA", "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 0AX", "ec1a1bb"],
  "postcode.ca": ["K1A 0B1", "V6B4Y8", "m5v 3l9"],
  "postcode.nl": ["1012 AB", "9711LM"],
  "postcode.de": ["10115", "01067"],
  "postcode.fr": ["75008", "97400"],
  "postcode.es": ["28013", "08001"],
  "postcode.it": ["00184"],
  "postcode.pt": ["1000-205", "4000"],
  "postcode.pl": ["00-950"],
  "postcode.se": ["114 55"],
  "postcode.no": ["0150"],
  "postcode.dk": ["2100"],
  "postcode.fi": ["00100"],
  "postcode.be": ["1000"],
  "postcode.at": ["1010"],
  "postcode.ch": ["8001"],
  "postcode.cz": ["110 00"],
  "postcode.ie": ["D02 AF30", "D6W XK28", "T12 W8KP"],
  "postcode.br": ["01310-100"],
  "postcode.mx": ["06000"],
  "postcode.au": ["2000", "0800"],
  "postcode.jp": ["100-0001"],
  "postcode.kr": ["03187"],
  "postcode.cn": ["100000"],
  "postcode.in": ["110 001", "400001"],
  "postcode.za": ["0001"],
  "plate.gb": ["AB12 CDE", "LD51SMR"],
  "plate.de": ["B-MW 1234", "M AB 12", "HH-A 1", "KÖ-X 77", "B-AB 123E", "S-HV 9H"],
  "plate.fr": ["AB-123-CD"],
  "plate.it": ["AB 123 CD"],
  "plate.es": ["1234 BCD"],
  "plate.nl": ["GB-001-B", "D-123-BB", "12-BBB-3", "1-BBB-23", "BB-BB-12", "12-BB-BB", "12-BB-34"],
  "plate.be": ["1-ABC-123"],
  "plate.pl": ["WA 12345", "KRA 1234", "GD 123AB"],
  "plate.se": ["ABC 123", "ABC 12D"],
  "plate.no": ["AB 12345"],
  "plate.dk": ["AB 12 345"],
  "plate.fi": ["ABC-123", "XYZ-1"],
  "plate.ch": ["ZH 123456", "TI 123", "GE-1234"],
  "plate.br": ["ABC1D23", "ABC-1234"],
  "plate.in": ["MH 12 AB 1234", "DL 01 C 1234", "KA01ABC1234"],
};

/** Others of the same form, which letters and digits tell. */
function likeIt(name: PlaceName, written: string): readonly string[] {
  const scheme = idScheme(name)!;
  const compact = compactOf(written, scheme)!;
  const [form] = scheme.forms(scheme.keyOf!(compact, written)!, false);
  return [...new Set(samplesOf(form!, 40))];
}

/** Where letters and digits stand, and what stands between them. */
const layoutOf = (text: string) =>
  text
    .replace(/\d/g, "9")
    .replace(/\p{Lu}/gu, "A")
    .replace(/\p{Ll}/gu, "a");

describe.each(Object.entries(WRITTEN) as [PlaceName, readonly string[]][])("%s", (name, written) => {
  const rule = encryptId(name);

  it("becomes another in the same layout, and is got back", async () => {
    const masked = await maskValues(rule, written);
    expect(masked.map((value) => layoutOf(value!))).toEqual(written.map(layoutOf));
    expect(masked.filter((value, index) => value === written[index])).toEqual([]);
    expect(await revealValues(rule, masked)).toEqual(written);
  });

  it("is mapped within its form one to one, and back", async () => {
    for (const one of written) {
      const samples = likeIt(name, one);
      expect(samples.length).toBeGreaterThan(30);
      const masked = await maskValues(rule, samples);
      expect(new Set(masked).size).toBe(samples.length);
      expect(await revealValues(rule, masked)).toEqual(samples);
      // A stand-in is itself a code of the same scheme, which another round takes.
      expect(await maskValues(rule, masked)).not.toContain(null);
    }
  });
});
