import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { loadClassifier } from "../../src/discover/classify-column.ts";
import { isCardNumber } from "../../src/discover/recognise/recognise-card.ts";
import { isIban } from "../../src/discover/recognise/recognise-iban.ts";
import { loadRecognisers } from "../../src/discover/recognise/recognisers.ts";
import { describeWithData, sharedData } from "../shared-data.ts";
import { sampleOf } from "./sampled-column.ts";

const read = (path: string) => JSON.parse(readFileSync(sharedData(path), "utf8"));

describeWithData("official numbers of python-stdnum", "ids/stdnum.json", () => {
  it("of at least 30 countries are recognised, one value at a time", async () => {
    const recognisers = (await loadRecognisers()).filter(({ kind }) => kind === "nationalId" || kind === "taxId");
    const { calls } = read("ids/stdnum.json") as {
      calls: readonly { module: string; fn: string; arg: unknown; error?: string }[];
    };
    const countries = new Set<string>();
    for (const { module, fn, arg, error } of calls) {
      const country = /^stdnum\.([a-z]{2})_?\./.exec(module)?.[1];
      if (country === undefined || fn !== "validate" || error !== undefined || typeof arg !== "string") continue;
      const evidence = recognisers.map(({ measure }) => measure([arg]));
      if (evidence.some((one) => one !== null && one.share === 1 && one.says.includes(` of ${country.toUpperCase()} `)))
        countries.add(country);
    }
    expect(countries.size).toBeGreaterThanOrEqual(30);
  });
});

describeWithData("examples of issuers", "ids/iban-examples.json", () => {
  it("are valid, and are not with another digit", () => {
    const { examples } = read("ids/iban-examples.json") as { examples: readonly { iban: string; swift_official: boolean }[] };
    const official = examples.filter(({ swift_official }) => swift_official).map(({ iban }) => iban);
    expect(official.filter((iban) => !isIban(iban))).toEqual([]);
    expect(official.filter((iban) => isIban(iban.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10))))).toEqual(
      [],
    );
    const { known } = read("ids/cards.json") as { known: readonly { pan: string }[] };
    expect(known.filter(({ pan }) => !isCardNumber(pan))).toEqual([]);
  });

  it("make phone columns of every region", async () => {
    const classify = await loadClassifier();
    const { examples } = read("ids/phone-examples.json") as { examples: readonly { region: string; e164: string }[] };
    const regions = [...new Set(examples.map(({ region }) => region))];
    const missed = regions.filter((region) => {
      const own = examples.filter((one) => one.region === region).map(({ e164 }) => e164);
      return own.length >= 4 && classify(sampleOf("c", own)).kind !== "phone";
    });
    expect(missed).toEqual([]);
  });
});
