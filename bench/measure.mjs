import { spawn } from "node:child_process";

const median = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];

/**
 * Runs a command (through bash, for pipes) and gives its wall time in seconds, and the peak memory that a job of ours printed as its last line.
 */
function runOnce(command, environment) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn("bash", ["-o", "pipefail", "-c", command], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (errors += chunk));
    child.on("close", (code) => {
      if (code !== 0) return reject(new Error(`exit ${code}: ${command}\n${errors.slice(-2000)}`));
      const peak = /peakMb=(\d+)/.exec(output);
      resolve({ seconds: (performance.now() - started) / 1000, peakMb: peak ? Number(peak[1]) : null });
    });
  });
}

/** Interleaves the contenders, A B C … C B A …, so that a slow minute of the machine hits all of them, and takes medians. */
export async function compare(contenders, rounds) {
  const runs = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const order = contenders.map((_, index) => index);
    if (round % 2 === 1) order.reverse();
    for (const index of order) {
      const { before, command, environment } = contenders[index];
      await before?.();
      runs[index].push(await runOnce(command, environment));
    }
  }
  return contenders.map(({ name }, index) => ({
    name,
    seconds: median(runs[index].map(({ seconds }) => seconds)),
    peakMb: runs[index][0].peakMb === null ? null : Math.max(...runs[index].map(({ peakMb }) => peakMb)),
  }));
}

/** Until then the compiler is at work. */
const WARM_UP_MILLISECONDS = 500;

/** Nanoseconds per value of several functions over one batch, interleaved, as medians. Each warms up first. */
export async function compareValues(contenders, rounds) {
  for (const { run } of contenders) {
    const started = performance.now();
    while (performance.now() - started < WARM_UP_MILLISECONDS) await run();
  }
  const runs = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const order = contenders.map((_, index) => index);
    if (round % 2 === 1) order.reverse();
    for (const index of order) {
      const started = process.hrtime.bigint();
      const values = await contenders[index].run();
      runs[index].push(Number(process.hrtime.bigint() - started) / values);
    }
  }
  return contenders.map(({ name }, index) => ({ name, nanoseconds: median(runs[index]) }));
}
