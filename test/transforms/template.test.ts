import { describe, expect, it } from "vitest";
import { createMasker } from "../../src/pipeline/masking/create-masker.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { checkTransform } from "../../src/testing/index.ts";
import { fake, keep, redact, template } from "../../src/transforms/index.ts";
import { TEST_KEY } from "../test-key.ts";
import { columnOf, maskOne, maskValues } from "./mask-values.ts";

const written = async (text: string, name: string | null, settings = {}) =>
  (await maskValues(template({ text, onUnsupported: "nullify" }), ["x"], { others: { name: [name] }, ...settings }))[0];

describe("template", () => {
  it("writes the stand-ins of other columns", async () => {
    const masker = createMasker(
      {
        email: template({ text: "{{masked.first | ascii | lower}}.{{original.id}}@example.com" }),
        first: fake("person.firstName"),
        id: keep(),
      },
      { key: TEST_KEY },
    );
    const row = await masker.row({ email: "jane@acme.com", first: "Jane", id: "7" });
    expect(row.first).not.toBe("Jane");
    expect(row.email).toBe(`${(row.first as string).toLowerCase()}.7@example.com`);
  });

  it("has a few filters", async () => {
    expect(await written("{{original.name | lower}}", "JANE")).toBe("jane");
    expect(await written("{{original.name|upper}}!", "jane")).toBe("JANE!");
    expect(await written("{{ original.name | trim | first 2 }}", "  jane")).toBe("ja");
    expect(await written("{{original.name | last 2}}", "a𝒳𝒴")).toBe("𝒳𝒴");
    expect(await written("{{original.name | ascii}}", "Łukasz Čapek Straße Жук")).toBe("Lukasz Capek Strasse ");
    expect(await written("{{original.name | slug}}", "Ángel O'Neill, jr.")).toBe("angel-o-neill-jr");
    expect(await written('{{original.name | pad 5}}-{{original.name | pad 4 "_"}}', "42")).toBe("00042-__42");
    expect(await written("{{original.name | year}}/{{original.name | month}}/{{original.name | day}}", "1987-03-14 10:00")).toBe(
      "1987/03/14",
    );
    expect(await written('{{original.name | default "a | b"}}', null)).toBe("a | b");
  });

  it("cannot handle NULL without a default, what is no date, and what the column does not hold", async () => {
    expect(await written("{{original.name}}", null)).toBeNull();
    expect(await written("{{original.name | year}}", "soon")).toBeNull();
    expect(await written("{{original.name}}", "long", { column: { kind: "text", maxLength: 3 } })).toBeNull();
    expect(await written("{{original.name}}", "7", { column: "integer" })).toBe("7");
    expect(await written("{{original.name}}", "seven", { column: "integer" })).toBeNull();
    await expect(maskValues(template({ text: "{{original.name}}" }), ["x"], { others: { name: [null] } })).rejects.toMatchObject({
      code: "VALUE_UNSUPPORTED",
    });
  });

  it("keeps NULL and its promises", async () => {
    expect(await maskValues(template({ text: "{{original.name}}" }), [null], { others: { name: ["x"] } })).toEqual([null]);
    const rule = template({ text: "{{masked.first | lower}} {{original.last | first 1}}." });
    expect(await checkTransform(rule, { column: "text" })).toEqual([]);
  });

  it("shows the column's own originals only where it is allowed", async () => {
    const open = template({ text: "old-{{value}}" });
    expect(open.transform.checkColumn(open.options, columnOf())).toEqual([expect.stringMatching(/own originals/)]);
    const allowed = template({ text: "old-{{value}}", allowOriginals: ["value"] });
    expect(allowed.transform.checkColumn(allowed.options, columnOf())).toEqual([]);
    expect(await maskOne(allowed, "7")).toBe("old-7");
  });

  it("is refused by the plan where it shows what another column hides", () => {
    const schema = {
      system: "csv" as const,
      tables: [
        {
          ref: { schema: null, name: "people" },
          columns: ["email", "name", "id"].map((name) => columnOf("text", name)),
          uniqueKeys: [],
          foreignKeys: [],
          rowEstimate: 1,
        },
      ],
    };
    const errors = (email: object) =>
      compilePlan(parsePolicy({ tables: { people: { email, name: redact(), id: keep() } } }), schema, schema)
        .findings.filter(({ severity }) => severity === "error")
        .map(({ code, message }) => `${code} ${message}`);
    expect(errors({ template: "{{original.name}}-{{original.id}}" })).toEqual([
      "PROTECTION_MISSING template on people.email shows the originals of name, which is masked.",
    ]);
    expect(errors({ chain: [{ template: "{{original.email}}" }] })).toEqual([
      "PROTECTION_MISSING chain on people.email shows the originals of email, which is masked.",
    ]);
    expect(errors({ template: { text: "{{original.name}}", allowOriginals: ["name"] } })).toEqual([]);
    expect(errors({ template: "{{masked.name}}-{{original.id}}" })).toEqual([]);
    expect(errors({ template: "{{masked.nme}}" })).toEqual([
      "COLUMN_UNKNOWN template on people.email reads nme, which people does not have.",
    ]);
    expect(errors({ template: "{{masked.email}}" })).toEqual([
      "OPTION_INVALID The rule of people.email reads email masked, which is what it is to make itself.",
    ]);
  });

  it("says what is wrong with a text", () => {
    const refused = (text: string) => {
      try {
        template({ text });
      } catch (error) {
        return (error as Error).message;
      }
      return null;
    };
    expect(refused("no columns")).toMatch(/names no column/);
    expect(refused("a {{masked.x")).toMatch(/braces at character 3 that do not close/);
    expect(refused("{{name}}")).toMatch(/masked\.<column>, original\.<column> and value/);
    expect(refused("{{masked.x | shout}}")).toMatch(/the filter shout, which there is not; there are: ascii, day, default/);
    expect(refused("{{masked.x | }}")).toMatch(/a \| without a filter; there are: ascii, day, default/);
    for (const [call, written] of [
      ["first", "first 3"],
      ["last x", "last 4"],
      ["lower 3", "lower"],
      ["pad", 'pad 5 "0"'],
      ["default", 'default "n/a"'],
    ] as const) {
      const message = refused(`{{masked.x | ${call}}}`);
      expect(message).toContain(`a form that it does not take: write it as in ${written} (at character 1)`);
      expect(message).not.toContain("there are");
    }
  });
});
