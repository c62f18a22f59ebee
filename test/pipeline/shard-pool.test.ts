import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as rest } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { Pace } from "../../src/pace.ts";
import { PauseSwitch } from "../../src/pause-switch.ts";
import { type PoolTask, ShardPool } from "../../src/pipeline/shards/shard-pool.ts";
import { WHOLE_TABLE } from "../../src/shard.ts";

const MEGABYTE = 1024 * 1024;
const BATCHES = 40;

const folder = mkdtempSync(join(tmpdir(), "standin-pool-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A thread that gives a megabyte of rows for each credit, out of a source that tells of no bytes, and breaks off at a message of this kind. */
function entry(breaks: string): URL {
  const file = join(folder, `${breaks}.mjs`);
  writeFileSync(
    file,
    `import { parentPort } from "node:worker_threads";
const made = new BroadcastChannel("standin-pool");
made.unref();
let [batches, credits] = [0, 0];
const exitAt = (moment) => moment === "${breaks}" && process.exit(0);
function work() {
  for (; batches > 0 && credits > 0; batches--, credits--) {
    made.postMessage(null);
    parentPort.postMessage({ type: "read", rows: 1, bytes: 0 });
    const encoded = { rows: 1, pieces: [new Uint8Array(${MEGABYTE})], tally: 0 };
    parentPort.postMessage({ type: "rows", worked: { rows: 1, bytes: 0, encoded } });
    if (batches === 1) parentPort.postMessage({ type: "end", end: { rows: ${BATCHES}, checksum: null } });
  }
}
parentPort.on("message", ({ type }) => {
  exitAt(type);
  if (type === "open") parentPort.postMessage({ type: "open" });
  if (type === "task") batches = ${BATCHES};
  if (type === "credit") credits++;
  if (type === "close" && "${breaks}" === "never") for (;;);
  if (type === "close") parentPort.close();
  work();
});
exitAt("start");
parentPort.postMessage({ type: "started" });
`,
  );
  return pathToFileURL(file);
}

interface PoolSettings {
  readonly breaks?: string;
  readonly pace?: Pace;
  readonly threads?: number;
}

async function withPool(
  { breaks = "nothing", pace = new Pace(), threads = 2 }: PoolSettings,
  use: (pool: ShardPool) => Promise<void>,
) {
  const { signal } = new AbortController();
  const data = { system: "csv", tables: [], key: null, batchSize: {}, sums: false } as const;
  const pool = new ShardPool({ data, threads, entry: entry(breaks), pace, signal });
  try {
    await use(pool);
  } finally {
    await pool.close();
  }
}

async function* tasks(count: number): AsyncGenerator<PoolTask> {
  for (let index = 0; index < count; index++) yield { table: 0, shard: WHOLE_TABLE, isCheck: false };
}

/** Opens the pool and takes all that it gives of so many shards. */
async function takeAll(pool: ShardPool, count: number): Promise<number> {
  await pool.started();
  await pool.open(null);
  let rows = 0;
  for await (const shard of pool.work(tasks(count))) for await (const some of shard.worked()) rows += some.rows;
  return rows;
}

describe("a pool of threads", { timeout: 15_000 }, () => {
  it("gives what all of them make", () =>
    withPool({}, async (pool) => {
      expect(await takeAll(pool, 3)).toBe(3 * BATCHES);
    }));

  it("lets a thread be 8 MiB ahead, by what it wrote out: not every source tells what it read", () =>
    withPool({ threads: 1 }, async (pool) => {
      await pool.started();
      await pool.open(null);
      const channel = new BroadcastChannel("standin-pool");
      let made = 0;
      channel.onmessage = () => {
        made++;
      };
      const { value: slot } = await pool.work(tasks(1)).next();
      await rest(700);
      channel.close();
      // Two more may be on their way.
      expect(made).toBeGreaterThanOrEqual(8);
      expect(made).toBeLessThanOrEqual(10);
      let rows = 0;
      for await (const some of slot!.worked()) rows += some.rows;
      expect(rows).toBe(BATCHES);
    }));

  it.each(["start", "open", "task", "credit"])("fails soon where its threads end at %s", async (breaks) => {
    const started = performance.now();
    await withPool({ breaks }, async (pool) => {
      await expect(takeAll(pool, 3)).rejects.toMatchObject({ code: "WORKER_FAILED" });
    });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("ends threads that do not end", async () => {
    const started = performance.now();
    await withPool({ breaks: "never" }, async (pool) => {
      await takeAll(pool, 1);
    });
    expect(performance.now() - started).toBeLessThan(6000);
  });

  it("fails by what is thrown at a pause, instead of waiting for ever", async () => {
    const pauseSwitch = new PauseSwitch();
    pauseSwitch.pause();
    const told = new Error("told");
    const onPaused = () => {
      throw told;
    };
    await withPool({ pace: new Pace({}, pauseSwitch, { onPaused, onResumed() {} }) }, async (pool) => {
      await expect(takeAll(pool, 3)).rejects.toBe(told);
    });
  });
});
