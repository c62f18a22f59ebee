import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { faker } from "@faker-js/faker/locale/en";
import { copycat } from "@snaplet/copycat";
import { parse } from "csv-parse/sync";
import { generateMaskingKey, parsePolicy } from "../dist/index.js";
import { prepareMask } from "../dist/testing.js";

const BATCH = 4096;
const KEY = generateMaskingKey();
const GOLDEN = join(import.meta.dirname, "..", "test", "golden");
/** Nanoseconds that a value may take. What searches free text takes as long as the text is. */
const CEILING = 5_000;
const FREE_TEXT = ["maskText"];
const LONGEST = 100;
const WARM_UP = 150;
const ROUNDS = 5;
/** Microseconds of CPU that a round takes at least. */
const ROUND = 10_000;

/** CPU time, the best of some rounds: what else runs on the machine only adds. */
async function nanosecondsOf(run, count) {
  const started = performance.now();
  do await run();
  while (performance.now() - started < WARM_UP);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const from = process.cpuUsage();
    let runs = 0;
    let spent = 0;
    do {
      await run();
      runs++;
      const { user, system } = process.cpuUsage(from);
      spent = user + system;
    } while (spent < ROUND);
    best = Math.min(best, (spent * 1000) / (runs * count));
  }
  return best;
}

const repeated = (values) => Array.from({ length: BATCH }, (_, row) => values[row % values.length]);

/** Each transform with a rule and values of its golden files: whoever adds a transform has added it here. */
async function* goldenRules() {
  for (const folder of readdirSync(GOLDEN)) {
    const read = (file) => readFileSync(join(GOLDEN, folder, file), "utf8");
    const types = existsSync(join(GOLDEN, folder, "types.json")) ? JSON.parse(read("types.json")) : {};
    const rows = parse(read("in.csv"), { columns: true, relax_column_count: true });
    const { tables } = parsePolicy(JSON.parse(read("policy.json")));
    for (const [column, rule] of Object.entries(tables.in)) {
      if (rule.transform.technique === "none") continue;
      const kind = typeof types[column] === "string" ? types[column] : (types[column]?.kind ?? "text");
      const usable = rows.filter((row) => row[column] && row[column].length <= LONGEST);
      if (usable.length > 0) yield { folder, column, rule, kind, rows: usable };
    }
  }
}

async function timeGolden({ rule, kind, rows, column }) {
  const names = Object.keys(rows[0]).filter((name) => name !== column);
  const settingsFor = (some) => ({
    key: KEY,
    column: kind,
    others: Object.fromEntries(names.map((name) => [name, some.map((row) => row[name])])),
  });
  const all = repeated(rows);
  const tried = await (await prepareMask(rule, settingsFor(all)))(all.map((row) => row[column]));
  const handled = repeated(all.filter((_, row) => typeof tried[row] === "string"));
  if (handled[0] === undefined) return null;
  const mask = await prepareMask(rule, settingsFor(handled));
  const values = handled.map((row) => row[column]);
  return nanosecondsOf(() => mask(values), values.length);
}

/** Nanoseconds a value for each transform: the middle one of its golden rules. */
export async function benchTransforms() {
  const found = new Map();
  const missed = [];
  for await (const golden of goldenRules()) {
    const { name } = golden.rule.transform;
    const time = await timeGolden(golden).catch((error) => `${golden.folder}.${golden.column}: ${error.message}`);
    if (typeof time === "number") found.set(name, [...(found.get(name) ?? []), time]);
    else if (time !== null) missed.push(time);
  }
  const results = [...found].map(([name, times]) => {
    const nanoseconds = times.sort((one, other) => one - other)[Math.floor(times.length / 2)];
    return { name, nanoseconds, most: times.at(-1), isOver: nanoseconds > CEILING && !FREE_TEXT.includes(name) };
  });
  return { results: results.sort((one, other) => one.nanoseconds - other.nanoseconds), missed };
}

const people = Array.from({ length: BATCH }, (_, index) => `Person Number ${index}`);
const numbers = people.map((_, index) => String(index + 1));
const uuids = people.map((_, index) => `3f2504e0-4f89-41d3-9a0c-${index.toString(16).padStart(12, "0")}`);

/** What a peer gives for the same value: copycat by the value, faker seeded by a number made of it. */
function pairsOf({ fake, scramble, tokenize }) {
  return [
    {
      name: "email",
      bar: 5,
      rule: fake("internet.email"),
      values: people,
      copycat: copycat.email,
      faker: () => faker.internet.email(),
    },
    {
      name: "full name",
      bar: 5,
      rule: fake("person.fullName"),
      values: people,
      copycat: copycat.fullName,
      faker: () => faker.person.fullName(),
    },
    {
      name: "phone",
      bar: 5,
      rule: fake("phone.number"),
      values: people,
      copycat: copycat.phoneNumber,
      faker: () => faker.phone.number(),
    },
    {
      name: "uuid",
      bar: 5,
      rule: tokenize(),
      kind: "uuid",
      values: uuids,
      copycat: copycat.uuid,
      faker: () => faker.string.uuid(),
    },
    { name: "scramble", bar: 5, rule: scramble(), values: people, copycat: copycat.scramble },
    {
      name: "integer",
      bar: 5,
      rule: tokenize(),
      kind: "integer",
      values: numbers,
      copycat: (value) => copycat.int(value, { min: 1, max: 2147483647 }),
      faker: () => faker.number.int({ min: 1, max: 2147483647 }),
    },
    {
      name: "first name",
      rule: fake("person.firstName"),
      values: people,
      copycat: copycat.firstName,
      faker: () => faker.person.firstName(),
    },
    {
      name: "user name",
      rule: fake("internet.username"),
      values: people,
      copycat: copycat.username,
      faker: () => faker.internet.username(),
    },
    { name: "city", rule: fake("location.city"), values: people, copycat: copycat.city, faker: () => faker.location.city() },
    {
      name: "street address",
      rule: fake("location.streetAddress"),
      values: people,
      copycat: copycat.streetAddress,
      faker: () => faker.location.streetAddress(),
    },
    { name: "IPv4", rule: fake("internet.ipv4"), values: people, copycat: copycat.ipv4, faker: () => faker.internet.ipv4() },
  ];
}

/** Each transform that a peer has an equal of, with how many times as long the peer takes. */
export async function benchPeers() {
  const pairs = pairsOf(await import("../dist/index.js"));
  const results = [];
  for (const { name, bar = null, rule, kind = "text", values, copycat: theirs, faker: call } of pairs) {
    const mask = await prepareMask(rule, { key: KEY, column: kind });
    const few = values.slice(0, 1024);
    const each = (give) => () => {
      for (const value of few) give(value);
    };
    let seed = 0;
    const seeded = () => {
      faker.seed(seed++);
      return call();
    };
    const ours = await nanosecondsOf(() => mask(values), values.length);
    const times = [await nanosecondsOf(each(theirs), few.length), call ? await nanosecondsOf(each(seeded), few.length) : null];
    results.push({ name, bar, ours, copycat: times[0], faker: times[1], ratio: times[0] / ours });
  }
  return results.sort((one, other) => other.ratio - one.ratio);
}

const ns = (value) => (value === null ? "-" : Math.round(value).toLocaleString("en")).padStart(9);

/** Prints both tables. True where every bar is met. */
export async function reportTransforms(print) {
  const { results, missed } = await benchTransforms();
  print(`\n${"transform".padEnd(20)} ns/value   slowest of its golden rules`);
  for (const { name, nanoseconds, most, isOver } of results)
    print(`${name.padEnd(20)}${ns(nanoseconds)} ${ns(most)}${isOver ? `  over ${CEILING}` : ""}`);
  for (const what of missed) print(`not timed: ${what}`);
  const peers = await benchPeers();
  print(`\n${"ns/value".padEnd(20)}  standin   copycat     faker   copycat/standin`);
  for (const { name, bar, ours, copycat, faker, ratio } of peers)
    print(`${name.padEnd(20)}${ns(ours)} ${ns(copycat)} ${ns(faker)}   ${ratio.toFixed(1)}${bar === null ? "" : ` (≥ ${bar})`}`);
  return { results, peers };
}
