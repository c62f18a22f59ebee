import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonLines, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();

describe("standin plan", () => {
  it("shows what becomes of a column row by row, and with --sample what frequencies tell, without a value", async () => {
    const folder = mkdtempSync(join(tmpdir(), "standin-plan-"));
    try {
      const rows = Array.from({ length: 100 }, (_, index) => `${index % 3 === 0 ? "Post" : "User"},canary${index % 5}`);
      writeFileSync(join(folder, "comments.csv"), `kind,subject\n${rows.join("\n")}\n`);
      for (const name of ["posts", "users"]) writeFileSync(join(folder, `${name}.csv`), "id\ncanary1\n");
      const policy = {
        source: "*.csv",
        target: "out",
        tables: {
          comments: { kind: { tokenize: {} } },
          posts: { id: "tokenize" },
          users: { id: { tokenize: { domain: "user" } } },
        },
        references: [
          { from: "comments.subject", to: "posts.id", when: { kind: "Post" } },
          { from: "comments.subject", to: "users.id", when: { kind: "User" } },
        ],
      };
      writeFileSync(join(folder, "standin.policy.json"), JSON.stringify(policy));
      const { code, stdout } = await spawnNode([command, "plan", "--sample"], { cwd: folder }).finished;
      expect(stdout).toContain("where kind is Post; tokenize  domain user  as users.id where kind is User; else the run stops");
      expect(stdout).toMatch(/comments\.kind occurs: 2 different ones in 100 sampled rows, the most common in 66 %/);
      expect(stdout).not.toContain("canary");
      expect(code).toBe(0);
      const machine = await spawnNode([command, "plan", "--json"], { cwd: folder }).finished;
      expect(JSON.stringify(jsonLines(machine.stdout))).toContain('"when":{"kind":"Post"}');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
