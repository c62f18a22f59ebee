import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsv } from "./read-csv.ts";

const CANARY = "canary-7f3a";
const field = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", " ", "é", "漢", "😀", "\\", "'", "0") }),
  fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r\n", "\r", ";", "\t", "ü") }),
);
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }));
const chunkSize = fc.constantFrom(1, 2, 3, 7, 64, 65_536);

interface Style {
  delimiter: "," | ";" | "\t" | "|";
  quote: '"' | "'";
  terminator: "\n" | "\r\n" | "\r";
  quoteAll: boolean;
  finalTerminator: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
  delimiter: fc.constantFrom(",", ";", "\t", "|"),
  quote: fc.constantFrom('"', "'"),
  terminator: fc.constantFrom("\n", "\r\n", "\r"),
  quoteAll: fc.boolean(),
  finalTerminator: fc.boolean(),
});

function write(rows: string[][], { delimiter, quote, terminator, quoteAll, finalTerminator }: Style): Buffer {
  const cell = (value: string, alone: boolean) =>
    quoteAll || alone || /[\r\n]/.test(value) || value.includes(delimiter) || value.includes(quote)
      ? quote + value.replaceAll(quote, quote + quote) + quote
      : value;
  const lines = rows.map((row) => row.map((value) => cell(value, row.length === 1 && value === "")).join(delimiter));
  return Buffer.from(lines.join(terminator) + (finalTerminator ? terminator : ""));
}

describe("CsvScanner", () => {
  it("reads what csv-parse reads, cell for cell, at any chunk and batch size", async () => {
    await fc.assert(
      fc.asyncProperty(table, style, chunkSize, fc.integer({ min: 1, max: 5 }), async (rows, how, size, maxRows) => {
        const bytes = write(rows, how);
        const { delimiter, quote, terminator } = how;
        const expected = parse(bytes, { delimiter, quote, escape: quote, record_delimiter: terminator }) as string[][];
        const read = await readCsv(bytes, {
          dialect: { delimiter, quote, terminator },
          header: false,
          chunkSize: size,
          batchSize: { maxRows, maxBytes: 16 },
        });
        expect(read.rows).toEqual(expected);
        expect(read.rows).toEqual(rows);
      }),
      { numRuns: 400 },
    );
  });

  it("gives back the very bytes it read when nothing is masked", async () => {
    await fc.assert(
      fc.asyncProperty(table, style, chunkSize, async (rows, how, size) => {
        const bytes = write(rows, how);
        const { delimiter, quote, terminator } = how;
        const read = await readCsv(bytes, {
          dialect: { delimiter, quote, terminator },
          header: false,
          chunkSize: size,
          batchSize: { maxBytes: 8 },
        });
        expect(read.bytes.equals(bytes)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("keeps the byte order mark out of the first name and in the bytes", async () => {
    const bytes = Buffer.from('\ufeff"a",b\n1,2\n');
    const read = await readCsv(bytes, { chunkSize: 1 });
    expect(read.names).toEqual(["a", "b"]);
    expect(read.bytes.equals(bytes)).toBe(true);
  });

  it("tells NULL from the empty string where the dialect can", async () => {
    const bytes = Buffer.from('a,b,c\n,"",x\n');
    expect((await readCsv(bytes, { dialect: { nulls: "unquoted-empty" } })).rows).toEqual([[null, "", "x"]]);
    expect((await readCsv(bytes)).rows).toEqual([["", "", "x"]]);
    expect((await readCsv(Buffer.from('a,b\n\\N,"\\N"\n'), { dialect: { nulls: { text: "\\N" } } })).rows).toEqual([
      [null, "\\N"],
    ]);
  });

  it("reads a row that is larger than a batch", async () => {
    const long = "x".repeat(3_000_000);
    const read = await readCsv(Buffer.from(`a,b\n1,2\n"${long}",3\n4,5\n`), { chunkSize: 10_000 });
    expect(read.rows.map((row) => row.map((value) => value!.length))).toEqual([
      [1, 1],
      [long.length, 1],
      [1, 1],
    ]);
  });

  it("names file, row, field and byte of what is malformed, and no value", async () => {
    const error = await readCsv(Buffer.from(`a,b\n1,2\n3,"${CANARY}"x\n`)).catch((caught) => caught);
    expect(error).toMatchObject({ code: "FORMAT_INVALID", file: "test.csv", row: 2, offset: 10 + CANARY.length + 2 });
    expect(JSON.stringify(error) + error.message + error.stack).not.toContain(CANARY);
  });

  it("refuses bytes that are not UTF-8, also where a chunk cuts a character", async () => {
    for (const broken of [[0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xff]]) {
      const bytes = Buffer.concat([Buffer.from("a\nx"), Buffer.from(broken), Buffer.from("\n")]);
      for (const size of [1, 2, 65_536])
        await expect(readCsv(bytes, { chunkSize: size })).rejects.toMatchObject({ code: "FORMAT_INVALID" });
    }
  });
});

describe("the csv-parse reader", () => {
  it("reads comments, long delimiters, relaxed quotes and other encodings", async () => {
    expect((await readCsv(Buffer.from("a||b\n1||2\n"), { dialect: { delimiter: "||" } })).rows).toEqual([["1", "2"]]);
    expect((await readCsv(Buffer.from("# note\na,b\n# more\n1,2\n"), { dialect: { comment: "#" } })).rows).toEqual([["1", "2"]]);
    expect((await readCsv(Buffer.from('a,b\n1,x"y\n'), { dialect: { relaxQuotes: true } })).rows).toEqual([["1", 'x"y']]);
    expect((await readCsv(Buffer.from("a\né\n", "latin1"), { dialect: { encoding: "latin1" } })).rows).toEqual([["é"]]);
    const nulls = await readCsv(Buffer.from('a||b\n||""\n'), { dialect: { delimiter: "||", nulls: "unquoted-empty" } });
    expect(nulls.rows).toEqual([[null, ""]]);
  });

  it("quotes no value in its errors", async () => {
    const error = await readCsv(Buffer.from(`a||b\n1||"${CANARY}"x\n`), { dialect: { delimiter: "||" } }).catch(
      (caught) => caught,
    );
    expect(error).toMatchObject({ code: "FORMAT_INVALID" });
    expect(JSON.stringify(error) + error.message + error.stack).not.toContain(CANARY);
  });
});
