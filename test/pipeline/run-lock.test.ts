import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkRefresh } from "../../src/check-refresh.ts";
import { MemorySink, memorySource } from "../../src/connectors/memory/index.ts";
import { generateMaskingKey } from "../../src/keys/masking-key.ts";
import { writeLock } from "../../src/plan/locks/lock-file.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { TEST_KEY } from "../test-key.ts";

const folder = mkdtempSync(join(tmpdir(), "standin-run-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));

const tables: Policy["tables"] = { people: { id: keep(), name: redact() } };
const ends = (row: object = { id: 1, name: "canary" }) => ({
  source: memorySource({ people: [{ ...row }] }),
  target: new MemorySink(),
});
const { lock } = await checkRefresh({ ...ends(), tables }, { key: TEST_KEY });

const run = (policy: Policy, options: RefreshOptions = {}) =>
  refresh(policy, { key: TEST_KEY, lock, ...options }).catch((error) => error);

describe("a run with a lock", () => {
  it("goes on where nothing changed, with the lock or its file", async () => {
    expect(await run({ ...ends(), tables })).toMatchObject({ rows: 1 });
    const file = join(folder, "standin.lock.json");
    await writeLock(file, lock);
    expect(await run({ ...ends(), tables }, { lock: file })).toMatchObject({ rows: 1 });
  });

  it("is refused before a row moves where the source has changed, with all that is wrong besides", async () => {
    const { source, target } = ends({ id: 1, name: "canary", phone: "canary", mail: "canary" });
    const error = await run({
      source,
      target,
      tables: { people: { ...(tables.people as object), phone: redact(), nick: keep() } },
    });
    expect(error).toMatchObject({ code: "LOCK_MISMATCH", phase: "before" });
    expect(error.findings.map(({ code, column }: { code: string; column: string }) => `${code} ${column}`)).toEqual([
      "LOCK_MISMATCH phone",
      "LOCK_MISMATCH mail",
      "COLUMN_UNKNOWN nick",
    ]);
    expect(target.tables).toEqual(Object.create(null));
    expect(JSON.stringify(error) + error.stack).not.toContain("canary");
  });

  it("is not checked without the target where that says what the columns are", async () => {
    const tables = { t: { id: keep(), name: redact() } };
    for (const [name, bytes] of [
      ["t.csv", "id,name\n1,canary\n"],
      ["t.jsonl", '{"id":1,"name":"canary"}\n'],
    ] as const) {
      const source = join(folder, name);
      writeFileSync(source, bytes);
      await expect(checkRefresh({ source, target: "", tables }, { key: TEST_KEY })).rejects.toMatchObject({
        code: "LOCATION_INVALID",
        message: expect.stringContaining("target is not set"),
      });
      const checked = await checkRefresh({ source, target: join(folder, "unused"), tables }, { key: TEST_KEY });
      expect(checked.isTargetChecked).toBe(true);
    }
  });

  it("is refused where a rule or the key is another one", async () => {
    const ruled = await run({ ...ends(), tables: { people: { id: keep(), name: tokenize() } } });
    expect(ruled).toMatchObject({
      code: "LOCK_MISMATCH",
      table: "people",
      column: "name",
      message: expect.stringContaining("tokenize"),
    });
    const keyed = await run({ ...ends(), tables }, { key: generateMaskingKey() });
    expect(keyed).toMatchObject({ code: "LOCK_MISMATCH", message: expect.stringContaining("The key is another one") });
  });

  it("is refused where the lock that it names is not there", async () => {
    expect(await run({ ...ends(), tables }, { lock: join(folder, "none.json") })).toMatchObject({
      code: "LOCK_MISSING",
      phase: "before",
    });
  });
});

describe("checkRefresh", () => {
  it("keeps the locked key where it has none itself, and says where no key was locked", async () => {
    const before = process.env.STANDIN_KEY;
    delete process.env.STANDIN_KEY;
    try {
      const unkeyed = await checkRefresh({ ...ends(), tables }, { lock });
      expect(unkeyed).toMatchObject({ differences: [], keyFingerprint: null, lock: { key: lock.key } });
      const late = await checkRefresh({ ...ends(), tables }, { lock: { ...lock, key: null }, key: TEST_KEY });
      expect(late.differences).toEqual([]);
      expect(late.findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual(["warning LOCK_MISMATCH"]);
    } finally {
      if (before !== undefined) process.env.STANDIN_KEY = before;
    }
  });
});
