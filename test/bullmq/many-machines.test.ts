import { createRequire } from "node:module";
import { setTimeout as wait } from "node:timers/promises";
import type { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { builtPackage } from "../cli/built-package.ts";
import { runOn } from "../connectors/postgres-reading.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { describeWithRedis, redisUrl } from "../servers/redis-server.ts";
import { TEST_KEY } from "../test-key.ts";
import {
  CANARY,
  digestOf,
  hasStaging,
  makeSource,
  makeTarget,
  manyProcesses,
  PASSWORD,
  queueName,
  TABLES,
} from "./many-processes.ts";

const { parsePolicy, refresh } = await builtPackage();
const start = await manyProcesses();

/** Slow enough for something to happen in the middle. */
const SLOW = { sourceLimits: { rowsPerSecond: 30_000 }, atOnce: 6 };

/** Where jobs lie: what all of it holds, as text, and how many jobs there are. */
interface Queue {
  connection(database: string): string;
  contents(database: string, name: string): Promise<string>;
  jobs(database: string, name: string): Promise<number>;
}

const inPostgres: Queue = {
  connection: (database) => database,
  contents: async (database) => {
    const tables = await runOn(database, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'bullmq'");
    const rows = await Promise.all(tables.map(([table]) => runOn(database, `SELECT t::text FROM bullmq.${table} t`)));
    return rows.flat(2).join("\n");
  },
  jobs: async (database) => Number((await runOn(database, "SELECT count(*) FROM bullmq.job"))[0]![0]),
};

const redisOf = (): Redis => new (createRequire(import.meta.url)("ioredis").Redis)(redisUrl!);

const inRedis: Queue = {
  connection: () => redisUrl!,
  contents: async (_, name) => {
    const redis = redisOf();
    try {
      const keys = await redis.keys(`bull:${name}*`);
      const dumped = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
      // Redis packs strings of more than 20 bytes (LZF), which hides from a search what repeats: hashes are read as well.
      const hashes = await Promise.all(
        keys.map(async (key) => ((await redis.type(key)) === "hash" ? JSON.stringify(await redis.hgetall(key)) : "")),
      );
      return [...keys, ...dumped.map((bytes) => bytes?.toString("latin1") ?? ""), ...hashes].join("\n");
    } finally {
      redis.disconnect();
    }
  },
  jobs: async (_, name) => {
    const redis = redisOf();
    try {
      return (await redis.keys(`bull:${name}*`)).filter((key) => /[0-9a-f]{12}(\.\d+)?$/.test(key)).length;
    } finally {
      redis.disconnect();
    }
  },
};

async function withPlaces(use: (source: string, one: string, target: string, queue: string) => Promise<void>): Promise<void> {
  await withDatabases(["standin_many", "standin_many", "standin_many", "standin_queue"], async (source, one, target, queue) => {
    await makeSource(source!);
    await makeTarget(one!);
    await makeTarget(target!);
    await use(source!, one!, target!, queue!);
  });
}

const refreshOne = (source: string, target: string) =>
  refresh(parsePolicy({ source, target, tables: TABLES }), { key: TEST_KEY });

function suiteOn(queueIn: Queue): void {
  it("writes what one machine writes, though a worker is killed and another stands still", { timeout: 180_000 }, async () => {
    await withPlaces(async (source, one, target, database) => {
      await refreshOne(source, one);
      const queue = { connection: queueIn.connection(database), name: queueName() };
      const places = { source, target, queue };
      const workers = [0, 1, 2].map(() => start("worker", places));
      await Promise.all(workers.map((worker) => worker.seen(/listening/)));
      const coordinator = start("coordinator", { ...places, options: SLOW });
      await coordinator.seen(/"type":"rows"/);
      workers[0]!.process.kill("SIGKILL");
      workers[1]!.process.kill("SIGSTOP");
      const { code, stdout } = await coordinator.finished;
      expect(stdout).toMatch(/published 1000\d\d/);
      expect(code).toBe(0);
      const digest = await digestOf(target);
      expect(digest).toEqual(await digestOf(one));
      // It finds the run over, and changes nothing.
      workers[1]!.process.kill("SIGCONT");
      for (const worker of workers.slice(1)) worker.process.kill("SIGTERM");
      expect((await workers[2]!.finished).code).toBe(0);
      expect((await workers[1]!.finished).code).toBe(0);
      expect(await digestOf(target)).toEqual(digest);
      expect(await hasStaging(target)).toBe(false);
    });
  });

  it("leaves nothing of a run that is stopped, in the target or the queue", { timeout: 180_000 }, async () => {
    await withPlaces(async (source, _, target, database) => {
      const before = await digestOf(target);
      const queue = { connection: queueIn.connection(database), name: queueName() };
      const places = { source, target, queue };
      const worker = start("worker", places);
      await worker.seen(/listening/);
      const coordinator = start("coordinator", { ...places, options: { ...SLOW, sourceLimits: { rowsPerSecond: 6000 } } });
      await coordinator.seen(/"type":"rows"/);
      coordinator.process.kill("SIGTERM");
      const { stdout } = await coordinator.finished;
      expect(stdout).toMatch(/failed ABORTED/);
      await worker.seen(/"stopped"/);
      worker.process.kill("SIGTERM");
      expect((await worker.finished).code).toBe(0);
      expect(await hasStaging(target)).toBe(false);
      expect(await digestOf(target)).toEqual(before);
      expect(await queueIn.jobs(database, queue.name)).toBe(0);
    });
  });
}

function limitsOn(queueIn: Queue): void {
  it("ends where the one worker that comes has another key, and says so", { timeout: 180_000 }, async () => {
    await withPlaces(async (source, _, target, database) => {
      const before = await digestOf(target);
      const queue = { connection: queueIn.connection(database), name: queueName() };
      const places = { source, target, queue };
      const unfit = start("worker", { ...places, key: "c".repeat(2) + TEST_KEY.slice(2) });
      const { stdout } = await start("coordinator", { ...places, options: { unfitSeconds: 1 } }).finished;
      expect(stdout).toMatch(/failed WORKER_FAILED .*another key than this worker/);
      expect((await unfit.finished).code).toBe(1);
      expect(await digestOf(target)).toEqual(before);
      expect(await hasStaging(target)).toBe(false);
      expect(await queueIn.jobs(database, queue.name)).toBe(0);
    });
  });
}

function thoroughOn(queueIn: Queue): void {
  it("reads as fast as the source's limits allow, by however many workers, and no faster", { timeout: 180_000 }, async () => {
    await withPlaces(async (source, _, target, database) => {
      for (const workerCount of [1, 3]) {
        const queue = { connection: queueIn.connection(database), name: queueName() };
        const places = { source, target, queue };
        const workers = Array.from({ length: workerCount }, () => start("worker", places));
        await Promise.all(workers.map((worker) => worker.seen(/listening/)));
        const coordinator = start("coordinator", { ...places, options: { sourceLimits: { rowsPerSecond: 10_000 } } });
        await coordinator.seen(/"type":"rows"/);
        const started = performance.now();
        await coordinator.seen(/"type":"publishing"/);
        const seconds = (performance.now() - started) / 1000;
        // 100,000 rows. By a sixteenth of the limit for each of two jobs it would take 80 seconds.
        expect(seconds).toBeGreaterThan(7);
        expect(seconds).toBeLessThan(40);
        for (const worker of workers) worker.process.kill("SIGTERM");
        await Promise.all([coordinator.finished, ...workers.map(({ finished }) => finished)]);
      }
    });
  });

  it("keeps no session for a job that is done, though its worker has others", { timeout: 180_000 }, async () => {
    await withPlaces(async (source, _, target, database) => {
      const queue = { connection: queueIn.connection(database), name: queueName() };
      await runOn(source, "DELETE FROM visits", "DELETE FROM people WHERE id > 2000", "VACUUM FULL people");
      const worker = start("worker", { source, target, queue });
      await worker.seen(/listening/);
      const coordinator = start("coordinator", { source, target, queue, options: { sourceLimits: { rowsPerSecond: 200 } } });
      const sessions = `SELECT count(*)::integer FROM pg_stat_activity WHERE datname = '${new URL(target).pathname.slice(1)}' AND application_name = 'standin'`;
      const count = async () => Number((await runOn(target, sessions))[0]![0]);
      await Promise.all([worker.seen(/"done".*"few"/), worker.seen(/"done".*"visits"/)]);
      await wait(4_000);
      expect(worker.printed()).not.toMatch(/"done".*"people"/);
      // The coordinator's, and that of the job that goes on.
      expect(await count()).toBe(2);
      for (const { process } of [coordinator, worker]) process.kill("SIGTERM");
      await Promise.all([coordinator.finished, worker.finished]);
    });
  });

  it("holds no value, key or password", { timeout: 180_000 }, async () => {
    await withPlaces(async (source, _, target, database) => {
      const [from, to] = [source, target].map((url) => Object.assign(new URL(url), { password: PASSWORD }).toString());
      const queue = { connection: queueIn.connection(database), name: queueName() };
      const places = { source: from!, target: to!, queue };
      const coordinator = start("coordinator", places);
      await coordinator.seen(/handed out/);
      const waiting = await queueIn.contents(database, queue.name);
      const worker = start("worker", places);
      expect((await coordinator.finished).code).toBe(0);
      worker.process.kill("SIGTERM");
      await worker.finished;
      const texts = [waiting, await queueIn.contents(database, queue.name)];
      expect(waiting).toContain("people");
      for (const text of texts) {
        for (const secret of [CANARY, PASSWORD, TEST_KEY, "127.0.0.1", "acme.com"]) expect(text.includes(secret)).toBe(false);
      }
    });
  });

  it("is done by the workers that have its key and policy; the others give back what they took, and end", {
    timeout: 180_000,
  }, async () => {
    await withPlaces(async (source, one, target, database) => {
      await refreshOne(source, one);
      const queue = { connection: queueIn.connection(database), name: queueName() };
      const places = { source, target, queue };
      const otherKey = start("worker", { ...places, key: "c".repeat(2) + TEST_KEY.slice(2) });
      const otherPlan = start("worker", { ...places, tables: { ...TABLES, visits: { person: "keep", at: "redact" } } });
      await Promise.all([otherKey.seen(/listening/), otherPlan.seen(/listening/)]);
      const coordinator = start("coordinator", places);
      expect((await otherKey.finished).stdout).toMatch(/RESUME_REFUSED.*another key/);
      expect((await otherPlan.finished).stdout).toMatch(/RESUME_REFUSED.*another plan/);
      const worker = start("worker", places);
      expect((await coordinator.finished).stdout).toMatch(/gave its job back/);
      expect(await digestOf(target)).toEqual(await digestOf(one));
      worker.process.kill("SIGTERM");
      await worker.finished;
    });
  });
}

describeWithPostgres("a run over several machines, by a queue in PostgreSQL,", () => {
  suiteOn(inPostgres);
  limitsOn(inPostgres);
  if (IS_THOROUGH) thoroughOn(inPostgres);
});

describe.runIf(IS_THOROUGH)("thoroughly", () => {
  describeWithRedis("a run over several machines, by a queue in Redis,", () => {
    suiteOn(inRedis);
    limitsOn(inRedis);
    thoroughOn(inRedis);
  });
});
