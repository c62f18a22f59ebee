import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkTransform } from "../../src/testing/index.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import type { Recognise } from "../../src/transforms/free-text/ask-recogniser.ts";
import { maskText } from "../../src/transforms/free-text/mask-text.ts";
import { redactShape, resolveSpans, type TextSpan } from "../../src/transforms/free-text/text-spans.ts";
import { encryptId } from "../../src/transforms/ids/encrypt-id.ts";
import { encryptPhone } from "../../src/transforms/ids/encrypt-phone.ts";
import { luhnSum } from "../../src/transforms/ids/luhn.ts";
import { persona } from "../../src/transforms/persona/persona.ts";
import { constant } from "../../src/transforms/plain/constant.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { columnOf, maskOne, maskValues } from "./mask-values.ts";

const to = (value: string) => constant({ value });
const keep = { rest: "keep" } as const;

/** A text beside one row of columns, each with what stands in its place. */
const inRow = (text: string, row: Record<string, [string, string]>, options: Parameters<typeof maskText>[0] = {}) =>
  maskOne(
    maskText({
      find: [],
      ...keep,
      replaceBy: Object.fromEntries(Object.entries(row).map(([name, [, stand]]) => [name, to(stand)])),
      ...options,
    }),
    text,
    { others: Object.fromEntries(Object.entries(row).map(([name, [original]]) => [name, [original]])) },
  );

describe("maskText, in the row", () => {
  it("replaces names whatever their case, their accents and what stands around them, and keeps the case", async () => {
    const row = { first: ["Zoë", "Mo"], last: ["Müller", "Brandt"] } as Record<string, [string, string]>;
    expect(await inRow("Dear Zoë, ZOE'S parcel? zoë (Muller), MÜLLER_zoe.", row)).toBe(
      "Dear Mo, MO'S parcel? mo (Brandt), BRANDT_mo.",
    );
    expect(await inRow("Zoës Zo Zoey Mullers", row)).toBe("Zoës Zo Zoey Mullers");
  });

  it("replaces a full name, in either order, and its single words, but no titles", async () => {
    const row = { name: ["Dr. Jane van Doe", "Mo Brandt"] } as Record<string, [string, string]>;
    expect(await inRow("Dr. Jane van Doe. Doe, Jane? A van for jane.doe", row)).toBe(
      "Mo Brandt. Brandt, Mo? A van for mo.brandt",
    );
  });

  it("replaces the halves of a double name, and names as systems without their signs write them", async () => {
    const row = { first: ["Jean-Luc", "Mo"], last: ["O'Brien-Müller", "Brandt"] } as Record<string, [string, string]>;
    expect(await inRow("Jean OBrien-Mueller, Luc Mueller; O’Brien", row)).toBe("Mo Brandt, Mo Brandt; Brandt");
    expect(await inRow("Ja\u00adne, Ｊａｎｅ", { name: ["Jane Doe", "Mo Brandt"] })).toBe("Mo, Mo");
  });

  it("takes a name of two letters for one only where it has a capital letter", async () => {
    expect(await inRow("I met an An. AN? an!", { first: ["An", "Ada"] })).toBe("I met an Ada. ADA? an!");
    expect(await inRow("a text by A. Doe", { middle: ["a", "m"] })).toBe("a text by M. Doe");
  });

  it("replaces mail addresses whole, also where a name of the row is in them", async () => {
    const row = { first: ["Jane", "Mo"], email: ["jane@acme.com", "mo@example.net"] } as Record<string, [string, string]>;
    expect(await inRow("jane@acme.com, Jane@Acme.com", row)).toBe("mo@example.net, mo@example.net");
  });

  it("finds a number in any layout, with and without its calling code", async () => {
    const row = { phone: ["+49 (30) 1234567", "+49 30 23125999"] } as Record<string, [string, string]>;
    expect(await inRow("030/123 45 67, 004930-1234567; 1234567. Not 030 765 4321", row)).toBe(
      "+49 30 23125999, +49 30 23125999; +49 30 23125999. Not 030 765 4321",
    );
  });

  it("replaces names of scripts without spaces, and of those with marks", async () => {
    expect(await inRow("请联系王小明先生", { name: ["王小明", "李雷"] })).toBe("请联系李雷先生");
    expect(await inRow("Здравствуйте, ОЛЬГА!", { name: ["Ольга", "Мария"] })).toBe("Здравствуйте, МАРИЯ!");
    expect(await inRow("नमस्ते अमिता", { name: ["अमिता", "मनिषा"] })).toBe("नमस्ते मनिषा");
  });

  it("writes what the target gets in a masked column, and a persona's values where no column is masked", async () => {
    const rule = { first: persona({ field: "firstName", by: "id" }), mail: persona({ field: "email", by: "id" }) };
    const others = { id: ["7", "8"], first: ["Jane", "Ann"], mail: ["j@acme.com", "ann@acme.com"] };
    const firsts = await maskValues(rule.first, others.first, { others });
    const mails = await maskValues(rule.mail, others.mail, { others });
    const texts = ["Dear Jane <j@acme.com>", "Dear Ann <ann@acme.com>"];
    expect(await maskValues(maskText({ replaceBy: rule, ...keep }), texts, { others })).toEqual(
      [0, 1].map((row) => `Dear ${firsts[row]} <${mails[row]}>`),
    );
  });
});

describe("maskText, by form", () => {
  const found = (text: string) => maskOne(maskText({ ...keep, country: "US" }), text);

  it("finds mail addresses, and gives the one that a column of them has", async () => {
    expect(await found("mail jane@acme.com, please")).toBe(
      `mail ${await maskOne(fake("internet.email"), "jane@acme.com")}, please`,
    );
  });

  it("takes an address out of its quotes", async () => {
    const email = await maskOne(fake("internet.email"), "jane@acme.com");
    expect(await found("'jane@acme.com' or '...jane@acme.com'")).toBe(`'${email}' or '...${email}'`);
  });

  it.each([
    ["IBAN", encryptId({ scheme: "iban" }), "GB82 WEST 1234 5698 7654 32", "iban %s PLEASE"],
    ["IBAN in small letters", encryptId({ scheme: "iban" }), "de89-3704-0044-0532-0130-00", "to %s."],
    ["phone", encryptPhone({ country: "US" }), "(212) 555-2368", "call %s 2 times"],
    ["phone behind a number", encryptPhone({ country: "US" }), "212-555-2368", "ticket 4711 %s"],
    ["phone behind a day", encryptPhone({ country: "US" }), "212 555 2368", "2024-03-10 %s"],
  ])("gives an %s that its mask gives in a column", async (_, rule, value, text) => {
    expect(await found(text.replace("%s", value))).toBe(text.replace("%s", (await maskOne(rule, value))!));
  });

  it("finds cards by their check digit, and gives valid ones", async () => {
    const masked = (await found("card 4111 1111 1111 1111 exp"))!;
    expect(masked).toMatch(/^card \d{4} \d{4} \d{4} \d{4} exp$/);
    expect(masked).not.toContain("4111 1111 1111 1111");
    expect(luhnSum(masked.replace(/\D/g, ""))).toBe(0);
    const order = "order 4111111111111112";
    expect(await maskOne(maskText({ ...keep, find: ["card"] }), order)).toBe(order);
  });

  it.each([
    ["IBAN", "DE89 3704 0044 0532 0130 00"],
    ["phone", "+49 30 901820"],
    ["phone of the country", "(212) 555-2368"],
    ["SSN", "856-45-6789"],
    ["CPF", "111.444.777-35"],
    ["PESEL", "44051401359"],
    ["codice fiscale", "RCCMNL83S18D969H"],
    ["IPv4", "203.0.113.7"],
    ["IPv6", "2001:db8::ff00:42:8329"],
    ["MAC", "00:1b:44:11:3a:b7"],
    ["URL", "https://acme.com/jane?x=1"],
    ["JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl"],
    ["IPv4 in IPv6", "::ffff:203.0.113.7"],
    ["MAC of Cisco", "001b.4411.3ab7"],
    ["card with other spaces", "4111\u00a01111\u00a01111\u00a01111"],
    ["database", "postgres://jane:secret@db.acme.com:5432/app"],
    ["long URL", `https://acme.com/?${"jane=1&".repeat(500)}`],
    ["long JWT", `eyJhbGciOiJIUzI1NiJ9.${"eyJzdWIi".repeat(1000)}.c2ln`],
    ["key", `sk_${"live"}_4eC39HqLyjWDarjtT1zdp7dc`],
    ["GitHub", `github_${"pat"}_11ABCDEFG0abcdefghijklmn`],
    ["GitLab", `gl${"pat"}-abcDEF123456abcdefgh`],
    ["OpenAI", `sk-${"proj"}-abcDEF123456abcDEF123456`],
  ])("finds: %s", async (_, value) => {
    const masked = await found(`see ${value} there`);
    expect(masked).toMatch(/^see .* there$/);
    expect(masked).not.toContain(value);
  });

  it("leaves what has no valid form, and kinds that it is not to find", async () => {
    for (const text of [
      "at 12:30:45 on 2024-03-10",
      "std::vector",
      "version 1.2.3",
      "order 123456",
      "DE00 3704 0044 0532 0130 00x",
      "from 2024-03-10 12:30 to 10.03.2024 14:30",
      "1234.5678.9012",
      "password reset: done",
    ])
      expect(await found(text)).toBe(text);
    expect(await maskOne(maskText({ ...keep, find: ["url"] }), "a@b.cd")).toBe("a@b.cd");
  });

  it("finds what is said to be a secret, and no more than it", async () => {
    expect(await found("password: hunter2, 'api_key'='abc-123' PASSWORT=geheim!")).toBe(
      "password: *******, 'api_key'='*******' PASSWORT=*******",
    );
    expect(await found("Authorization: Bearer abcdef0123456789==")).toBe("Authorization: Bearer ******************");
    const key = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIEpA+/=\n";
    expect(await found(`a ${key}-----END RSA PRIVATE KEY----- b`)).toMatch(/^a \*+ b$/);
    expect(await found(`a ${key}`)).toMatch(/^a \*+$/);
  });

  it("masks a kind, and words, by the policy's rules", async () => {
    const rule = maskText({ ...keep, words: ["Project Orion", "王府"], patterns: { email: redact(), word: to("[code]") } });
    expect(await maskOne(rule, "PROJECT orion: a@b.cd 王府井")).toBe("[code]: ****** [code]井");
  });
});

describe("maskText, all else", () => {
  it("redacts to the same shape unless told to keep", async () => {
    const rule = maskText({ replaceBy: { first: to("Mo") } });
    expect(await maskOne(rule, "Dear Jane, ref A-17 is Ж.", { others: { first: ["Jane"] } })).toBe("Xxxx Mo, xxx X-00 xx X.");
    expect(redactShape("éÉ e\u0301E\u0301 अमि 😀 12 Ж")).toBe("xX xX xx 😀 00 X");
  });

  it("asks a recogniser for all texts of a batch at once, and redacts labels without a rule", async () => {
    const asked: number[] = [];
    const rule = maskText({
      ...keep,
      find: [],
      recognise: async (texts) => {
        asked.push(texts.length);
        return texts.map((text) => [
          { start: 0, end: 3, label: "PERSON" },
          { start: text.length - 3, end: text.length, label: "PLACE" },
        ]);
      },
      labels: { PERSON: to("[person]") },
    });
    expect(await maskValues(rule, ["Bob in Rio", null, "", "Eve at Ulm"])).toEqual([
      "[person] in Xxx",
      null,
      "",
      "[person] at Xxx",
    ]);
    expect(asked).toEqual([2]);
  });

  it("refuses rules for labels that nothing gives", () => {
    const labels = { PERSON: to("[person]") };
    const problemsOf = ({ transform, options }: ReturnType<typeof maskText>) => transform.checkColumn(options, columnOf());
    expect(problemsOf(maskText({ labels }))).toEqual([expect.stringMatching(/labels, which `recognise` alone gives/)]);
    expect(problemsOf(maskText({ labels, recognise: async () => [] }))).toEqual([]);
  });

  it("takes no half of a character from a recogniser", async () => {
    const rule = maskText({ ...keep, find: [], recognise: (texts) => texts.map(() => [{ start: 1, end: 3, label: "x" }]) });
    expect(await maskOne(rule, "😀😀a")).toBe("😀😀a");
    expect(await maskOne(rule, "𝐀𝐁a")).toBe("XXa");
  });

  it.each([
    ["was rejected", async () => Promise.reject(new Error("canary"))],
    ["was rejected", () => JSON.parse("canary")],
    ["gave no list of spans for each text", async () => []],
    ["gave no list of spans for each text", async () => [null]],
    ["gave a span that is not within its text", async () => [[{ start: 0, end: 99, label: "x" }]]],
    ["gave a span that is not within its text", async () => [[null]]],
    ["took longer than 20 ms", () => new Promise(() => {})],
  ])("stops where a recogniser %s, without a word of its message", async (what, recognise) => {
    const error = await maskOne(maskText({ recognise: recognise as Recognise, timeoutMs: 20 }), "canary").catch((error) => error);
    expect(error).toMatchObject({ code: "TRANSFORM_FAILED", message: `The recogniser for people.masked ${what}.` });
    expect(JSON.stringify(error) + error.message + error.stack).not.toContain("canary");
  });

  it("hides what a losing span has beyond the winner", () => {
    const spans: TextSpan[] = [
      { start: 4, end: 12, rule: 2 },
      { start: 0, end: 8, rule: 1 },
      { start: 0, end: 8, rule: 3 },
    ];
    expect(resolveSpans(spans)).toEqual([
      { start: 0, end: 8, rule: 1 },
      { start: 8, end: 12, rule: -1 },
    ]);
  });

  it("never lets spans overlap, and loses no found character", () => {
    const span = fc.record({ start: fc.nat(50), length: fc.integer({ min: 1, max: 20 }), rule: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (drawn) => {
        const spans = drawn.map(({ start, length, rule }) => ({ start, end: start + length, rule }));
        const resolved = resolveSpans(spans);
        let end = 0;
        for (const one of resolved) {
          expect(one.start).toBeGreaterThanOrEqual(end);
          end = one.end;
        }
        const covers = (all: readonly TextSpan[], at: number) => all.some((one) => one.start <= at && at < one.end);
        for (let at = 0; at < 80; at++) expect(covers(resolved, at)).toBe(covers(spans, at));
      }),
    );
  });

  it("cuts a text that outgrows its column, in characters and in bytes", async () => {
    const rule = maskText({ ...keep, find: [], replaceBy: { first: to("Maximilian") } });
    const others = { first: ["Jo"] };
    expect(await maskOne(rule, "Dear Jo", { others, column: { maxLength: 8 } })).toBe("Dear Max");
    expect(await maskOne(rule, "ééé Jo", { others, column: { maxBytes: 9 } })).toBe("ééé Ma");
  });

  it("takes a time that grows with the length of a text, however it is written", async () => {
    const rule = maskText({ ...keep, words: ["a b c"], replaceBy: { first: to("Mo") } });
    const pieces = [
      "a",
      "a ",
      "1",
      "1 ",
      "@a.",
      "'@",
      "eyJ-",
      "eyJaaaaaaaa.",
      "www.",
      "a://)",
      "00:",
      "A1",
      "AB12 ",
      "SG.",
      "+1",
    ];
    for (const piece of [...pieces, "-----BEGIN PRIVATE KEY-----.", "api_key: ", "Bearer "]) {
      const text = piece.repeat(60_000 / piece.length);
      const before = performance.now();
      await maskOne(rule, text, { others: { first: ["a a a a"] } });
      expect(performance.now() - before, piece).toBeLessThan(5_000);
    }
  });

  it("keeps its promises", async () => {
    const values = ["Dear Jane", "jane@acme.com", "call +49 30 901820", "", null, "subject 3 wrote", "4111 1111 1111 1111"];
    for (const rule of [maskText(), maskText({ ...keep, replace: ["first"], replaceBy: { last: fake("person.lastName") } })])
      expect(await checkTransform(rule, { column: "text", values })).toEqual([]);
  });

  it("refuses kinds that there are not, and windows", () => {
    expect(() => maskText({ find: ["dna" as never] })).toThrowError(/none of email/);
    expect(() => maskText({ patterns: { dna: redact() } })).toThrowError(/none of email/);
    expect(() => maskText({ replace: [7] as never })).toThrowError(/list of texts/);
    expect(() => maskText({ country: "de" })).toThrowError(/two capital letters/);
  });
});
