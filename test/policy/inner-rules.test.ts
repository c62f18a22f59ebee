import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isStandinError } from "../../src/errors.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";
import { chain } from "../../src/transforms/pieces/chain.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { encryptDigits } from "../../src/transforms/tokens/encrypt-digits.ts";

it("reads rules that stand in a rule as code makes them", () => {
  const tables = {
    a: { x: { chain: ["encryptDigits", { redact: { keepLast: 4 }, onUnsupported: "nullify" }], domain: "cards" } },
  };
  const made = chain([encryptDigits(), redact({ keepLast: 4, onUnsupported: "nullify" })], { domain: "cards" });
  expect(parsePolicy({ tables })).toEqual({ tables: { a: { x: made } } });
  expect(parsePolicy({ tables: { a: { x: { chain: { steps: [encryptDigits()] } } } } })).toEqual({
    tables: { a: { x: chain([encryptDigits()]) } },
  });
});

it("points to each mistake in them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "standin-inner-"));
  const lines = [
    "tables:",
    "  a:",
    "    b:",
    "      chain:",
    "        - redcat",
    "        - { redact: { keepLast: -1 } }",
    "        - chain: [{ hash: { as: hxe } }]",
    "    c: { chain: [] }",
    "    d: { chain: shuffle }",
    "    e: { chain: [shuffle] }",
  ];
  try {
    writeFileSync(join(folder, "policy.yaml"), lines.join("\n"));
    const error = await loadPolicy("policy.yaml", folder, async () => ({})).then(null, (error: unknown) => error);
    const found = isStandinError(error)
      ? error.findings.map(({ line, columnNumber, message }) => `${line}:${columnNumber} ${message}`)
      : [];
    expect(found).toEqual([
      expect.stringMatching(/^5:11 a\.b: chain → steps 1: there is no transform "redcat"/),
      expect.stringMatching(/^6:33 a\.b: chain → steps 2: redact: "keepLast" must be at least 0/),
      expect.stringMatching(/^7:33 a\.b: chain → steps 3: chain → steps 1: hash: "as" must be one of/),
      expect.stringMatching(/^8:17 a\.c: chain: "steps" must be a list of rules, at least one/),
      expect.stringMatching(/^9:17 a\.d: chain: "steps" must be a list of rules/),
      expect.stringMatching(/^10:17 a\.e: chain: "steps" may not be shuffle.*rule 1/),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
