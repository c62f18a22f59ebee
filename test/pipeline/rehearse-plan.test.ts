import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import { rehearsePlan } from "../../src/pipeline/masking/rehearse-plan.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { planRefresh, refresh } from "../../src/refresh.ts";
import { chain, custom, encryptDigits, encryptId, keep, mapValues, pick, redact, tokenize } from "../../src/transforms/index.ts";
import { column, database, EMPTY_TARGET, integerColumn, primaryKey, table } from "../plan/schemas.ts";
import { TEST_KEY } from "../test-key.ts";

const folder = mkdtempSync(join(tmpdir(), "standin-rehearsal-"));
afterAll(() => rmSync(folder, { recursive: true }));

const things = table("things", [integerColumn("id", { nullable: false }), column("state")], { uniqueKeys: [primaryKey("id")] });

async function findingsFor(id: Rule, state: Rule) {
  const plan = compilePlan({ tables: { things: { id, state } } }, database(things), EMPTY_TARGET);
  return [...plan.findings, ...(await rehearsePlan(plan, database(things)))];
}

describe("a plan's rehearsal", () => {
  it("refuses a file that is not there, wherever its rule stands, with the file's name and the column", async () => {
    const file = join(folder, "none.json");
    for (const rule of [mapValues({ file }), pick({ file }), mapValues({ map: { a: "b" }, unmatched: mapValues({ file }) })])
      expect(await findingsFor(keep(), rule)).toEqual([
        expect.objectContaining({
          code: "OPTION_INVALID",
          severity: "error",
          table: "things",
          column: "state",
          message: expect.stringContaining(file),
          hint: expect.any(String),
        }),
      ]);
    const there = join(folder, "there.json");
    writeFileSync(there, '{"a": "b"}');
    expect(await findingsFor(keep(), mapValues({ file: there }))).toEqual([]);
  });

  it("lets a run over CSV stop at a missing file before its first row", async () => {
    const [source, target] = [join(folder, "in"), join(folder, "out")];
    mkdirSync(source);
    writeFileSync(join(source, "things.csv"), "id,state\n1,a\n");
    const policy = { source, target, tables: { things: { id: keep(), state: mapValues({ file: join(folder, "none.csv") }) } } };
    expect((await planRefresh(policy)).findings).toMatchObject([{ code: "OPTION_INVALID", column: "state" }]);
    await expect(refresh(policy, { key: TEST_KEY })).rejects.toMatchObject({
      code: "PLAN_REFUSED",
      findings: [{ code: "OPTION_INVALID", column: "state" }],
    });
  });

  it("calls no function of the user's, however deep it stands, and still finds a missing file beside it", async () => {
    let calls = 0;
    const counted = custom((value: string) => {
      calls++;
      return value;
    });
    const file = join(folder, "calls.json");
    const rule = mapValues({ file, unmatched: chain([counted, redact()]) });
    expect(await findingsFor(keep(), rule)).toMatchObject([{ code: "OPTION_INVALID", column: "state" }]);
    writeFileSync(file, '{"a": "b"}');
    expect(await findingsFor(keep(), rule)).toEqual([]);
    expect(calls).toBe(0);
  });

  it("warns of a mask that cannot handle the first numbers of a key that is counted from 1 on", async () => {
    expect(await findingsFor(encryptDigits(), redact())).toEqual([
      expect.objectContaining({
        code: "VALUE_UNSUPPORTED",
        severity: "warning",
        table: "things",
        column: "id",
        hint: expect.stringContaining("tokenize"),
      }),
    ]);
    expect(await findingsFor(tokenize(), redact())).toEqual([]);
    expect(await findingsFor(encryptId({ scheme: "nl.bsn" }), redact())).toEqual([]);
  });

  it("refuses to encrypt the digits of a column that has fewer than two to encrypt", () => {
    const refusals = (rule: Rule, maxLength: number | null) => {
      const short = table("short", [column("code", { maxLength })]);
      return compilePlan({ tables: { short: { code: rule } } }, database(short), EMPTY_TARGET)
        .findings.filter(({ severity }) => severity === "error")
        .map(({ code, message }) => `${code} ${message}`);
    };
    expect(refusals(encryptDigits(), 1)).toEqual([
      expect.stringContaining("OPTION_INVALID short.code: encryptDigits needs 2 digits"),
    ]);
    expect(refusals(encryptDigits({ keepFirst: 6, keepLast: 4 }), 11)).toHaveLength(1);
    expect(refusals(encryptDigits({ keepFirst: 6, keepLast: 4 }), 12)).toEqual([]);
    expect(refusals(encryptDigits({ keepLast: 4 }), null)).toEqual([]);
  });
});
