import { describe, expect, it } from "vitest";
import { checkTransform } from "../../src/testing/index.ts";
import { callService, chain, custom, maskList, redact, segments } from "../../src/transforms/index.ts";
import { maskValues } from "./mask-values.ts";

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const many = Array.from({ length: 25 }, (_, index) => (index % 5 === 3 ? null : `value ${index}`));

describe("callService", () => {
  it("sends batches of values, never NULL, and puts the answers back in their order", async () => {
    const calls: number[] = [];
    const rule = callService(
      async (values) => {
        calls.push(values.length);
        await later(values.length === 6 ? 20 : 1);
        return values.map((value) => value.toUpperCase());
      },
      { batchSize: 6 },
    );
    expect(await maskValues(rule, many)).toEqual(many.map((value) => value?.toUpperCase() ?? null));
    expect(calls).toEqual([6, 6, 6, 2]);
  });

  it("makes so many calls at a time, and no more", async () => {
    let [open, most] = [0, 0];
    const rule = callService(
      async (values) => {
        most = Math.max(most, ++open);
        await later(2);
        open--;
        return values;
      },
      { batchSize: 1, concurrency: 3 },
    );
    await maskValues(rule, many);
    expect(most).toBe(3);
  });

  it("asks again after a rejection, then stops without the service's words", async () => {
    let calls = 0;
    const failing = (times: number) =>
      callService(
        async (values) => {
          if (calls++ < times) throw new Error(`no ${values[0]}`);
          return values.map(() => "x");
        },
        { retries: 1 },
      );
    expect(await maskValues(failing(1), ["Jane"])).toEqual(["x"]);
    calls = 0;
    const error = await maskValues(failing(9), ["a", null, "Jane"]).catch((error) => error);
    expect(error).toMatchObject({
      code: "TRANSFORM_FAILED",
      message: expect.stringMatching(/rejected its call \(a call from row 1 on\)/),
      hint: expect.stringMatching(/may quote a value/),
    });
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("Jane");
    expect(calls).toBe(2);
  });

  it("aborts a call that takes too long", async () => {
    let aborted = false;
    const rule = callService(
      (_, { signal }) =>
        new Promise(() => {
          signal.addEventListener("abort", () => {
            aborted = true;
          });
        }),
      { timeoutMs: 5, retries: 0 },
    );
    await expect(maskValues(rule, ["x"])).rejects.toMatchObject({
      code: "TRANSFORM_FAILED",
      message: expect.stringMatching(/took longer than 5 ms/),
      hint: expect.stringMatching(/timeoutMs.*batchSize/),
    });
    expect(aborted).toBe(true);
  });

  it("gives up the other calls when one fails, and asks nobody again", async () => {
    let [asked, aborted] = [0, 0];
    const rule = callService(
      async ([value], { signal }) => {
        asked++;
        if (value === "value 1") return [];
        if (value === "value 2") throw new Error("again");
        await new Promise((resolve) => {
          signal.addEventListener("abort", resolve);
        });
        aborted++;
        return ["x"];
      },
      { batchSize: 1, concurrency: 3, retries: 9 },
    );
    const failed = maskValues(rule, ["value 0", "value 1", "value 2", "value 4"]);
    await expect(failed).rejects.toMatchObject({
      code: "TRANSFORM_FAILED",
      row: 2,
      hint: expect.stringMatching(/as many values/),
    });
    await later(150);
    expect([asked, aborted]).toEqual([3, 1]);
  });

  it("names the row, also from within a document", async () => {
    const rule = maskList({ items: chain([callService(async () => [])]) });
    await expect(maskValues(rule, [null, "", "a,b"], { firstRow: 40 })).rejects.toMatchObject({ row: 43 });
    const odd = maskList({
      items: segments({ pattern: "(.)", groups: { 1: custom((value) => (value === "c" ? ({} as never) : value)) } }),
    });
    await expect(maskValues(odd, ["a,b", "a,b", "a,c"])).rejects.toMatchObject({ code: "TRANSFORM_FAILED", row: 3 });
  });

  it("may give NULL to a column that takes it", async () => {
    const none = callService(async (values) => values.map(() => null));
    expect(await maskValues(none, ["x"])).toEqual([null]);
    await expect(maskValues(none, ["x"], { column: { nullable: false } })).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
  });

  it("stops at an answer of another length, or that is no text", async () => {
    const answering = (answer: unknown) => callService(async () => answer as string[], { retries: 5 });
    for (const answer of [[], ["a", "b"], "no list", undefined])
      await expect(maskValues(answering(answer), ["x"])).rejects.toMatchObject({ code: "TRANSFORM_FAILED" });
    await expect(maskValues(answering([5]), ["x"])).rejects.toMatchObject({ code: "TRANSFORM_FAILED" });
  });

  it("leaves to onUnsupported what the service cannot handle", async () => {
    const service = callService(async (values) => values.map((value) => (value === "odd" ? undefined : "x")), {
      onUnsupported: "redact",
    });
    expect(await maskValues(service, ["a", "odd"])).toEqual(["x", "***"]);
    expect(await maskValues(chain([redact(), service]), ["a", "odd"])).toEqual(["x", "x"]);
  });

  it("keeps its promises", async () => {
    const rule = callService(async (values) => values.map((value) => value.slice(0, 1)), { batchSize: 7 });
    expect(await checkTransform(rule, { column: "text" })).toEqual([]);
  });
});
