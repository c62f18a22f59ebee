import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as rest } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { jsonLines, type SpawnedCommand, spawnNode, spawnProgram } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { describeWhere } from "../servers/describe-where.ts";
import { TEST_KEY } from "../test-key.ts";
import { expectNoSessions } from "./fault-run.ts";
import { CANARY, type Ends, type FaultSystem } from "./fault-system.ts";
import { FAULT_SYSTEMS } from "./fault-systems.ts";
import { withFiles } from "./files.ts";
import { drawn, SEEDS } from "./seeds.ts";
import { fillChain } from "./subset-world.ts";

const { command } = await stagePackage();

/** Each brings the one before: so many steps for a server, and at a thousand rows a second as many milliseconds of reading. */
const PEOPLE = 2500;

const folder = mkdtempSync(join(tmpdir(), "standin-subset-leftovers-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, "standin.policy.yaml"),
  `source: \${FROM}
target: \${TO}
tables:
  people: { id: keep, referred_by: keep, note: redact }
  orders: { id: keep, person: keep, note: redact }
subset:
  people: { keep: [${PEOPLE}] }
`,
);

function start({ source, target }: Ends, passing: string): SpawnedCommand {
  return spawnNode([command, "run", "--json", "--max-rows-per-second", "1000"], {
    cwd: folder,
    env: { STANDIN_KEY: TEST_KEY, FROM: source, TO: target, TMPDIR: passing },
    limitMilliseconds: 60_000,
  });
}

/** Whether a process holds a file without a name in a folder. */
function spills(pid: number, passing: string): boolean {
  return readdirSync(`/proc/${pid}/fd`).some((file) => {
    try {
      const path = readlinkSync(`/proc/${pid}/fd/${file}`);
      return path.startsWith(passing) && path.endsWith(" (deleted)");
    } catch {
      return false;
    }
  });
}

/** Whether rows are being chosen: by the server, in a temporary table, or here. */
async function chooses(system: FaultSystem, { source }: Ends, pid: number, passing: string): Promise<boolean> {
  if (system.name !== "PostgreSQL") return spills(pid, passing);
  const kept = "SELECT 1 FROM pg_catalog.pg_class WHERE relname LIKE 'standin_kept%'";
  return (await system.run(source, kept)).length > 0;
}

for (const system of FAULT_SYSTEMS) {
  system.describe(`a subset of ${system.name} that is being chosen`, () => {
    it(
      "P02, P20: killed meanwhile, leaves no passing file, no temporary table, no session, and the target as it was",
      {
        timeout: 600_000,
      },
      () =>
        system.withDatabases(["standin_fault_source", "standin_fault_target"], async (source, target) => {
          const ends = { source: source!, target: target! };
          await system.run(ends.source, fillChain(system, PEOPLE));
          await system.run(ends.target, fillChain(system, 5));
          const [atSource, before] = [await system.picture(ends.source), await system.picture(ends.target)];
          const passing = join(folder, `passing-${system.name}`);
          mkdirSync(passing);
          for (const seed of SEEDS) {
            const running = start(ends, passing);
            while (!(await chooses(system, ends, running.process.pid!, passing))) {
              expect(running.process.exitCode).toBe(null);
              await rest(5);
            }
            await rest(1000 * drawn("chosen", seed));
            expect(readdirSync(passing)).toEqual([]);
            expect(running.printed()).not.toContain('"type":"planned"');
            running.process.kill("SIGKILL");
            expect((await running.finished).code).toBe("SIGKILL");
            await expectNoSessions(system, ends.source, ends.target);
            expect(await system.picture(ends.source)).toBe(atSource);
            expect(await system.picture(ends.target)).toBe(before);
            expect(readdirSync(passing)).toEqual([]);
          }
        }),
    );
  });
}

const canMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;

describeWhere(canMount, "No small disk to fill", "let `unshare -rm` mount one", "a small disk for passing files", () => {
  it("P05: that is full, stops the choosing with the reason, and leaves what was there", { timeout: 600_000 }, () =>
    withFiles(async ({ home, content }) => {
      const before = content();
      const policy = {
        source: "in",
        target: "out",
        tables: { events: { id: "keep", code: "keep", note: "redact" }, visits: { id: "keep", event: "keep" } },
        references: [{ from: "visits.event", to: "events.id" }],
        subset: { events: { percent: 50, by: "id" } },
      };
      writeFileSync(join(home, "standin.policy.json"), JSON.stringify(policy));
      mkdirSync(join(home, "passing"));
      for (const seed of SEEDS) {
        const kilobytes = 4 + Math.floor(200 * drawn("full", seed));
        const script = `mount -t tmpfs -o size=${kilobytes}k none passing; TMPDIR=passing exec "${process.execPath}" "${command}" run --json`;
        const run = spawnProgram("unshare", ["-rm", "sh", "-c", script], { cwd: home, env: { STANDIN_KEY: TEST_KEY } });
        const { code, stdout, stderr } = await run.finished;
        expect(stdout + stderr).not.toContain(CANARY);
        expect(jsonLines(stdout).at(-1), `${kilobytes} kB`).toMatchObject({
          ...{ type: "error", code: "SOURCE_FAILED", phase: "before" },
          message: "The keys of the subset cannot be written to a passing file: the disk is full.",
          hint: expect.stringContaining("TMPDIR"),
        });
        expect(code).toBe(1);
        expect(content()).toEqual(before);
      }
    }),
  );
});
