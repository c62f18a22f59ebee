import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/batch/byte-writer.ts";
import { encodeBatch } from "../../src/batch/encode-batch.ts";
import type { BatchSize } from "../../src/contracts.ts";
import { type CsvDialect, csvDialect } from "../../src/formats/csv/csv-dialect.ts";
import { csvFormat } from "../../src/formats/csv/csv-format.ts";
import { CsvScanner } from "../../src/formats/csv/csv-scanner.ts";
import { chunksOf, readCsv } from "./read-csv.ts";

type Cell = string | null;

const dialects: fc.Arbitrary<CsvDialect> = fc
  .record({
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    quote: fc.constantFrom('"' as const, "'" as const),
    escape: fc.constantFrom("double" as const, "backslash" as const),
    terminator: fc.constantFrom("auto" as const, "\n" as const, "\r\n" as const, "\r" as const),
    nulls: fc.constantFrom("unquoted-empty" as const, { text: "\\N" }, { text: "NULL" }, "none" as const),
    skipEmptyLines: fc.boolean(),
  })
  .map(csvDialect);
const cell: fc.Arbitrary<Cell> = fc.option(
  fc.string({ unit: fc.constantFrom("a", ",", ";", "\t", "|", '"', "'", "\\", "\r", "\n", "N", "é", "漢", "😀", " ") }),
  { nil: null, freq: 4 },
);
/** Two columns at least: a line without text is a row of one empty cell, or none. */
const tables = fc
  .integer({ min: 2, max: 4 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }));
const chunkSize = fc.constantFrom(1, 2, 3, 7, 65_536);
const batchSize: fc.Arbitrary<BatchSize> = fc.record({
  maxRows: fc.constantFrom(1, 2, 7, 10_000),
  maxBytes: fc.constantFrom(1, 8, 4096),
});

function write(rows: readonly (readonly Cell[])[], dialect: CsvDialect): Buffer {
  const format = csvFormat(dialect);
  const writer = new ByteWriter(1);
  for (const row of rows) {
    for (const [index, value] of row.entries()) {
      if (index > 0) writer.copy(format.delimiter, 0, format.delimiter.length);
      format.writeCell(writer, value, null, 0, 0);
    }
    writer.copy(format.terminator, 0, format.terminator.length);
  }
  return Buffer.from(writer.take());
}

/** What a reader of the dialect sees: where nothing stands for NULL, it is an empty text. */
const seen = (rows: readonly (readonly Cell[])[], { nulls }: CsvDialect) =>
  rows.map((row) => row.map((value) => (nulls === "none" ? (value ?? "") : value)));

/** Reads, replaces the first column by what `mask` says for each row, and writes again. */
async function maskFirst(bytes: Buffer, dialect: CsvDialect, size: number, limits: BatchSize, mask: (row: number) => Cell) {
  const scanner = new CsvScanner(chunksOf(bytes, size), {
    table: { schema: null, name: "t" },
    dialect,
    batchSize: limits,
    header: false,
    file: "t.csv",
  });
  const writer = new ByteWriter(1);
  for await (const batch of scanner.batches()) {
    batch.replace(
      0,
      batch.column(0).map((_, row) => mask(batch.firstRow + row)),
    );
    encodeBatch(batch, batch.columnCount, csvFormat(dialect), writer);
    batch.release();
  }
  return Buffer.from(writer.take());
}

describe("a CSV of any dialect", () => {
  it("reads back what was written, gives its bytes back, and NULL stays apart from the empty text", async () => {
    await fc.assert(
      fc.asyncProperty(tables, dialects, chunkSize, batchSize, async (rows, dialect, size, limits) => {
        const bytes = write(rows, dialect);
        const read = await readCsv(bytes, { dialect, header: false, chunkSize: size, batchSize: limits });
        expect(read.rows).toEqual(seen(rows, dialect));
        expect(read.bytes.equals(bytes)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it("holds after masking the new values and the old ones beside them, whatever the chunks and batches were", async () => {
    await fc.assert(
      fc.asyncProperty(
        tables,
        fc.array(cell, { minLength: 12, maxLength: 12 }),
        dialects,
        chunkSize,
        batchSize,
        async (rows, masks, dialect, size, limits) => {
          const bytes = write(rows, dialect);
          const masked = await maskFirst(bytes, dialect, size, limits, (row) => masks[row]!);
          const expected = seen(
            rows.map(([, ...others], row) => [masks[row]!, ...others]),
            dialect,
          );
          expect((await readCsv(masked, { dialect, header: false })).rows).toEqual(expected);
          expect(masked.equals(await maskFirst(bytes, dialect, 65_536, {}, (row) => masks[row]!))).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("keeps empty lines that it skips where they were", async () => {
    const blank = fc.integer({ min: 0, max: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(blank, { minLength: 1, maxLength: 6 }),
        fc.constantFrom("\n", "\r\n"),
        chunkSize,
        batchSize,
        async (blanks, end, size, limits) => {
          const bytes = Buffer.from(
            `a,b${end}${blanks.map((count) => `${end.repeat(count)}1,2${end}`).join("")}${end.repeat(2)}`,
          );
          const read = await readCsv(bytes, { dialect: { skipEmptyLines: true }, chunkSize: size, batchSize: limits });
          expect(read.rows).toEqual(blanks.map(() => ["1", "2"]));
          expect(read.bytes.toString()).toBe(bytes.toString());
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("csvFormat", () => {
  it("quotes what holds a delimiter that is no ASCII or of several characters", () => {
    const written = (delimiter: string, value: string) => write([[value, "z"]], csvDialect({ delimiter })).toString();
    expect(written("§", "x§y")).toBe('"x§y"§z\n');
    expect(written("§", "xy")).toBe("xy§z\n");
    expect(written("||", "x|y")).toBe('"x|y"||z\n');
  });
});
