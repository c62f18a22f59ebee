import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { TEST_KEY } from "../test-key.ts";
import { CANARY, DATABASE_SYSTEMS, ROWS, type TwoDatabases } from "./databases-to-interrupt.ts";
import { type Finished, jsonLines, type SpawnedCommand, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();

/** Far above what a run needs to notice, put back and end; far below a time-out of anything. */
const LIMIT = 15_000;
const POLICY = `
  import { custom, keep, tokenize } from "standin";
  // Also on a fast machine a run shall have a middle: 12 ms of rest in each thousand rows.
  const rest = new Int32Array(new SharedArrayBuffer(4));
  let seen = 0;
  const explode = custom((value) => {
    if (++seen % 1000 === 0) Atomics.wait(rest, 0, 0, 12);
    if (process.env.EXPLODES && value.endsWith("-${ROWS}")) throw new Error("cannot handle " + value);
    return "masked";
  });
  export default {
    source: process.env.FROM, target: process.env.TO,
    tables: { first: { id: keep() }, users: { id: keep(), email: tokenize(), name: keep(), note: explode } },
  };`;

type Start = (flags: readonly string[], env?: Record<string, string>) => SpawnedCommand;

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "standin-interrupted-"));
  try {
    writeFileSync(join(folder, "standin.policy.ts"), POLICY);
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function expectFailure(finished: Finished, code: number, error: object, isJson: boolean): void {
  const { stdout, stderr } = finished;
  expect(finished.code, stderr).toBe(code);
  expect(finished.milliseconds).toBeLessThan(LIMIT);
  expect(`${stdout}${stderr}`).not.toContain(CANARY);
  if (isJson) {
    const lines = jsonLines(stdout);
    expect(lines.at(-1)).toMatchObject({ type: "error", phase: "during", ...error });
    expect(lines.filter(({ type }) => type === "error")).toHaveLength(1);
    expect(stderr).toBe("");
  } else {
    expect(stderr.match(/✗/g)).toHaveLength(1);
    expect(stdout).toBe("");
  }
}

/** Waits until rows of the large table are on their way, and a little longer: then the middle is the middle. */
async function underWay(running: SpawnedCommand, form: keyof typeof UNDER_WAY): Promise<void> {
  await running.seen(UNDER_WAY[form]);
  await new Promise((resolve) => setTimeout(resolve, 200));
}

/** With JSON the first batch of the large table is told; without, the end of the small one, after which the large one is under way. */
const UNDER_WAY = { json: /"type":"rows","table":"users"/, plain: /^first .* row /m };

const FORMS = [
  { form: "plain", isJson: false, flags: [] as string[] },
  { form: "json", isJson: true, flags: ["--json"] },
] as const;

for (const [index, { name, describe: describeSystem, withTwo }] of DATABASE_SYSTEMS.entries()) {
  describeSystem(`standin run, interrupted on ${name}`, () => {
    async function withDatabases(use: (databases: TwoDatabases & { start: Start }) => Promise<void>): Promise<void> {
      await inFolder((folder) =>
        withTwo(async (databases) => {
          const before = await databases.targetContent();
          const start: Start = (flags, env) =>
            spawnNode([command, "run", ...flags], {
              cwd: folder,
              env: { STANDIN_KEY: TEST_KEY, FROM: databases.from, TO: databases.to, ...env },
              limitMilliseconds: LIMIT,
            });
          await use({ ...databases, start });
          // Nothing is left behind: no session that goes on, no lock, no table, no row.
          await expect.poll(databases.sessions, { timeout: 10_000 }).toBe(0);
          expect(await databases.targetContent()).toEqual(before);
        }),
      );
    }

    // How the end is told is the command's own affair: one system shows it for both where every fault is shown, and files do in each run of the tests.
    describe.each(index === 0 && IS_THOROUGH ? FORMS : FORMS.slice(0, 1))("told in $form lines", ({ form, isJson, flags }) => {
      it.each(["source", "target"] as const)("exits 2 when the %s's server ends the session, target as it was", async (side) => {
        await withDatabases(async ({ start, endSession }) => {
          const running = start(flags);
          await underWay(running, form);
          await endSession(side);
          const finished = await running.finished;
          expectFailure(finished, 2, { code: "CONNECTION_LOST" }, isJson);
          expect(`${finished.stdout}${finished.stderr}`).toContain(`The connection to the ${side} at `);
        });
      });

      it("exits 2 when a transform throws on the last row, target as it was", async () => {
        await withDatabases(async ({ start }) => {
          const finished = await start(flags, { EXPLODES: "yes" }).finished;
          expectFailure(finished, 2, { code: "TRANSFORM_FAILED", table: "users", column: "note", row: ROWS }, isJson);
        });
      });

      it("exits 2 when the target's server refuses the last row, target as it was", async () => {
        await withDatabases(async ({ start, refuseLastRow, acceptLastRow }) => {
          await refuseLastRow("no_last_name");
          const finished = await start(flags).finished;
          expectFailure(finished, 2, { code: "SINK_REJECTED", table: "users" }, isJson);
          await acceptLastRow("no_last_name");
        });
      });

      it.each([
        ["SIGINT", 130],
        ["SIGTERM", 143],
      ] as const)("puts the target back on %s and exits %i", async (signal, code) => {
        await withDatabases(async ({ start }) => {
          const running = start(flags);
          await underWay(running, form);
          running.process.kill(signal);
          expectFailure(await running.finished, code, { code: "ABORTED" }, isJson);
        });
      });
    });
  });
}

describe("standin run, interrupted on CSV", () => {
  async function withFiles(use: (ends: { folder: string; target: string }) => Promise<void>): Promise<void> {
    await inFolder(async (folder) => {
      const [source, target] = [join(folder, "in"), join(folder, "out")];
      for (const place of [source, target]) mkdirSync(place);
      writeFileSync(join(source, "first.csv"), "id\n1\n");
      const rows = Array.from({ length: ROWS }, (_, row) => {
        const id = row + 1;
        return `${id},${CANARY}-${id}@acme.com,${CANARY} ${id},${CANARY}-${id}`;
      });
      writeFileSync(join(source, "users.csv"), `id,email,name,note\n${rows.join("\n")}\n`);
      writeFileSync(join(target, "users.csv"), "as it was");
      await use({ folder, target });
      expect(readdirSync(target)).toEqual(["users.csv"]);
      expect(readFileSync(join(target, "users.csv"), "utf8")).toBe("as it was");
    });
  }
  const start = (folder: string, flags: readonly string[], env: Record<string, string> = {}) =>
    spawnNode([command, "run", ...flags], {
      cwd: folder,
      env: { STANDIN_KEY: TEST_KEY, FROM: "in", TO: "out", ...env },
      limitMilliseconds: LIMIT,
    });

  it.each(FORMS)("exits 2 when a transform throws on the last row, target as it was ($form)", async ({ flags, isJson }) => {
    await withFiles(async ({ folder }) => {
      const finished = await start(folder, flags, { EXPLODES: "yes" }).finished;
      expectFailure(finished, 2, { code: "TRANSFORM_FAILED", table: "users", column: "note", row: ROWS }, isJson);
    });
  });

  it.each(FORMS)("exits 2 when the last row is malformed, target as it was ($form)", async ({ flags, isJson }) => {
    await withFiles(async ({ folder }) => {
      writeFileSync(join(folder, "in", "users.csv"), `401,${CANARY},"${CANARY} with no end\n`, { flag: "a" });
      expectFailure(await start(folder, flags).finished, 2, { code: "FORMAT_INVALID" }, isJson);
    });
  });

  it.each(FORMS)("takes its files away on SIGINT and exits 130 ($form)", async ({ form, flags, isJson }) => {
    await withFiles(async ({ folder }) => {
      const running = start(folder, flags);
      await underWay(running, form);
      running.process.kill("SIGINT");
      expectFailure(await running.finished, 130, { code: "ABORTED" }, isJson);
    });
  });
});
