import { readFileSync } from "node:fs";
import { stdnum } from "stdnum";
import { describe, expect, it } from "vitest";
import { encryptId } from "../../src/transforms/ids/encrypt-id.ts";
import { compileForm } from "../../src/transforms/ids/id-ranks.ts";
import { ID_SCHEMES } from "../../src/transforms/ids/id-schemes.ts";
import { describeWithData, sharedData } from "../shared-data.ts";
import { formsOf, samplesOf } from "./id-samples.ts";
import { INT8, maskValues, revealValues } from "./mask-values.ts";

/** Where stdnum has another name for it. */
const OTHER_NAMES: Readonly<Record<string, string>> = { "ch.ahv": "ch.ssn", "gr.afm": "gr.vat", "pe.dni": "pe.cui" };

/** How stdnum wants to see what others also write without a sign. */
const WRITTEN: Readonly<Record<string, (value: string) => string>> = {
  "se.personnummer": (value) => (/[-+]/.test(value) ? value : `${value.slice(0, -4)}-${value.slice(-4)}`),
};

/** Belarus's numbers of people have letters, which are unsupported; South Korea's of the 19th century are as well. */
const UNSUPPORTED = /^(УНП MA|971013-9)/;

interface Validator {
  validate(value: string): { readonly isValid: boolean };
}
const validators = stdnum as unknown as Record<string, Record<string, Validator>>;

function validatorOf(name: string): ((value: string) => boolean) | null {
  const [country, number] = (OTHER_NAMES[name] ?? name).split(".") as [string, string?];
  const found = number === undefined ? undefined : validators[country.toUpperCase()]?.[number];
  if (found === undefined) return null;
  return (value) => found.validate(WRITTEN[name]?.(value) ?? value).isValid;
}

const validated = Object.keys(ID_SCHEMES).flatMap((name) => {
  const isValid = validatorOf(name);
  return isValid === null ? [] : [{ name, isValid }];
});

describe("numbers that a scheme makes", () => {
  it("are of 50 countries at least that stdnum knows", () => {
    expect(new Set(validated.map(({ name }) => name.slice(0, 2))).size).toBeGreaterThan(50);
  });

  for (const { name, isValid } of validated) {
    it(`are valid to stdnum: ${name}`, () => {
      for (const form of formsOf(name)) {
        // stdnum knows no remainder of 0 here, where GB 32100 has the sign 0.
        const samples = samplesOf(form, 200).filter((text) => name !== "cn.uscc" || !text.endsWith("0"));
        expect(samples.filter((text) => !isValid(text))).toEqual([]);
      }
    });
  }
});

describe("the forms of a scheme", () => {
  const byLength = Object.keys(ID_SCHEMES).filter((name) => name.includes(".") && !/^(postcode|plate)/.test(name));

  it("do not overlap: no number has two", () => {
    const overlapping: string[] = [];
    for (const name of byLength) {
      const forms = formsOf(name).map((form, index) => compileForm(form, String(index)));
      for (const [index, form] of formsOf(name).entries())
        for (const sample of samplesOf(form, 20))
          for (const [other, compiled] of forms.entries())
            if (other !== index && compiled.add(sample, [])) overlapping.push(`${name} ${sample}`);
    }
    expect(overlapping).toEqual([]);
  });

  it("are each mapped to themselves, one to one and back, and nothing stays", async () => {
    for (const name of byLength) {
      for (const form of formsOf(name)) {
        const samples = [...new Set(samplesOf(form, 40))];
        const masked = await maskValues(encryptId({ scheme: name, onUnsupported: "nullify" }), samples);
        // Where a form is of a few numbers, one that has nothing but itself is refused.
        const values = masked.filter((value) => value !== null);
        expect(values.length, name).toBeGreaterThan(samples.length * 0.9 - 1);
        expect(new Set(values).size, name).toBe(values.length);
        expect(masked.filter((value, index) => value === samples[index])).toEqual([]);
        const compiled = compileForm(form, name);
        expect(values.filter((value) => !compiled.add(value, []))).toEqual([]);
        expect(await revealValues(encryptId({ scheme: name }), values), name).toEqual(
          samples.filter((_, index) => masked[index] !== null),
        );
      }
    }
  });

  it("stay apart where a column of numbers loses the zeros at their front", async () => {
    for (const name of byLength) {
      const numbers = formsOf(name).flatMap((form) => samplesOf(form, 200).filter((text) => /^[1-9]\d+$/.test(text)));
      const rule = encryptId({ scheme: name });
      const distinct = [...new Set(numbers)];
      const masked = await maskValues(rule, distinct, { column: INT8 });
      expect(await revealValues(rule, masked, { column: INT8 }), name).toEqual(distinct);
    }
  });
});

describeWithData("identifiers of others", "ids/stdnum.json", () => {
  interface Call {
    readonly module: string;
    readonly fn: string;
    readonly arg: string;
    readonly error?: string;
    readonly kw?: unknown;
  }
  const { calls } = JSON.parse(readFileSync(sharedData("ids", "stdnum.json"), "utf8")) as { calls: readonly Call[] };
  const examplesOf = (name: string) =>
    calls.flatMap(({ module, fn, arg, error, kw }) =>
      module.replace("stdnum.", "").replace("_.", ".") === (OTHER_NAMES[name] ?? name) &&
      fn === "validate" &&
      error === undefined &&
      kw === undefined
        ? [arg]
        : [],
    );

  it("stay valid to stdnum, and none stays what it is", async () => {
    const covered = new Set<string>();
    const wrong: string[] = [];
    for (const { name, isValid } of validated) {
      const examples = examplesOf(name).filter((example) => isValid(example) && !UNSUPPORTED.test(example));
      if (examples.length === 0) continue;
      const masked = await maskValues(encryptId({ scheme: name, onUnsupported: "nullify" }), examples);
      for (const [index, value] of masked.entries()) {
        covered.add(name.slice(0, 2));
        if (value === null || !isValid(value) || value === examples[index]) wrong.push(`${name} ${examples[index]} ${value}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(covered.size).toBeGreaterThan(50);
  });
});
