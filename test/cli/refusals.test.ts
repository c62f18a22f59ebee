import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { type Places, SYSTEMS } from "./places-to-refuse.ts";
import { jsonLines, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();

const GOOD = { users: { id: "keep", email: "redact" }, visits: { id: "keep", page: "keep" } };

interface Refusal {
  readonly what: string;
  readonly key?: string | undefined;
  readonly tables?: object;
  readonly ends?: (places: Places) => Partial<Pick<Places, "source" | "target">>;
  /** What the one message says, where, and what to do. */
  readonly code: string;
  readonly says: RegExp;
  readonly hints: RegExp;
}

const REFUSALS: readonly Refusal[] = [
  { what: "no key", key: "", code: "KEY_REQUIRED", says: /no masking key/, hints: /standin keygen/ },
  { what: "a short key", key: "hunter2", code: "KEY_INVALID", says: /not 32 bytes/, hints: /standin keygen/ },
  {
    what: "a key that is a password",
    key: Buffer.from("correct horse battery staple 123").toString("hex"),
    code: "KEY_INVALID",
    says: /not random/,
    hints: /standin keygen/,
  },
  {
    what: "an uncovered column",
    tables: { ...GOOD, users: { id: "keep" } },
    code: "COLUMN_UNCOVERED",
    says: /users\.email \(.*\) has no rule/,
    hints: /"email": "keep"/,
  },
  {
    what: "an unknown table",
    tables: { ...GOOD, vists: { id: "keep" } },
    code: "TABLE_UNKNOWN",
    says: /no table vists/,
    hints: /Did you mean visits\?/,
  },
  {
    what: "an unknown column",
    tables: { ...GOOD, visits: { ...GOOD.visits, pge: "keep" } },
    code: "COLUMN_UNKNOWN",
    says: /visits has no column pge/,
    hints: /Did you mean page\?/,
  },
  {
    what: "an unreachable source",
    ends: ({ nowhere }) => ({ source: nowhere }),
    code: "SOURCE_UNREACHABLE",
    says: /nowhere|127\.0\.0\.1:1\b/,
    hints: /Check|path/,
  },
  {
    what: "a source that is the target",
    ends: ({ source }) => ({ target: source }),
    code: "SOURCE_IS_TARGET",
    says: /same place/,
    hints: /another database or folder/,
  },
];

function refuses(withPlaces: (use: (places: Places) => Promise<void>) => Promise<void>): void {
  it.each(REFUSALS)("refuses $what with exit 1 and one message, and writes nothing", async (refusal) => {
    await withPlaces(async (places) => {
      const folder = mkdtempSync(join(tmpdir(), "standin-refusal-"));
      try {
        const policy = {
          source: places.source,
          target: places.target,
          tables: refusal.tables ?? GOOD,
          ...refusal.ends?.(places),
        };
        writeFileSync(join(folder, "standin.policy.json"), JSON.stringify(policy));
        const env = { STANDIN_KEY: refusal.key ?? TEST_KEY };
        const before = await places.targetContent();
        const told = await spawnNode([command, "run"], { cwd: folder, env, limitMilliseconds: 20_000 }).finished;
        expect(told).toMatchObject({ code: 1, stdout: "" });
        expect(told.stderr.match(/✗/g)).toHaveLength(1);
        expect(told.stderr).toContain(`[${refusal.code}]`);
        expect(told.stderr).toMatch(refusal.says);
        expect(told.stderr.split("→")[1]).toMatch(refusal.hints);
        const machine = await spawnNode([command, "run", "--json"], { cwd: folder, env }).finished;
        expect(machine).toMatchObject({ code: 1, stderr: "" });
        const [started, error, ...more] = jsonLines(machine.stdout);
        expect(started).toEqual({ type: "started", runId: expect.any(String) });
        expect(more).toEqual([]);
        expect(error).toMatchObject({ type: "error", phase: "before" });
        expect(JSON.stringify(error)).toContain(`"code":"${refusal.code}"`);
        for (const text of [told.stderr, machine.stdout]) {
          expect(text).not.toContain("canary");
          if (refusal.key) expect(text).not.toContain(refusal.key);
        }
        expect(await places.targetContent()).toEqual(before);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
}

for (const { name, describe: describeSystem, withPlaces } of SYSTEMS)
  describeSystem(`standin run on ${name}`, () => refuses(withPlaces));

describeWithPostgres("standin run on PostgreSQL, with a target that is not there", () => {
  it("refuses a target that cannot be reached, and a database that is not there", async () => {
    await withDatabases(["standin_refusal_source"], async (source) => {
      const folder = mkdtempSync(join(tmpdir(), "standin-refusal-"));
      try {
        for (const [target, says] of [
          ["postgres://127.0.0.1:1/nowhere", "refuses connections"],
          [Object.assign(new URL(source), { pathname: "/no_such_database" }).toString(), "has no such database"],
        ]) {
          writeFileSync(join(folder, "standin.policy.json"), JSON.stringify({ source, target, tables: GOOD }));
          const { code, stderr } = await spawnNode([command, "run"], { cwd: folder, env: { STANDIN_KEY: TEST_KEY } }).finished;
          expect({ code, count: stderr.match(/✗/g)?.length }).toEqual({ code: 1, count: 1 });
          expect(stderr).toContain("[TARGET_UNREACHABLE]");
          expect(stderr).toContain(says);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
});
