// Measures what each stage of a shard costs on this machine, and compares a model of many workers with a simulation fed by those measurements.
// node bench/scale.mjs <source postgres://…> <target postgres://…> [shards]   (makes the table scale_people in both, and drops it)
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { measureShards } from "./jobs/shard-stages.mjs";

/** A run as queues in a row: workers take shards first come first served, and the one publisher follows. Seconds by events, not by formula. */
export function simulate({ shards, workers, perShard, ceilings, publishPerShard, overhead }) {
  // Each worker handles a shard at a time; source and target are servers of so many shards a second for all of them.
  const free = new Array(workers).fill(overhead.start);
  let [sourceFree, targetFree] = [0, 0];
  for (let shard = 0; shard < shards; shard++) {
    let next = 0;
    for (let worker = 1; worker < workers; worker++) if (free[worker] < free[next]) next = worker;
    const cost = perShard[shard % perShard.length];
    sourceFree = Math.max(sourceFree, free[next]) + 1 / ceilings.source;
    const masked = Math.max(free[next] + cost.read, sourceFree) + cost.mask;
    targetFree = Math.max(targetFree, masked) + 1 / ceilings.target;
    const written = Math.max(masked + cost.write, targetFree);
    free[next] = written + overhead.job;
  }
  return Math.max(...free) + shards * publishPerShard;
}

/** The model of docs/guides/scale.md: the slowest of workers, source and target, and then publishing. */
export function model({ shards, workers, perShard, ceilings, publishPerShard, overhead }) {
  const mean = (name) => perShard.reduce((sum, cost) => sum + cost[name], 0) / perShard.length;
  const busy = mean("read") + mean("mask") + mean("write") + overhead.job;
  const rate = Math.min(workers / busy, ceilings.source, ceilings.target);
  return overhead.start + shards / rate + shards * publishPerShard;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , source, target, count = "24"] = process.argv;
  const started = performance.now();
  const measured = await measureShards(source, target, Number(count));
  const { perShard, rowsPerShard, bytesPerShard, publishPerShard } = measured;
  const mean = (name) => (1000 * perShard.reduce((sum, cost) => sum + cost[name], 0)) / perShard.length;
  console.log(
    `${perShard.length} shards of ${Math.round(bytesPerShard / 1e6)} MB, ${Math.round(rowsPerShard)} rows, measured in ${Math.round((performance.now() - started) / 1000)} s`,
  );
  for (const name of ["read", "mask", "write"]) console.log(`${name.padEnd(8)} ${mean(name).toFixed(1)} ms a shard`);
  console.log(`publish  ${(publishPerShard * 1000).toFixed(1)} ms a shard`);
  // Assumed of a large server, in shards a second: 1 GB/s to read, 0.5 GB/s to take by COPY.
  const ceilings = { source: 1e9 / bytesPerShard, target: 5e8 / bytesPerShard };
  const overhead = { start: 10, job: 0.01 };
  console.log("size    workers  model      simulated  rows/s");
  for (const terabytes of [0.01, 0.1, 1, 10]) {
    for (const workers of [1, 4, 16, 64]) {
      const shards = Math.ceil((terabytes * 1e12) / bytesPerShard);
      const run = { shards, workers, perShard, ceilings, publishPerShard, overhead };
      const [said, seen] = [model(run), simulate(run)];
      const rows = Math.round((shards * rowsPerShard) / seen);
      console.log(
        `${`${terabytes} TB`.padEnd(8)}${String(workers).padEnd(9)}${hours(said).padEnd(11)}${hours(seen).padEnd(11)}${rows}`,
      );
    }
  }
}

function hours(seconds) {
  return seconds < 5400 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
