import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ColumnKind, Rule } from "../../src/contracts.ts";
import { classifyColumn, loadClassifier } from "../../src/discover/classify-column.ts";
import { rulesForClass } from "../../src/discover/propose/rules-for-class.ts";
import { suggestRule } from "../../src/discover/propose/suggest-rule.ts";
import { recogniseColumnName } from "../../src/discover/recognise/recognise-column-name.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { DATA_CLASSES, type DataClass } from "../../src/policy/class-names.ts";
import { createRule } from "../../src/transforms/define-transform.ts";
import { transformByName } from "../../src/transforms/registry.ts";
import { columnOf, sampleOf } from "./sampled-column.ts";

const classify = await loadClassifier();

const found = (name: string, values: readonly string[], shape: Parameters<typeof sampleOf>[2] = {}) =>
  classify(sampleOf(name, values, shape));

const MAILS = ["a@example.com", "b@example.org", "c@example.net", "d@example.com", "e@example.com"];

describe("classifyColumn", () => {
  it("needs no name where the values look like nothing else", () => {
    expect(found("c1", MAILS)).toMatchObject({ kind: "email", decision: "mask", rule: { transform: "fake" } });
    expect(
      found("c2", ["DE89370400440532013000", "GB82WEST12345698765432", "FR1420041010050500013M02606", "NL91ABNA0417164300"]),
    ).toMatchObject({ kind: "iban", decision: "mask" });
    expect(found("c3", ["4111111111111111", "5555555555554444", "4012888888881881", "4242424242424242"])).toMatchObject({
      kind: "cardNumber",
      decision: "mask",
    });
    expect(
      found("c4", [
        "Jane Doe",
        "Maria Garcia",
        "Peter Smith",
        "Anna Brown",
        "Thomas Müller",
        "Laura White",
        "Robert Green",
        "Susan Clark",
        "David Hall",
        "Linda Lewis",
      ]),
    ).toMatchObject({
      kind: "fullName",
      decision: "mask",
    });
  });

  it("asks what a number or a UUID stands for, where its name says what neither can be", () => {
    const numbers = ["17", "4", "23", "108", "56"];
    for (const [name, kind] of [
      ["email", "integer"],
      ["last_name", "integer"],
      ["iban", "decimal"],
      ["nationality", "integer"],
      ["user_name", "uuid"],
    ] as const) {
      for (const values of [[], kind === "uuid" ? ["0b5f1f0e-7c0e-4c62-8a3e-0d7d3a1a9b10"] : numbers]) {
        const asked = found(name, values, { kind });
        expect(asked, name).toMatchObject({ decision: "review", rule: null });
        expect(asked.reason).toMatch(/^the name says \w+, which no \w+ is: does it stand for one/);
      }
    }
  });

  it("never says of a name that it holds nothing personal only because the type cannot hold what it names", () => {
    for (const [name, kind] of [
      ["phone", "date"],
      ["email", "timestamp"],
      ["token", "integer"],
    ] as const) {
      const kept = found(name, [], { kind });
      expect(kept, name).toMatchObject({ decision: "keep", kind: null });
      expect(kept.reason).toMatch(/^the name says \w+, which no \w+ is$/);
    }
  });

  it("asks where the values contradict a name of one sense, and never keeps such a column", () => {
    const odd = Array.from({ length: 30 }, (_, index) => `XQ${index}Z`);
    const named: readonly (readonly [name: string, kind: string, transform: string])[] = [
      ["first_name", "firstName", "fake"],
      ["last_name", "lastName", "fake"],
      ["customer_name", "fullName", "fake"],
      ["email", "email", "fake"],
      ["mobile", "phone", "fake"],
      ["iban", "iban", "scramble"],
      ["birth_date", "birthDate", "shiftDates"],
      ["card_number", "cardNumber", "scramble"],
      ["ip_address", "ipAddress", "encryptIp"],
    ];
    for (const [name, kind, transform] of named)
      for (const table of ["customers", "products", "t"])
        expect(found(name, odd, { table }), `${table}.${name}`).toMatchObject({
          decision: "review",
          kind,
          rule: { transform },
          reason: expect.stringContaining("do not look like it"),
        });
    expect(found("email", ["yes", "no", "maybe", "later", "never"])).toMatchObject({ decision: "review", kind: "email" });
    expect(found("phone", ["ringing", "silent", "vibrate", "off", "on"])).toMatchObject({ decision: "review", kind: "phone" });
  });

  it("does not believe a name of several senses that the values contradict", () => {
    expect(found("name", ["AX-1", "AX-2", "AX-3", "AX-4", "AX-5"])).toMatchObject({ decision: "keep", kind: null });
    expect(found("state", ["open", "paid", "sent", "cancelled"])).toMatchObject({ decision: "keep", kind: null });
  });

  it("believes a name where no values were seen", () => {
    expect(found("email", [])).toMatchObject({ kind: "email", decision: "mask" });
    expect(found("date_of_birth", [], { kind: "date" })).toMatchObject({ kind: "birthDate", decision: "mask" });
  });

  it("keeps what is harmless, and says why", () => {
    expect(found("sku", ["AB-1", "AB-2", "CD-9"])).toMatchObject({
      kind: null,
      decision: "keep",
      rule: null,
      reason: expect.stringContaining("nothing personal"),
    });
    expect(found("id", ["1", "2", "3"], { kind: "integer" }).decision).toBe("keep");
    expect(found("is_archived", ["t", "f"], { kind: "boolean" }).decision).toBe("keep");
  });

  it("asks where a free text might hold anything", () => {
    const notes = found("notes", ["Call before noon please", "Likes tea a lot", "Has paid in advance", "Nothing to add here"]);
    expect(notes.decision).not.toBe("keep");
    expect(notes.kind).toBe("freeText");
  });

  it("finds persons in free text that has a harmless name", () => {
    expect(
      found("description", [
        "Reach me at bob@example.com today",
        "nothing here to see",
        "My number is +49 30 901820 okay",
        "a b c d e",
      ]),
    ).toMatchObject({ kind: "freeText" });
  });

  it("looks into JSON by path, and into XML by element", () => {
    const json = found("payload", ['{"user":{"email":"a@example.com"},"n":1}', '{"user":{"email":"b@example.com"},"n":2}'], {
      kind: "json",
    });
    expect(json).toMatchObject({ kind: "document", reason: expect.stringContaining("email at $.user.email") });
    expect(found("payload", ['{"n":1,"queue":"x"}', '{"n":2,"queue":"y"}'], { kind: "json" })).toMatchObject({
      kind: null,
      decision: "keep",
    });
    expect(
      found("body", ["<p><email>a@example.com</email></p>", "<p><email>b@example.com</email></p>"], { kind: "xml" }),
    ).toMatchObject({ kind: "document" });
  });

  it("shows no key of a document that could be a person's", () => {
    const { reason } = found("payload", ['{"wilhelmina":{"email":"a@example.com"}}', '{"4711-0815":{"email":"b@example.com"}}'], {
      kind: "json",
    });
    expect(reason).toContain("email at $.*.email");
    expect(reason).not.toMatch(/wilhelmina|4711/);
  });

  it("shows no key of which a part could be a person's", () => {
    const { reason } = found("payload", ['{"wilhelmina_email":"a@example.com"}', '{"wilhelmina_email":"b@example.com"}'], {
      kind: "json",
    });
    expect(reason).toContain("email at $.*");
    expect(reason).not.toContain("wilhelmina");
  });

  it("looks into a document that the sample has cut, a map by address, a text in JSON, and JSON in a text", () => {
    const filling = "x".repeat(3_000);
    const documents: readonly (readonly [string, (address: string) => string])[] = [
      ["$.user.email", (address) => `{"user":{"email":"${address}"},"log":["${filling}`],
      ["a key of $", (address) => `{"${address}":{"visits":3}}`],
      ["$", (address) => `"${address}"`],
      ["$.*.email", (address) => JSON.stringify({ n: 1, inner: JSON.stringify({ email: address }) })],
    ];
    for (const [path, write] of documents) {
      const { kind, decision, reason } = found("payload", ["a@example.com", "b@example.org"].map(write), { kind: "json" });
      expect({ path, kind, decision, reason }).toMatchObject({ kind: "document", decision: "mask" });
      expect(reason).toContain(`email at ${path}`);
    }
  });

  it("looks into arrays, and through what carries a value", () => {
    const addresses = ["jane@example.com", "max@example.org", "olga@example.net", "li@example.com"];
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    expect(
      found(
        "c1",
        addresses.map((one) => `{${one},"${one}"}`),
        { kind: "array", type: "text[]" },
      ),
    ).toMatchObject({ kind: "email" });
    expect(
      found(
        "c1",
        addresses.map((one) => `\\x${Buffer.from(one).toString("hex")}`),
        { kind: "bytes" },
      ),
    ).toMatchObject({
      kind: "email",
    });
    expect(
      found(
        "c1",
        addresses.map((one) => base64(`{"email":"${one}"}`)),
      ),
    ).toMatchObject({ kind: "document" });
    expect(
      found(
        "c1",
        addresses.map((one) => `email=${encodeURIComponent(one)}&n=1`),
      ),
    ).toMatchObject({ kind: "document" });
    expect(
      found(
        "c1",
        [40, 41, 42, 43].map((end) => `tel:+493090182${end}0`),
      ),
    ).toMatchObject({ kind: "phone" });
    expect(
      found(
        "c1",
        ["red", "blue", "green", "grey"].map((one) => base64(`item: ${one}; quantity`)),
      ),
    ).toMatchObject({ kind: null });
  });

  it("finds addresses in a list of them, whatever parts it", () => {
    for (const sign of [", ", "; ", "|"]) {
      const lists = ["a", "b", "c", "d"].map((one) => `${one}@example.com${sign}${one}2@example.org`);
      expect(found("c1", lists)).toMatchObject({ kind: "email", decision: "mask", rule: { transform: "maskList" } });
    }
  });

  it("finds numbers in a text by the words before them", () => {
    const rest = ["Waiting for the customer.", "Closed, as the other one was.", "Second reminder sent, no answer."];
    expect(found("c1", [...rest, "El DNI del cliente es 48531297K, visto hoy"])).toMatchObject({ kind: "freeText" });
    expect(found("c1", [...rest, "sent a new password: hJ73kk20xQ to them"])).toMatchObject({ kind: "freeText" });
    expect(found("c1", [...rest, "ordered part number 48531297 of the press"])).toMatchObject({ kind: null });
  });

  it("tells book numbers and masks of networks from what they look like", () => {
    const books =
      "316148410X 8071450294 9514516931 843760494X 229412345X 3791002384 5161200073 6552019386 7200133779 4300201919 8611972716 966000009X".split(
        " ",
      );
    expect(found("c1", books)).toMatchObject({ kind: null, decision: "keep" });
    expect(found("c1", ["255.255.255.0", "255.255.0.0", "255.255.255.128", "255.0.0.0"])).toMatchObject({ decision: "keep" });
  });

  it("fills up numbers that a number column has cut", () => {
    const cpfs = ["52998224725", "11144477735", "39053344705", "12345678909", "7068093868", "98765432100", "1234567890"];
    expect(found("c1", cpfs, { kind: "integer", type: "bigint" })).toMatchObject({
      kind: expect.stringMatching(/nationalId|taxId/),
    });
  });

  it("finds pictures in bytes", () => {
    expect(found("photo", ["\\x89504e470d0a1a0a0000000d49484452"], { kind: "bytes", type: "bytea" })).toMatchObject({
      kind: "image",
      decision: "mask",
      rule: { transform: "nullify" },
    });
    expect(
      found("signature", ["\\x89504e470d0a1a0a0000000d49484452"], { kind: "bytes", type: "bytea", nullable: false }).rule,
    ).not.toBeNull();
  });

  it("works the same one column at a time", async () => {
    expect(await classifyColumn(sampleOf("email", MAILS))).toEqual(classify(sampleOf("email", MAILS)));
  });
});

/** Examples that the issuers or the standards publish, several of a country where there are. */
const OFFICIAL: readonly (readonly [string, string, readonly string[]])[] = [
  ["us", "ssn", ["219-09-9999", "457-55-5462", "536-90-4399"]],
  ["gb", "nhs_number", ["943 476 5870", "943 476 5919"]],
  ["de", "steuer_id", ["36574261809"]],
  ["fr", "numero_securite_sociale", ["295109912611193"]],
  ["es", "dni", ["54362315K", "12345678Z"]],
  ["it", "codice_fiscale", ["RCCMNL83S18D969H", "RSSMRA85T10A562S"]],
  ["br", "cpf", ["390.533.447-05", "231.002.999-00"]],
  ["pl", "pesel", ["44051401359"]],
  ["se", "personnummer", ["880320-0016", "8803200016"]],
  ["nl", "bsn", ["111222333", "123456782"]],
];

describe("official numbers", () => {
  it.each(OFFICIAL)("of %s are recognised in a column %s", (_, name, values) => {
    expect(found(name, values)).toMatchObject({ decision: "mask", rule: { transform: expect.any(String) } });
  });

  it("are recognised without a name by their check digits", () => {
    const pesels = [
      "44051401359",
      "92071314764",
      "81010200131",
      "75122401234",
      "02070803628",
      "90090515836",
      "67041203012",
      "55030101193",
      "49040501580",
    ].filter(isPesel);
    expect(pesels.length).toBeGreaterThanOrEqual(4);
    const plain = Array.from({ length: 40 }, (_, index) => String(10_000_000_000 + index * 7_919_111));
    expect(found("c1", plain).decision).toBe("keep");
    const numbers = Array.from({ length: 40 }, (_, index) =>
      withPeselDigit(
        `${50 + (index % 40)}${String(1 + (index % 12)).padStart(2, "0")}${String(1 + (index % 28)).padStart(2, "0")}${String(index * 37).padStart(4, "0")}`,
      ),
    );
    expect(found("c1", numbers)).toMatchObject({ kind: "nationalId" });
  });
});

function withPeselDigit(ten: string): string {
  const sum = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3].reduce((total, weight, index) => total + weight * Number(ten[index]), 0);
  return ten + ((10 - (sum % 10)) % 10);
}

const isPesel = (value: string) => withPeselDigit(value.slice(0, 10)) === value;

describe("a suggested rule", () => {
  const KINDS: readonly ColumnKind[] = [
    "text",
    "integer",
    "decimal",
    "float",
    "date",
    "timestamp",
    "json",
    "xml",
    "bytes",
    "network",
    "array",
    "uuid",
    "other",
  ];

  it("is one that the plan accepts, whatever the column", () => {
    for (const kind of DATA_CLASSES) {
      for (const columnKind of KINDS) {
        for (const maxLength of columnKind === "text" ? [null, 255, 30, 12, 8, 4, 2] : [null]) {
          for (const nullable of [true, false]) {
            for (const isUnique of [true, false]) {
              const { table, column } = sampleOf("x", [], { kind: columnKind, maxLength, nullable, isUnique });
              const rule = suggestRule(kind, table, column);
              if (rule === null) continue;
              const made: Rule = createRule(transformByName(rule.transform)!, rule.options);
              const schema = { system: "memory" as const, tables: [table] };
              const { findings } = compilePlan({ tables: { t: { x: made } } }, schema, schema);
              expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
              expect(made.transform.technique).not.toBe("none");
            }
          }
        }
      }
    }
  });

  it("is there for every class on a text column of any length, unique or not", () => {
    for (const kind of DATA_CLASSES) {
      for (const isUnique of [true, false]) {
        const { table, column } = sampleOf("x", [], { maxLength: 80, nullable: false, isUnique });
        expect.soft(suggestRule(kind, table, column), kind).not.toBeNull();
      }
    }
  });

  it("keeps unique columns unique", () => {
    expect(found("email", MAILS, { isUnique: true }).rule).toEqual({
      transform: "fake",
      options: { path: "internet.email", unique: true },
    });
    expect(found("email", MAILS, { isUnique: true, maxLength: 15 }).rule?.transform).not.toBe("fake");
  });

  it("is written for every class", () => {
    for (const kind of DATA_CLASSES) expect(rulesForClass(kind, columnOf("x"), false).length).toBeGreaterThan(1);
  });
});

describe("a reason", () => {
  /** A canary that no word list has. */
  const canary = fc
    .string({ minLength: 6, maxLength: 30, unit: fc.constantFrom(..."QXZ0123456789qxz") })
    .map((text) => `zq${text}`);
  const shaped = canary.chain((text) =>
    fc.constantFrom(
      text,
      `${text}@example.com`,
      `{"${text}":{"email":"${text}@example.com"}}`,
      `<${text}>a@example.com</${text}>`,
      `call ${text} at +49 30 901820 now`,
      `https://${text}@example.com/`,
      `{"${text}_email":"a@example.com"}`,
      `{"a@example.com":{"${text}":"+49 30 901820"}}`,
      `{${text}@example.com,"${text}"}`,
      `postgres://app:${text}@db.example.com/`,
      `sid=${text}; email=${text}@example.com`,
      `passport ${text}, password ${text}`,
    ),
  );

  it("quotes no value", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("email", "notes", "c1", "payload", "name"),
        fc.constantFrom<ColumnKind>("text", "json", "xml", "array", "bytes", "other"),
        fc.array(shaped, { minLength: 1, maxLength: 8 }),
        (name, kind, values) => {
          const told = JSON.stringify(classify(sampleOf(name, values, { kind })));
          for (const value of values) {
            const secret = /zq[QXZqxz0-9]{6,30}/.exec(value)![0];
            expect(told).not.toContain(secret);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("is one line", () => {
    for (const name of ["email", "c1", "notes"]) expect(found(name, ["a\nb", "c\r\nd", "x y\nz"]).reason).not.toMatch(/[\r\n]/);
  });
});

describe("time", () => {
  it("is bounded, whatever the values are", () => {
    const nasty = ["a", "1", "-", "a@", "1.", "1 ", "+1 ", "Ab ", "<a>", '{"a":', "[[", "Aa Bb ", "0x", "é "].flatMap((part) =>
      Array.from({ length: 20 }, (_, index) => `${part.repeat(50_000)}${index}`),
    );
    for (const name of ["c1", "email", "notes", "payload"]) {
      const start = performance.now();
      found(name, nasty);
      expect(performance.now() - start).toBeLessThan(10_000);
    }
    const deep = `${"[".repeat(1_900)}1${"]".repeat(1_900)}`;
    expect(found("payload", [deep, deep.slice(1)], { kind: "json" }).decision).toBeDefined();
  });

  it("looks at a few hundred of many values", () => {
    const many = Array.from({ length: 200_000 }, (_, index) => `User ${index} of the house`);
    const start = performance.now();
    found("c1", many);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

it("every class has names in several languages", () => {
  const some: readonly [string, DataClass][] = [
    ["religion", "religion"],
    ["konfession", "religion"],
    ["etnia", "ethnicity"],
    ["wyznanie", "religion"],
    ["iban", "iban"],
  ];
  for (const [name, kind] of some) expect(recogniseColumnName(name, "t", [])).toMatchObject({ kind });
});
