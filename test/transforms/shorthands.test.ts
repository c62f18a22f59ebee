import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import * as t from "../../src/transforms/index.ts";
import { transformByName, transformNames } from "../../src/transforms/registry.ts";

/** Each transform by the value that stands for one of its options, as code writes it and as YAML does. tsc examines what code may write. */
const SHORT: Readonly<Record<string, readonly [inCode: Rule, inData: unknown]>> = {
  chain: [t.chain([t.encryptDigits(), t.redact()]), ["encryptDigits", "redact"]],
  constant: [t.constant("n/a"), "n/a"],
  encryptId: [t.encryptId("iban"), "iban"],
  encryptPhone: [t.encryptPhone("DE"), "DE"],
  encryptText: [t.encryptText("digits"), "digits"],
  fake: [t.fake("internet.email"), "internet.email"],
  generalizeAge: [t.generalizeAge(5), 5],
  generalizeDate: [t.generalizeDate("year"), "year"],
  hash: [t.hash("base64url"), "base64url"],
  jitterDates: [t.jitterDates(900), 900],
  keep: [t.keep("a price"), "a price"],
  maskArray: [t.maskArray(t.scramble()), "scramble"],
  maskEmail: [t.maskEmail("map"), "map"],
  maskList: [t.maskList(t.scramble()), "scramble"],
  maskRange: [t.maskRange(t.shiftDates()), "shiftDates"],
  persona: [t.persona("email"), "email"],
  pick: [t.pick(["gold", 7]), ["gold", 7]],
  review: [t.review("free text"), "free text"],
  roundNumber: [t.roundNumber(10), 10],
  template: [t.template("{{masked.name}}"), "{{masked.name}}"],
  tokenize: [t.tokenize("text"), "text"],
  unique: [t.unique(t.fake("internet.username")), "hash"],
  xxh64: [t.xxh64("hex"), "hex"],
};

const optionsIn = (data: unknown): unknown => {
  const policy = parsePolicy({ source: "in", target: "out", tables: { t: { c: data } } } as never);
  return (policy.tables.t as Readonly<Record<string, Rule>>).c!.options;
};

describe("the value that stands for an option", () => {
  it("is known of every transform that has a shorthand", () => {
    const known = transformNames().filter((name) => transformByName(name)!.shorthand !== null);
    expect(Object.keys(SHORT)).toEqual(known);
  });

  it.each(Object.entries(SHORT))("is in code what it is in YAML: %s", (name, [inCode, inData]) => {
    const { shorthand } = inCode.transform;
    const same = name === "unique" ? t.unique(t.hash()) : inCode;
    expect(JSON.stringify(optionsIn({ [name]: inData }))).toBe(JSON.stringify(same.options));
    expect(JSON.stringify(optionsIn({ [name]: { [shorthand!]: inData } }))).toBe(JSON.stringify(same.options));
  });

  it("may have others behind it, and is then the same as one object", () => {
    expect(t.encryptId("iban", { keep: true, domain: "accounts" })).toEqual(
      t.encryptId({ scheme: "iban", keep: true, domain: "accounts" }),
    );
    expect(t.roundNumber("0.05", { mode: "down", onUnsupported: "nullify" })).toEqual(
      t.roundNumber({ to: "0.05", mode: "down", onUnsupported: "nullify" }),
    );
    expect(t.keep("a price", { domain: "x" })).toEqual(t.keep({ reason: "a price", domain: "x" }));
    expect(t.maskList(t.scramble(), { separator: ";" })).toEqual(t.maskList({ items: t.scramble(), separator: ";" }));
    expect(t.hash()).toEqual(t.hash({}));
  });

  it("passes over nothing that a call says", () => {
    // @ts-expect-error: it is said already.
    expect(() => t.generalizeDate("year", { to: "month" })).toThrow('generalizeDate: "to" is said twice.');
    // @ts-expect-error: options are an object.
    expect(() => t.encryptId("iban", true)).toThrow("encryptId: options must be an object.");
    // @ts-expect-error: a rule is none either.
    expect(() => t.redact({ keepLast: 4 }, t.hash())).toThrow("redact: options must be an object.");
    // @ts-expect-error: there is no third.
    expect(() => t.roundNumber(10, {}, { mode: "down" })).toThrow("roundNumber: it takes a value and options, and no third.");
  });

  it("is one that a transform of one's own has too", () => {
    const round = t.defineTransform({
      name: "round",
      technique: "generalization",
      accepts: ["text"],
      guarantees: t.redact.transform.guarantees({ fill: "*" }, {} as never),
      options: { to: t.integer({ describe: "To.", default: 10 }) },
      shorthand: "to",
      prepare: () => (values) => values,
    });
    expect(round(5)).toEqual(round({ to: 5 }));
    // @ts-expect-error: a number stands for it.
    expect(() => round("5")).toThrow(/"to" must be an integer/);
  });
});

it("completes the names of identifiers, and takes patterns", () => {
  const file = join(import.meta.dirname, "completed.ts");
  const code =
    'import { encryptId } from "../../src/index.ts";\nencryptId("/[A-Z]{2}/");\nencryptId("");\nencryptId({ scheme: "" });\n';
  const config = ts.readConfigFile(join(import.meta.dirname, "..", "..", "tsconfig.json"), ts.sys.readFile).config;
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, join(import.meta.dirname, "..", ".."));
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => true,
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const text = name === file ? code : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getCurrentDirectory: () => import.meta.dirname,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: (name) => (name === file ? code : ts.sys.readFile(name)),
  });
  expect(service.getSemanticDiagnostics(file).map(({ messageText }) => messageText)).toEqual([]);
  for (const at of [code.indexOf('("")') + 2, code.indexOf('""', code.indexOf("scheme")) + 1]) {
    const names = service.getCompletionsAtPosition(file, at, {})?.entries.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["iban", "us.ssn", "postcode.gb", "plate.de"]));
  }
}, 60_000);
