import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as rest } from "node:timers/promises";
import { expect, it } from "vitest";
import { type Finished, type SpawnedCommand, spawnNode } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { TEST_KEY } from "../test-key.ts";
import { expectNoSessions, runToEnd, sharedEnds } from "./fault-run.ts";
import { CANARY } from "./fault-system.ts";
import { FAULT_SYSTEMS } from "./fault-systems.ts";
import { drawn, drawnPoint, SEEDS } from "./seeds.ts";

const { command } = await stagePackage();

const EVENTS = 5000;
/** In a small batch the command tells how far it is; each row costs a rest, so that the middle is a middle. */
const POLICY = `
  import { custom, keep } from "standin";
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let rows = 0;
  const note = custom((value) => {
    if (++rows % 100 === 0) {
      Atomics.wait(pause, 0, 0, 10);
      process.stderr.write("row " + rows + "\\n");
    }
    return value;
  });
  export default {
    source: process.env.FROM, target: process.env.TO,
    tables: { events: { id: keep(), code: keep(), note }, visits: { id: keep(), remark: keep() } },
  };`;

interface Ends {
  readonly source: string;
  readonly target: string;
}

const folder = mkdtempSync(join(tmpdir(), "standin-killed-"));
writeFileSync(join(folder, "standin.policy.ts"), POLICY);

const start = ({ source, target }: Ends): SpawnedCommand =>
  spawnNode([command, "run", "--json"], {
    cwd: folder,
    env: { STANDIN_KEY: TEST_KEY, FROM: source, TO: target },
    limitMilliseconds: 60_000,
  });

/** Waits for a row that a seed draws. */
const untilRow = (running: SpawnedCommand, name: string, seed: number) =>
  running.seen(new RegExp(`row ${100 * drawnPoint(name, seed, EVENTS / 100)}\n`));

function expectNoValue({ stdout, stderr }: Finished): void {
  expect(stdout + stderr).not.toContain(CANARY);
}

for (const system of FAULT_SYSTEMS) {
  system.describe(`the command, copying ${system.name}`, () => {
    const ends = sharedEnds(system, EVENTS);

    it.each([
      ["P01: SIGTERM at a random row", "SIGTERM", 143],
      ["P01: SIGINT at a random row", "SIGINT", 130],
    ] as const)("%s, puts the target back within seconds", { timeout: 600_000 }, async (name, signal, code) => {
      const before = await system.picture(ends.target);
      for (const seed of SEEDS) {
        const running = start(ends);
        await untilRow(running, name, seed);
        const struck = performance.now();
        running.process.kill(signal);
        const finished = await running.finished;
        expect(performance.now() - struck).toBeLessThan(15_000);
        expect(finished.code).toBe(code);
        expect(finished.stdout.match(/"type":"error"/g)).toHaveLength(1);
        expect(finished.stdout).toContain('"code":"ABORTED"');
        expectNoValue(finished);
        await expectNoSessions(system, ends.source, ends.target);
        expect(await system.picture(ends.target)).toBe(before);
      }
    });

    it("P01: ends at once at a second signal", async () => {
      const running = start(ends);
      await running.seen(/row 1000\n/);
      running.process.kill("SIGTERM");
      running.process.kill("SIGTERM");
      expectNoValue(await running.finished);
      await expectNoSessions(system, ends.source, ends.target);
      const [counted] = await system.run(ends.target, "SELECT COUNT(*) AS events FROM events");
      expect(Number(counted!.events)).toBe(5);
    });

    it("P04: stopped and continued at a random row, goes on to the end", { timeout: 600_000 }, async () => {
      const running = start(ends);
      await untilRow(running, "P04", 1);
      running.process.kill("SIGSTOP");
      await rest(3000);
      running.process.kill("SIGCONT");
      const finished = await running.finished;
      expect(finished.code, finished.stdout).toBe(0);
      expect((await system.picture(ends.target)) === (await system.picture(ends.source))).toBe(true);
      await system.clear(ends.target);
      await system.fill(ends.target, 5);
    });

    it("P02: killed at a random moment, leaves the old rows or all of the new, and the next run puts everything right", {
      timeout: 900_000,
    }, async () => {
      for (const seed of SEEDS) {
        const running = start(ends);
        // From before it connects until after it published.
        await Promise.race([running.finished, running.seen(/row 100\n/)]);
        await rest(1000 * drawn("P02", seed));
        running.process.kill("SIGKILL");
        expectNoValue(await running.finished);
        await expectNoSessions(system, ends.source, ends.target);
        const [counted] = await system.run(ends.target, "SELECT COUNT(*) AS events FROM events");
        expect([5, EVENTS]).toContain(Number(counted!.events));
      }
      const { report } = await runToEnd(ends);
      expect(report?.rows).toBe(EVENTS + 3);
      expect((await system.picture(ends.target)) === (await system.picture(ends.source))).toBe(true);
    });
  });
}

it("leaves no file of its own in the folder of the policy", async () => {
  const { readdirSync } = await import("node:fs");
  expect(readdirSync(folder)).toEqual(["standin.policy.ts"]);
  rmSync(folder, { recursive: true });
});
