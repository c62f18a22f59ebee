import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ByteBatch } from "../../src/batch/byte-batch.ts";
import { ByteWriter } from "../../src/batch/byte-writer.ts";
import { encodeBatch } from "../../src/batch/encode-batch.ts";
import { type CsvDialect, RFC_4180 } from "../../src/formats/csv/csv-dialect.ts";
import { csvFormat } from "../../src/formats/csv/csv-format.ts";
import { isOfLongCells, rewriteLongCells } from "../../src/formats/csv/csv-long-cells.ts";
import { copyFormat } from "../../src/formats/postgres/copy-format.ts";
import { scanCopyText } from "../../src/formats/postgres/copy-scanner.ts";

const LONG = 1.05e6;
const TABLE = { schema: null, name: "t" };
const DIALECTS: readonly CsvDialect[] = [RFC_4180, { ...RFC_4180, escape: "backslash", delimiter: ";", nulls: "unquoted-empty" }];

/** A batch of one row, whose cells are these. */
async function batchOf(cells: readonly (string | null)[]): Promise<ByteBatch> {
  const writer = new ByteWriter();
  for (const [index, cell] of cells.entries()) {
    if (index > 0) writer.byte(0x09);
    copyFormat.writeCell(writer, cell, null, 0, 0);
  }
  writer.byte(0x0a);
  async function* bytes() {
    yield writer.take();
  }
  const batches: ByteBatch[] = [];
  for await (const batch of scanCopyText(bytes(), { table: TABLE, columnCount: cells.length, batchSize: {} }))
    batches.push(batch);
  return batches[0]!;
}

describe("rows of long cells", () => {
  it("are the bytes that rows of short ones are, wherever a part ends", async () => {
    const unit = fc.array(fc.constantFrom("\\", "\\\\\\", '"', ",", ";", "\n", "\t", "é", "語", "𝒳", "a", "\b", "x41", "101"), {
      minLength: 1,
      maxLength: 9,
    });
    await fc.assert(
      fc.asyncProperty(unit, fc.integer({ min: 0, max: 8 }), fc.constantFrom(...DIALECTS), async (units, shift, dialect) => {
        const text = units.join("");
        const long = "-".repeat(shift) + text.repeat(Math.ceil(LONG / Buffer.byteLength(text)));
        const batch = await batchOf(["1", long, null, 'a "b"', "original"]);
        batch.replace(4, ["masked"]);
        const format = csvFormat(dialect);
        const [whole, parts] = [new ByteWriter(), new ByteWriter()];
        encodeBatch(batch, 5, format, whole);
        let yields = 0;
        for (const _ of rewriteLongCells(batch, format, parts)) yields++;
        expect(yields).toBeGreaterThan(2);
        expect(parts.take().equals(whole.take())).toBe(true);
      }),
      { numRuns: 4 },
    );
  });

  it("are those of eight megabytes and more, from another format", async () => {
    const [long, short] = [await batchOf(["x".repeat(9e6)]), await batchOf(["x".repeat(2e6)])];
    const format = csvFormat(RFC_4180);
    expect([isOfLongCells(long, format), isOfLongCells(short, format)]).toEqual([true, false]);
  });
});
