import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import { checkTransform } from "../../src/testing/index.ts";
import { shuffle } from "../../src/transforms/choices/shuffle.ts";
import { jsonPathProblem } from "../../src/transforms/documents/json-path.ts";
import { maskJson } from "../../src/transforms/documents/mask-json.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { addNoise } from "../../src/transforms/numbers/add-noise.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { constant } from "../../src/transforms/plain/constant.ts";
import { nullify } from "../../src/transforms/plain/nullify.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { encryptDigits } from "../../src/transforms/tokens/encrypt-digits.ts";
import { scramble } from "../../src/transforms/tokens/scramble.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { maskOne, maskValues } from "./mask-values.ts";

const X = constant({ value: "X" });
const mask = (document: string, paths: { [path: string]: Rule }, rest: object = {}) =>
  maskOne(maskJson({ paths, ...rest }), document, { column: "json" });

/** Gives the id of the row that a part stands in. */
const rowId = () => custom((_, { row }) => row.id!, { reads: ["id"] });

const CONTACTS = String.raw`{ "id":12345678901234567890,
  "contacts" : [ {"email":"jane@acme.com","phone":"1"}, {"phone":"2" ,"email": "bo@acme.com"} ],	"tags":["a","b"],
  "id":1.50e+3, "note":"\u00e9\/", "phone" :null}`;

describe("maskJson", () => {
  it("masks the leaves at its paths, and nothing else changes", async () => {
    expect(await mask(CONTACTS, { "$.contacts[*].email": X, "$..phone": constant({ value: "P" }), "$.tags[0]": X })).toBe(
      CONTACTS.replace('"jane@acme.com"', '"X"')
        .replace('"bo@acme.com"', '"X"')
        .replace('"phone":"1"', '"phone":"P"')
        .replace('"phone":"2"', '"phone":"P"')
        .replace('["a"', '["X"'),
    );
  });

  it("gives what the rule gives in a column of its own", async () => {
    const email = await maskOne(fake("internet.email"), "jane@acme.com");
    expect(await mask('{"m":"jane@acme.com"}', { "$.m": fake("internet.email") })).toBe(`{"m":"${email}"}`);
    const id = await maskOne(tokenize(), "42", { column: "integer" });
    expect(await mask("[ 42 ]", { "$[0]": tokenize() })).toBe(`[ ${id} ]`);
  });

  it.each([
    ["$", '["X",{"a":"X"},null,[]]'],
    ["$.*", '["X",{"a":"X"},null,[]]'],
    ["$[0]", '["1",{"a":"2"},null,[]]'.replace('"1"', '"X"')],
    ["$[1]", '["1",{"a":"X"},null,[]]'],
    ["$[*].a", '["1",{"a":"X"},null,[]]'],
    ["$..a", '["1",{"a":"X"},null,[]]'],
    ["$..*", '["X",{"a":"X"},null,[]]'],
    ["$..['a', \"b\"]", '["1",{"a":"X"},null,[]]'],
    ["$[0, 1].a", '["1",{"a":"X"},null,[]]'],
    ["$.a", '["1",{"a":"2"},null,[]]'],
    ["$[1].a~", '["1",{"X":"2"},null,[]]'],
    ["$..*~", '["1",{"X":"2"},null,[]]'],
  ])("follows %s", async (path, expected) => {
    expect(await mask('["1",{"a":"2"},null,[]]', { [path]: X })).toBe(expected);
  });

  it("lets the path count that ends nearest to the leaf, and of several the first", async () => {
    const [one, two] = [constant({ value: "1" }), constant({ value: "2" })];
    expect(await mask('{"a":{"b":"x","c":"y"}}', { "$.a": one, "$.a.b": two })).toBe('{"a":{"b":"2","c":"1"}}');
    expect(await mask('{"a":{"b":"x","c":"y"}}', { "$.a.b": one, "$..*": two })).toBe('{"a":{"b":"1","c":"2"}}');
  });

  it("knows a name by what it stands for, however it is written", async () => {
    expect(await mask('{"\\u0061":"x"}', { "$.a": X })).toBe('{"\\u0061":"X"}');
    expect(await mask(String.raw`{"a\"'b":"x","é":"y","":"z"}`, { "$['a\"\\'b']": X, "$.é": X, "$['']": X })).toBe(
      String.raw`{"a\"'b":"X","é":"X","":"X"}`,
    );
  });

  it("unescapes text for the mask and escapes what it gives, in ASCII where the original was", async () => {
    const say = constant({ value: 'é "\n' });
    expect(await mask('["\\u00e9\\n"]', { $: say })).toBe('["\\u00e9 \\"\\n"]');
    expect(await mask('["é"]', { $: say })).toBe('["é \\"\\n"]');
    expect(await mask('["\\u00e9\\n🙂"]', { $: redact() })).toBe('["***"]');
  });

  it("leaves numbers numbers and booleans booleans, or cannot handle the document", async () => {
    const noisy = JSON.parse((await mask('{"n":1000,"d":10.50}', { "$.*": addNoise() }))!);
    expect([typeof noisy.n, typeof noisy.d]).toEqual(["number", "number"]);
    expect(await mask('[true, 1, "x", 2.5]', { "$[*]": nullify() })).toBe("[null, null, null, null]");
    expect(await mask("[true,false]", { "$[*]": constant({ value: true }) })).toBe("[true,true]");
    await expect(mask("[17]", { "$[*]": redact() })).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    expect(await mask("[17, true]", { "$[*]": redact() }, { asText: true })).toBe('["**", "****"]');
  });

  it("takes rules that are of one kind of leaf alone", async () => {
    const masked = JSON.parse((await mask('{"n":1000,"s":"x"}', { "$.n": fake("number.int") }))!);
    expect([typeof masked.n, masked.s]).toEqual(["number", "x"]);
    const truths = JSON.parse((await mask("[true, false]", { "$[*]": fake("datatype.boolean") }))!);
    expect(truths.map((truth: unknown) => typeof truth)).toEqual(["boolean", "boolean"]);
    await expect(mask("[1]", { $: fake("number.int", { arguments: [{ min: 9, max: 1 }] }) })).rejects.toMatchObject({
      code: "OPTION_INVALID",
    });
  });

  it("cannot handle what jsonb has no room for, and json has", async () => {
    for (const odd of ["a\0", "\ud83d"]) {
      const rule = maskJson({ paths: { $: custom(() => odd) } });
      expect(await maskOne(rule, '["x"]', { column: { kind: "json", type: "json" } })).toBe(JSON.stringify([odd]));
      await expect(maskOne(rule, '["x"]', { column: { kind: "json", type: "jsonb" } })).rejects.toMatchObject({
        code: "VALUE_UNSUPPORTED",
      });
    }
  });

  it("does with unnamed leaves what it is told", async () => {
    const document = '{ "a": "é🙂", "b": 12, "c": true, "d": null, "e": "x" }';
    expect(await mask(document, { "$.e": X }, { others: "redact" })).toBe(
      '{ "a": "**", "b": 0, "c": false, "d": null, "e": "X" }',
    );
    await expect(mask(document, { "$.e": X }, { others: "fail" })).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    expect(await mask('{"e":"x","d":null}', { "$.e": X }, { others: "fail" })).toBe('{"e":"X","d":null}');
  });

  it.each([
    "{",
    '{"a":}',
    "[1,]",
    '{"a":1,}',
    '{"a" 1}',
    "{a:1}",
    "01",
    "+1",
    "1.",
    ".5",
    "NaN",
    '"\u0001"',
    '"\\x"',
    '"\\u12"',
    '"open',
    "[1] 2",
    "tru",
    "'a'",
    "\u00a01",
  ])("cannot handle what is no JSON: %s", async (text) => {
    await expect(mask(text, { $: X })).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("cannot handle an empty text, and lists within lists without end", async () => {
    for (const text of ["", "[".repeat(5000) + "]".repeat(5000)])
      await expect(mask(text, { $: X })).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("asks a rule once for a batch, with each part's own row", async () => {
    const values = ['["a","b"]', null, "nonsense", '["c"]'];
    const rule = maskJson({ paths: { $: rowId() }, onUnsupported: "nullify" });
    expect(await maskValues(rule, values, { others: { id: ["1", "2", "3", "4"] } })).toEqual(['["1","1"]', null, null, '["4"]']);
  });

  it("never gives more than its column holds", async () => {
    const column = { maxLength: 9 };
    expect(await maskOne(maskJson({ paths: { $: constant({ value: "12345" }) } }), '["x"]', { column })).toBe('["12345"]');
    const longer = maskJson({ paths: { $: constant({ value: "123456" }) }, onUnsupported: "redact" });
    expect(await maskOne(longer, '["x"]', { column })).toBe("*****");
  });

  it("refuses paths that it does not know, and rules that mask a column as a whole", () => {
    for (const path of ["", "a", "$a", "$.", "$[", "$[-1]", "$[1:2]", "$[?@.a]", "$.a-b", "$['a]", "$..", "~", "$~", "$[01]"])
      expect(jsonPathProblem(path), path).not.toBeNull();
    expect(() => maskJson({ paths: { "$.a": shuffle() } })).toThrowError(/masks a column as a whole/);
    expect(() => maskJson({ paths: { a: X } })).toThrowError(/is no path/);
    expect(() => maskJson({ paths: {} })).toThrowError(/at least one/);
  });

  it("keeps its promises", async () => {
    const values = Array.from({ length: 300 }, (_, n) => `{"a": "name ${n}", "b": [${n + 1000}, true, null]}`);
    for (const rule of [
      maskJson({ paths: { "$..a": scramble() } }),
      maskJson({ paths: { "$..*": encryptDigits({ onUnsupported: "redact" }) }, asText: true, others: "redact" }),
    ])
      for (const column of ["json", "text"] as const)
        expect(await checkTransform(rule, { column, values: [...values, null] })).toEqual([]);
  });
});

describe("any JSON document", () => {
  type Token = string | number;
  /** A document in pieces: what must stay, and leaves with the way to them. */
  type Piece = string | { readonly leaf: string; readonly path: readonly Token[] };
  type Write = (path: readonly Token[]) => Piece[];
  const space = fc.stringMatching(/^[ \t\n\r]{0,3}$/);
  const literal = fc.oneof(
    fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
    fc.constantFrom("12345678901234567890", "-0", "1e400", "0.10", "true", "false", '"\\u0041\\/"', "3E-2"),
  );
  const key = fc.oneof(fc.constantFrom("a", "b", "c", "\\u0061"), fc.stringMatching(/^[d-h]{1,4}$/));
  const spaces = fc.array(space, { minLength: 6, maxLength: 6 });
  const join = (brackets: string, parts: Piece[][], gaps: string[]): Piece[] => [
    brackets[0]!,
    gaps[0]!,
    ...parts.flatMap((part, index) => (index === 0 ? part : [gaps[1]!, ",", gaps[2]!, ...part])),
    gaps[3]!,
    brackets[1]!,
  ];
  const { node } = fc.letrec<{ node: Write }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      literal.map(
        (leaf): Write =>
          (path) => [{ leaf, path }],
      ),
      fc.constant<Write>(() => ["null"]),
      fc.tuple(fc.array(tie("node"), { maxLength: 4 }), spaces).map(
        ([items, gaps]): Write =>
          (path) => {
            return join(
              "[]",
              items.map((item, index) => item([...path, index])),
              gaps,
            );
          },
      ),
      fc.tuple(fc.array(fc.tuple(key, tie("node")), { maxLength: 4 }), spaces).map(
        ([members, gaps]): Write =>
          (path) => {
            return join(
              "{}",
              members.map(([name, value]) => [
                `"${name}"`,
                gaps[4]!,
                ":",
                gaps[5]!,
                ...value([...path, JSON.parse(`"${name}"`)]),
              ]),
              gaps,
            );
          },
      ),
    ),
  }));

  interface Step {
    readonly isDescendant: boolean;
    readonly text: string;
    readonly matches: (token: Token) => boolean;
  }
  const names = fc.constantFrom("a", "b", "c");
  const indices = fc.nat({ max: 2 });
  const step: fc.Arbitrary<Step> = fc
    .tuple(fc.boolean(), fc.nat({ max: 5 }), names, names, indices)
    .map(([isDescendant, form, one, other, index]) => {
      const dots = isDescendant ? ".." : ".";
      const before = isDescendant ? ".." : "";
      const forms: readonly Omit<Step, "isDescendant">[] = [
        { text: `${dots}${one}`, matches: (token) => token === one },
        { text: `${dots}*`, matches: () => true },
        { text: `${before}[*]`, matches: () => true },
        { text: `${before}["${one}"]`, matches: (token) => token === one },
        { text: `${before}[${index}]`, matches: (token) => token === index },
        {
          text: `${before}['${one}', ${index},"${other}"]`,
          matches: (token) => token === one || token === index || token === other,
        },
      ];
      return { isDescendant, ...forms[form]! };
    });
  const paths = fc.uniqueArray(fc.array(step, { maxLength: 4 }), {
    minLength: 1,
    maxLength: 3,
    selector: (steps) => steps.map(({ text }) => text).join(""),
  });

  /** As the words of the option say it, without an automaton. */
  function leadsTo([first, ...rest]: readonly Step[], tokens: readonly Token[]): boolean {
    if (first === undefined) return tokens.length === 0;
    const starts = first.isDescendant ? tokens.keys() : [0].values();
    return [...starts].some((at) => at < tokens.length && first.matches(tokens[at]!) && leadsTo(rest, tokens.slice(at + 1)));
  }
  function winner(all: readonly (readonly Step[])[], path: readonly Token[]): number {
    for (let length = path.length; length >= 0; length--) {
      const found = all.findIndex((steps) => leadsTo(steps, path.slice(0, length)));
      if (found >= 0) return found;
    }
    return -1;
  }

  it("differs at its paths alone, byte for byte, whichever they are", async () => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(node, space, paths, async (document, gap, all) => {
        const pieces = [gap, ...document([]), gap];
        const write = (leaf: (leaf: string, path: readonly Token[]) => string) =>
          pieces.map((piece) => (typeof piece === "string" ? piece : leaf(piece.leaf, piece.path))).join("");
        const expected = write((leaf, path) => {
          const won = winner(all, path);
          if (won >= 0) changed++;
          return won < 0 ? leaf : `"by ${won}"`;
        });
        const rules = all.map((steps, index) => [
          `$${steps.map(({ text }) => text).join("")}`,
          constant({ value: `by ${index}` }),
        ]);
        const masked = await maskOne(
          maskJson({ paths: Object.fromEntries(rules), asText: true }),
          write((leaf) => leaf),
          { column: "json" },
        );
        expect(masked).toBe(expected);
        expect(JSON.parse(masked!)).toEqual(JSON.parse(expected));
      }),
      { numRuns: 1000 },
    );
    expect(changed).toBeGreaterThan(500);
  });

  it("is JSON to the scanner where it is to JSON.parse, and only there", async () => {
    const rule = maskJson({ paths: { $: X }, asText: true, onUnsupported: "nullify" });
    const near = fc.array(fc.constantFrom(...'{}[],:"\\ae0.1- \n', "null", "true", '"a":', "\\u00e9"), { maxLength: 8 });
    const texts = fc.sample(near, 3000).map((signs) => signs.join(""));
    const isJson = (text: string) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const masked = await maskValues(rule, texts, { column: "text" });
    expect(masked.map((text) => text !== null)).toEqual(texts.map(isJson));
  });
});
