import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-policy-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string, ending = "yaml") {
  writeFileSync(join(folder, `policy.${ending}`), text);
  return loadPolicy(`policy.${ending}`, folder, async () => ({})).then(
    ({ policy }) => policy,
    (error) => error,
  );
}

const refusal = (what: string) => ({ code: "POLICY_INVALID", message: expect.stringContaining(what) });

describe("a policy in YAML or JSON", () => {
  it("reads the same from both", async () => {
    const tables = { t: { x: keep(), y: redact() } };
    expect(await load("tables:\n  t: { x: keep, y: { redact: {} } }\n")).toMatchObject({ tables });
    expect(await load('\ufeff{\n\t"tables": {\n\t\t"t": { "x": "keep",\n\t\t\t"y": "redact" }\n\t}\n}', "json")).toMatchObject({
      tables,
    });
  });

  it("is refused where it decides twice about one column: the last word would win in silence", async () => {
    expect(await load("tables:\n  t: { x: redact, x: keep }\n")).toMatchObject(refusal("says one thing twice at line 2"));
    expect(await load('{ "tables": { "t": { "x": "redact", "x": "keep" } } }', "json")).toMatchObject(refusal("twice at line 1"));
    expect(await load("tables: { t: { x: { tokenize: { domain: a }, domain: b } } }")).toMatchObject(
      refusal("domain is said twice"),
    );
  });

  it("is data: tags are refused, and aliases cannot grow without bound", async () => {
    expect(await load("tables: { t: { x: !!js/function 'keep' } }")).toMatchObject(refusal("has a tag"));
    expect(await load("tables: { t: { x: !keep } }")).toMatchObject(refusal("has a tag"));
    const bomb = [
      "a: &a [x, x, x, x, x, x, x, x, x]",
      ..."bcdef".split("").map((name, index) => {
        const former = `*${"abcdef"[index]}`;
        return `${name}: &${name} [${new Array(9).fill(former).join(", ")}]`;
      }),
    ].join("\n");
    expect(await load(`${bomb}\ntables: {}`)).toMatchObject({ code: "POLICY_INVALID" });
  });

  it("quotes none of its text where it is malformed", async () => {
    for (const [text, ending] of [
      ["source: canary: x\n", "yaml"],
      ['{ "source": canary }', "json"],
    ] as const) {
      const error = await load(text, ending);
      expect(error).toMatchObject({ code: "POLICY_INVALID" });
      expect(error.message).not.toContain("canary");
    }
  });

  it("takes a source without a value for none, and refuses one that is no place", async () => {
    expect(await load("source:\ntables: { t: { x: keep } }")).toMatchObject({ source: undefined });
    for (const source of ["5", "[a]", "{ a: b }", "true"])
      expect(await load(`source: ${source}\ntables: { t: { x: keep } }`)).toMatchObject(refusal("source must be a URL"));
  });

  it("puts environment variables into places, and nowhere else", async () => {
    const variable = (name: string) => `$\{STANDIN_TEST_${name}}`;
    process.env.STANDIN_TEST_PLACE = "here";
    const place = variable("PLACE");
    const policy = await load(`source: ./${place}/x\ntarget: ${place}\ntables: { '${place}': {} }`);
    expect(policy).toMatchObject({ source: "./here/x", target: "here" });
    expect(Object.keys(policy.tables)).toEqual([place]);
    // Other files of tests share the process.
    delete process.env.STANDIN_TEST_PLACE;
    expect(await load(`source: ${variable("PLACE")}\ntables: {}`)).toMatchObject({ code: "LOCATION_INVALID" });
  });
});
