import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isStandinError } from "../../src/errors.ts";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-traps-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function load(text: string | Buffer, name = "p.yaml") {
  writeFileSync(join(folder, name), text);
  return (await loadPolicy(name, folder, async () => ({}), { variables: { A: "a" } })).policy;
}

/** `line:column message` of each finding. */
async function told(text: string | Buffer, name = "p.yaml"): Promise<readonly string[]> {
  const given = await load(text, name).catch((error: unknown) => error);
  if (!isStandinError(given)) throw new Error("nothing was refused");
  if (given.findings.length === 0) return [given.message];
  return given.findings.map(({ line, columnNumber, message, hint }) => `${line}:${columnNumber} ${message} ${hint}`);
}

const saying = (at: string, words: string) => [expect.stringMatching(new RegExp(`^${at} .*${words}`))];

describe("a policy in YAML", () => {
  it("takes names as they stand there, and not for booleans, numbers or dates", async () => {
    const names = ["no", "on", "y", "010", "1.0", "0x10", "2020-01-01", "null", "~", "true"];
    const policy = await load(`tables:\n  t: { ${names.map((name) => `${name}: keep`).join(", ")} }\n`);
    expect(Object.keys(policy.tables.t!)).toEqual(names);
  });

  it("may not say one thing twice, though it quotes it once", async () => {
    expect(await told('tables:\n  t: { 1: redact, "1": keep }\n')).toEqual(saying("2:19", "says one thing twice"));
  });

  it("may not give a number that is read as another one", async () => {
    for (const number of ["010", "0x1F", "12345678901234567890", "1e400"])
      expect(await told(`tables:\n  t: { x: { constant: ${number} } }\n`)).toEqual(saying("2:23", "read as another one"));
    const long = "123456789012345678901234567890123456";
    const listed = (number: string) => told(`tables:\n  t: { x: { keepIf: { values: [${number}], else: redact } } }\n`);
    expect(await listed(long)).toEqual(saying("2:32", "Put it in quotes if its digits matter"));
    expect(await listed("0.12345678901234567891")).toEqual(saying("2:32", "Put it in quotes if its digits matter"));
    const exact = ["0.1", "-0.10", "+.5", "5.", "0.30000000000000004", "9007199254740991", "1e21", "1.50e-7", "0.0", "-0"];
    for (const number of exact)
      expect(await load(`tables: { t: { x: { keepIf: { values: [${number}], else: redact } } } }`)).toBeDefined();
    expect(await listed("1e400")).toEqual(saying("2:32", "write it in digits"));
    expect(await load("tables: { t: { x: { addNoise: { ratio: 0.10 } }, y: { constant: '010' } } }")).toHaveProperty(
      "tables.t.y",
    );
  });

  it("is one document: a second is not passed over", async () => {
    expect(await told("tables: { t: { x: keep } }\n---\ntables: { t: { x: redact } }\n")).toEqual(saying("2:1", "second policy"));
  });

  it("has no merge keys, names that are lists, or aliases to nowhere", async () => {
    expect(await told("tables:\n  a: &a { x: keep }\n  b:\n    <<: *a\n")).toEqual(saying("4:5", "merge key.*pattern"));
    expect(await told("tables:\n  a: { ? [x] : keep }\n")).toEqual(saying("2:10", "no text"));
    expect(await told("tables:\n  a: *b\n")).toEqual(saying("2:6", "alias without its anchor"));
    expect(await load("tables:\n  a: &a { x: keep }\n  b: *a\n")).toHaveProperty("tables.b.x");
  });

  it("is told what stands a step too far out or in (greenmask#176)", async () => {
    expect(await told("tables:\n  users:\n  id: keep\n  email: { fake: internet.email }\n")).toEqual([
      ...saying("2:3", "users must hold a rule per column.*further in"),
      ...saying("3:3", "id has a rule where its columns should be.*under its table"),
      ...saying("4:3", "email has a rule where its columns should be"),
    ]);
    expect(await told("tables:\n  public:\n    users: { id: keep }\n")).toEqual(
      saying("3:5", 'a table in a table|Write "public.users"'),
    );
    expect(await told("tables:\n  users:\n    - id: keep\n")).toEqual(saying("2:3", "without dashes"));
    expect(await load("tables: { users: { hash: keep, redact: tokenize } }")).toHaveProperty("tables.users.hash");
  });

  it("is text in UTF-8, with whatever ends its lines", async () => {
    expect(await told(Buffer.from("\ufefftables: { t: { x: keep } }\n", "utf16le"))).toEqual([expect.stringContaining("UTF-8")]);
    expect(await told(Buffer.from("tables: { t: { straße: keep } }\n", "latin1"))).toEqual([expect.stringContaining("UTF-8")]);
    expect(await told("\ufefftables:\r\n  t:\r\n    x: kep\r\n")).toEqual(saying("3:8", "kep"));
    expect(await told("tables:\n\tt: { x: keep }\n")).toEqual(saying("2:1", "is not YAML"));
    for (const empty of ["", "# nothing\n"]) expect(await told(empty)).toEqual(saying("1:1", "A policy is an object"));
    expect(await load("tables: { t: { x: keep } }\n", "P.YAML")).toHaveProperty("tables.t.x");
  });
});

describe("a policy in JSON", () => {
  it("is told where it is broken, also where YAML would not be", async () => {
    expect(await told('{ "tables": { "t": { "x": "keep", } } }', "p.json")).toEqual(saying("1:35", "is not JSON"));
    expect(await told('{\n  // why\n  "tables": {} }', "p.json")).toEqual(saying("2:3", "a comment, and JSON has none"));
    expect((await told("{ 'tables': {} }", "p.json"))[0]).toMatch(/^1:3 .*is not JSON/);
    expect(await told('{ "tables": { "t": { "x": "redact", "\\u0078": "keep" } } }', "p.json")).toEqual(saying("1:37", "twice"));
    expect(await told(`{"a":`.repeat(20_000), "p.json")).not.toEqual([]);
  });

  it("may not give a number that is read as another one", async () => {
    for (const number of ["12345678901234567890", "0.12345678901234567891", "1e400"])
      expect(await told(`{ "tables": { "t": { "x": { "constant": ${number} } } } }`, "p.json")).toEqual(
        saying("1:41", "read as another one.*Put it in quotes"),
      );
    expect(await load('{ "tables": { "t": { "x": { "constant": -0.50 } } } }', "p.json")).toHaveProperty("tables.t.x");
  });
});

describe("a pattern in a policy", () => {
  it("is told what patterns are, where it is none", async () => {
    expect(await told('tables: {}\ncolumns:\n  "/_ip$/g": redact\n')).toEqual(
      saying("3:3", "no regular expression.*anything but i"),
    );
    expect(await told('tables: {}\ncolumns:\n  "%email": redact\n')).toEqual(saying("3:3", "is none.*A pattern has \\*"));
  });
});

describe("a place in a policy", () => {
  const variable = (text: string) => `$\{${text}}`;

  it("has its dollar signs doubled where they are no variable", async () => {
    expect(await load(`source: "./in$${variable("A")}/$A"\ntables: {}\n`)).toMatchObject({ source: `./in${variable("A")}/$A` });
  });

  it("with a variable that is none is refused, not taken for a path", async () => {
    for (const odd of [variable("A-B"), variable(" A "), "${A"])
      expect(await told(`source: "./${odd}"\ntables: {}\n`)).toEqual(saying("1:9", "no variable"));
  });

  it("with a password in it is refused, and does not show it", async () => {
    const found = await told("source: postgres://me:canary@db/shop\ntables: {}\n");
    expect(found).toEqual(saying("1:9", "holds a password.*PROD_URL"));
    expect(found.join()).not.toContain("canary");
  });
});
