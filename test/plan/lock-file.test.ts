import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { lockFileOf, lockText, readLock, requireLock, writeLock } from "../../src/plan/locks/lock-file.ts";
import { lockOf } from "../../src/plan/locks/lock-plan.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { column, database, EMPTY_TARGET, foreignKey, integerColumn, primaryKey, table } from "./schemas.ts";

const folder = mkdtempSync(join(tmpdir(), "standin-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "standin.lock.json");

const source = database(
  table("users", [integerColumn("id"), column("email")], {
    uniqueKeys: [primaryKey("id")],
    foreignKeys: [foreignKey("id", "users")],
  }),
  table("logs", []),
);
const tables = { users: { id: keep("it means nothing"), email: fake("internet.email") } };
const lock = await lockOf(compilePlan({ tables }, source, EMPTY_TARGET), { tables }, { fingerprint: "0a1b2c3d" });

describe("a lock's file", () => {
  it("is read as it was written", async () => {
    await writeLock(file, lock);
    expect(await readLock(file)).toEqual(JSON.parse(JSON.stringify(lock)));
    expect(await readLock(join(folder, "none.json"))).toBeNull();
    await expect(requireLock(join(folder, "none.json"))).rejects.toMatchObject({ code: "LOCK_MISSING" });
  });

  it("has a line for each column, in their order, so that a diff shows what changed", () => {
    const lines = lockText(lock).split("\n");
    const line = lines.findIndex((one) => one.includes('"column": "id"'));
    expect(lines.slice(line, line + 2)).toEqual([
      '        { "column": "id", "type": "integer", "kind": "integer", "nullable": true, "decision": "keep" },',
      `        { "column": "email", "type": "text", "kind": "text", "nullable": true, "decision": "mask", "transform": "fake", ${'"options": { "keepLengthClass": false, "keepScript": false, "locale": "en", "path": "internet.email", "unique": false }, "domain": "fake:internet.email:en" }'}`,
    ]);
    expect(lockText(lock)).not.toContain("it means nothing");
  });

  it("is refused where somebody else wrote in it, or a merge broke it", async () => {
    const text = lockText(lock);
    for (const broken of [
      text.replace('"kind": "integer"', '"kind": "text"'),
      text.slice(0, -20),
      text.replace('"checks": []', '"checks": [{ "check": "c", "reads": [], "text": "xxh64:0" }]'),
      "null",
      `<<<<<<< HEAD\n${text}`,
    ]) {
      writeFileSync(file, broken);
      await expect(readLock(file)).rejects.toMatchObject({ code: "LOCK_INVALID", file });
    }
    writeFileSync(file, `\uFEFF${text}`);
    expect(await readLock(file)).not.toBeNull();
    expect(readFileSync(file, "utf8")).toContain("0a1b2c3d");
  });

  it("lies beside its policy and is named like it", () => {
    expect(lockFileOf(join("a", "standin.policy.ts"))).toBe(join("a", "standin.lock.json"));
    expect(lockFileOf(join("a", "shop.policy.yaml"))).toBe(join("a", "shop.lock.json"));
    expect(lockFileOf("standin.policy.ts", "test")).toBe("standin.test.lock.json");
    expect(lockFileOf("p.json")).toBe("p.lock.json");
  });
});
