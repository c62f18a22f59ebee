import { describe, expect, it } from "vitest";
import { previewLines } from "../../src/cli/show/preview-lines.ts";
import { MemorySink, memorySource } from "../../src/connectors/memory/index.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { preview } from "../../src/preview.ts";
import { refresh } from "../../src/refresh.ts";
import { shuffle } from "../../src/transforms/choices/shuffle.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { TEST_KEY } from "../test-key.ts";

const ROWS = Array.from({ length: 40 }, (_, index) => ({ id: `u${index}`, name: `Jane ${index}`, note: null }));
const tables: Policy["tables"] = { users: { id: tokenize(), name: redact({ keepLast: 2 }), note: keep() } };

describe("preview", () => {
  it("gives the first rows as they are and as a run writes them, and does not open the target", async () => {
    const target = { open: () => Promise.reject(new Error("opened")), close: async () => {} };
    const policy = { source: memorySource({ users: ROWS }), target: target as unknown as MemorySink, tables };
    const found = await preview(policy, "users", { rows: 3, key: TEST_KEY });
    const sink = new MemorySink();
    await refresh({ source: memorySource({ users: ROWS }), target: sink, tables }, { key: TEST_KEY });
    expect(found.originals[1]).toEqual(["Jane 0", "Jane 1", "Jane 2"]);
    expect(found.masked[0]).toEqual(sink.tables.users!.slice(0, 3).map(({ id }) => id));
    expect(found.masked.map((values) => values.length)).toEqual([3, 3, 3]);
    expect(found.columns.map(({ decision }) => decision)).toEqual(["mask", "mask", "keep"]);
  });

  it("shows what needs many rows at once, cut down to the rows that were asked for", async () => {
    const policy = { source: memorySource({ users: ROWS }), tables: { users: { id: shuffle(), name: redact(), note: keep() } } };
    const { masked } = await preview(policy, "users", { rows: 5, key: TEST_KEY });
    expect(masked[0]).toHaveLength(5);
  });

  it("refuses a table that has an error in the plan, and one that is not copied", async () => {
    const policy = {
      source: memorySource({ users: ROWS, logs: [{ a: 1 }] }),
      tables: { users: { id: keep() }, logs: "skip" },
    } as const;
    await expect(preview(policy, "users", { key: TEST_KEY })).rejects.toMatchObject({ code: "PLAN_REFUSED" });
    await expect(preview(policy, "logs", { key: TEST_KEY })).rejects.toMatchObject({ code: "TABLE_UNKNOWN" });
    await expect(preview(policy, "usrs", { key: TEST_KEY })).rejects.toMatchObject({ hint: "Did you mean users?" });
  });
});

describe("the lines of a preview", () => {
  const output = { isTTY: true, columns: 100 } as NodeJS.WriteStream;
  const shown = (original: string, masked: string) =>
    previewLines(
      {
        table: "t",
        columns: [{ name: "c", decision: "mask", transform: "redact" }],
        originals: [[original]],
        masked: [[masked]],
      },
      output,
    ).join("\n");

  it("mark the part that changed", () => {
    const { NO_COLOR, TERM } = process.env;
    delete process.env.NO_COLOR;
    process.env.TERM = "xterm";
    try {
      expect(shown("4111-9999-1111", "4111-****-1111")).toContain("4111-\u001b[32m****\u001b[39m-1111");
    } finally {
      if (NO_COLOR !== undefined) process.env.NO_COLOR = NO_COLOR;
      if (TERM === undefined) delete process.env.TERM;
      else process.env.TERM = TERM;
    }
  });

  const plain = (original: string | null, masked: string | null, columns = 100, name = "c") =>
    previewLines(
      {
        table: name,
        columns: [{ name, decision: "mask", transform: "redact" }],
        originals: [[original]],
        masked: [[masked]],
      },
      { isTTY: false, columns } as NodeJS.WriteStream,
    );

  it("say without colour what changed, by the whole value and not by what is shown of it", () => {
    expect(plain("same", "same").at(-1)).toMatch(/same += same$/);
    expect(plain("x".repeat(500), "x".repeat(500)).at(-1)).toMatch(/ = x+…$/);
    expect(plain(`${"x".repeat(500)}a`, `${"x".repeat(500)}b`).at(-1)).toMatch(/ ~ x+…$/);
  });

  it("tell NULL, an empty text and the text NULL apart", () => {
    const written = [null, "", "NULL", " "].map((value) => plain("x", value).at(-1)!.replace(/.* ~ /, ""));
    expect(written).toEqual(["NULL", '""', '"NULL"', '" "']);
  });

  it("stay within a narrow terminal", () => {
    for (const line of plain("a long value of a row", "another long value of it", 40, "a_rather_long_name_of_a_column"))
      expect(line.length).toBeLessThanOrEqual(40);
  });

  it("let no value and no name command the terminal or turn its direction", () => {
    const nasty = "\u001b]0;canary\u0007\n\u202e\u2028\u009b31m\u200b";
    expect(plain(nasty, nasty, 100, nasty).join("\n")).not.toMatch(/[\u001b\u0007\u202e\u2028\u009b\u200b]/);
  });
});
