import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { importModule, importPlugin } from "../../src/cli/import-module.ts";
import type { Rule } from "../../src/contracts.ts";
import { isStandinError } from "../../src/errors.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";

const folder = mkdtempSync(join(tmpdir(), "standin-plugins-"));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

const transform = (name: string) => `defineTransform({
  name: "${name}", technique: "generalization", accepts: ["text"],
  guarantees: { deterministic: true, uniqueness: { kind: "lossy" }, reversible: false, preservesLength: false, changesInput: "not-promised" },
  options: { to: integer({ describe: "how far", default: 10, min: 2 }), inner: ruleOption({ describe: "another", optional: true }) },
  shorthand: "to",
  prepare: ({ to }) => eachValue((value) => value.slice(0, to)),
})`;
const module = (...names: string[]) =>
  `import { defineTransform, eachValue, integer, ruleOption } from "standin/transforms";
export { redact } from "standin/transforms";
${names.map((name) => `export const ${name}Mask = ${transform(name)};`).join("\n")}`;

write("masks.ts", module("shorten", "blur"));

async function load(name: string, text: string, options: Parameters<typeof loadPolicy>[3] = { importPlugin }) {
  write(name, text);
  return loadPolicy(name, folder, importModule, { locations: "unneeded", ...options });
}

async function mistakes(name: string, text: string, options?: Parameters<typeof loadPolicy>[3]): Promise<readonly string[]> {
  const error: unknown = await load(name, text, options).then(
    () => null,
    (error) => error,
  );
  if (!isStandinError(error)) throw error ?? new Error("It was read.");
  return error.findings.map(
    ({ line, columnNumber, message, hint }) => `${line}:${columnNumber} ${message}${hint === undefined ? "" : ` ${hint}`}`,
  );
}

const rule = (policy: object, column: string) => (policy as { tables: { t: { [name: string]: Rule } } }).tables.t[column]!;

describe("plug-ins of a policy", () => {
  it("can be named in YAML, like the transforms of standin, also within them and in what is included", async () => {
    write("more.yaml", "tables: { t: { c: { blur: 3 } } }\n");
    const { policy, isCode, plugins } = await load(
      "policy.yaml",
      `plugins: ./masks.ts
include: more.yaml
tables:
  t:
    a: shorten
    b: { chain: [{ shorten: { to: 4 } }, redact] }
    d: { shorten: { inner: { blur: 5 }, onUnsupported: redact } }
`,
    );
    expect([isCode, plugins]).toEqual([false, ["./masks.ts"]]);
    expect(rule(policy, "a")).toMatchObject({ transform: { name: "shorten" }, options: { to: 10 } });
    expect(rule(policy, "b").options.steps[0]).toMatchObject({ transform: { name: "shorten" }, options: { to: 4 } });
    expect(rule(policy, "c")).toMatchObject({ transform: { name: "blur" }, options: { to: 3 } });
    expect(rule(policy, "d")).toMatchObject({ options: { inner: { options: { to: 5 } } }, onUnsupported: "redact" });
  });

  it("can be named in code, and called there without being named", async () => {
    const { policy, isCode, plugins } = await load(
      "policy.ts",
      `import { definePolicy } from "standin";
import { blurMask } from "./masks.ts";
export default definePolicy({ plugins: ["./masks.ts"], tables: { t: { a: { shorten: 4 } as never, b: blurMask({ to: 2 }) } } });`,
    );
    expect([isCode, plugins]).toEqual([true, ["./masks.ts"]]);
    expect(rule(policy, "a")).toMatchObject({ transform: { name: "shorten" }, options: { to: 4 } });
    expect(rule(policy, "b")).toMatchObject({ transform: { name: "blur" }, options: { to: 2 } });
  });

  it("may be packages that are installed beside the policy", async () => {
    const home = join(folder, "node_modules", "masks-of-ours");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), '{ "name": "masks-of-ours", "type": "module", "exports": "./masks.js" }');
    writeFileSync(join(home, "masks.js"), module("tidy"));
    const { policy } = await load("package.yaml", "plugins: [masks-of-ours, ./masks.ts]\ntables: { t: { a: tidy, b: blur } }\n");
    expect([rule(policy, "a").transform.name, rule(policy, "b").transform.name]).toEqual(["tidy", "blur"]);
  });

  it("are known to the policy that names them alone", async () => {
    await load("first.yaml", "plugins: ./masks.ts\ntables: { t: { a: shorten } }\n");
    expect(await mistakes("second.yaml", "tables: { t: { a: shorten } }\n")).toEqual([
      expect.stringMatching(/^1:\d+ t\.a: there is no transform "shorten"\./),
    ]);
  });

  it("make the same mistakes told in the same words and places", async () => {
    expect(
      await mistakes(
        "wrong.yaml",
        `plugins: ./masks.ts
tables:
  t:
    a: shorte
    b: { shorten: { to: 1 } }
    c: { shorten: { two: 3 } }
    d: { shorten: 3, to: 4 }
`,
      ),
    ).toEqual([
      expect.stringMatching(/^4:8 t\.a: there is no transform "shorte"\. Did you mean "shorten"\? There are: addNoise, blur, /),
      '5:25 t.b: shorten: "to" must be at least 2.',
      expect.stringMatching(/^6:21 t\.c: shorten: there is no option "two" .* Did you mean "to"\?/),
      expect.stringMatching(/^7:22 t\.d: to is an option of shorten, and stands beside it\./),
    ]);
  });

  it("may not take a name that is taken", async () => {
    write("clash.ts", module("redact", "shorten", "domain", "Bad"));
    expect(await mistakes("clash.yaml", "plugins: [./masks.ts, ./clash.ts]\ntables: { t: { a: keep } }\n")).toEqual([
      "1:23 ./clash.ts: the name of a transform is a verb of letters and digits, as roundAge. Give the transform a name of its own.",
      "1:23 ./clash.ts: domain is what every rule may say. Give the transform a name of its own.",
      "1:23 ./clash.ts: standin has a transform redact of its own. Give the transform a name of its own.",
      "1:23 ./clash.ts: another plug-in has a transform shorten too. Give the transform a name of its own.",
    ]);
  });

  it("are refused where they are no modules with transforms", async () => {
    write("empty.ts", 'export { redact } from "standin";\nexport const other = () => 1;\n');
    const tables = "tables: { t: { a: keep } }\n";
    expect(await mistakes("none.yaml", `plugins: [./empty.ts, "https://example.com/x.js", 5]\n${tables}`)).toEqual([
      "1:11 ./empty.ts exports no transform. Export what defineTransform gives.",
      "1:23 A plug-in is a local module, and this one is a URL. Install it, or copy it beside the policy.",
      "1:51 `plugins` holds a module's name, or a list of them.",
    ]);
    expect(await mistakes("nobody.yaml", `plugins: ./masks.ts\n${tables}`, {})).toEqual([
      expect.stringMatching(/^1:10 A plug-in is code, and nothing here runs it\./),
    ]);
    await expect(load("gone.yaml", `plugins: ./gone.ts\n${tables}`)).rejects.toMatchObject({ code: "POLICY_INVALID" });
    write("broken.ts", "export const x = ;\n");
    await expect(load("bad.yaml", `plugins: ./broken.ts\n${tables}`)).rejects.toMatchObject({ code: "POLICY_INVALID" });
  });

  it("are for files: what is handed over as an object imports its own", () => {
    expect(() => parsePolicy({ plugins: "./masks.ts", tables: { t: { a: "keep" } } })).toThrowError(/for policies in files/);
  });
});
