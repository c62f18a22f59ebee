import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { builtPackage } from "../cli/built-package.ts";
import { ourTables } from "../connectors/mysql-staging.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { makeCsvSource, makeMysqlTarget, mysqlDigest } from "./csv-to-mysql.ts";
import { manyProcesses, queueName, TABLES } from "./many-processes.ts";

const { parsePolicy, refresh, refreshPart } = await builtPackage();
const start = await manyProcesses();

/** Slow enough for something to happen in the middle. */
const SLOW = { sourceLimits: { rowsPerSecond: 30_000 }, atOnce: 6 };

const source = mkdtempSync(join(tmpdir(), "standin-many-"));
beforeAll(() => makeCsvSource(source));
afterAll(() => rmSync(source, { recursive: true, force: true }));

async function withPlaces(use: (one: string, target: string, queue: { connection: string; name: string }) => Promise<void>) {
  await withDatabases(["standin_queue"], (connection) =>
    withMysqlDatabases(["standin_many", "standin_many"], async (one, target) => {
      await makeMysqlTarget(one!);
      await makeMysqlTarget(target!);
      await use(one!, target!, { connection: connection!, name: queueName() });
    }),
  );
}

const policyFor = (target: string, from = source) => parsePolicy({ source: from, target, tables: TABLES });

/** Ends processes that are there to the end of a test. */
async function endAll(processes: readonly ReturnType<typeof start>[]): Promise<readonly unknown[]> {
  for (const { process } of processes) process.kill("SIGTERM");
  return (await Promise.all(processes.map(({ finished }) => finished))).map(({ code }) => code);
}

/** The server takes a moment to end the sessions of processes that are gone. */
async function whenAlone(url: string): Promise<void> {
  const others = "SELECT 1 FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()";
  while ((await runMysql(url, others)).length > 0) await wait(100);
}

describeWithMysql("a run over several machines into MariaDB", () => {
  describeWithPostgres("by a queue", () => {
    it("writes what one machine writes, though a worker is killed and another stands still", { timeout: 180_000 }, () =>
      withPlaces(async (one, target, queue) => {
        await refresh(policyFor(one), { key: TEST_KEY });
        const before = await mysqlDigest(target);
        const places = { source, target, queue };
        const workers = [0, 1, 2].map(() => start("worker", places));
        await Promise.all(workers.map((worker) => worker.seen(/listening/)));
        const coordinator = start("coordinator", { ...places, options: SLOW });
        await coordinator.seen(/"type":"rows"/);
        workers[0]!.process.kill("SIGKILL");
        workers[1]!.process.kill("SIGSTOP");
        expect(await mysqlDigest(target)).toEqual(before);
        const { code, stdout } = await coordinator.finished;
        expect(stdout).toMatch(/published 144010/);
        expect(code).toBe(0);
        const digest = await mysqlDigest(target);
        expect(digest).toEqual(await mysqlDigest(one));
        // It finds the run over, and changes nothing.
        workers[1]!.process.kill("SIGCONT");
        expect(await endAll(workers.slice(1))).toEqual([0, 0]);
        expect(await mysqlDigest(target)).toEqual(digest);
        expect(await ourTables(target)).toEqual([]);
      }),
    );

    it.runIf(IS_THOROUGH)("is refused from MariaDB before a row moves", { timeout: 180_000 }, () =>
      withPlaces(async (one, target, queue) => {
        const before = await mysqlDigest(target);
        const { stdout } = await start("coordinator", { source: one, target, queue }).finished;
        expect(stdout).toMatch(/failed OPTION_INVALID .*a source of mysql sees cannot be seen from another process/);
        expect(await mysqlDigest(target)).toEqual(before);
        expect(await ourTables(target)).toEqual([]);
      }),
    );

    it.runIf(IS_THOROUGH)("leaves the target as it was where it is stopped", { timeout: 180_000 }, () =>
      withPlaces(async (_, target, queue) => {
        const before = await mysqlDigest(target);
        const places = { source, target, queue };
        const worker = start("worker", places);
        await worker.seen(/listening/);
        const coordinator = start("coordinator", { ...places, options: { sourceLimits: { rowsPerSecond: 6000 } } });
        await coordinator.seen(/"type":"rows"/);
        coordinator.process.kill("SIGTERM");
        expect((await coordinator.finished).stdout).toMatch(/failed ABORTED/);
        await worker.seen(/"stopped"/);
        expect(await endAll([worker])).toEqual([0]);
        expect(await ourTables(target)).toEqual([]);
        expect(await mysqlDigest(target)).toEqual(before);
      }),
    );

    it.runIf(IS_THOROUGH)("goes on with what a killed coordinator left, by a queue or alone", { timeout: 180_000 }, () =>
      withPlaces(async (one, target, queue) => {
        await refresh(policyFor(one), { key: TEST_KEY });
        const before = await mysqlDigest(target);
        const breakOff = async (options: object) => {
          const places = { source, target, queue: { ...queue, name: queueName() } };
          const worker = start("worker", places);
          const coordinator = start("coordinator", { ...places, options: { ...SLOW, ...options } });
          await worker.seen(/"done"/);
          for (const { process } of [coordinator, worker]) process.kill("SIGKILL");
          await Promise.all([coordinator.finished, worker.finished]);
          await whenAlone(target);
          expect(await mysqlDigest(target)).toEqual(before);
          return (await runMysql(target, "SELECT * FROM _standin_shards")).length;
        };
        const first = await breakOff({ resumable: true });
        expect(await breakOff({ resume: true })).toBeGreaterThan(first);
        const report = await refresh(policyFor(target), { key: TEST_KEY, resume: true });
        expect(report.keptRows).toBeGreaterThan(0);
        expect(await mysqlDigest(target)).toEqual(await mysqlDigest(one));
        expect(await ourTables(target)).toEqual([]);
      }),
    );
  });

  it.runIf(IS_THOROUGH)("publishes by parts what one machine writes, from files and from MariaDB", { timeout: 180_000 }, () =>
    withMysqlDatabases(["standin_many", "standin_many", "standin_parts"], async (one, target, copied) => {
      for (const url of [one!, target!, copied!]) await makeMysqlTarget(url);
      await refresh(policyFor(one!), { key: TEST_KEY });
      for (const [from, to, expected] of [
        [source, target!, one!],
        [one!, copied!, target!],
      ] as const) {
        const before = await mysqlDigest(to);
        const policy = policyFor(to, from);
        const parts = [0, 1, 2].map((index) => refreshPart(policy, { key: TEST_KEY, part: { index, of: 3 } }));
        const rows = (await Promise.all(parts)).map((report) => report.rows);
        expect(rows.reduce((sum, more) => sum + more)).toBe(144_010);
        expect(await mysqlDigest(to)).toEqual(before);
        const report = await refresh(policy, { key: TEST_KEY, resume: true, verify: true });
        expect(report.keptRows).toBe(144_010);
        if (from === source) expect(await mysqlDigest(to)).toEqual(await mysqlDigest(expected));
        expect(await ourTables(to)).toEqual([]);
      }
    }),
  );
});
