import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RowBatch, Rule } from "../../src/contracts.ts";
import { createMasker } from "../../src/pipeline/masking/create-masker.ts";
import { gatherWindows } from "../../src/pipeline/masking/gather-windows.ts";
import { TextBatch } from "../../src/testing/text-batch.ts";
import { shuffle } from "../../src/transforms/choices/shuffle.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { TEST_KEY } from "../test-key.ts";
import { maskValues } from "./mask-values.ts";

const OTHER_KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const rows = Array.from({ length: 100 }, (_, index) => ({
  id: index,
  city: `city ${index}`,
  postcode: `postcode ${index}`,
  team: `team ${index}`,
}));

async function maskRows(rules: Record<string, Rule>, { key = TEST_KEY, batchRows = 1000, table = "people", count = 100 } = {}) {
  const masked: (typeof rows)[number][] = [];
  const masker = createMasker<(typeof rows)[number]>(
    { id: keep(), city: keep(), postcode: keep(), team: keep(), ...rules },
    { key, batchRows, table },
  );
  for await (const row of masker.rows(rows.slice(0, count))) masked.push(row);
  return masked;
}

describe("shuffle", () => {
  it("moves every value to another row, and loses none", async () => {
    const masked = await maskRows({ city: shuffle() });
    expect(masked.map(({ city }) => city).sort()).toEqual(rows.map(({ city }) => city).sort());
    expect(masked.filter(({ city }, index) => city === rows[index]!.city)).toEqual([]);
    expect(masked.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  it("moves NULL as it moves any value", async () => {
    const values = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? null : `value ${index}`));
    const masked = await maskValues(shuffle(), values);
    expect(masked.filter((value) => value === null)).toHaveLength(20);
    expect(masked.some((value, index) => value === null && values[index] !== null)).toBe(true);
  });

  it("moves by the key: another key moves otherwise, the same key alike", async () => {
    const masked = await maskRows({ city: shuffle() });
    expect(await maskRows({ city: shuffle() })).toEqual(masked);
    expect(await maskRows({ city: shuffle() }, { key: OTHER_KEY })).not.toEqual(masked);
    expect(await maskRows({ city: shuffle() }, { table: "customers" })).not.toEqual(masked);
  });

  it("moves the columns of a group together, and others by themselves", async () => {
    const masked = await maskRows({
      city: shuffle({ group: "address" }),
      postcode: shuffle({ group: "address" }),
      team: shuffle(),
    });
    const numberOf = (text: string) => text.split(" ")[1];
    for (const { city, postcode } of masked) expect(numberOf(city)).toBe(numberOf(postcode));
    expect(masked.filter(({ city, team }) => numberOf(city) === numberOf(team)).length).toBeLessThan(10);
  });

  it("moves values within windows that do not depend on the batch size", async () => {
    const masked = await maskRows({ city: shuffle({ window: 30 }) });
    for (const [index, { city }] of masked.entries()) {
      const windowOf = (row: number) => Math.min(Math.floor(row / 30), 2);
      expect(windowOf(Number(city.split(" ")[1]))).toBe(windowOf(index));
    }
    for (const batchRows of [1, 7, 64]) expect(await maskRows({ city: shuffle({ window: 30 }) }, { batchRows })).toEqual(masked);
  });

  it("refuses a handful of rows, and a window of a handful", async () => {
    for (const count of [1, 19])
      await expect(maskRows({ city: shuffle() }, { count })).rejects.toMatchObject({
        code: "TOO_FEW_ROWS",
        message: `shuffle on people.city needs at least 20 rows, and people has ${count === 1 ? "one" : count}.`,
        table: "people",
        column: "city",
        hint: expect.stringContaining("nullify"),
      });
    const emptied = await maskRows({ city: shuffle({ onUnsupported: "nullify" }) }, { count: 1 });
    expect(emptied.map(({ city }) => city)).toEqual([null]);
    expect(await maskRows({ city: shuffle() }, { count: 20 })).toHaveLength(20);
    expect(() => shuffle({ window: 19 })).toThrow(/at least 20/);
  });

  it("says that it keeps no join", () => {
    const { transform, options } = shuffle();
    expect(transform.guarantees(options, {} as never).deterministic).toBe(false);
    expect(transform.windowRows(options)).toBe(4096);
    expect(transform.seesNull).toBe(true);
  });

  it("gets windows of at least as many rows as it asks for, whatever the batches", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 2, max: 60 }),
        async (sizes, window) => {
          const all = Array.from({ length: sizes.reduce((sum, size) => sum + size, 0) }, (_, row) => String(row));
          async function* batches(): AsyncGenerator<RowBatch> {
            let from = 0;
            for (const size of sizes) {
              yield new TextBatch({ schema: null, name: "t" }, [all.slice(from, from + size)], from);
              from += size;
            }
          }
          const windows = [];
          for await (const one of gatherWindows(batches(), window)) windows.push(one.column(0));
          expect(windows.flat()).toEqual(all);
          if (all.length >= window) for (const { length } of windows) expect(length >= window && length < 2 * window).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});
