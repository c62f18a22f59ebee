import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { csvSink, csvSource } from "../../src/connectors/csv/index.ts";
import { refresh } from "../../src/refresh.ts";
import { fake, keep } from "../../src/transforms/index.ts";
import { TEST_KEY } from "../test-key.ts";

const PEOPLE = Array.from({ length: 50 }, (_, id) => `${id},canary${id}@acme.test,"a;b\n${id}"`);

async function withFolders(use: (source: string, target: string) => Promise<void>): Promise<void> {
  const [source, target] = ["source", "target"].map((name) => mkdtempSync(join(tmpdir(), `standin-staged-${name}-`)));
  try {
    await use(source!, target!);
  } finally {
    for (const folder of [source!, target!]) rmSync(folder, { recursive: true });
  }
}

const TABLES = { people: { id: keep(), email: fake("internet.email"), note: keep() } };
const look = (folder: string) => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString("hex")]);

describe("a verification of staged files", () => {
  it("reads packed files, files without a header and those of another delimiter as they were written", () =>
    withFolders(async (source, target) => {
      writeFileSync(join(source, "people.csv.gz"), gzipSync(`${PEOPLE.join("\n")}\n`));
      const columns = ["id", "email", "note"];
      const policy = {
        source: csvSource({ paths: join(source, "people.csv.gz"), columns }),
        target: csvSink({ folder: target, dialect: { delimiter: ";" } }),
        tables: TABLES,
      };
      const { verification } = await refresh(policy, { key: TEST_KEY, verify: true });
      expect(verification!.findings).toEqual([]);
      expect(verification!.tables[0]).toMatchObject({ table: "people", sourceRows: 50, targetRows: 50 });
      expect(verification!.tables[0]!.columns[1]).toMatchObject({ column: "email", realShare: 0, unchangedShare: 0 });
      expect(readdirSync(target)).toEqual(["people.csv.gz"]);
    }));

  it("searches the files that stay as well, and not those that go", () =>
    withFolders(async (source, target) => {
      const policy = { source: join(source, "people.csv"), target, tables: TABLES };
      writeFileSync(join(source, "people.csv"), `id,email,note\n${PEOPLE.join("\n")}\n`);
      writeFileSync(join(target, "people.csv"), "id,email,note\n1,old,ask canary1@acme.test\n");
      await refresh(policy, { key: TEST_KEY, verify: true });
      writeFileSync(join(target, "letters.csv"), "id,to\n1,all of them\n2,Canary3@ACME.test\n");
      const before = look(target);
      const error = await refresh(policy, { key: TEST_KEY, verify: true }).catch((error) => error);
      expect(error).toMatchObject({ code: "VERIFICATION_FAILED", table: "letters", column: "to" });
      expect(error.findings).toMatchObject([{ code: "LEAK_FOUND", row: 2 }]);
      expect(look(target)).toEqual(before);
    }));
});
