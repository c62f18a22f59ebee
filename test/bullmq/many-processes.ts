import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type SpawnedCommand, spawnNode } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { runOn } from "../connectors/postgres-reading.ts";
import { TEST_KEY } from "../test-key.ts";

/** A value that nothing but the tables may hold. */
export const CANARY = "canary.7f3a";
export const PASSWORD = "s3cret-of-the-url";

const SCHEMA = [
  "CREATE TABLE people (id integer PRIMARY KEY, email text, note text)",
  "CREATE TABLE visits (person integer REFERENCES people, at text)",
  "CREATE TABLE few (id integer)",
];
const ROWS = [
  `INSERT INTO people SELECT (g * 7919) % 40009, '${CANARY}.' || g || '@acme.com', repeat('x', 600) FROM generate_series(1, 40008) g`,
  `INSERT INTO visits SELECT (g * 31) % 40009, '${CANARY}' || g FROM generate_series(1, 60000) g WHERE (g * 31) % 40009 > 0`,
  "INSERT INTO few SELECT generate_series(1, 10)",
  "ANALYZE",
];

export async function makeSource(url: string): Promise<void> {
  await runOn(url, ...SCHEMA, ...ROWS);
}

/** With a row that a refresh takes away. */
export async function makeTarget(url: string): Promise<void> {
  await runOn(url, ...SCHEMA, "INSERT INTO few VALUES (-1)");
}

/** Counts and checksums of the rows in the order in which they lie. */
export async function digestOf(url: string): Promise<unknown> {
  const tables = ["people", "visits", "few"];
  return Promise.all(
    tables.map((t) => runOn(url, `SELECT count(*)::integer, md5(string_agg(t::text, '' ORDER BY ctid)) FROM ${t} t`)),
  );
}

export async function hasStaging(url: string): Promise<boolean> {
  return (await runOn(url, "SELECT FROM pg_namespace WHERE nspname = 'standin_staging'")).length > 0;
}

export const queueName = (): string => `test-${randomBytes(4).toString("hex")}`;

const RUNNERS = {
  worker: `
    import { startWorker } from "standin/bullmq";
    const stop = new AbortController();
    process.on("SIGTERM", () => stop.abort());
    const { policy, queue, key } = JSON.parse(process.env.TOLD);
    const worker = await startWorker(policy, { queue, key, lockSeconds: 2, signal: stop.signal, onEvent: (event) => console.log(JSON.stringify(event)) });
    await worker.ended.catch((error) => { console.log(error.code, error.message); process.exitCode = 1; });`,
  coordinator: `
    import { distribute } from "standin/bullmq";
    const stop = new AbortController();
    process.on("SIGTERM", () => stop.abort());
    const { policy, queue, key, options } = JSON.parse(process.env.TOLD);
    try {
      const { rows } = await distribute(policy, { queue, key, signal: stop.signal, onProgress: (event) => console.log(JSON.stringify(event)), ...options });
      console.log("published", rows);
    } catch (error) { console.log("failed", error.code, error.message); process.exitCode = 2; }`,
};

export interface Told {
  readonly source: string;
  readonly target: string;
  readonly queue: { readonly connection: string; readonly name: string };
  readonly key?: string;
  readonly tables?: object;
  readonly options?: object;
}

export const TABLES = {
  people: { id: "keep", email: { tokenize: {} }, note: "keep" },
  visits: { person: "keep", at: { tokenize: {} } },
  few: { id: "keep" },
};

/** Starts processes of the built package. */
export async function manyProcesses(): Promise<(runner: keyof typeof RUNNERS, told: Told) => SpawnedCommand> {
  const { folder } = await stagePackage();
  return (runner, { source, target, queue, key = TEST_KEY, tables = TABLES, options = {} }) => {
    const file = join(folder, `${runner}.mjs`);
    writeFileSync(file, RUNNERS[runner]);
    const told = JSON.stringify({ policy: { source, target, tables }, queue, key, options });
    return spawnNode([file], { cwd: folder, env: { TOLD: told }, limitMilliseconds: 120_000 });
  };
}
