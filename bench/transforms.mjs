import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { goldenFolders } from "./golden-rules.mjs";
import { PAIRS } from "./transform-peers.mjs";

/** Nanoseconds that a value may take. What searches free text takes as long as the text is. */
export const CEILING = 5_000;
const FREE_TEXT = ["maskText"];
const GOLDEN_ROUNDS = 5;
const PAIR_ROUNDS = 15;

const run = promisify(execFile);

async function timeIn(job, ...args) {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, "jobs", job), ...args.map(String)]);
  return JSON.parse(stdout);
}

/** Nanoseconds a value for each transform: the middle one and the slowest of its golden rules. */
export async function benchTransforms() {
  const found = new Map();
  const missed = [];
  for (const folder of goldenFolders()) {
    for (const { transform, ...time } of await timeIn("time-golden.mjs", folder, GOLDEN_ROUNDS)) {
      if (time.problem !== undefined) missed.push(time);
      else found.set(transform, [...(found.get(transform) ?? []), time]);
    }
  }
  const results = [...found].map(([name, times]) => {
    times.sort((one, other) => one.nanoseconds - other.nanoseconds);
    const slowest = times.at(-1);
    const isOver = slowest.nanoseconds > CEILING && !FREE_TEXT.includes(name);
    return { name, nanoseconds: times[Math.floor(times.length / 2)].nanoseconds, slowest, isOver };
  });
  return { results: results.sort((one, other) => one.nanoseconds - other.nanoseconds), missed };
}

/** Each transform that a peer has an equal of, with how many times as long the peer takes. */
export async function benchPeers() {
  const results = [];
  for (const { name, bar } of PAIRS) {
    const [ours, copycat, faker = null] = await timeIn("time-pair.mjs", name, PAIR_ROUNDS);
    results.push({ name, bar, ours, copycat, faker, ratio: copycat / ours });
  }
  return results.sort((one, other) => other.ratio - one.ratio);
}

const ns = (value) => (value === null ? "-" : Math.round(value).toLocaleString("en")).padStart(9);

/** Prints both tables. */
export async function reportTransforms(print) {
  const peers = await benchPeers();
  print(`\n${"ns/value".padEnd(20)}  standin   copycat     faker   copycat/standin`);
  for (const { name, bar, ours, copycat, faker, ratio } of peers)
    print(`${name.padEnd(20)}${ns(ours)} ${ns(copycat)} ${ns(faker)}   ${ratio.toFixed(1)}${bar === null ? "" : ` (≥ ${bar})`}`);
  const { results, missed } = await benchTransforms();
  print(`\n${"transform".padEnd(20)} ns/value   slowest of its golden rules`);
  for (const { name, nanoseconds, slowest, isOver } of results)
    print(`${name.padEnd(20)}${ns(nanoseconds)} ${ns(slowest.nanoseconds)}  ${slowest.rule}${isOver ? `, over ${CEILING}` : ""}`);
  for (const { rule, problem } of missed) print(`not timed: ${rule}: ${problem}`);
  return { results, peers };
}
