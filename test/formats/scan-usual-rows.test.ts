import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import loadWabt from "wabt";
import { scanCopyRows } from "../../src/formats/postgres/copy-scanner.ts";
import { SCAN_ROWS_WASM } from "../../src/formats/postgres/scan-rows-wasm.ts";
import { scanUsualRows } from "../../src/formats/postgres/scan-usual-rows.ts";
import { BoundsBuilder } from "../../src/formats/row-collector.ts";

const table = { schema: "public", name: "t" };
const FOLDER = new URL("../../src/formats/postgres/", import.meta.url);
/** What COPY writes escaped, besides the two that end a cell. */
const ESCAPED = /[\0\b\v\f\r]/;

function cellsBy(scan: (bounds: BoundsBuilder) => number) {
  const bounds = new BoundsBuilder(4);
  const rows = scan(bounds);
  return { rows, bounds };
}

/** What the scanner of single bytes finds, null where it refuses. */
function slowly(bytes: Buffer, from: number, columns: number) {
  try {
    return cellsBy((bounds) => scanCopyRows(bytes, from, bytes.length, columns, bounds, table, 0));
  } catch {
    return null;
  }
}

function expectSame(text: string, columns: number, before = "") {
  const bytes = Buffer.from(before + text);
  const from = Buffer.byteLength(before);
  const found = cellsBy((bounds) => scanUsualRows(bytes, from, bytes.length, columns, bounds));
  const expected = slowly(bytes, from, columns);
  if (ESCAPED.test(text) || expected === null) return expect(found.rows).toBe(-1);
  const cells = expected.rows * columns;
  expect(found.rows).toBe(expected.rows);
  expect(hasSame(found.bounds.starts, expected.bounds.starts, cells)).toBe(true);
  expect(hasSame(found.bounds.ends, expected.bounds.ends, cells)).toBe(true);
}

const hasSame = (one: Int32Array, other: Int32Array, count: number) =>
  one.subarray(0, count).every((place, index) => place === other[index]);

describe("scanUsualRows", () => {
  const cell = fc.string({
    unit: fc.constantFrom("a", "\\", "N", "é", "漢", "\u0001", "\u0007", "\u000e", " ", "z".repeat(15)),
    maxLength: 9,
  });

  it("finds the cells of rows that are whole", () => {
    const shaped = fc
      .integer({ min: 1, max: 5 })
      .chain((columns) => fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 20 }));
    fc.assert(
      fc.property(shaped, fc.string({ maxLength: 40 }), (rows, before) => {
        const text = rows.map((cells) => `${cells.join("\t")}\n`).join("");
        expectSame(text, rows[0]!.length, before);
      }),
      { numRuns: 300 },
    );
  });

  it("leaves what is not as COPY writes it to the scanner of single bytes", () => {
    const any = fc.string({
      unit: fc.constantFrom("a", "b", "\t", "\t", "\n", "\r", "\b", "\v", "\f", "\0", "é"),
      maxLength: 40,
    });
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 3 }), (text, columns) => {
        expectSame(`${text}\n`, columns);
      }),
      { numRuns: 1000 },
    );
  });

  it("goes on over the edges of its blocks, with cells and rows that lie on them", () => {
    for (const length of [65_519, 65_520, 65_534, 65_535, 65_536, 65_537, 131_072, 200_000])
      expectSame(`${"x".repeat(length)}\t${"y".repeat(70_000)}\n1\t2\n`.repeat(2), 2);
    expectSame("\t\n".repeat(70_000), 2);
    expectSame(`${"a\tb\n".repeat(40_000)}a\n`, 2);
  });

  it("finds nothing of an earlier text behind the last one's end", () => {
    expectSame("a\tb\n".repeat(20_000), 2);
    expectSame("a\n", 1);
    expectSame(`${"a".repeat(37)}\n`, 1);
  });
});

describe("scan-rows-wasm.ts", () => {
  it("is what scan-rows.wat says", async () => {
    const wabt = await loadWabt();
    const assembled = wabt.parseWat("scan-rows.wat", readFileSync(new URL("scan-rows.wat", FOLDER), "utf8"), { simd: true });
    const base64 = Buffer.from(assembled.toBinary({}).buffer).toString("base64");
    const path = new URL("scan-rows-wasm.ts", FOLDER);
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, readFileSync(path, "utf8").replace(/"[^"]*";/, `"${base64}";`));
    expect(SCAN_ROWS_WASM).toBe(base64);
  });
});
