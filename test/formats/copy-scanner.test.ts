import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/batch/byte-writer.ts";
import { encodeBatch } from "../../src/batch/encode-batch.ts";
import { copyFormat } from "../../src/formats/postgres/copy-format.ts";
import { scanCopyText } from "../../src/formats/postgres/copy-scanner.ts";
import { chunksOf, rowsOf } from "./read-csv.ts";

const table = { schema: "public", name: "t" };
const cell = fc.option(
  fc.string({ unit: fc.constantFrom("a", "\\", "\t", "\n", "\r", "\b", "\f", "\v", "N", "é", "漢", "😀", "x", "1") }),
  { nil: null },
);
const rows = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 15 }));

function write(values: (string | null)[][]): Buffer {
  const writer = new ByteWriter(1);
  for (const row of values) {
    for (const [index, value] of row.entries()) {
      if (index > 0) writer.byte(0x09);
      copyFormat.writeCell(writer, value, null, 0, 0);
    }
    writer.byte(0x0a);
  }
  return writer.take();
}

async function read(bytes: Buffer, columnCount: number, chunkSize: number, maxRows = 3) {
  const found: (string | null)[][] = [];
  const writer = new ByteWriter(1);
  for await (const batch of scanCopyText(chunksOf(bytes, chunkSize), {
    table,
    columnCount,
    batchSize: { maxRows, maxBytes: 32 },
  })) {
    expect(batch.firstRow).toBe(found.length);
    found.push(...rowsOf(batch));
    encodeBatch(batch, columnCount, copyFormat, writer);
  }
  return { found, again: writer.take() };
}

describe("scanCopyText", () => {
  it("reads back what was written, and gives back its bytes, at any chunk size", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(1, 2, 3, 7, 65_536), async (values, chunkSize) => {
        const bytes = write(values);
        const { found, again } = await read(bytes, values[0]?.length ?? 1, chunkSize);
        expect(found).toEqual(values);
        expect(again.equals(bytes)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("replaces the masked cells and leaves every other byte as it was", async () => {
    const bytes = Buffer.from("1\tAna\\tB\t\\N\n2\t\\N\té\\\\\n");
    const writer = new ByteWriter(1);
    for await (const batch of scanCopyText(chunksOf(bytes, 5), { table, columnCount: 3, batchSize: {} })) {
      batch.replace(
        1,
        batch.column(1).map((value) => value && "x\ty"),
      );
      encodeBatch(batch, 3, copyFormat, writer);
    }
    expect(writer.take().toString()).toBe("1\tx\\ty\t\\N\n2\t\\N\té\\\\\n");
  });

  it("takes rows of tens of megabytes among small ones, in buffers that grow where they stand", async () => {
    const long = (fill: string) => fill.repeat(20_000_000);
    const values = [
      ["1", "a"],
      ["2", long("b")],
      ["3", "c"],
      ["4", long("d")],
      ["5", null],
    ];
    const bytes = write(values);
    const { found, again } = await read(bytes, 2, 65_536);
    expect(found.map(([id, text]) => [id, text?.length ?? null])).toEqual(values.map(([id, text]) => [id, text?.length ?? null]));
    expect(again.equals(bytes)).toBe(true);
  });

  it("hands long cells on from where they stand, and the cells around them as they would be otherwise", async () => {
    const bytes = Buffer.from(`1\t${"x".repeat(100)}\tAna\n2\ty\tBob\n3\t${"z".repeat(100)}\tCid\n`);
    const writer = new ByteWriter(1, 60);
    const pieces: Buffer[] = [];
    for await (const batch of scanCopyText(chunksOf(bytes, 50), { table, columnCount: 3, batchSize: { maxBytes: 64 } })) {
      batch.replace(
        2,
        batch.column(2).map((value) => `${value}!`),
      );
      encodeBatch(batch, 3, copyFormat, writer);
      expect(Buffer.concat(writer.pieces()).length).toBeGreaterThan(0);
      expect(writer.isBorrowing).toBe(batch.column(1).some((value) => value!.length === 100));
      pieces.push(...writer.takePieces().map((piece) => Buffer.from(piece)));
      expect(writer.isBorrowing).toBe(false);
    }
    expect(Buffer.concat(pieces).toString()).toBe(bytes.toString().replace(/Ana|Bob|Cid/g, (name) => `${name}!`));
  });

  it("refuses a row with another number of cells and data that ends within a row", async () => {
    for (const text of ["1\t2\n3\n", "1\t2\t3\n", "1\t2\n3\t4"]) {
      await expect(read(Buffer.from(text), 2, 64)).rejects.toMatchObject({ code: "FORMAT_INVALID", table: "t" });
    }
  });

  it("counts the rows of a table without columns", async () => {
    for (const rows of [3, 25]) {
      const { found, again } = await read(Buffer.from("\n".repeat(rows)), 0, 1);
      expect(found).toEqual(Array.from({ length: rows }, () => []));
      expect(again).toHaveLength(rows);
    }
  });
});
