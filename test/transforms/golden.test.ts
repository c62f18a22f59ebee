import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { csvSink, csvSource } from "../../src/connectors/csv/index.ts";
import { isStandinError } from "../../src/errors.ts";
import type { TablePolicy } from "../../src/policy/define-policy.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { transformNames } from "../../src/transforms/registry.ts";
import { TEST_KEY } from "../test-key.ts";

/**
 * A mapping is public API: each folder in test/golden holds a policy, an input, and the output that the test key must give, byte for byte. A change
 * of an `out.csv` is a breaking change, and says so in the changelog. UPDATE_GOLDEN=1 rewrites them; `types.json` says what columns hold beside text.
 */
const GOLDEN = join(import.meta.dirname, "..", "golden");
const UPDATES = process.env.UPDATE_GOLDEN === "1";

const folders = readdirSync(GOLDEN);
const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const policyOf = (folder: string) => parsePolicy(readJson(join(GOLDEN, folder, "policy.json")));

async function mask(folder: string): Promise<string> {
  const target = mkdtempSync(join(tmpdir(), "standin-golden-"));
  const typesFile = join(GOLDEN, folder, "types.json");
  const types = existsSync(typesFile) ? { in: readJson(typesFile) } : {};
  try {
    const source = csvSource({ paths: join(GOLDEN, folder, "in.csv"), types });
    await refresh({ ...policyOf(folder), source, target: csvSink({ folder: target }) }, { key: TEST_KEY });
    return readFileSync(join(target, "in.csv"), "utf8");
  } catch (error) {
    const findings = isStandinError(error) ? error.findings.map(({ message }) => message).join(" ") : "";
    throw new Error(`${folder}: ${(error as Error).message} ${findings}`);
  } finally {
    rmSync(target, { recursive: true });
  }
}

describe("the mapping under the test key", () => {
  for (const folder of folders) {
    it(`is what it was: ${folder}`, async () => {
      const path = join(GOLDEN, folder, "out.csv");
      const masked = await mask(folder);
      if (UPDATES) writeFileSync(path, masked);
      expect(existsSync(path), `${folder}/out.csv is missing; UPDATE_GOLDEN=1 writes it`).toBe(true);
      expect(masked).toBe(readFileSync(path, "utf8"));
    });
  }

  it("is pinned for every transform that a policy of data can name", () => {
    const pinned = folders.flatMap((folder) =>
      Object.values(policyOf(folder).tables as Record<string, TablePolicy>).flatMap((table) => Object.values(table)),
    );
    const names = new Set(pinned.map(({ transform }) => transform.name));
    // A function cannot stand in JSON, and its mapping is its own; a column under review is not mapped at all.
    expect([...names, "callService", "custom", "review"].sort()).toEqual(transformNames());
  });
});
