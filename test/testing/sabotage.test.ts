import { afterAll, describe, expect, it } from "vitest";
import { StandinError } from "../../src/errors.ts";
import { checkTransform, openOtherProcess, type TransformExam } from "../../src/testing/index.ts";
import { eachValue } from "../../src/transforms/define-transform.ts";
import { brokenRule, failing, HONEST, honest, ofThisLanguage, ofThisZone, salted, turned } from "./broken-rules.ts";

const TEXT = { kind: "text", type: "text" } as const;
const examined = (rule: Parameters<typeof checkTransform>[0], exam: TransformExam = {}) =>
  checkTransform(rule, { column: TEXT, ...exam });
const broken = async (given: Parameters<typeof brokenRule>[0], exam?: TransformExam) =>
  (await examined(brokenRule(given), exam)).join("\n");

describe("an exam passes a rule that is honest, and fails one that", () => {
  it("passes it", async () => {
    expect(await examined(honest, { distinct: 20_000 })).toEqual([]);
  });

  it("lets two values meet, and late: the one at nine tenths meets an earlier one", async () => {
    const count = process.env.DEEP_EXAM === "1" ? 1_000_000 : 20_000;
    const write = (index: number) => `v${index}`;
    const late = `v${count * 0.9}`;
    const rule = {
      prepare: () => eachValue((value: string) => turned(value === late ? "v17" : value)),
      guarantees: { ...HONEST, preservesLength: false },
    };
    expect(await broken(rule, { distinct: { count, write } })).toContain(`1 of ${count} different values met another`);
    expect(await broken(rule, { distinct: { count: count * 0.9, write } })).toBe("");
  }, 120_000);

  it("promises uniqueness of values that it cannot handle", async () => {
    const rule = { prepare: () => eachValue((value: string) => (/^Jo-/.test(value) ? undefined : turned(value))) };
    expect(await broken(rule, { distinct: 100 })).toContain("can handle none of the different values");
  });

  it("goes by the batch, the order, or the row", async () => {
    const rest = (value: string, add: number) => value && turned(value.slice(0, -1)) + String.fromCharCode(0x4e00 + add);
    expect(
      await broken({
        prepare:
          () =>
          (values, { rowCount }) =>
            values.map((value) => value && rest(value, rowCount % 997)),
      }),
    ).toMatch(/another output in batches of 7 rows/);
    expect(await broken({ prepare: () => (values) => values.map((value, row) => value && rest(value, row % 13)) })).toMatch(
      /another output row by row[\s\S]*another output in another order/,
    );
    let masked = 0;
    expect(await broken({ prepare: () => eachValue((value) => value && rest(value, masked++ % 4999)) })).toMatch(
      /another output when it is prepared anew/,
    );
  });

  it("says other things of NULL, or of the empty string", async () => {
    expect(await broken({ prepare: () => (values) => values.map((value) => turned(value ?? "")) })).toMatch(
      /gives text for NULL/,
    );
    expect(await broken({ prepare: () => eachValue((value) => turned(value || "?")) })).toMatch(
      /changes a value that it declares a fixed point/,
    );
    expect(await broken({ prepare: () => eachValue((value) => (value === "" ? undefined : turned(value))) })).toMatch(
      /cannot handle a value that it declares a fixed point/,
    );
  });

  it("gives another length, another kind, or the value itself", async () => {
    expect(await broken({ prepare: () => eachValue((value) => value && `${turned(value)}!`) })).toMatch(/preserves the length/);
    expect(
      (await checkTransform(brokenRule({ accepts: ["integer"] }), { column: "integer", values: ["17", "400"] })).join(),
    ).toBe("");
    expect(
      (
        await checkTransform(brokenRule({ accepts: ["integer"], prepare: () => eachValue((value) => `${value.slice(1)}x`) }), {
          column: "integer",
          values: ["17", "400"],
        })
      ).join(),
    ).toMatch(/a valid cell into one that a column of type integer does not hold/);
    expect(await broken({ prepare: () => eachValue((value) => (value.startsWith("User 19") ? value : turned(value))) })).toMatch(
      /changes its input always, and leaves \d+/,
    );
  });

  it("leaves what is not of its form, which the usual values do not show", async () => {
    const careless = eachValue((value) => (value.startsWith('{"canary"') ? value : turned(value)));
    expect(await broken({ prepare: () => careless })).toMatch(
      /changes its input always, and leaves 1 of \d+ values \(odd values\)/,
    );
  });

  it("tells a value in an error that the usual values do not raise", async () => {
    const telling = eachValue((value) => {
      if (value.startsWith("<canary")) throw new StandinError("TRANSFORM_FAILED", `cannot read ${value}`);
      return turned(value);
    });
    const sentences = await broken({ prepare: () => telling });
    expect(sentences).toMatch(/its error quotes a cell \(an odd one\)/);
    expect(sentences).not.toContain("canary");
    const hinting = eachValue((value) => {
      throw new StandinError("TRANSFORM_FAILED", "cannot read it", { hint: `Is ${value} right?` });
    });
    expect(await broken({ prepare: () => hinting })).toMatch(/its error quotes a cell/);
  });

  it("says that it can be reversed, and cannot", async () => {
    const guarantees = { ...HONEST, reversible: true };
    expect(await broken({ guarantees })).toMatch(/has no way back \(reveal\)/);
    expect(await broken({ guarantees, reveal: () => eachValue(turned) })).toBe("");
    expect(await broken({ guarantees, reveal: () => eachValue((value) => value) })).toMatch(/its way back gives another value/);
    expect(await broken({ guarantees, reveal: () => eachValue(() => undefined) })).toMatch(/its way back gives another value/);
  });
});

describe("an exam in another process", async () => {
  const elsewhere = await openOtherProcess(new URL("./broken-rules.ts", import.meta.url));
  afterAll(() => elsewhere.close());

  it("passes a rule that gives the same there", async () => {
    expect(await examined(honest, { elsewhere: elsewhere.rule("honest") })).toEqual([]);
    expect(await examined(honest, { elsewhere: elsewhere.rule("by its name") })).toEqual([]);
  });

  it("finds a rule that draws its own randomness once, or goes by the machine's zone or language", async () => {
    const there = (name: string) => ({ elsewhere: elsewhere.rule(name), values: ["istanbul", "Jane", null] });
    expect((await examined(salted, there("salted"))).join()).toMatch(/another output in another process/);
    expect((await examined(ofThisZone, there("ofThisZone"))).join()).toMatch(/another output in another process/);
    expect((await examined(ofThisLanguage, there("ofThisLanguage"))).join()).toMatch(/another output in another process/);
  });

  it("says what the other process cannot do", async () => {
    expect((await examined(honest, { elsewhere: elsewhere.rule("nobody") })).join()).toMatch(/finds no rule nobody/);
    expect((await examined(honest, { elsewhere: elsewhere.rule("failing") })).join()).toMatch(/failed to make the rule/);
    expect(failing).toThrow();
    await expect(openOtherProcess(new URL("./no-such-rules.ts", import.meta.url))).rejects.toThrow(/could not load/);
  });
});
