import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importModule } from "../../src/cli/import-module.ts";
import { isStandinError, type StandinError } from "../../src/errors.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";
import { column, database, EMPTY_TARGET, table } from "../plan/schemas.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-code-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

async function load(text: string, name = "policy.ts") {
  write(name, text);
  return (await loadPolicy(name, folder, importModule)).policy;
}

async function refusalOf(text: string, name?: string): Promise<StandinError> {
  const given = await load(text, name).catch((error: unknown) => error);
  if (!isStandinError(given)) throw new Error("nothing was refused");
  return given;
}

/** `line:column` of each finding. */
const placesOf = ({ findings }: StandinError) => findings.map(({ line, columnNumber }) => `${line}:${columnNumber}`);

/** A line of a policy, and what must be said of it: at which column, in which words. */
type Line = readonly [text: string, ...said: readonly (readonly [column: number, words: RegExp])[]];

const LINES: readonly Line[] = [
  ['import { definePolicy, encryptId, fake, hush, keep, redact, redcat, tokenize } from "standin";'],
  ["const own: unknown = { a: fake('internet.emial' as never) };", [32, /users\.a: fake: "path".*internet\.email/]],
  [
    "const helper = () => ({ b: redact({ keepFrist: 1 }) });",
    [37, /users\.b: redact: there is no option "keepFrist".*keepFirst/],
  ],
  ["export default definePolicy({"],
  ["  sorce: process.env.PROD_URL,", [3, /no "sorce".*Did you mean "source"/]],
  ["  target: 5,", [11, /target must be a URL/]],
  ["  keyVariable: 'not a name',", [16, /keyVariable must be the name/]],
  ["  presets: ['gdpr', 'hipaa-expret'],", [21, /no preset "hipaa-expret".*hipaa-expert/]],
  ["  include: './x.yaml',", [12, /`include` is for policies in files/]],
  ["  orders: { id: keep() },", [3, /no "orders".*under `tables`/]],
  ["  columns: {"],
  ["    email: redact(),", [5, /"email" is none.*\*\.email/]],
  ["    '/(_ip$/': redact(),", [5, /no regular expression/]],
  ["    '/_ip$/g': redact(),", [5, /no regular expression/]],
  ["    '*.iban': redcat(),", [15, /columns → \*\.iban: standin has no function redcat.*redact/]],
  ["  },"],
  ["  when: { emial: keep() },", [11, /no class of data "emial".*email/]],
  ["  references: [{ from: 'a', to: 'b.c' }],", [24, /"from" names a column with its table/]],
  ["  tables: {"],
  ["    users: {"],
  ["      ...(own as object),"],
  ["      ...helper(),"],
  ["      c: redact({ keepLast: -1 }),", [29, /users\.c: redact: "keepLast" must be at least 0/]],
  ["      d: hush(),", [10, /users\.d: standin has no function hush/]],
  ["      e: tokenize({ length: 'x' }),", [29, /users\.e: tokenize: "length" must be an integer/]],
  ["      f: 'kep',", [10, /users\.f: there is no transform "kep".*keep/]],
  ["      g: 7,", [10, /users\.g: a rule is/]],
  ["      h: redact,", [10, /users\.h: a rule is/]],
  ["      i: { redact: {}, keep: {} },", [24, /users\.i: a rule names exactly one/]],
  ["      j: { nullify: 3 },", [21, /users\.j: nullify: options must be an object/]],
  ["      l: encryptId({ keep: true }),", [10, /users\.l: encryptId: "scheme" is missing/]],
  ["      m: encryptId('iban', true),", [10, /users\.m: encryptId: it was called with what it does not take/]],
  ["      n: encryptId('iban', { scheme: 'bic' }),", [10, /users\.n: encryptId: it was called with what it does not take/]],
  ["      k: redact(),"],
  ["      k: keep(),", [7, /says k twice/]],
  ["      columns: { m: keep() },", [7, /columns stand directly under their table/]],
  ["    },"],
  ["    logs: 'drop',", [5, /logs must hold a rule per column/]],
  ["    email: redact(),", [5, /email has a rule where its columns should be/]],
  ["    source: 'postgres://db',", [5, /Write source at the top/]],
  ["  },"],
  ["  environments: { test: { tabels: {} } },", [27, /An environment has no "tabels".*tables/]],
  ["} as never);"],
];

describe("a policy in TypeScript with many mistakes", () => {
  it("is told each of them in one run, with line, column and the nearest right name", async () => {
    const wanted = LINES.flatMap(([, ...said], index) =>
      said.map(([column, words]) => ({ at: `${index + 1}:${column}`, words })),
    );
    expect(wanted.length).toBeGreaterThanOrEqual(25);
    const error = await refusalOf(LINES.map(([text]) => text).join("\n"));
    expect(placesOf(error)).toEqual(wanted.map(({ at }) => at));
    for (const [index, { words }] of wanted.entries())
      expect(`${error.findings[index]!.message} ${error.findings[index]!.hint}`).toMatch(words);
    expect(new Set(error.findings.map(({ file }) => file))).toEqual(new Set([join(folder, "policy.ts")]));
  });

  it("is pointed to where it brings in what stands elsewhere", async () => {
    write("rules.ts", 'import { redact } from "standin";\nexport const rules = { z: redact({ keepFrist: 1 } as never) };\n');
    const spread = 'import { rules } from "./rules.ts";\nexport default { tables: {\n  t: { ...rules },\n  u: rules,\n} };\n';
    expect(placesOf(await refusalOf(spread))).toEqual(["3:11", "4:6"]);
    const computed =
      'import { kep } from "standin";\nexport default {\n  tables: Object.fromEntries([["a", { id: kep() }]]),\n};\n';
    expect(placesOf(await refusalOf(computed))).toEqual(["3:30"]);
  });

  it.each([
    ["policy.cjs", 'const { kep } = require("standin");\nmodule.exports = { tables: { a: { c: kep() } } };\n'],
    ["policy.mjs", 'import { kep } from "standin";\nexport default      { tables: { a: { c: kep() } } };\n'],
    ["policy.cts", 'import s = require("standin");\nexport =           { tables: { a: { c: s.kep() } } };\n'],
    [
      "policy.mts",
      'import * as s from "standin";\nconst policy =     { tables: { a: { c: s.kep() } } };\nexport { policy as default };',
    ],
    ["policy.js", 'import { kep } from "standin/transforms";\nexport default     (({ tables: { a: { c: kep() } } }));\n'],
  ])("is pointed to in %s", async (name, text) => {
    const { findings } = await refusalOf(text, name);
    expect(findings).toMatchObject([{ line: 2, columnNumber: text.split("\n")[1]!.search(/(s\.)?kep\(/) + 1 }]);
  });

  it("is pointed to by what the plan finds", async () => {
    const policy = await load(
      'import { keep } from "standin";\nexport default { tables: {\n  users: { id: keep(),\n    emial: keep() } } };\n',
    );
    const { findings } = compilePlan(policy, database(table("users", [column("id"), column("email")])), EMPTY_TARGET);
    expect(findings).toContainEqual(expect.objectContaining({ code: "COLUMN_UNKNOWN", line: 4, columnNumber: 5 }));
  });
});

describe("a policy in code that cannot be run", () => {
  it("is told the line of what is broken, also in a file that it imports", async () => {
    expect(await refusalOf("const a = 1;\nexport default {\n  tables: { a: { b: keep( } },\n};\n")).toMatchObject({
      file: join(folder, "policy.ts"),
      line: 3,
      columnNumber: 27,
    });
    write("broken.ts", "\nexport const x = {;\n");
    expect(await refusalOf('import { x } from "./broken.ts";\nexport default x;\n')).toMatchObject({
      file: join(folder, "broken.ts"),
      line: 2,
      columnNumber: 19,
    });
    expect(
      await refusalOf("type A = string;\nfunction f(a: A) {\n    throw new Error(a);\n}\nexport default f('x');\n"),
    ).toMatchObject({
      line: 3,
      columnNumber: 5,
    });
  });

  it("may be promised, and is refused as a function, under another name, or made by what does not exist", async () => {
    expect(await load("export default Promise.resolve({ tables: { a: { b: 'keep' } } });\n")).toHaveProperty("tables.a.b");
    expect(await refusalOf("export default Promise.reject(new Error('no'));\n")).toMatchObject({ code: "POLICY_INVALID" });
    expect((await refusalOf("export default () => ({ tables: {} });\n")).message).toContain("exports a function");
    expect((await refusalOf("export const policy = {};\n")).message).toContain("no default export");
    const misspelt = await refusalOf(
      'import { definePolcy } from "standin";\nexport default definePolcy({ tables: { a: { b: 1 } } });\n',
    );
    expect(misspelt.findings.map(({ message }) => message)).toEqual([
      "A policy is made by definePolicy, and not by definePolcy.",
      expect.stringContaining("a.b: a rule is"),
    ]);
  });
});
