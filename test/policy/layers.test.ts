import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StandinError } from "../../src/errors.ts";
import { definePolicy, type Policy } from "../../src/policy/define-policy.ts";
import { onlyTable } from "../../src/policy/only-table.ts";
import type { ReadOptions } from "../../src/policy/parse/finish-policy.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { nullify } from "../../src/transforms/plain/nullify.ts";
import { redact } from "../../src/transforms/plain/redact.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-layers-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const load = async (options: ReadOptions = {}, name = "p.yaml"): Promise<Policy> =>
  (await loadPolicy(name, folder, async () => ({}), options)).policy;

const refusal = async (options: ReadOptions = {}): Promise<StandinError> =>
  load(options).then(
    () => {
      throw new Error("nothing was refused");
    },
    (error) => error,
  );

/** `name:line` of each finding, and what it says. */
const told = ({ findings }: StandinError) =>
  findings.map(({ file, line, message }) => `${file?.slice(folder.length + 1)}:${line} ${message}`);

const variable = (text: string) => `$\{${text}}`;

describe("an environment", () => {
  const policy = definePolicy({
    source: "in",
    target: "staging",
    tables: { users: { id: keep(), name: redact() }, logs: "skip", visits: { page: keep() } },
    environments: {
      staging: {},
      test: {
        target: "test",
        keyVariable: "STANDIN_KEY_TEST",
        tables: { users: { name: nullify() }, logs: { x: keep() }, visits: "skip" },
        columns: { "*.ip": redact() },
      },
    },
  });

  it("wins, column by column, over what the policy says outside of it", () => {
    expect(parsePolicy(policy, { environment: "test" })).toEqual({
      source: "in",
      target: "test",
      keyVariable: "STANDIN_KEY_TEST",
      tables: { users: { id: keep(), name: nullify() }, logs: { x: keep() }, visits: "skip" },
      columns: { "*.ip": redact() },
    });
    expect(parsePolicy(policy, { environment: "staging" })).toMatchObject({ target: "staging", tables: { logs: "skip" } });
    expect(parsePolicy(policy)).toMatchObject({ target: "staging", environments: { test: { target: "test" } } });
  });

  it("can be chosen of a policy that was read before", () => {
    expect(parsePolicy(parsePolicy(policy), { environment: "test" })).toMatchObject({ target: "test" });
  });

  it("that is unknown is an error with the nearest name", () => {
    expect(() => parsePolicy(policy, { environment: "tset" })).toThrowError(
      expect.objectContaining({ code: "ENVIRONMENT_UNKNOWN", hint: expect.stringContaining("Did you mean test?") }),
    );
    expect(() => parsePolicy({ tables: {} }, { environment: "test" })).toThrowError(
      expect.objectContaining({ code: "ENVIRONMENT_UNKNOWN" }),
    );
  });

  it("is checked whether it is chosen or not", async () => {
    write({ "p.yaml": "tables: {}\nenvironments:\n  test:\n    tables:\n      users: { id: kep }\n" });
    expect(told(await refusal())).toEqual(['p.yaml:5 users.id: there is no transform "kep".']);
  });
});

describe("a place in a policy", () => {
  it("takes variables, or what stands in for them, and needs only those of the chosen environment", async () => {
    const [prod, test, other] = ["PROD:-./in", "TEST", "OTHER"].map(variable);
    write({
      "p.yaml": `source: ${prod}\ntarget: ${test}\ntables: {}\nenvironments:\n  ci: { target: ./ci }\n  other: { target: "${other}" }\n`,
    });
    expect(await load({ variables: { TEST: "t" } })).toMatchObject({ source: "./in", target: "t" });
    expect(await load({ variables: { PROD: "p", TEST: "" }, environment: "ci" })).toMatchObject({ source: "p", target: "./ci" });
    expect(await refusal({ variables: {}, environment: "other" })).toMatchObject({
      code: "LOCATION_INVALID",
      message: expect.stringContaining("OTHER"),
      line: 6,
    });
  });

  it("needs no variable where nobody needs the place", async () => {
    write({ "p.yaml": `source: ${variable("A")}\ntarget: ${variable("B")}\ntables: { t: { x: keep } }\n` });
    expect(await load({ variables: {}, locations: "unneeded" })).toMatchObject({
      source: undefined,
      tables: { t: { x: keep() } },
    });
    const preview = await load({ variables: { A: "a" }, locations: "source" });
    expect(preview).toMatchObject({ source: "a", target: undefined });
    expect(await load({ variables: { B: "b" }, locations: "target" })).toMatchObject({ source: undefined, target: "b" });
    expect(await load({ variables: { A: "a", B: "b" }, locations: "target" })).toMatchObject({
      source: expect.any(String),
      target: "b",
    });
    expect(told(await refusal({ variables: {}, locations: "source" }))).toEqual([expect.stringMatching(/^p\.yaml:1 .* A, /)]);
    expect(parsePolicy(preview, { variables: { A: "a" } })).toMatchObject({ source: "a", target: undefined });
    const error = await refusal({ variables: {} });
    expect(told(error)).toEqual([
      expect.stringMatching(/^p\.yaml:1 .* A, which is not set/),
      expect.stringMatching(/^p\.yaml:2 .* B, which is not set/),
    ]);
  });

  it("with a password in it is refused, and does not show it", async () => {
    const holding = [
      "postgres://me:canary@db/shop",
      `postgres://me:${variable("P:-canary")}@db/shop`,
      variable("URL:-postgres://me:canary@db/shop"),
      "mysql://db/shop?password=canary",
    ];
    for (const source of holding) {
      write({ "p.yaml": `source: "${source}"\ntables: {}\n` });
      const error = await refusal();
      expect(error.findings, source).toMatchObject([{ code: "SECRET_IN_POLICY", line: 1, columnNumber: 9 }]);
      expect(JSON.stringify([error, error.message])).not.toContain("canary");
    }
    const safe = [`postgres://me:${variable("PASSWORD")}@db/shop`, "postgres://me@db/shop", variable("URL"), "./a:b@c"];
    for (const source of safe) {
      write({ "p.yaml": `source: "${source}"\ntables: {}\n` });
      expect(await load({ variables: { PASSWORD: "p", URL: "postgres://a:b@c/d" } }), source).toHaveProperty("source");
    }
  });
});

describe("an included file", () => {
  it("is found beside the file that includes it, and gives way to it", async () => {
    write({
      "p.yaml": "include: rules/common.yaml\ntables: { users: { name: nullify } }\n",
      "rules/common.yaml":
        "include: [more.json]\ntables: { users: { id: keep, name: redact }, logs: skip }\nwhen: { email: redact }\n",
      "rules/more.json": '{ "columns": { "*.ip": "redact" }, "presets": ["gdpr"] }',
    });
    expect(await load()).toEqual({
      source: undefined,
      target: undefined,
      tables: { users: { id: keep(), name: nullify() }, logs: "skip" },
      columns: { "*.ip": redact() },
      when: { email: redact() },
      presets: ["gdpr"],
    });
  });

  it("is named with the line of its mistake", async () => {
    write({
      "p.yaml": "include: a.yaml\ntables:\n  t: { x: kep }\n",
      "a.yaml": "tables:\n  u: { y: redcat }\ntarget: ./out\n",
    });
    expect(told(await refusal()).sort()).toEqual([
      'a.yaml:2 u.y: there is no transform "redcat".',
      'a.yaml:3 An included file has no "target".',
      'p.yaml:3 t.x: there is no transform "kep".',
    ]);
  });

  it("is local, is data, is there, and includes nobody above it", async () => {
    write({
      "p.yaml": "include: [a.yaml, https://example.com/p.yaml, p.ts, none.yaml]\ntables: {}\n",
      "a.yaml": "include: b.yaml\n",
      "b.yaml": "\ninclude: a.yaml\n",
    });
    expect(told(await refusal())).toEqual([
      "b.yaml:2 The includes go in a circle: a.yaml → b.yaml → a.yaml.",
      "p.yaml:1 An include is a local file, and this one is a URL.",
      "p.yaml:1 An include is a file of YAML or JSON, and p.ts is none.",
      "p.yaml:1 The included file none.yaml cannot be read.",
    ]);
  });

  it("may not decide what another one beside it decides, unless the policy does", async () => {
    write({
      "p.yaml": "include: [a.yaml, b.yaml]\ntables: { t: { y: keep } }\n",
      "a.yaml": "tables: { t: { x: keep, y: redact } }\n",
      "b.yaml": "tables:\n  t: { x: redact, y: nullify }\n",
    });
    expect(told(await refusal())).toEqual(["b.yaml:2 t.x is decided in a.yaml line 1 and again in b.yaml."]);
  });

  it("is for files: code imports", () => {
    expect(() => parsePolicy({ include: "a.yaml", tables: {} })).toThrowError(
      expect.objectContaining({ code: "POLICY_INVALID", hint: expect.stringContaining("Import") }),
    );
  });
});

describe("a policy that was read", () => {
  it("may name its schema for editors", () => {
    expect(parsePolicy({ $schema: "./schema.json", tables: { t: { x: "keep" } } })).toMatchObject({
      tables: { t: { x: keep() } },
    });
  });

  it("cannot be changed behind the checks", () => {
    const policy = parsePolicy({ tables: { t: { x: "keep" } }, columns: { "*.y": "redact" } });
    for (const part of [policy, policy.tables, policy.tables.t, policy.columns]) expect(Object.isFrozen(part)).toBe(true);
  });

  it("gives one table out of many, with the patterns", () => {
    const policy = parsePolicy({
      tables: { a: { x: "keep" }, "b*": { x: "redact" }, c: "skip" },
      columns: { "*.y": "redact" },
      presets: ["gdpr"],
    });
    expect(onlyTable(policy, "a")).toEqual({ tables: { a: { x: keep() } }, columns: { "*.y": redact() } });
    expect(onlyTable(policy, "b1")).toMatchObject({ tables: { "b*": { x: redact() } } });
  });
});
