import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";
import { chain, encryptDigits, fake, keep, redact, tokenize } from "../../src/transforms/index.ts";
import { column, database, EMPTY_TARGET, integerColumn, table } from "./schemas.ts";

const cards = table("cards", [integerColumn("id"), column("card"), column("holder"), column("note")]);
const logins = table("logins", [column("name")]);

const findingsOf = (columns: readonly string[], rules: NonNullable<Policy["columns"]> = {}) => {
  const policy = parsePolicy({
    tables: {
      cards: { id: tokenize(), card: encryptDigits(), holder: fake("person.fullName"), note: keep(), ...rules },
      logins: "skip",
    },
    reveal: { columns, audit: "reveal.log" },
  });
  return compilePlan(policy, database(cards, logins), EMPTY_TARGET).findings.filter(({ message }) =>
    message.startsWith("reveal"),
  );
};

describe("the columns of `reveal`", () => {
  it("are fine where their rules can be undone, under every name of theirs", () => {
    expect(findingsOf(["cards.card", "public.cards.id"])).toEqual([]);
    expect(findingsOf(["cards.card"], { card: chain([encryptDigits(), encryptDigits({ keepLast: 4 })]) })).toEqual([]);
  });

  it("are refused where the source has none of the name", () => {
    expect(findingsOf(["cards.cart"])).toMatchObject([
      { code: "COLUMN_UNKNOWN", severity: "error", hint: "Did you mean cards.card?" },
    ]);
  });

  it("are pointed to in the policy's file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "standin-reveal-"));
    try {
      const lines = ["source: cards.csv", "target: out", "tables: { logins: { name: keep } }", "reveal:"];
      const reveal = ["  columns: [logins.nme]", "  audit: reveal.log", ""];
      writeFileSync(join(folder, "standin.policy.yaml"), [...lines, ...reveal].join("\n"));
      const { policy } = await loadPolicy(undefined, folder, () => Promise.reject());
      const { findings } = compilePlan(policy, database(logins), EMPTY_TARGET);
      expect(findings.filter(({ code }) => code === "COLUMN_UNKNOWN")).toMatchObject([{ line: 5, columnNumber: 3 }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("are warned about where nothing can be had back", () => {
    expect(findingsOf(["cards.holder", "cards.note", "logins.name"])).toMatchObject([
      { code: "REVEAL_REFUSED", severity: "warning", table: "cards", column: "holder", message: expect.stringContaining("fake") },
      { code: "REVEAL_REFUSED", severity: "warning", column: "note", message: expect.stringContaining("kept") },
      { code: "TABLE_UNSELECTED", severity: "warning" },
    ]);
    for (const rule of [tokenize(), chain([encryptDigits(), redact()])])
      expect(findingsOf(["cards.card"], { card: rule })).toMatchObject([{ code: "REVEAL_REFUSED", column: "card" }]);
  });
});
