/** Milliseconds that a contender runs before it is timed: until then the compiler is at work. */
const WARM_UP = 600;
/** Microseconds of CPU that a round takes at least. */
const ROUND = 10_000;

/**
 * Nanoseconds of CPU a value for each contender, `{ run, count }`. Their rounds take turns, so that a slow minute of the machine hits all of them, and
 * the best round counts: what else runs only adds.
 */
export async function nanosecondsOf(contenders, rounds) {
  for (const { run } of contenders) {
    const started = performance.now();
    do await run();
    while (performance.now() - started < WARM_UP);
  }
  const best = contenders.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { run, count }] of contenders.entries())
      best[index] = Math.min(best[index], (await timeRound(run)) / count);
  }
  return best;
}

async function timeRound(run) {
  const from = process.cpuUsage();
  let runs = 0;
  let spent = 0;
  do {
    await run();
    runs++;
    const { user, system } = process.cpuUsage(from);
    spent = user + system;
  } while (spent < ROUND);
  return (spent * 1000) / runs;
}
