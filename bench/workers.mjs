import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { compare } from "./measure.mjs";

const WORKERS = [1, 2, 4];

/** Times a policy of dear masks by 1, 2 and 4 workers, CSV to CSV, in turn. Resolves with the seconds and the speed-up of each. */
export async function timeWorkers({ csv, output, node, environment, rounds }) {
  const jobs = WORKERS.map((workers) => ({
    name: `${workers} worker${workers === 1 ? "" : "s"}`,
    command: node("workers.mjs", csv, join(output, `workers-${workers}`), String(workers)),
    environment,
  }));
  const times = await compare(jobs, rounds);
  for (const workers of WORKERS) rmSync(join(output, `workers-${workers}`), { recursive: true });
  const [{ seconds: alone }] = times;
  return times.map(({ name, seconds, peakMb }) => ({
    name,
    seconds,
    peakMb,
    speedUp: alone / seconds,
    cores: availableParallelism(),
  }));
}
