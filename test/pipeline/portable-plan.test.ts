import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { csvSink, csvSource } from "../../src/connectors/csv/index.ts";
import { fromPortable, toPortable } from "../../src/pipeline/shards/portable-plan.ts";
import { fingerprintPlan } from "../../src/plan/plan-fingerprint.ts";
import type { Policy, TablePolicy } from "../../src/policy/define-policy.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { planRefresh } from "../../src/refresh.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { when } from "../../src/transforms/pieces/when.ts";
import { redact } from "../../src/transforms/plain/redact.ts";

const GOLDEN = join(import.meta.dirname, "..", "golden");
const target = mkdtempSync(join(tmpdir(), "standin-portable-"));
afterAll(() => rmSync(target, { recursive: true }));

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));

function planOf(folder: string, policy: Policy) {
  const typesFile = join(GOLDEN, folder, "types.json");
  const types = existsSync(typesFile) ? { in: readJson(typesFile) } : {};
  const source = csvSource({ paths: join(GOLDEN, folder, "in.csv"), types });
  return planRefresh({ ...policy, source, target: csvSink({ folder: target }) });
}

describe("a plan that a thread is sent", () => {
  it.each(readdirSync(GOLDEN))("arrives as it was: %s", async (folder) => {
    const plan = await planOf(folder, parsePolicy(readJson(join(GOLDEN, folder, "policy.json"))));
    const tables = plan.tables.map((table) => {
      const portable = toPortable(table);
      expect(portable).not.toBeNull();
      return fromPortable(structuredClone(portable!));
    });
    expect(await fingerprintPlan({ ...plan, tables })).toBe(await fingerprintPlan(plan));
  });

  it.each([
    ["a function", custom(() => "")],
    ["a function within another rule", when({ if: "last4 = 'x'", then: redact(), else: custom(() => "") })],
    ["a condition that is a function", when({ if: () => true, then: redact(), else: redact() })],
  ])("does not leave with %s", async (_, rule) => {
    const { tables } = parsePolicy(readJson(join(GOLDEN, "redact", "policy.json")));
    const rules = tables.in as TablePolicy;
    const [column] = Object.keys(rules);
    const plan = await planOf("redact", { tables: { in: { ...rules, [column!]: rule } } });
    expect(plan.tables.map(toPortable)).toEqual([null]);
  });
});
