import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JSON_DATA, TYPESCRIPT, YAML } from "../../src/discover/propose/policy-language.ts";
import { policyNames, proposePolicy } from "../../src/discover/propose/propose-policy.ts";
import { writePolicy } from "../../src/discover/propose/write-policy.ts";
import { column, database, table } from "../plan/schemas.ts";

/** `${HOME}`, which a template or a policy in YAML would fill in. */
const VARIABLE = ["$", "{HOME}"].join("");
const PLACES = { source: { path: `in/${VARIABLE}` }, target: { path: "out" } };
const SAMPLES = { values: () => [], isWhole: () => false, notes: [] };
/** What a terminal, an editor or a parser may take for something else than a name. */
const NASTY = [
  "__proto__",
  "constructor",
  "toString",
  "yes",
  "~",
  "null",
  "true",
  "#",
  "a: b",
  "*",
  "&a",
  "!x",
  "<<",
  "0123",
  "1e3",
  "-",
  "?",
  "a.b",
  "'",
  '"',
  "\\",
  "`",
  VARIABLE,
  "*/",
  "//",
  "]]>",
  "\n",
  "\u2028",
  "\u0085",
  "\u202e",
  "\u001b[31m",
  "😀",
  "山",
  " ",
  "{",
  "}",
  "[",
  ",",
  "|",
  "%",
  "@",
];
const name = fc
  .oneof(
    fc.constantFrom(...NASTY),
    fc.array(fc.constantFrom(...NASTY, "a", "_"), { minLength: 1, maxLength: 6 }).map((parts) => parts.join("")),
  )
  .map((text) => text.slice(0, 63));
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 5 });

/** The names and transforms of a written policy, as the language's own reader finds them. */
function ownEntries(data: object): [string, string[]][] {
  return Object.entries(data).map(([table, columns]) => [table, Object.keys(columns as object).sort()]);
}

async function proposed(tables: readonly string[], columns: readonly string[]) {
  const schema = database(
    ...tables.map((one) =>
      table(
        one,
        columns.map((each) => column(each)),
      ),
    ),
  );
  const written = [...policyNames(schema).values()].map((one): [string, string[]] => [one, [...columns].sort()]);
  return { proposal: await proposePolicy(schema, SAMPLES), written };
}

describe("a policy for tables and columns of hostile names", () => {
  it("in YAML is data that names each of them", async () => {
    const { parseDocument } = await import("yaml");
    await fc.assert(
      fc.asyncProperty(names, names, async (tables, columns) => {
        const { proposal, written } = await proposed(tables, columns);
        const text = writePolicy(proposal, PLACES, YAML);
        const document = parseDocument(text);
        expect([...document.errors, ...document.warnings]).toEqual([]);
        const data = document.toJS() as { source: string; tables: object };
        expect(new Map(ownEntries(data.tables))).toEqual(new Map(written));
        expect(data.source).toBe(`in/$${VARIABLE}`);
        expect(text).not.toMatch(/[\u0085\u2028\u202e\u001b]/);
      }),
      { numRuns: 60 },
    );
  });

  it("in code names each of them, and runs nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(names, names, async (tables, columns) => {
        const { proposal, written } = await proposed(tables, columns);
        const text = writePolicy(proposal, PLACES, TYPESCRIPT);
        const [, body] = /export default definePolicy\(([\s\S]*)\);\s*$/.exec(text)!;
        const found = new Function("keep", "review", "redact", "fake", "tokenize", "shuffle", `"use strict"; return ${body};`)(
          ...Array.from({ length: 6 }, () => () => "rule"),
        ) as { source: string; tables: object };
        expect(new Map(ownEntries(found.tables))).toEqual(new Map(written));
        expect(found.source).toBe(`in/${VARIABLE}`);
        expect(text).not.toMatch(/[\u0085\u2028\u202e\u001b]/);
      }),
      { numRuns: 60 },
    );
  });

  it("has pieces to paste into JSON that JSON reads", () => {
    fc.assert(
      fc.property(name, (one) => {
        expect(Object.keys(JSON.parse(`{${JSON_DATA.property(one)}: 1}`) as object)).toEqual([one]);
      }),
    );
  });
});
