import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/batch/byte-writer.ts";
import type { Column, ColumnKind, RowBatch } from "../../src/contracts.ts";
import { jsonlRows } from "../../src/formats/json/jsonl-encoder.ts";
import { readJsonl } from "../../src/formats/json/jsonl-scanner.ts";

const column = (name: string, kind: ColumnKind = "text"): Column => ({
  ...{ name, kind, type: "jsonl", nullable: true, maxLength: null, isPadded: false, range: null, labels: null },
  ...{ isGenerated: false, hasDefault: false },
});

const TABLE = { schema: null, name: "t" };

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

interface Pass {
  readonly columns: readonly Column[];
  readonly chunk?: number;
  readonly maxBytes?: number;
  mask?(batch: RowBatch): void;
}

/** Reads a text and writes it again. */
async function pass(text: string | Uint8Array, { columns, chunk = 7, maxBytes = 64, mask }: Pass) {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  const writer = new ByteWriter();
  const encode = jsonlRows(columns);
  const cells: (string | null)[][] = columns.map(() => []);
  for await (const batch of readJsonl(chunks(bytes, chunk), {
    table: TABLE,
    columns,
    batchSize: { maxBytes },
    file: "t.jsonl",
  })) {
    for (const [index, values] of cells.entries()) values.push(...batch.column(index));
    mask?.(batch);
    encode(batch, writer);
  }
  return { text: Buffer.concat(writer.pieces()).toString(), cells };
}

const space = fc.string({ unit: fc.constantFrom(" ", "\t", "\r"), maxLength: 2 });

/** A value written in one of the many ways in which JSON can be. */
const oddly = (value: unknown): fc.Arbitrary<string> =>
  fc.tuple(space, space, fc.boolean()).map(([before, after, escapes]) => {
    const written = JSON.stringify(value);
    const text = escapes
      ? written.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`)
      : written;
    return before + text + after;
  });

const NAMES = ["a", "b b", 'q"q', "ü", "__proto__"];

const line = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), fc.jsonValue({ maxDepth: 3 })), { selector: ([name]) => name })
  .chain((members) =>
    fc
      .tuple(space, ...members.map(([name, value]) => fc.tuple(oddly(name), oddly(value))))
      .map(([before, ...written]) => `${before}{${written.map((pair) => (pair as string[]).join(":")).join(",")}}${before}`),
  );

const lines = fc
  .tuple(fc.array(fc.oneof({ weight: 9, arbitrary: line }, space), { maxLength: 12 }), fc.boolean(), fc.boolean())
  .map(([all, ends, bom]) => `${bom ? "\ufeff" : ""}${all.join("\n")}${ends ? "\n" : ""}`);

const OBJECTS = NAMES.map((name) => column(name, "json"));

describe("JSON Lines", () => {
  it("gives back the very bytes of what nobody masks, and sees what JSON.parse sees", () =>
    fc.assert(
      fc.asyncProperty(
        lines,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 200 }),
        async (text, chunk, maxBytes) => {
          const { text: again, cells } = await pass(text, { columns: OBJECTS, chunk, maxBytes });
          expect(again).toBe(text);
          const rows = text
            .replace(/^\ufeff/, "")
            .split("\n")
            .filter((one) => one.trim() !== "")
            .map((one) => JSON.parse(one) as object);
          for (const [index, name] of NAMES.entries()) {
            const expected = rows.map((row) => (Object.hasOwn(row, name) ? (row as Record<string, unknown>)[name] : null));
            expect(cells[index]!.map((cell) => (cell === null ? null : JSON.parse(cell)))).toEqual(expected);
          }
        },
      ),
    ));

  it("changes the masked values alone, whatever the order of the names", () =>
    fc.assert(
      fc.asyncProperty(lines, fc.string(), async (text, stand) => {
        const columns = NAMES.map((name) => column(name));
        const mask = (batch: RowBatch) => {
          for (const index of [0, 2])
            batch.replace(
              index,
              batch.column(index).map((value) => value && `${stand}${value}`),
            );
        };
        const { text: masked } = await pass(text, { columns, mask });
        const [before, after] = [text, masked].map((all) => all.replace(/^\ufeff/, "").split("\n"));
        expect(after!.length).toBe(before!.length);
        for (const [index, one] of before!.entries()) {
          if (one.trim() === "") expect(after![index]).toBe(one);
          else {
            const [was, is] = [JSON.parse(one), JSON.parse(after![index]!)] as [Record<string, unknown>, Record<string, unknown>];
            expect(Object.keys(is)).toEqual(Object.keys(was));
            for (const name of ["b b", "ü", "__proto__"])
              expect(Object.getOwnPropertyDescriptor(is, name)?.value).toEqual(Object.getOwnPropertyDescriptor(was, name)?.value);
            if (typeof was.a === "string" && was.a !== "") expect(is.a).toBe(stand + was.a);
          }
        }
      }),
    ));

  it("keeps numbers, escapes, white space, the order of names, null and what is not there", async () => {
    const text =
      '\ufeff{"n":12345678901234567890,"s":"\\u00e9\\/"}\r\n\r\n { "s" : null , "n" : 1.0 } \n{"n":1e5}\n{}\n{"n":-0,"s":"last"}';
    const columns = [column("n", "float"), column("s")];
    expect(await pass(text, { columns })).toEqual({
      text,
      cells: [
        ["12345678901234567890", "1.0", "1e5", null, "-0"],
        ["é/", null, null, null, "last"],
      ],
    });
  });

  it("writes a masked value as what the original was, and adds what a row lacked at its end", async () => {
    const text = '{"a":"x","b":1,"c":true}\n{"b":2}\n{ }\n{"a":"\\u00fc","b":"3","c":null}\n{"c":{"d":[1]},"a":""}\n';
    const columns = [column("a"), column("b", "integer"), column("c")];
    const replacements = [
      ["ä", null, null, "ü and \ud800", "n"],
      ["7", "x", "3", "4", "5"],
      ["false", "1", "t", "y", '{"d":\n2}'],
    ];
    const mask = (batch: RowBatch) => {
      for (const [index, values] of replacements.entries())
        batch.replace(index, values.slice(batch.firstRow, batch.firstRow + batch.rowCount));
    };
    const { text: masked } = await pass(text, { columns, mask });
    expect(masked).toBe(
      '{"a":"ä","b":7,"c":false}\n{"b":"x","c":"1"}\n{ "b":3,"c":"t"}\n{"a":"\\u00fc and \\ud800","b":"4","c":"y"}\n{"c":{"d": 2},"a":"n","b":5}\n',
    );
  });

  it.each([
    ['{"a":1,"a":2}', "FORMAT_INVALID"],
    ['{"a":1,"\\u0061":2}', "FORMAT_INVALID"],
    ['{"z":"canary"}', "COLUMN_UNCOVERED"],
    ["[1]", "FORMAT_INVALID"],
    ['"canary"', "FORMAT_INVALID"],
    ['{"a":1}{"a":2}', "FORMAT_INVALID"],
    ['{"a":1},', "FORMAT_INVALID"],
    ['{"a":\n1}', "FORMAT_INVALID"],
    ['{"a":1', "FORMAT_INVALID"],
    ['{"a":"canary', "FORMAT_INVALID"],
    ['{"a":1,}', "FORMAT_INVALID"],
    ["{,}", "FORMAT_INVALID"],
    ["{a:1}", "FORMAT_INVALID"],
    ["{'a':1}", "FORMAT_INVALID"],
    ['{"a" 1}', "FORMAT_INVALID"],
    ['{"a":01}', "FORMAT_INVALID"],
    ['{"a":.5}', "FORMAT_INVALID"],
    ['{"a":5.}', "FORMAT_INVALID"],
    ['{"a":+1}', "FORMAT_INVALID"],
    ['{"a":1e}', "FORMAT_INVALID"],
    ['{"a":-}', "FORMAT_INVALID"],
    ['{"a":NaN}', "FORMAT_INVALID"],
    ['{"a":Infinity}', "FORMAT_INVALID"],
    ['{"a":tru}', "FORMAT_INVALID"],
    ['{"a":nul', "FORMAT_INVALID"],
    ['{"a":0x1F}', "FORMAT_INVALID"],
    ['{"a":"\\x41"}', "FORMAT_INVALID"],
    ['{"a":"\\u12"}', "FORMAT_INVALID"],
    ['{"a":"\\u12g4"}', "FORMAT_INVALID"],
    ['{"a":"tab\there"}', "FORMAT_INVALID"],
    ['{"a":"\u0000"}', "FORMAT_INVALID"],
    ['{"a":[1,]}', "FORMAT_INVALID"],
    ['{"a":[1 2]}', "FORMAT_INVALID"],
    ['{"a":[1}', "FORMAT_INVALID"],
    ['{"a":{"b":1]}', "FORMAT_INVALID"],
    ['{"a":{"b"}}', "FORMAT_INVALID"],
    [`{"a":${"[".repeat(1001)}${"]".repeat(1001)}}`, "FORMAT_INVALID"],
    ['{"a":1}// canary', "FORMAT_INVALID"],
    ['{"a":1}\u00a0', "FORMAT_INVALID"],
    ['\ufeff\ufeff{"a":1}', "FORMAT_INVALID"],
    [Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]), "FORMAT_INVALID"],
  ])("refuses %s with the row, and without quoting it", async (text, code) => {
    const bytes = Buffer.concat([Buffer.from('{"a":0}\n'), Buffer.from(text)]);
    const isAtStart = text.toString().startsWith("\ufeff");
    const error = await pass(isAtStart ? bytes.subarray(8) : bytes, { columns: [column("a")] }).catch((caught) => caught);
    expect(error).toMatchObject({
      code,
      file: "t.jsonl",
      ...(!isAtStart && { row: code === "FORMAT_INVALID" && Buffer.isBuffer(text) ? 1 : 2 }),
    });
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("canary");
  });

  it("takes what JSON.parse takes and refuses what it refuses", () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(...'{}[]",:\\0129.eE+-tfnrulas \tü'), maxLength: 14 }),
        async (value) => {
          const text = `{"a":${value}}`;
          const isJson = (() => {
            try {
              return Object.keys(JSON.parse(text)).join() === "a" && !/"a"\s*:.*"a"\s*:/.test(text);
            } catch {
              return false;
            }
          })();
          const taken = await pass(text, { columns: [column("a")] }).then(
            ({ text: again }) => again === text,
            () => false,
          );
          if (isJson) expect(taken).toBe(true);
          else if (taken) expect(() => JSON.parse(text)).not.toThrow();
        },
      ),
      { numRuns: 400 },
    ));
});
