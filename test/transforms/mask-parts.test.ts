import { describe, expect, it } from "vitest";
import type { Column, Rule } from "../../src/contracts.ts";
import { shuffle } from "../../src/transforms/choices/shuffle.ts";
import { maskArray } from "../../src/transforms/documents/mask-array.ts";
import { maskComposite } from "../../src/transforms/documents/mask-composite.ts";
import { maskCsv } from "../../src/transforms/documents/mask-csv.ts";
import { maskHstore } from "../../src/transforms/documents/mask-hstore.ts";
import { maskList } from "../../src/transforms/documents/mask-list.ts";
import { maskQuery } from "../../src/transforms/documents/mask-query.ts";
import { maskRange } from "../../src/transforms/documents/mask-range.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { addNoise } from "../../src/transforms/numbers/add-noise.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { constant } from "../../src/transforms/plain/constant.ts";
import { nullify } from "../../src/transforms/plain/nullify.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { columnOf, INT4, maskOne, maskValues } from "./mask-values.ts";

const X = constant({ value: "X" });
const shout = custom((value) => value.toUpperCase());
const becomes = (value: string) => custom(() => value);
const refused = (rule: Rule, value: string) =>
  expect(maskOne(rule, value), value).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
const problems = (rule: Rule, column: Parameters<typeof columnOf>[0]) =>
  rule.transform.checkColumn(rule.options, columnOf(column));

describe("maskArray", () => {
  it.each([
    ["{a,NULL,b}", "{A,NULL,B}"],
    ['{"b c","NULL","",null}', '{"B C","NULL","",null}'],
    ["{{a,b},{c,d}}", "{{A,B},{C,D}}"],
    ["[0:1]={a,b}", "[0:1]={A,B}"],
    ["[1:1][-2:-1]={{a,b}}", "[1:1][-2:-1]={{A,B}}"],
    ["{}", "{}"],
    [" { a , b b } ", ' { A , "B B" } '],
    [String.raw`{"a\"b","c\\d"}`, String.raw`{"A\"B","C\\D"}`],
  ])("masks the items of %s", async (value, expected) => {
    expect(await maskOne(maskArray({ items: shout }), value, { column: "array" })).toBe(expected);
  });

  it.each([
    ["", '{""}'],
    ["null", '{"null"}'],
    ["a,b", '{"a,b"}'],
    ['"', String.raw`{"\""}`],
    ["{", '{"{"}'],
    [" ", '{" "}'],
    ["a.b", "{a.b}"],
  ])("quotes an item where it must: %j", async (masked, expected) => {
    expect(await maskOne(maskArray({ items: becomes(masked) }), "{x}", { column: "array" })).toBe(expected);
  });

  it("gives a rule items of their own type", async () => {
    const id = await maskOne(tokenize(), "42", {
      column: { kind: "integer", range: { min: -(2n ** 63n), max: 2n ** 63n - 1n } },
    });
    expect(await maskOne(maskArray({ items: tokenize() }), "{42}", { column: { kind: "array", type: "bigint[]" } })).toBe(
      `{${id}}`,
    );
    expect(problems(maskArray({ items: redact() }), { kind: "array", type: "integer[]" })).toEqual([
      "redact cannot mask a part of type integer",
    ]);
    expect(
      problems(maskArray({ items: constant({ value: "abcd" }) }), { kind: "array", type: "character varying(3)[]" }),
    ).toEqual(["constant gives up to 4 characters for a part of type character varying(3)"]);
    expect(problems(maskArray({ items: redact() }), { kind: "array", type: "mood[]" })).toEqual([]);
  });

  it("parts boxes by a semicolon", async () => {
    const column = { kind: "array", type: "box[]" } as const;
    expect(await maskOne(maskArray({ items: becomes("(2,2),(0,0)") }), "{(1,1),(0,0);(3,3),(0,0)}", { column })).toBe(
      '{"(2,2),(0,0)";"(2,2),(0,0)"}',
    );
  });

  it("cannot handle what is no array", async () => {
    for (const value of ["", "a", "{", "}", "{a", "{a,}", "{,a}", "{a}b", "{a}{b}", '{"a}', '{"a"b}', "{a,{b}", "{a{b}}", "{a\\"])
      await refused(maskArray({ items: X }), value);
  });
});

describe("maskHstore", () => {
  it("masks the values of its keys, and nothing else changes", async () => {
    const rule = maskHstore({ keys: { mail: shout, 'a "=>': shout } });
    const value = String.raw`"id"=>"7",  "mail" => "a\"b, c", "a \"=>"=>"x", "none"=>NULL, bare=>word`;
    expect(await maskOne(rule, value)).toBe(value.replace(String.raw`a\"b, c`, String.raw`A\"B, C`).replace('"x"', '"X"'));
    expect(await maskOne(maskHstore({ keys: { bare: shout } }), value)).toBe(value.replace("=>word", '=>"WORD"'));
    expect(await maskOne(maskHstore({ keys: { mail: nullify(), none: X } }), '"mail"=>"a", "none"=>NULL')).toBe(
      '"mail"=>NULL, "none"=>NULL',
    );
    expect(await maskOne(rule, "")).toBe("");
  });

  it("does with other keys what it is told, and cannot handle what is no hstore", async () => {
    expect(await maskOne(maskHstore({ keys: { a: X }, others: "redact" }), '"a"=>"1", "b"=>"23", "c"=>NULL')).toBe(
      '"a"=>"X", "b"=>"**", "c"=>NULL',
    );
    await refused(maskHstore({ keys: { a: X }, others: "fail" }), '"b"=>"1"');
    expect(await maskOne(maskHstore({ keys: { a: X, "*": shout } }), '"a"=>"1", "b"=>"c", "*"=>"d", "e"=>NULL')).toBe(
      '"a"=>"X", "b"=>"C", "*"=>"D", "e"=>NULL',
    );
    for (const value of ["a", '"a"=>', '"a"=>"b" "c"=>"d"', '"a"=>"b",', '"a"=>"b', '"a"="b"'])
      await refused(maskHstore({ keys: { a: X } }), value);
  });
});

describe("maskComposite", () => {
  it.each([
    ['("1 Main St",Berlin,)', '("1 MAIN ST",Berlin,)'],
    ['("a ""b"" \\\\",x)', '("A ""B"" \\\\",x)'],
    ["(,x)", "(,x)"],
    ['("",x)', '("",x)'],
    ["(a)", "(A)"],
  ])("masks a field of %s", async (value, expected) => {
    expect(await maskOne(maskComposite({ fields: { 0: shout } }), value, { column: "other" })).toBe(expected);
  });

  it("masks a row within a row, and quotes where it must", async () => {
    const inner = maskComposite({ fields: { 1: becomes('a"b') } });
    expect(await maskOne(maskComposite({ fields: { 1: inner } }), '(x,"(1,2)")')).toBe('(x,"(1,""a""""b"")")');
    expect(await maskOne(maskComposite({ fields: { 0: becomes("a,b"), 1: becomes("") } }), "(x,y)")).toBe('("a,b","")');
    expect(await maskOne(maskComposite({ fields: { 0: nullify() }, others: "redact" }), "(x,yy,)")).toBe("(,**,)");
  });

  it("cannot handle a row without the field, and what is no row", async () => {
    for (const value of ["(a)", "", "a,b", "(a,b", "(a,b)c", '(a,"b)']) await refused(maskComposite({ fields: { 1: X } }), value);
  });

  it("finds fields by their names, and gives a rule what a column of the field's type would give it", async () => {
    const fields = [
      { name: "street", type: "text" },
      { name: "1", type: "character varying(20)" },
      { name: "number", type: "integer" },
    ];
    const column = { kind: "other" as const, type: "address", fields };
    const rule = maskComposite({ fields: { street: shout, number: tokenize(), 1: constant({ value: "one" }) } });
    const token = await maskOne(tokenize(), "12", { column: INT4 });
    expect(await maskOne(rule, "(Main,x,12)", { column })).toBe(`(MAIN,one,${token})`);
    const rows = { ...column, kind: "array" as const, type: "address[]" };
    expect(await maskOne(maskArray({ items: rule }), '{"(Main,x,12)"}', { column: rows })).toBe(`{"(MAIN,one,${token})"}`);
    const { fields: _, ...nameless } = column;
    const problemsOf = (given: { [field: string]: Rule }, of: Partial<Column> = column) =>
      problems(maskComposite({ fields: given }), of);
    expect(problemsOf({ street: X, 1: X })).toEqual([]);
    expect(problemsOf({ town: X })).toEqual(["the rows have no field town; there are: street, 1, number"]);
    expect(problemsOf({ 3: X })).toEqual(["the rows have 3 fields, and none at 3"]);
    expect(problemsOf({ 0: X, street: X })).toEqual(["0 and street are one field, which has two rules"]);
    expect(problemsOf({ number: redact() })).toEqual(["redact cannot mask a part of type integer"]);
    expect(problemsOf({ street: X }, nameless)).toEqual([
      "nobody tells here which field is street: name fields by their positions, from 0",
    ]);
  });
});

describe("arrays and hstores", () => {
  it("keep the spaces that are letters to PostgreSQL, and the one that a backslash makes so", async () => {
    const named = custom((value) => `<${value}>`);
    expect(await maskOne(maskArray({ items: named }), "{\u00a0a ,b\\ }", { column: "array" })).toBe('{"<\u00a0a>" ,"<b >"}');
    expect(await maskOne(maskHstore({ keys: { "\u00a0a": named } }), "\u00a0a=>\u00a0b ,c=>d")).toBe(
      '\u00a0a=>"<\u00a0b>" ,c=>d',
    );
  });
});

describe("maskRange", () => {
  const bounds = (map: { [from: string]: string }) => maskRange({ bounds: custom((value) => map[value] ?? value) });

  it.each([
    ["[1,5)", { 1: "10", 5: "20" }, "[10,20)"],
    ["[1,5)", { 1: "20", 5: "3" }, "[3,20)"],
    ["(1.5,2.25]", { 1.5: "9.1", 2.25: "9.05" }, "(9.05,9.1]"],
    ["[1,1]", { 1: "7" }, "[7,7]"],
    ["[1,5)", { 5: "1" }, "[1,1]"],
    ["{(1,5),(7,9)}", { 5: "1.0" }, "{[1,1.0],(7,9)}"],
    ["[,5)", { 5: "7" }, "[,7)"],
    ["(,)", {}, "(,)"],
    ["empty", {}, "empty"],
    ["{}", {}, "{}"],
    ["{[1,3),[7,9)}", { 1: "4", 3: "2", 7: "70" }, "{[2,4),[9,70)}"],
    [
      '["2024-01-05 00:00:00","2024-01-09 00:00:00")',
      { "2024-01-05 00:00:00": "2025-01-01 00:00:00.5" },
      '["2024-01-09 00:00:00","2025-01-01 00:00:00.5")',
    ],
  ])("keeps the order of the bounds of %s", async (value, map, expected) => {
    expect(await maskOne(bounds(map), value)).toBe(expected);
  });

  it.each([
    ["[2024-01-05,infinity)", { "2024-01-05": "2024-02-01" }, "[2024-02-01,infinity)"],
    ["[5,-infinity]", {}, "[-infinity,5]"],
    ["[-infinity,infinity]", {}, "[-infinity,infinity]"],
    ["[NaN,Infinity)", {}, "[Infinity,NaN)"],
    ["[1e+20,-2.5e-7)", {}, "[-2.5e-7,1e+20)"],
    ["[12345678901234567890,12345678901234567889]", {}, "[12345678901234567889,12345678901234567890]"],
    ['["0043-01-01 BC","0044-03-15 BC")', {}, '["0044-03-15 BC","0043-01-01 BC")'],
    ["[10000-01-01,9999-12-31)", {}, "[9999-12-31,10000-01-01)"],
    ['["2024-01-01 01:30:00+02","2024-01-01 00:00:00+00")', {}, '["2024-01-01 01:30:00+02","2024-01-01 00:00:00+00")'],
    ['["2024-01-01 00:00:00.5","2024-01-01 00:00:00.25")', {}, '["2024-01-01 00:00:00.25","2024-01-01 00:00:00.5")'],
    ["[17:00:00,08:30:00)", {}, "[08:30:00,17:00:00)"],
  ])("knows the order of %s", async (value, map, expected) => {
    expect(await maskOne(bounds(map), value)).toBe(expected);
  });

  it("cannot handle what is no range, and what it cannot compare", async () => {
    await refused(bounds({}), "[infinity,zebra)");
    await refused(bounds({ 5: "x" }), "[1,5)");
    await refused(maskRange({ bounds: nullify() }), "[1,5)");
    for (const value of ["", "1,5", "[1,5", "[1)", "[1,2,3)", "[1,5)x", "{[1,5)", "{[1,5)[7,8)}", "[1,5),[7,8)"])
      await refused(bounds({}), value);
  });

  it("gives a rule bounds of their own type", () => {
    expect(problems(maskRange({ bounds: addNoise() }), { kind: "other", type: "int4range" })).toEqual([]);
    expect(problems(maskRange({ bounds: redact() }), { kind: "other", type: "nummultirange" })).toEqual([
      "redact cannot mask a part of type numeric",
    ]);
  });
});

describe("maskList", () => {
  it("masks the items, and keeps what stands between", async () => {
    expect(await maskOne(maskList({ items: shout, separator: ";" }), "a ;b,c;; d\t")).toBe("A ;B,C;; D\t");
    expect(await maskOne(maskList({ items: shout, separator: "::" }), "a::b:c")).toBe("A::B:C");
    const email = await maskOne(fake("internet.email"), "jane@acme.com");
    expect(await maskOne(maskList({ items: fake("internet.email") }), "jane@acme.com, jane@acme.com")).toBe(`${email}, ${email}`);
    expect(await maskOne(maskList({ items: nullify() }), "a, b")).toBe(", ");
    await refused(maskList({ items: becomes("x,y") }), "a,b");
  });
});

describe("maskCsv", () => {
  it("masks columns of records, by position and by name", async () => {
    expect(await maskOne(maskCsv({ columns: { 1: shout } }), '1,"a ""b"",c", x \r\n2,y,\r\n')).toBe(
      '1,"A ""B"",C", x \r\n2,Y,\r\n',
    );
    const named = maskCsv({ columns: { mail: shout }, header: true, delimiter: ";" });
    expect(await maskOne(named, 'id;"mail"\n1;a\n2;""\n')).toBe('id;"mail"\n1;A\n2;""\n');
    expect(await maskOne(maskCsv({ columns: { 0: becomes('a"b') } }), "x")).toBe('"a""b"');
    expect(await maskOne(maskCsv({ columns: { 0: X }, others: "redact" }), "a,bc,\n\nd")).toBe("X,**,\n\nX");
  });

  it("finds a column by its name whatever stands around it", async () => {
    const rule = maskCsv({ columns: { mail: shout, " note": shout }, header: true });
    expect(await maskOne(rule, "\ufeffmail, note\na,b\n")).toBe("\ufeffmail, note\nA,B\n");
  });

  it("cannot handle what is no CSV, and refuses names without a header", async () => {
    for (const value of ['"a', 'a"b,c', '"a"b']) await refused(maskCsv({ columns: { 0: X } }), value);
    expect(problems(maskCsv({ columns: { mail: X } }), "text")).toEqual(['maskCsv knows no column "mail" without a header']);
    expect(problems(maskCsv({ columns: { 0: X }, delimiter: "||" }), "text")).toHaveLength(1);
  });
});

describe("maskQuery", () => {
  const rule = maskQuery({ parameters: { mail: shout, "user[name]": shout } });

  it.each([
    ["mail=a%40b.c&page=2", "mail=A%40B.C&page=2"],
    ["?page=%7e&mail=a+b", "?page=%7e&mail=A+B"],
    ["https://x.y/p?user%5Bname%5D=jo%20e&mail#mail=z", "https://x.y/p?user%5Bname%5D=JO%20E&mail#mail=z"],
    ["https://x.y/mail=a", "https://x.y/mail=a"],
    ["/p?mail=&mail=a&&x", "/p?mail=&mail=A&&x"],
    ["mail=a=b", "mail=A%3DB"],
    ["a=1&amp;mail=x", "a=1&amp;mail=X"],
    ["https://x.y/p?a=1&amp;mail=x&AMP;b=2&amp;mail=z#mail=q", "https://x.y/p?a=1&amp;mail=X&AMP;b=2&amp;mail=Z#mail=q"],
    ["a=1&#38;mail=x&#x26;mail=y&amp;amp;mail=z&amp;", "a=1&#38;mail=X&#x26;mail=Y&amp;amp;mail=Z&amp;"],
    ["mail=x&#mail=y", "mail=X&#mail=y"],
    ["page=1;mail=x;q=a=b", "page=1;mail=X;q=a=b"],
    ["https://x.y/p?mail=x;page=a;#mail=z", "https://x.y/p?mail=X;page=a;#mail=z"],
    ["page=1&q=a;b;mail=x;c&user%5Bname%5D=y;mail=z", "page=1&q=a;b;mail=X%3BC&user%5Bname%5D=Y;mail=Z"],
    ["mail=a;b", "mail=A%3BB"],
    ["mail=a;b=c&d", "mail=A%3BB%3DC&d"],
    [";mail=x;;", ";mail=X;;"],
  ])("masks parameters of %s", async (value, expected) => {
    expect(await maskOne(rule, value)).toBe(expected);
  });

  it("does with other parameters what it is told", async () => {
    const strict = maskQuery({ parameters: { a: X }, others: "redact" });
    expect(await maskOne(strict, "a=1&b=%C3%A9%20x&c")).toBe("a=X&b=***&*");
    expect(await maskOne(strict, "a=1;b=22")).toBe("a=X;b=**");
    await refused(maskQuery({ parameters: { a: X }, others: "fail" }), "a=1&b=2");
    await refused(rule, "mail=%ff");
    await refused(strict, "x=%ff");
    expect(await maskOne(rule, "x=%ff&mail=100%")).toBe("x=%ff&mail=100%25");
  });
});

it("takes a time that grows with the length of a value, whatever it holds", async () => {
  const rules = [
    maskArray({ items: X }),
    maskHstore({ keys: { a: X } }),
    maskComposite({ fields: { 0: X } }),
    maskRange({ bounds: X }),
    maskCsv({ columns: { 0: X } }),
    maskQuery({ parameters: { a: X } }),
  ];
  for (const piece of [
    "&",
    "a&",
    "&amp;",
    "amp;",
    "&#38;",
    "=",
    "%",
    "{",
    "{a,",
    '"',
    '""',
    "\\",
    " ",
    ";",
    "a=1;",
    "a;",
    "a=>b,",
    "(",
    "[1,2),",
    "a,",
    "\r\n",
  ]) {
    const value = piece.repeat(300_000 / piece.length);
    const before = performance.now();
    for (const rule of rules) await maskValues({ ...rule, onUnsupported: "nullify" }, [value]);
    expect(performance.now() - before, piece).toBeLessThan(4_000);
  }
});

it("refuses rules that mask a column as a whole", () => {
  expect(() => maskArray({ items: shuffle() })).toThrowError(/masks a column as a whole/);
});
