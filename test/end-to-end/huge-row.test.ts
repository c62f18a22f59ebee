import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { spawnNode } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { runPostgres } from "./postgres-examiner.ts";

const { command } = await stagePackage();

const MEGABYTE = 1024 * 1024;
const ROW = 64 * MEGABYTE;

/** Beside the row: the buffer's last stretch, and chunks of the network that nobody has collected yet. */
const BESIDE = 44 * MEGABYTE;

/** Tells the most memory that the process had, in KiB. */
const TELL_PEAK = `data:text/javascript,process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS+"\\n"))`;

const POLICY = {
  source: "$" + "{PROD_URL}",
  target: "$" + "{STAGING_URL}",
  tables: { docs: { id: "keep", owner: "tokenize", body: "keep" } },
};

/** Copies one row with a text of so many bytes, and tells the most memory that it took. */
async function peakOf(bytes: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "standin-huge-"));
  let peak = 0;
  try {
    writeFileSync(join(folder, "standin.policy.json"), JSON.stringify(POLICY));
    await withDatabases(["standin_huge_source", "standin_huge_target"], async (source, target) => {
      await runPostgres(source!, "CREATE TABLE docs (id int PRIMARY KEY, owner text, body text)");
      await runPostgres(source!, `INSERT INTO docs SELECT 1, 'jane', repeat('0123456789abcde.', ${bytes / 16})`);
      const env = { STANDIN_KEY: TEST_KEY, PROD_URL: source!, STAGING_URL: target! };
      const { code, stderr } = await spawnNode(["--import", TELL_PEAK, command, "run"], { cwd: folder, env }).finished;
      expect([code, stderr.match(/^peak /gm)]).toEqual([0, ["peak "]]);
      const check = "SELECT length(body) AS length, right(body, 1) AS last, owner <> 'jane' AS masked FROM docs";
      expect(await runPostgres(target!, check)).toEqual([{ length: bytes, last: ".", masked: true }]);
      peak = Number(/^peak (\d+)$/m.exec(stderr)![1]) * 1024;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  return peak;
}

describeWithPostgres("one huge row", () => {
  it("is held once on its way, and not again for each thing that is done to it", async () => {
    const small = await peakOf(16);
    const huge = await peakOf(ROW);
    expect(huge - small).toBeLessThan(ROW + BESIDE);
  }, 120_000);
});
