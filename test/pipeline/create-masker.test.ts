import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createMasker } from "../../src/pipeline/masking/create-masker.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { addNoise } from "../../src/transforms/numbers/add-noise.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { nullify } from "../../src/transforms/plain/nullify.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { hash } from "../../src/transforms/tokens/hash.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
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

describe("createMasker, of values whatever their type", () => {
  const mask = (rows: object[], batchRows = 1000) =>
    collect(createMasker<object>({ x: tokenize() }, { key: TEST_KEY, batchRows }).rows(rows));

  it("masks each value as what it is, whatever came before it and in the same batch", async () => {
    const mixed = [{ x: null }, { x: "42" }, {}, { x: 42 }, { x: 42n }, { x: "jane" }];
    const masked = await mask(mixed);
    for (const batchRows of [1, 2, 5]) expect(await mask(mixed, batchRows)).toEqual(masked);
    expect(await mask([...mixed].reverse())).toEqual([...masked].reverse());
    const [empty, text, missing, number, bigint] = masked as { x?: unknown }[];
    expect([empty, missing]).toEqual([{ x: null }, {}]);
    expect(text!.x).toBeTypeOf("string");
    expect(number!.x).toBe(Number(bigint!.x));
  });

  it("gives numbers that a number can hold: no two of them meet by rounding", async () => {
    const ids = Array.from({ length: 2000 }, (_, index) => ({ x: 2 ** 40 + index }));
    const masked = (await mask(ids)) as { x: number }[];
    for (const { x } of masked) expect(Number.isSafeInteger(x)).toBe(true);
    expect(new Set(masked.map(({ x }) => x)).size).toBe(ids.length);
  });

  it("passes no property on that nobody decided about: neither a symbol, nor one that an object inherits", async () => {
    const hidden = Symbol("hidden");
    const [row] = (await mask([{ x: "a", [hidden]: "secret" }])) as object[];
    expect(Object.getOwnPropertySymbols(row!)).toEqual([]);
    const rules = { constructor: nullify(), toString: tokenize() };
    const masker = createMasker<object>(rules, { key: TEST_KEY });
    const given: object[] = [{}, { constructor: "x" }];
    expect(await collect(masker.rows(given))).toEqual([{}, { constructor: null }] as object[]);
  });

  it("refuses what a mask cannot handle when it comes, not a column that is still empty", async () => {
    const masker = createMasker<object>({ n: addNoise({ ratio: 0.1 }) }, { key: TEST_KEY });
    expect(await masker.row({ n: null })).toEqual({ n: null });
    await expect(masker.row({ n: true })).rejects.toMatchObject({ findings: [{ code: "KIND_UNSUPPORTED", column: "n" }] });
  });

  it("refuses a mask that gives no text", async () => {
    const rule = redact();
    const broken = { ...rule, transform: { ...rule.transform, prepare: () => () => [5 as unknown as string] } };
    await expect(createMasker<object>({ x: broken }, { key: TEST_KEY }).row({ x: "a" })).rejects.toMatchObject({
      code: "TRANSFORM_FAILED",
      row: 1,
    });
  });

  it("ends a Web stream that is cancelled while it waits for a row, and stops at an abort in the middle of a mask", async () => {
    const { readable } = createMasker({ x: keep() }, { key: TEST_KEY }).webStream();
    const reader = readable.getReader();
    const waiting = reader.read();
    await reader.cancel();
    expect(await waiting).toMatchObject({ done: true });
    const never = custom(() => new Promise<never>(() => {}));
    const stopped = createMasker({ x: never }, { key: TEST_KEY, signal: AbortSignal.timeout(20) }).row({ x: "a" });
    await expect(stopped).rejects.toMatchObject({ name: "TimeoutError" });
  });
});
