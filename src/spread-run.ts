import { access, readFile } from "node:fs/promises";
import { connectEncoder } from "./connect.ts";
import { StandinError } from "./errors.ts";
import type { SpreadOptions } from "./pipeline/begin-tables.ts";

/** What a caller of `refresh` asks of it. */
export interface AskedSpread {
  readonly workers?: number | undefined;
  readonly resumable?: boolean | undefined;
  readonly resume?: boolean | undefined;
}

/** More threads than any machine gains by. */
const MOST_WORKERS = 64;

/** How the work is spread, null where one thread does it all or nothing. Throws OPTION_INVALID. */
export async function spreadOf({ workers = 1, resumable, resume }: AskedSpread, runId: string): Promise<SpreadOptions | null> {
  if (!Number.isInteger(workers) || workers < 1 || workers > MOST_WORKERS)
    throw new StandinError("OPTION_INVALID", `workers must be a whole number from 1 to ${MOST_WORKERS}.`);
  const keeps = resume === true ? "resume" : resumable === true ? "shards" : "nothing";
  if (workers === 1 && keeps === "nothing") return null;
  const { entry, version } = await ownFiles(workers > 1);
  return { workers, keeps, tools: { entry, connectEncoder }, runId, version };
}

/** What a thread runs, and the version that is written down with what is kept. Whoever bundles the package takes neither along. */
export async function ownFiles(startsThreads: boolean): Promise<{ readonly entry: URL; readonly version: string }> {
  try {
    const entry = new URL("./shard-thread.js", import.meta.url);
    if (startsThreads) await access(entry);
    const { name, version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
    if (name === "standin") return { entry, version };
  } catch {
    // Told below, without a path of the machine.
  }
  throw new StandinError("OPTION_INVALID", "workers and resumable need standin's own files beside it, and they are not there.", {
    hint: "Where a bundler took standin in, leave it out of the bundle, as an external package.",
  });
}
