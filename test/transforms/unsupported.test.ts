import { describe, expect, it } from "vitest";
import type { ColumnValues, Rule } from "../../src/contracts.ts";
import { type MaskSettings, prepareMask } from "../../src/testing/index.ts";
import * as t from "../../src/transforms/index.ts";
import { transformByName, transformNames } from "../../src/transforms/registry.ts";
import { TEST_KEY } from "../test-key.ts";

type Case = readonly [rule: Rule, values: ColumnValues, settings?: Omit<MaskSettings, "key">];

const NOBODY = { others: { owner: [null] } };
const narrow = (maxLength: number) => ({ column: { kind: "text", maxLength } }) as const;
const digits = t.encryptDigits();
const repeated = (text: string, rows: number) => new Array<string>(rows).fill(text);

/** Values of each sentence by which a transform says what it cannot handle. */
const CASES: readonly Case[] = [
  [t.addNoise(), ["1,234.50", "5 EUR"]],
  [t.addNoise({ by: "owner" }), ["12"], NOBODY],
  [t.bucketNumber({ width: 10 }), ["1,234.50"]],
  [t.bucketNumber({ width: 10 }), ["34"], narrow(3)],
  [t.clampNumber({ max: 10 }), ["5 EUR"]],
  [t.roundNumber({ to: 1000 }), ["5 EUR"]],
  [t.roundNumber({ to: 1000 }), ["999"], narrow(3)],
  [t.drawNumber(), ["1,234.50"]],
  [t.drawNumber({ min: 0.2, max: 0.8 }), ["7"]],
  [t.callService(async (values) => values.map(() => undefined)), ["a"]],
  [t.custom(() => undefined), ["a"]],
  [t.custom(() => null), ["a"], { column: { kind: "text", nullable: false } }],
  [t.chain([digits, t.redact()]), ["Jane"]],
  [t.unique({ rule: digits }), ["Jane"]],
  [t.unique({ rule: t.constant({ value: "a@b.example.com" }) }), ["Jane"], narrow(20)],
  [t.segments({ pattern: "[A-Z]{2}-(\\d+)", groups: { 1: digits } }), ["de 48213", "DE-4"]],
  [t.template({ text: "{{masked.owner}}" }), ["a"], NOBODY],
  [t.template({ text: "{{original.owner | year}}" }), ["a"], { others: { owner: ["Jane"] } }],
  [t.template({ text: "{{original.owner}}" }), ["a"], { ...narrow(3), others: { owner: ["Jane"] } }],
  [t.decode({ then: t.scramble() }), ["Jane Doe", "/w=="]],
  [t.decode({ then: digits }), ["SmFuZQ=="]],
  [t.maskArray({ items: digits }), ["1234", "{Jane}"]],
  [t.maskList({ items: t.constant({ value: "a,b" }) }), ["x,y"]],
  [t.maskList({ items: digits }), ["1234,Jane"]],
  [t.maskComposite({ fields: { 2: digits } }), ["1234", "(1234,12)", "(1,2,Jane)"]],
  [t.maskCsv({ columns: { 0: digits } }), ['12"34', '"1234', "Jane"]],
  [t.maskHstore({ keys: { a: digits } }), ["a,b", '"a"=>"Jane"']],
  [t.maskJson({ paths: { "$.a": digits } }), ["{", `${"[".repeat(2001)}${"]".repeat(2001)}`, '{"a": "Jane"}']],
  [t.maskJson({ paths: { "$.a": t.constant({ value: "x" }) } }), ['{"a": 12}']],
  [t.maskPhp({ paths: { "$.a": t.constant({ value: "x" }) } }), ["x", 'C:1:"A":1:{x}', 'a:1:{s:1:"a";i:12;}']],
  [t.maskQuery({ parameters: { a: digits } }), ["?a=%ff", "?%ff=1", "?a=Jane"]],
  [t.maskRange({ bounds: t.shiftDates() }), ["2024-01-05", "[Jane,)"]],
  [t.maskRange({ bounds: t.scramble() }), ["[a,b)"]],
  [t.maskXml({ paths: { "/a": digits } }), ["<a>", '<!DOCTYPE a [<!ENTITY b "c">]><a>12</a>', "<a>&b;12</a>", "<a>Jane</a>"]],
  [t.fake("person.firstName", { keepScript: true }), ["สมชาย"]],
  [t.persona({ field: "firstName", by: "owner" }), ["Jane"], NOBODY],
  [t.persona({ field: "gender" }), ["Jane"]],
  [t.persona({ field: "postcode" }), ["12345"], narrow(1)],
  [t.encryptDigits(), ["7", "Jane", "٣٣٣٣"]],
  [t.encryptDigits({ keepFirst: 6, keepLast: 4 }), ["12345678901"]],
  [t.encryptDigits({ luhn: true }), ["4111111111111112"]],
  [t.encryptText({ alphabet: "digits" }), ["Jane", "1".repeat(10_001)]],
  [t.tokenize({ as: "integer" }), ["Jane"]],
  [t.tokenize(), ["40000"], { column: { kind: "integer", range: { min: -32768n, max: 32767n } } }],
  [t.scramble(), ["ⴰⴱⴳ", "𝒥ane", "a".repeat(10_001)]],
  [t.mapValues({ map: { a: "b" } }), ["c"]],
  [t.mapValues({ map: { a: "b" }, unmatched: digits }), ["c"]],
  [t.resample(), repeated("a", 19)],
  [t.resample({ fewest: 5 }), Array.from({ length: 20 }, (_, row) => String(row))],
  [t.shuffle(), repeated("a", 19)],
  [t.pick(), ["a,b,c"], { column: { kind: "enum", type: "set('a','b')", labels: ["a", "b"] } }],
  [t.encryptId({ scheme: "iban" }), ["DE00370400440532013000", "DE89", "Gb25RXQN39473712621366"]],
  [t.encryptId({ scheme: "nl.bsn" }), ["-111222333"], { column: "integer" }],
  [t.encryptPhone(), ["0151 12345678"]],
  [t.encryptPhone({ country: "DE" }), ["12"]],
  [t.fakeCard(), ["12345678901", "Jane"]],
  [t.encryptIp(), ["Jane", "010.0.0.1"]],
  [t.encryptIp({ within: ["203.0.113.0/24"] }), ["10.0.0.0/8", "2001:db8::1"]],
  [t.encryptIp({ strict: true }), ["2001:DB8::1"]],
  [t.maskDomain(), ["Jane Doe", "198.51.100.17"]],
  [t.maskDomain(), ["acme.com"], narrow(8)],
  [t.maskEmail(), ["call her", "Jane <jane@acme.com>"]],
  [t.maskUrl(), ["Jane Doe", "mailto:jane@acme.com", "https://acme.com/%ff"]],
  [t.drawDates(), ["14.03.1987", "1987-13-01"]],
  [t.drawDates({ order: "dmy" }), ["14.03.87"]],
  [t.shiftDates({ order: "dmy" }), ["14.03.87", "1987-00-00"]],
  [t.shiftDates({ by: "owner" }), ["1987-03-14"], NOBODY],
  [t.jitterDates(), ["1987-03-14", "12:30"]],
  [t.jitterDates({ by: "owner" }), ["1987-03-14 12:30:00"], NOBODY],
  [t.permuteDates({ order: "dmy" }), ["1.5.1980", "1980-05-01 12:30", "1880-05-01", "01.05.80"]],
  [t.generalizeDate(), ["03/87"]],
  [t.generalizeDate({ to: "hour" }), ["1987-03-14"]],
  [t.generalizeAge(), ["151", "-1", "4.5", "1987-03-14"]],
  [t.when({ if: "value > 10", then: t.redact(), else: t.redact() }), ["abc"]],
  [t.when({ if: "value = '7'", then: digits, else: t.redact() }), ["7"]],
  [t.keepIf({ values: ["n/a"], else: digits }), ["Jane"]],
  [t.nullIf({ values: ["n/a"], else: digits }), ["Jane"]],
  [t.ifInvalid({ valid: "email", then: digits, else: t.redact() }), ["Jane"]],
];

/** Whatever a column may hold: what handles everything handles these. */
const ANYTHING = ["Jane", "7", "-1e9", "a@b", "\ud800", "𝒥", " ", "{", "1987-00-00", "0".repeat(20_000)];

const HANDLE_ALL: readonly Rule[] = [
  t.constant({ value: "x" }),
  t.hash(),
  t.keep(),
  t.maskText(),
  t.nullify(),
  t.redact(),
  t.xxh64(),
];

describe("what a transform says that it cannot handle", () => {
  it("is said by each that leaves anything to onUnsupported, and shown here", () => {
    const said = transformNames().filter((name) => transformByName(name)!.unsupported != null);
    expect([...new Set(CASES.map(([rule]) => rule.transform.name))].sort()).toEqual(said);
    // A column under review gives no value at all.
    const silent = [...HANDLE_ALL.map(({ transform }) => transform.name), "review"];
    expect([...said, ...silent].sort()).toEqual(transformNames());
  });

  it.each(CASES.map((one) => [one[0].transform.name, JSON.stringify(one[1]).slice(0, 60), one] as const))(
    "%s of %s",
    async (_, __, [rule, values, settings]) => {
      const mask = await prepareMask(rule, { key: TEST_KEY, ...settings });
      expect(await mask(values)).toEqual(values.map(() => undefined));
    },
  );

  it.each(HANDLE_ALL.map((rule) => [rule.transform.name, rule] as const))("is nothing for %s", async (_, rule) => {
    const mask = await prepareMask(rule, { key: TEST_KEY });
    expect(await mask(ANYTHING)).not.toContain(undefined);
  });
});
