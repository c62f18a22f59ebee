import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StandinError } from "../../src/errors.ts";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-mistakes-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function refusalOf(text: string, name = "policy.yaml"): Promise<StandinError> {
  writeFileSync(join(folder, name), text);
  return loadPolicy(name, folder, async () => ({})).then(
    () => {
      throw new Error("nothing was refused");
    },
    (error) => error,
  );
}

/** A line of a policy, and what must be said of it: at which column, in which words. */
type Line = readonly [text: string, ...said: readonly (readonly [column: number, words: RegExp])[]];

/** Each mistake once, none of which hides another. */
const LINES: readonly Line[] = [
  ["sorce: postgres://db", [1, /A policy has no "sorce".*Did you mean "source"/]],
  ["target: 5", [9, /target must be a URL/]],
  ["keyVariable: not a name", [14, /keyVariable must be the name of an environment variable/]],
  ["presets: [gdpr, hipaa-expret]", [17, /no preset "hipaa-expret".*Did you mean "hipaa-expert"/]],
  ["orders: { id: keep }", [1, /A policy has no "orders".*Write it under `tables`/]],
  ["columns:"],
  ['  "email": redact', [3, /"email" is none.*\*\.email/]],
  ['  "users.phone": redact', [3, /"users.phone" is none.*under tables → users/]],
  ['  "/(_ip$/": redact', [3, /no regular expression/]],
  ['  "*.iban": { scrable: {} }', [15, /columns → \*\.iban: there is no transform "scrable".*Did you mean "scramble"/]],
  ["when:"],
  ["  emial: { fake: internet.email }", [3, /no class of data "emial".*Did you mean "email"/]],
  ["tables:"],
  ["  users:"],
  ["    a: redcat", [8, /users\.a: there is no transform "redcat".*Did you mean "redact"/]],
  ["    b: { redact: { keepFrist: 1 } }", [20, /users\.b: redact: there is no option "keepFrist".*Did you mean "keepFirst"/]],
  ["    c: { redact: { keepLast: -1 } }", [30, /users\.c: redact: "keepLast" must be at least 0/]],
  ["    d: { redact: { keepLast: four } }", [30, /users\.d: redact: "keepLast" must be an integer/]],
  ["    e: { redact: {}, keep: {} }", [22, /users\.e: a rule names exactly one transform, and this one names redact and keep/]],
  ["    f: { fake: internet.emial }", [16, /users\.f: fake: "path".*internet\.email/]],
  ["    g: { fake: internet.email, unique: true }", [32, /users\.g: unique is an option of fake/]],
  ["    h: { tokenize: { domain: a }, domain: b }", [35, /users\.h: domain is said twice/]],
  ["    i: 7", [8, /users\.i: a rule is a transform's name/]],
  ["    j: { redact: {}, onUnsuported: fail }", [22, /users\.j: a rule has no "onUnsuported".*onUnsupported/]],
  ["    k: { nullify: 3 }", [19, /users\.k: nullify: options must be an object/]],
  ["    l: keep"],
  ["    l: redact", [5, /says one thing twice at line 27, column 5/]],
  ["    columns: { m: keep }", [5, /columns stand directly under their table/]],
  ["  logs: drop", [3, /logs must hold a rule per column, "skip" or "leave"/]],
  ["  source: postgres://db", [3, /source must hold a rule per column.*Write source at the top/]],
  ["incremental:"],
  ["  a: { changedBy: at, deletes: all }", [32, /incremental → a → deletes is compare, or nothing/]],
  [
    "  b: { changedBy: at, deletes: compare, maxDeletedPercent: 0 }",
    [60, /b → maxDeletedPercent is a number above 0 and up to 100/],
  ],
  ["  c: { changedBy: at, maxDeletedPercent: 5 }", [42, /c → maxDeletedPercent.*Add deletes: compare/]],
  ["environments:"],
  ["  test:"],
  ["    tabels: {}", [5, /An environment has no "tabels".*Did you mean "tables"/]],
  ["    environments: {}", [5, /An environment has no "environments".*in the policy itself/]],
];

const WANTED = LINES.flatMap(([, ...said], index) => said.map(([column, words]) => ({ line: index + 1, column, words })));

describe("a policy with many mistakes", () => {
  it("is told each of them in one run, with line, column and the nearest right name", async () => {
    expect(WANTED.length).toBeGreaterThanOrEqual(25);
    const error = await refusalOf(LINES.map(([text]) => text).join("\n"));
    const found = [...error.findings].sort((one, other) => one.line! - other.line!);
    expect(found.map(({ line, columnNumber }) => `${line}:${columnNumber}`)).toEqual(
      WANTED.map(({ line, column }) => `${line}:${column}`),
    );
    for (const [index, { words }] of WANTED.entries()) expect(`${found[index]!.message} ${found[index]!.hint}`).toMatch(words);
    expect(error).toMatchObject({ code: "POLICY_INVALID", message: `The policy has ${WANTED.length} mistakes.` });
    expect(new Set(found.map(({ file }) => file))).toEqual(new Set([join(folder, "policy.yaml")]));
  });

  it("is told the same of JSON", async () => {
    const text =
      '{\n  "tables": {\n    "users": {\n      "a": "redcat",\n      "b": { "redact": { "keepLast": "x" } }\n    }\n  },\n  "wen": {}\n}';
    const { findings } = await refusalOf(text, "policy.json");
    expect(findings.map(({ line, columnNumber }) => `${line}:${columnNumber}`).sort()).toEqual(["4:12", "5:38", "8:3"]);
  });

  it("is told all that is broken in its syntax", async () => {
    const { findings } = await refusalOf("tables:\n  users: { id: keep\n  logs: [\n");
    expect(findings.length).toBeGreaterThan(0);
    for (const { line, columnNumber, message } of findings) {
      expect(line).toBeGreaterThan(0);
      expect(message).toContain(`line ${line}, column ${columnNumber}`);
    }
  });

  it("never shows a key that somebody wrote into it", async () => {
    for (const key of [
      "standin_key_0canary0canary0canary0canary0canary0can",
      "canary".padEnd(43, "x"),
      "c0ffee".padEnd(64, "0"),
    ]) {
      const { message, findings } = await refusalOf(`keyVariable: ${key}\ntables: {}\n`);
      expect(message).toContain("keyVariable");
      expect(JSON.stringify(findings)).not.toContain(key);
    }
  });
});
