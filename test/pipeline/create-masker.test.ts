import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createMasker } from "../../src/pipeline/create-masker.ts";
import { fake } from "../../src/transforms/fake.ts";
import { hash } from "../../src/transforms/hash.ts";
import { keep } from "../../src/transforms/keep.ts";
import { redact } from "../../src/transforms/redact.ts";
import { tokenize } from "../../src/transforms/tokenize.ts";
import { TEST_KEY } from "../test-key.ts";

const rules = { id: keep(), email: fake("internet.email"), note: redact(), n: tokenize() };
const rows = Array.from({ length: 50 }, (_, id) => ({
  id,
  email: `user${id}@acme.com`,
  note: id % 3 ? "secret" : null,
  n: id + 1,
}));

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

describe("createMasker", () => {
  it("masks objects and keeps the types of their values", async () => {
    const masked = await collect(createMasker(rules, { key: TEST_KEY }).rows(rows));
    expect(masked).toHaveLength(rows.length);
    for (const [index, row] of masked.entries()) {
      expect(row.id).toBe(index);
      expect(row.email).toMatch(/@example\.(com|net|org)$/);
      expect(row.note).toBe(index % 3 ? "******" : null);
      expect(row.n).toSatisfy((n) => Number.isInteger(n) && n !== index + 1);
    }
    expect(rows[1]).toEqual({ id: 1, email: "user1@acme.com", note: "secret", n: 2 });
  });

  it("gives the same rows one by one, in batches of any size, and through both kinds of streams", async () => {
    const masked = await collect(createMasker(rules, { key: TEST_KEY }).rows(rows));
    for (const batchRows of [1, 7, 10_000])
      expect(await collect(createMasker(rules, { key: TEST_KEY, batchRows }).rows(rows))).toEqual(masked);
    const masker = createMasker(rules, { key: TEST_KEY });
    expect(await masker.row(rows[3]!)).toEqual(masked[3]);
    expect(await collect(Readable.from(rows).pipe(createMasker(rules, { key: TEST_KEY }).stream()))).toEqual(masked);
    const web = ReadableStream.from(rows).pipeThrough(createMasker(rules, { key: TEST_KEY }).webStream() as never);
    expect(await collect(web as unknown as AsyncIterable<unknown>)).toEqual(masked);
  });

  it("refuses a row with a property that has no rule, before anything of it comes out", async () => {
    const error = await collect(createMasker(rules, { key: TEST_KEY }).rows([{ ...rows[0]!, ssn: "canary-1" }])).catch(
      (caught) => caught,
    );
    expect(error).toMatchObject({ code: "COLUMN_UNCOVERED", column: "ssn", row: 1 });
    expect(JSON.stringify(error) + error.message).not.toContain("canary");
  });

  it("needs a key where a rule does, and none where no rule does", async () => {
    await expect(createMasker({ a: hash() }, { key: undefined }).row({ a: "x" })).rejects.toMatchObject({ code: "KEY_REQUIRED" });
    expect(await createMasker({ a: redact() }).row({ a: "x" })).toEqual({ a: "*" });
  });

  it("stops when its signal does", async () => {
    const controller = new AbortController();
    const masked = createMasker(rules, { key: TEST_KEY, batchRows: 1, signal: controller.signal }).rows(rows);
    await masked.next();
    controller.abort();
    await expect(collect(masked)).rejects.toThrow();
  });
});
