import { describe, expect, it } from "vitest";
import { loadClassifier } from "../../src/discover/classify-column.ts";
import { JSON_DATA, TYPESCRIPT, YAML } from "../../src/discover/propose/policy-language.ts";
import { dataOfOptions, ruleOfSuggestion } from "../../src/discover/propose/suggested-rule.ts";
import { prepareMask } from "../../src/testing/prepare-mask.ts";
import { TEST_KEY } from "../test-key.ts";
import { sampleOf } from "./sampled-column.ts";

const classify = await loadClassifier();

type Shape = Parameters<typeof sampleOf>[2];

/** What is proposed, as data, and what it makes of the values. */
async function proposed(name: string, values: readonly string[], shape: Shape = { kind: "json" }) {
  const sample = sampleOf(name, values, shape);
  const { rule, ...found } = classify(sample);
  if (rule === null) return { ...found, rule, options: {}, masked: [] };
  const mask = await prepareMask(ruleOfSuggestion(rule)!, { key: TEST_KEY, column: sample.column });
  return { ...found, rule, options: dataOfOptions(rule.options), masked: (await mask(values)) as string[] };
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const inJson = (make: (index: number) => unknown, count = 8) => range(count).map((index) => JSON.stringify(make(index)));

describe("a proposal for a column of documents", () => {
  it("masks what is personal at its path, keeps what is harmless, and closes the rest", async () => {
    const documents = inJson((index) => ({
      id: index,
      plan: index % 2 === 0 ? "gold" : "free",
      contacts: [
        { email: `jane${index}@acme.com`, label: "work" },
        { email: `bo${index}@acme.com`, label: "home" },
      ],
      shipping: { city: "Berlin", address: { street: `${index + 1} Main St` } },
    }));
    const { decision, options, masked } = await proposed("payload", documents);
    expect(decision).toBe("mask");
    expect(options).toMatchObject({
      paths: {
        "$.contacts[*].email": { fake: { path: "internet.email" } },
        "$.shipping.city": { fake: { path: "location.city" } },
        "$.shipping.address.street": { fake: { path: "location.streetAddress" } },
        "$['id','plan']": "keep",
        "$.contacts[*].label": "keep",
      },
      others: "redact",
    });
    expect(masked.join()).not.toMatch(/acme|Main St/);
    expect(JSON.parse(masked[3]!)).toMatchObject({ id: 3, plan: "free", contacts: [{ label: "work" }, { label: "home" }] });
  });

  it("closes what no sample had, also within what is kept", async () => {
    const { rule } = await proposed(
      "payload",
      inJson((index) => ({ plan: "gold", email: `jane${index}@acme.com` })),
    );
    const mask = await prepareMask(ruleOfSuggestion(rule!)!, { key: TEST_KEY, column: "json" });
    const [masked] = await mask([
      '{"plan":{"owner":"Jane","seats":7},"email":{"old":"jane@acme.com"},"nick":"Jane","on":true,"size":5}',
    ]);
    expect(masked).not.toContain("Jane");
    expect(masked).not.toContain("acme");
    expect(JSON.parse(masked!)).toMatchObject({ plan: { owner: null, seats: null }, nick: "****", on: false, size: 0 });
  });

  it("writes no key that may be data, and masks their names", async () => {
    const keys = [
      "jane@acme.com",
      "+4930901820",
      "Jane",
      "mpeters",
      "4711",
      "Jane Doe",
      "__proto__",
      "a'b]",
      "DE89370400440532013000",
    ];
    for (const key of keys) {
      const documents = range(4).map(
        (index) => `{"total":${index},"users":{${JSON.stringify(key)}:{"email":"jane${index}@acme.com"}}}`,
      );
      const { rule, reason, options, masked } = await proposed("payload", documents);
      const written = [YAML, TYPESCRIPT, JSON_DATA].flatMap((language) => language.lines("payload", rule!, reason)).join("\n");
      expect(written).not.toContain(key);
      expect(written).not.toContain("acme");
      expect(options).toMatchObject({ paths: { "$.users.*.email": { fake: { path: "internet.email" } }, "$.total": "keep" } });
      expect(masked.join()).not.toContain(JSON.stringify(key));
      expect(JSON.parse(masked[1]!)).toMatchObject({ total: 1 });
    }
  });

  it("masks keys that are mail addresses to such ones, beside names that stay", async () => {
    const documents = inJson((index) => ({ name: "Jane Doe", [`jane${index}@acme.com`]: "admin" }));
    const { options, masked } = await proposed("payload", documents);
    expect(options).toMatchObject({ paths: { "$['name']~": "keep", "$.*~": { fake: { path: "internet.email" } } } });
    expect(masked.join()).not.toMatch(/acme|Jane|admin/);
    expect(Object.keys(JSON.parse(masked[0]!))).toEqual(["name", expect.stringMatching(/@example\./)]);
  });

  it("writes keys of the documents' own that most of them have", async () => {
    const documents = inJson((index) => ({ zyxqueue: index, email: `jane${index}@acme.com` }));
    expect((await proposed("payload", documents)).options).toMatchObject({ paths: { "$.zyxqueue": "keep" } });
    const rare = inJson((index) => ({ ...(index === 3 && { zyxqueue: 1 }), email: `jane${index}@acme.com` }));
    expect(JSON.stringify(await proposed("payload", rare))).not.toContain("$.zyxqueue");
  });

  it.each<[string, readonly string[]]>([
    [
      "of mixed shapes",
      ['{"email":"a@acme.com"}', '{"email":["b@acme.com",{"email":"c@acme.com"}]}', '{"email":null}', '["d@acme.com"]', "7"],
    ],
    ["of lists in lists", ['[["a@acme.com"],[["b@acme.com"]]]', "[]", "[[]]"]],
    ["within texts of documents", inJson((index) => ({ body: JSON.stringify({ user: { email: `jane${index}@acme.com` } }) }))],
    ["of numbers", inJson((index) => ({ phone: 4930901820 + index, phones: [`+4930901${index}20`] }))],
    ["with numbers of any length", ['{"email":"a@acme.com","n":123456789012345678901234567890.5e7}']],
  ])("masks documents %s", async (_, documents) => {
    const { decision, masked } = await proposed("payload", documents);
    expect(decision).toBe("mask");
    expect(masked).not.toContain(undefined);
    expect(masked.join()).not.toMatch(/acme|4930901/);
  });

  it("lives with what is no JSON, and with nothing", async () => {
    const values = [
      '{"email":"jane@acme.com"}',
      '{"email":"bo@acme.com"',
      "not json, jane@acme.com",
      '{"email":"al@acme.com"}',
      "",
    ];
    const { decision, rule, masked } = await proposed("payload", values, { kind: "text" });
    expect({ decision, transform: rule?.transform }).toEqual({ decision: "mask", transform: "maskJson" });
    expect(masked.slice(0, 4).join()).not.toMatch(/acme|jane/);
    for (const empty of [[], ["{}", "[]", "null"]])
      expect(await proposed("payload", empty)).toMatchObject({ decision: "keep", rule: null });
  });

  it("empties documents of more places than a person reads", async () => {
    const wide = Object.fromEntries(
      range(300).map((index) => [
        `email_${"abcdefghij"[index % 10]}${"abcdefghij"[Math.floor(index / 10) % 10]}${"abc"[Math.floor(index / 100)]}`,
        "jane@acme.com",
      ]),
    );
    const { masked } = await proposed(
      "payload",
      range(6).map(() => JSON.stringify(wide)),
    );
    expect(masked.join()).not.toContain("acme");
  });
});

describe("a proposal for values with parts", () => {
  it("masks the items of arrays, as values of their type", async () => {
    const emails = await proposed("emails", ["{jane@acme.com,NULL}", "{}", '{"bo@acme.com"}'], { kind: "array", type: "text[]" });
    expect(emails.options).toEqual({ items: { fake: { path: "internet.email" } } });
    expect(emails.masked.join()).toMatch(/^\{[^@]+@example\.\w+,NULL\},\{\},\{"[^@]+@example\.\w+"\}$/);
    const phones = await proposed("phones", ["{4930901820,4930901821}", "{4930901822}"], { kind: "array", type: "bigint[]" });
    expect(phones.masked.join()).toMatch(/^\{\d+,\d+\},\{\d+\}$/);
    expect(phones.masked.join()).not.toContain("4930901820");
  });

  it("masks hstore by key, unless its keys may be data", async () => {
    const shape = { kind: "other", type: "hstore" } as const;
    const pairs = range(6).map((index) => `"email"=>"jane${index}@acme.com", "color"=>"red", "size"=>NULL`);
    const { options, masked } = await proposed("attributes", pairs, shape);
    expect(options).toMatchObject({ keys: { email: { fake: { path: "internet.email" } }, color: "keep" }, others: "redact" });
    expect(masked[0]).toMatch(/^"email"=>"[^"]+@example\.\w+", "color"=>"red", "size"=>NULL$/);
    const people = range(6).map((index) => `"jane${index}@acme.com"=>"admin"`);
    const closed = await proposed("attributes", people, shape);
    expect(JSON.stringify(closed)).not.toMatch(/jane|acme|admin/);
  });

  it("masks fields of composites, and leaves none open", async () => {
    const rows = [
      '("1 Main St",Berlin,10115,)',
      '("2 Oak Ave",Hamburg,20095,)',
      '("3 Elm Street",Bonn,53111,)',
      '("4 Elm Street",Ulm,89073,)',
    ];
    const { rule, masked } = await proposed("home", rows, { kind: "other", type: "address" });
    expect(rule?.transform).toBe("maskComposite");
    expect(masked.join()).not.toMatch(/Berlin|Main|10115/);
    for (const row of masked) expect(row).toMatch(/^\([^,]+,\w+,\d+,\)$/);
  });

  it("masks elements and attributes of XML", async () => {
    const documents = range(6).map(
      (index) =>
        `<?xml version="1.0"?>\n<person ip="203.0.113.${index}"><email>jane${index}@acme.com</email><plan>gold</plan><x>Jane</x></person>`,
    );
    for (const kind of ["xml", "text"] as const) {
      const { options, masked } = await proposed("payload", documents, { kind });
      expect(options).toMatchObject({
        paths: { "//email": { fake: { path: "internet.email" } }, "//plan": "keep" },
        others: "redact",
      });
      expect(masked[2]).toMatch(
        /^<\?xml version="1\.0"\?>\n<person ip="10\.[\d.]+"><email>[^<@]+@example\.\w+<\/email><plan>gold<\/plan><x>\*{4}<\/x><\/person>$/,
      );
    }
  });

  it("masks parameters of forms, items of lists, and what Base64 and bytes stand for", async () => {
    const shape = { kind: "text" } as const;
    const form = await proposed(
      "body",
      range(6).map((index) => `email=jane${index}%40acme.com&plan=gold`),
      shape,
    );
    expect(form.masked[0]).toMatch(/^email=[^&]+%40example\.\w+&plan=gold$/);
    const list = await proposed("cc", ["a@acme.com; b@acme.com", "c@acme.com; d@acme.com", "e@acme.com"], shape);
    expect(list.masked.join()).not.toContain("acme");
    expect(list.masked[0]).toMatch(/^\S+@example\.\w+; \S+@example\.\w+$/);
    const mails = range(6).map((index) => Buffer.from(`jane.doe${index}@acme.com`));
    const codes = await proposed(
      "data",
      mails.map((mail) => mail.toString("base64")),
      shape,
    );
    expect(codes.masked.map((code) => Buffer.from(code, "base64").toString()).join()).toMatch(/^(\S+@example\.\w+,?){6}$/);
    const bytes = await proposed(
      "data",
      mails.map((mail) => `\\x${mail.toString("hex")}`),
      { kind: "bytes" },
    );
    expect(bytes.masked.map((code) => Buffer.from(code.slice(2), "hex").toString()).join()).toMatch(/^(\S+@example\.\w+,?){6}$/);
  });
});
