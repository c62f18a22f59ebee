import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import { decode } from "../../src/transforms/documents/decode.ts";
import { maskJson } from "../../src/transforms/documents/mask-json.ts";
import { maskPhp } from "../../src/transforms/documents/mask-php.ts";
import { maskXml } from "../../src/transforms/documents/mask-xml.ts";
import { xmlPathProblem } from "../../src/transforms/documents/xml-path.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { constant } from "../../src/transforms/plain/constant.ts";
import { nullify } from "../../src/transforms/plain/nullify.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { columnOf, maskOne } from "./mask-values.ts";

const X = constant({ value: "X" });
const shout = custom((value) => value.toUpperCase());
const becomes = (value: string) => custom(() => value);
const refused = (rule: Rule, value: string) =>
  expect(maskOne(rule, value), value).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
const problems = (rule: Rule, column: Parameters<typeof columnOf>[0]) =>
  rule.transform.checkColumn(rule.options, columnOf(column));

describe("maskXml", () => {
  const PERSON = `<?xml version="1.0"?>
<!DOCTYPE person>
<person  id='7' xmlns="urn:x" ><!-- jane --><name >
    Jane &amp; Bo <b title="t">Doe</b></name><x:mail a="1"/><note><![CDATA[ <jane> ]]></note><?who jane?></person>`;
  const masked = (path: string, rule: Rule = shout, document = PERSON) => maskOne(maskXml({ paths: { [path]: rule } }), document);

  it.each([
    [
      "/person/name",
      [
        ["Jane &amp; Bo", "JANE &amp; BO"],
        ["Doe", "DOE"],
      ],
    ],
    ["//b", [["Doe", "DOE"]]],
    ["/person/*/b", [["Doe", "DOE"]]],
    ["//b/@title", [['"t"', '"T"']]],
    ["//note", [["<jane>", "<JANE>"]]],
    ["/name", []],
    ["/person/@*", []],
    [
      "/person",
      [
        ["<!-- jane", "<!-- JANE"],
        ["Jane &amp; Bo", "JANE &amp; BO"],
        ["Doe", "DOE"],
        ["<jane>", "<JANE>"],
        ["?who jane", "?who JANE"],
      ],
    ],
  ])("masks %s, and nothing else changes", async (path, changes) => {
    expect(await masked(path)).toBe(changes.reduce((text, [from, to]) => text.replace(from!, to!), PERSON));
  });

  it("masks attributes, and names them with their prefix", async () => {
    expect(await masked("/person/@id", becomes("'\"<&"))).toBe(PERSON.replace("'7'", "'&apos;&quot;&lt;&amp;'"));
    expect(await masked("//x:mail/@a", X)).toBe(PERSON.replace('"1"', '"X"'));
  });

  it("escapes what a mask gives, and NULL is nothing", async () => {
    expect(await masked("/a", becomes("<&>"), "<a>x</a>")).toBe("<a>&lt;&amp;&gt;</a>");
    expect(await masked("/a", nullify(), "<a> x </a>")).toBe("<a>  </a>");
    expect(await masked("/a", redact(), "<a>&#x1F642;&#233;&quot;</a>")).toBe("<a>***</a>");
    await refused(maskXml({ paths: { "/a": becomes("]]>") } }), "<a><![CDATA[x]]></a>");
    await refused(maskXml({ paths: { "/a": becomes("--") } }), "<a><!--x--></a>");
    await refused(maskXml({ paths: { "/a": becomes("?>") } }), "<a><?p x?></a>");
    await refused(maskXml({ paths: { "/a": becomes("\u0001") } }), "<a>x</a>");
  });

  it("does with other places what it is told", async () => {
    expect(await maskOne(maskXml({ paths: { "//b": X }, others: "redact" }), '<a c="dd"><!--e--><b>f</b> gg <?h ii?></a>')).toBe(
      '<a c="**"><!--*--><b>X</b> ** <?h **?></a>',
    );
    await refused(maskXml({ paths: { "//b": X }, others: "fail" }), "<a><b>x</b>y</a>");
    expect(await maskOne(maskXml({ paths: { "//b": X }, others: "fail" }), '<a xmlns:q="urn">\n<b>x</b></a>')).toBe(
      '<a xmlns:q="urn">\n<b>X</b></a>',
    );
  });

  it("knows names of every script", async () => {
    expect(await masked("//नाम/@आयु", X, '<नाम आयु="7">अमि</नाम>')).toBe('<नाम आयु="X">अमि</नाम>');
  });

  it("cannot handle what is no XML, and what would have to be expanded", async () => {
    for (const value of [
      "<a>",
      "</a>",
      "<a></b>",
      "<a b=1/>",
      "<a b='<'/>",
      "<a",
      "<1/>",
      "<a><!-- </a>",
      "<a>x &who; y</a>",
      "<a>&constructor;</a>",
      "<a>& </a>",
      '<!DOCTYPE a [<!ENTITY who "Jane">]><a>&who;</a>',
      "<a/><?xml version='1.0'?>",
    ])
      await refused(maskXml({ paths: { "//*": X } }), value);
    for (const path of ["", "a", "/", "/a/", "/@a/b", "/a[1]", "/a/text()", "$.a"])
      expect(xmlPathProblem(path), path).not.toBeNull();
  });
});

describe("maskPhp", () => {
  const USER = 'a:4:{s:4:"name";s:5:"Zoë!";s:1:"n";i:42;i:0;O:4:"User":2:{s:7:"\0*\0mail";s:3:"a@b";s:2:"ok";b:1;}s:1:"z";R:2;}';

  it("masks values at paths, and counts their bytes", async () => {
    expect(await maskOne(maskPhp({ paths: { "$.name": becomes("é🙂") } }), USER)).toBe(USER.replace('s:5:"Zoë!"', 's:6:"é🙂"'));
    expect(await maskOne(maskPhp({ paths: { "$..mail": shout } }), USER)).toBe(USER.replace('"a@b"', '"A@B"'));
    expect(await maskOne(maskPhp({ paths: { "$['0'].ok": constant({ value: false }) } }), USER)).toBe(USER.replace("b:1", "b:0"));
    const n = await maskOne(tokenize(), "42", { column: "integer" });
    expect(await maskOne(maskPhp({ paths: { "$.n": tokenize() } }), USER)).toBe(USER.replace("i:42", `i:${n}`));
    expect(await maskOne(maskPhp({ paths: { "$.n": nullify(), "$.name~": becomes("nom") } }), USER)).toBe(
      USER.replace("i:42;", "N;").replace('s:4:"name"', 's:3:"nom"'),
    );
  });

  it("does with other values what it is told", async () => {
    expect(await maskOne(maskPhp({ paths: { "$.name": X }, others: "redact" }), USER)).toBe(
      USER.replace('s:5:"Zoë!"', 's:1:"X"').replace("i:42", "i:0").replace('"a@b"', '"***"').replace("b:1", "b:0"),
    );
    await refused(maskPhp({ paths: { "$.name": X }, others: "fail" }), USER);
    await refused(maskPhp({ paths: { "$.n": redact() } }), USER);
  });

  it("cannot handle what serialize() does not write", async () => {
    for (const value of [
      "",
      "x",
      's:2:"a";',
      's:1:"ab";',
      "a:1:{}",
      "a:1:{i:0;i:1;",
      "i:1;i:2;",
      "b:2;",
      "i:1.5;",
      "a:1:{b:1;i:1;}",
      'C:1:"A":0:{}',
      "a:1:{N;i:1;}",
      "i:1",
    ])
      await refused(maskPhp({ paths: { $: becomes("1") } }), value);
  });
});

describe("decode", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");

  it("masks what Base64 stands for", async () => {
    expect(await maskOne(decode({ then: shout }), base64("zoë ?>"))).toBe(base64("ZOË ?>"));
    expect(await maskOne(decode({ then: shout }), "YQ")).toBe("QQ");
    expect(await maskOne(decode({ as: "base64url", then: becomes("??>") }), "YQ")).toBe("Pz8-");
    expect(await maskOne(decode({ then: nullify() }), "YQ==")).toBeNull();
    expect(await maskOne(decode({ then: becomes("") }), "YQ==")).toBe("");
    expect(await maskOne(decode({ then: shout }), "")).toBe("");
  });

  it.each([
    ["\n", 76, ""],
    ["\n", 76, "\n"],
    ["\r\n", 64, "\r\n"],
  ])("keeps lines that end in %j after %i characters", async (ending, width, end) => {
    const wrapped = (text: string) =>
      (
        Buffer.from(text)
          .toString("base64")
          .match(new RegExp(`.{1,${width}}`, "g")) ?? []
      ).join(ending) + end;
    const text = "jane é ".repeat(20);
    expect(await maskOne(decode({ then: shout }), wrapped(text))).toBe(wrapped(text.toUpperCase()));
    expect(await maskOne(decode({ then: becomes("x") }), wrapped(text))).toBe(wrapped("x"));
  });

  it("wraps what outgrows a single line only where that ends like one", async () => {
    const long = "a".repeat(60);
    expect(await maskOne(decode({ then: becomes(long) }), "YQ==")).toBe(base64(long));
    expect(await maskOne(decode({ then: becomes(long) }), "YQ==\n")).toBe(`${base64(long).replace(/^.{76}/, "$&\n")}\n`);
  });

  it("masks documents in codes in codes", async () => {
    const rule = decode({ as: "base64", then: decode({ as: "gzip", then: maskJson({ paths: { "$.a": shout } }) }) });
    const masked = (await maskOne(rule, gzipSync('{ "a":"x" }').toString("base64")))!;
    expect(gunzipSync(Buffer.from(masked, "base64")).toString()).toBe('{ "a":"X" }');
    expect(await maskOne(rule, gzipSync('{ "a":"x" }', { level: 1 }).toString("base64"))).toBe(masked);
  });

  it("masks bytes as columns of bytes write them", async () => {
    expect(await maskOne(decode({ as: "hex", then: shout }), "\\x6a61", { column: "bytes" })).toBe("\\x4a41");
    expect(await maskOne(decode({ as: "hex", then: becomes("K") }), "6A61")).toBe("4B");
    const packed = await maskOne(decode({ as: "gzip", then: shout }), `\\x${gzipSync("ja").toString("hex")}`, {
      column: "bytes",
    });
    expect(gunzipSync(Buffer.from(packed!.slice(2), "hex")).toString()).toBe("JA");
    expect(problems(decode({ as: "gzip", then: shout }), "text")).toHaveLength(1);
    expect(problems(decode({ then: shout }), "bytes")).toHaveLength(1);
  });

  it("cannot handle what is not in the code, nor in UTF-8", async () => {
    for (const value of [
      "a",
      "a b=",
      "YR==",
      "YQ=",
      "YWF=",
      "YQ===",
      "YWFh=",
      "/w==",
      "YWE=YWE=",
      "_-8=",
      "YW\nFhYQ==",
      "\nYWFh",
    ])
      await refused(decode({ then: X }), value);
    for (const value of ["6", "6g", "ff"]) await refused(decode({ as: "hex", then: X }), value);
    await expect(maskOne(decode({ as: "gzip", then: X }), "\\x00", { column: "bytes" })).rejects.toThrow();
  });

  it("cannot handle a gzip with something behind it, and takes one of several members", async () => {
    const member = gzipSync("ja");
    const masked = (...parts: readonly (Buffer | string)[]) =>
      maskOne(
        decode({ as: "gzip", then: shout }),
        `\\x${Buffer.concat(parts.map((part) => Buffer.from(part))).toString("hex")}`,
        {
          column: "bytes",
        },
      );
    for (const behind of ["\0", "\0\0jane@acme.com", "jane", "\x1f", member.subarray(0, 12)])
      await expect(masked(member, behind)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    await expect(masked(member.subarray(0, -1))).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    const both = await masked(member, gzipSync("wohl"));
    expect(gunzipSync(Buffer.from(both!.slice(2), "hex")).toString()).toBe("JAWOHL");
  });

  it("gives back what the code writes, whatever the text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1 }), async (text) => {
        expect(await maskOne(decode({ then: custom((value) => value) }), base64(text))).toBe(base64(text));
      }),
      { numRuns: 50 },
    );
  });
});
