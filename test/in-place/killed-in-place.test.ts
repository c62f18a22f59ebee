import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { spawnNode } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { drawn, SEEDS } from "../faults/seeds.ts";
import { TEST_KEY } from "../test-key.ts";
import { CANARY, CUSTOMERS, STANDING_SYSTEMS } from "./standing-systems.ts";

const { command } = await stagePackage();

/** A row rests, so that the middle is a middle, and tells that it was masked; a value that is masked twice is another. */
const POLICY = `
  import { custom, encryptDigits, fake, keep, redact, tokenize } from "standin";
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let rows = 0;
  const note = custom((value) => {
    if (++rows % 100 === 0) {
      Atomics.wait(pause, 0, 0, 10);
      process.stderr.write("row " + rows + "\\n");
    }
    return "masked " + value.length;
  });
  export default {
    target: process.env.TO,
    tables: {
      customers: { id: keep(), email: fake("internet.email", { unique: true }), code: encryptDigits(), note, seen: keep() },
      // customer_email takes the rule by a foreign key, which the run takes off.
      orders: { kind: keep(), number: keep(), remark: tokenize(), total: keep() },
      cities: { id: keep(), city: redact() },
      countries: { id: keep(), name: keep() },
    },
  };`;

const folder = mkdtempSync(join(tmpdir(), "standin-in-place-"));
writeFileSync(join(folder, "standin.policy.ts"), POLICY);
afterAll(() => rmSync(folder, { recursive: true }));

const OTHER_KEY = TEST_KEY.replace("2b6e", "2b6f");
const standin = (parameters: readonly string[], to: string, key = TEST_KEY) =>
  spawnNode([command, ...parameters], { cwd: folder, env: { STANDIN_KEY: key, TO: to }, limitMilliseconds: 60_000 });

for (const system of STANDING_SYSTEMS) {
  system.describe(`standin mask on ${system.name}`, () => {
    it("goes on after SIGKILL at a random row, and ends as a run that nobody killed", { timeout: 600_000 }, async () => {
      let undisturbed = "";
      await system.withThree(async (standing) => {
        const marked = await standin(["mark", standing], standing).finished;
        expect(marked).toMatchObject({ code: 0, stderr: "" });
        const { code, stdout } = await standin(["mask"], standing).finished;
        expect(code, stdout).toBe(0);
        expect(stdout).toContain("Former values stay");
        undisturbed = JSON.stringify(await system.picture(standing));
        expect(undisturbed).not.toContain(`${CANARY}-`);
      });
      for (const seed of SEEDS) {
        await system.withThree(async (standing) => {
          await standin(["mark", standing], standing).finished;
          const running = standin(["mask"], standing);
          await running.seen(new RegExp(`row ${100 * Math.ceil((drawn("in place", seed) * CUSTOMERS) / 100)}\n`));
          running.process.kill("SIGKILL");
          expect((await running.finished).code).toBe("SIGKILL");

          const again = await standin(["mask"], standing).finished;
          expect(again.code).toBe(1);
          expect(again.stderr).toContain("[UNFINISHED]");
          const withOtherKey = await standin(["mask", "--resume"], standing, OTHER_KEY).finished;
          expect(withOtherKey.code).toBe(1);
          expect(withOtherKey.stderr).toContain("another key");
          const markedAnew = await standin(["mark", standing], standing).finished;
          expect(markedAnew.code).toBe(1);

          const second = standin(["mask", "--resume"], standing);
          await second.seen(/row 100\n/);
          second.process.kill("SIGKILL");
          await second.finished;
          const { code, stdout, stderr } = await standin(["mask", "--resume"], standing).finished;
          expect(code, stderr).toBe(0);
          expect(stdout + stderr).not.toContain(CANARY);
          expect(JSON.stringify(await system.picture(standing))).toBe(undisturbed);
        });
      }
    });

    it("does not go on over a backup that was restored since, and takes its mark away with what it had noted", {
      timeout: 120_000,
    }, async () => {
      await system.withThree(async (standing) => {
        await standin(["mark", standing], standing).finished;
        const running = standin(["mask"], standing);
        await running.seen(/row 1500\n/);
        running.process.kill("SIGKILL");
        await running.finished;
        // MySQL tells when a table was made by the second, and the run made it anew when it took keys off.
        await new Promise((resolve) => setTimeout(resolve, 1100));
        // As `pg_restore --clean` and a mysqldump do: another table of the name.
        await system.run(standing, "CREATE TABLE restored AS SELECT * FROM customers");
        await system.run(standing, "DROP TABLE customers");
        await system.run(standing, "ALTER TABLE restored RENAME TO customers");
        await system.run(standing, "ALTER TABLE customers ADD PRIMARY KEY (id)");
        const resumed = await standin(["mask", "--resume"], standing).finished;
        expect(resumed.code).toBe(1);
        expect(resumed.stderr).toContain("[UNFINISHED]");
        const removed = await standin(["mark", "--remove", standing], standing).finished;
        expect(removed.code).toBe(0);
        expect(removed.stdout).toMatch(/FOREIGN KEY \(`?customer_email`?\)/);
        expect((await system.picture(standing)).ours).toBe("[]");
      });
    });
  });
}
