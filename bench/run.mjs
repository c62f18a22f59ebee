import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, styleText } from "node:util";
import { generateMaskingKey } from "../dist/index.js";
import { mysqlPair, postgresPair } from "./databases.mjs";
import { benchFiles } from "./files.mjs";
import { makeCsv } from "./make-data.mjs";
import { makeMysqlDump, makePostgresDump } from "./make-dump.mjs";
import { compare } from "./measure.mjs";
import { CEILING, reportTransforms } from "./transforms.mjs";
import { benchValues } from "./values.mjs";
import { timeWorkers } from "./workers.mjs";

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "2000000" },
    rounds: { type: "string", default: "3" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const rows = Number(options.rows);
const few = Math.max(1000, Math.floor(rows / 4));
const rounds = Number(options.rounds);
const DATA = join(import.meta.dirname, "data");
const JOBS = join(import.meta.dirname, "jobs");
const environment = { STANDIN_KEY: generateMaskingKey() };
const results = [];

function report(result) {
  results.push(result);
  if (options.json)
    console.log(JSON.stringify({ bench: result.bench, ratio: round(result.ratio), bar: result.bar, better: result.better }));
  else console.error(`  ${result.bench}: ${round(result.ratio)} (${result.detail})`);
}

const round = (ratio) => Number(ratio.toPrecision(3));
const seconds = (run) => `${run.name} ${run.seconds.toFixed(2)} s`;
const node = (job, ...args) => `node ${[join(JOBS, job), ...args].map((part) => `'${part}'`).join(" ")}`;
const wants = (group) => options.only === undefined || options.only.split(",").includes(group);
const memory = [];
const remember = (job, at, { peakMb }) => memory.push({ job, at, peakMb });

async function benchCsv() {
  const output = join(DATA, "out");
  mkdirSync(output, { recursive: true });
  for (const [masks, count, bar, name] of [
    ["constant-cost", rows, 8, "CSV, 3 of 12 columns, constant-cost mask, against csv-parse + csv-stringify"],
    ["keyed", few, 15, "CSV, tokenize + fake + encryptDigits, against csv-parse + createHmac + faker.seed + @noble"],
  ]) {
    const csv = await makeCsv(DATA, count);
    const [ours, theirs] = await compare(
      [
        { name: "standin", command: node("csv-standin.mjs", csv, output, masks), environment },
        { name: "peer", command: node("csv-peer.mjs", csv, join(output, "peer.csv"), masks) },
      ],
      rounds,
    );
    report({
      bench: name,
      ratio: theirs.seconds / ours.seconds,
      bar,
      better: "higher",
      detail: `${seconds(ours)}, ${seconds(theirs)}, ${count} rows`,
    });
  }
  for (const count of [few, rows]) {
    const csv = await makeCsv(DATA, count);
    const [job] = await compare([{ name: "standin", command: node("csv-standin.mjs", csv, output, "keyed"), environment }], 1);
    remember("CSV → CSV", count, job);
  }
  rmSync(output, { recursive: true });
}

async function benchPipe() {
  const policy = join(JOBS, "pipe-policy.mjs");
  for (const [format, makeDump, bar, name] of [
    ["pg_dump", makePostgresDump, 0.25, "COPY dump"],
    ["mysqldump", makeMysqlDump, 0.15, "extended INSERTs"],
  ]) {
    for (const count of [few, rows]) {
      const dump = await makeDump(DATA, count);
      // Between pipes, as a dump is on its way.
      const through = (command) => `{ cat '${dump}' | ${command} | cat > /dev/null; } 2>&1`;
      const [ours, bare, sed] = await compare(
        [
          {
            name: "standin",
            command: through(`${node("pipe-standin.mjs", "pipe", "--format", format, "--policy", policy)}`),
            environment,
          },
          { name: "pass-through", command: through("node -e 'process.stdin.pipe(process.stdout)'") },
          { name: "sed", command: through("sed s/a/b/") },
        ],
        rounds,
      );
      remember(`pipe, ${name}`, count, ours);
      if (count !== rows) continue;
      const detail = `${seconds(ours)}, ${seconds(bare)}, ${seconds(sed)}, ${count} rows`;
      const against = { bar, better: "higher", detail };
      report({
        bench: `pipe, ${name}, 3 of 12 columns, speed against a bare pass-through`,
        ratio: bare.seconds / ours.seconds,
        ...against,
      });
      report({
        bench: `pipe, ${name}, 3 of 12 columns, speed against sed s/a/b/`,
        ratio: sed.seconds / ours.seconds,
        ...against,
      });
    }
  }
}

async function benchWorkers() {
  const output = join(DATA, "out");
  mkdirSync(output, { recursive: true });
  const csv = await makeCsv(DATA, few);
  const [, ...several] = await timeWorkers({ csv, output, node, environment, rounds });
  for (const { name, seconds, speedUp, peakMb, cores } of several)
    report({
      bench: `CSV, dear masks, speed-up by ${name}`,
      ratio: speedUp,
      bar: 1,
      better: "higher",
      detail: `${seconds.toFixed(2)} s, ${peakMb} MB, ${few} rows, ${cores} cores`,
    });
  rmSync(output, { recursive: true });
}

async function benchPostgres() {
  for (const count of [few, rows]) {
    const pair = postgresPair(count);
    pair.create(await makeCsv(DATA, count));
    try {
      const job = {
        name: "standin",
        command: node("database-standin.mjs", pair.source, pair.target),
        environment,
        before: pair.truncate,
      };
      const pipe = {
        name: "psql pipe",
        command: `psql -X -d '${pair.source}' -c 'COPY customers TO STDOUT' | psql -X -d '${pair.target}' -c 'COPY customers FROM STDIN'`,
        before: pair.truncate,
      };
      const script = {
        name: "pg-query-stream + faker.seed + INSERT",
        command: node("postgres-peer.mjs", pair.source, pair.target),
        before: pair.truncate,
      };
      const [ours, other] = await compare(count === rows ? [job, pipe] : [job, script], rounds);
      const detail = `${seconds(ours)}, ${seconds(other)}, ${count} rows`;
      if (count === rows)
        report({
          bench: "PostgreSQL, 5 of 12 columns, wall time against the unmasked psql pipe",
          ratio: ours.seconds / other.seconds,
          bar: 1.3,
          better: "lower",
          detail,
        });
      else
        report({
          bench: "PostgreSQL, 5 of 12 columns, against pg-query-stream + faker.seed + INSERT 1000",
          ratio: other.seconds / ours.seconds,
          bar: 10,
          better: "higher",
          detail,
        });
      remember("PostgreSQL → PostgreSQL", count, ours);
    } finally {
      pair.drop();
    }
  }
}

async function benchMysql() {
  for (const count of [few, rows]) {
    const pair = mysqlPair(count);
    pair.create(await makeCsv(DATA, count));
    try {
      const job = {
        name: "standin",
        command: node("database-standin.mjs", pair.source, pair.target),
        environment,
        before: pair.truncate,
      };
      const pipe = { name: "mariadb-dump | mariadb", command: pair.pipe, environment: pair.environment, before: pair.truncate };
      const [ours, other] = await compare(count === rows ? [job, pipe] : [job], count === rows ? rounds : 1);
      if (count === rows) {
        const detail = `${seconds(ours)}, ${seconds(other)}, ${count} rows`;
        report({
          bench: "MariaDB, 5 of 12 columns, wall time against mariadb-dump | mariadb",
          ratio: ours.seconds / other.seconds,
          bar: 0.8,
          better: "lower",
          detail,
        });
      }
      remember("MariaDB → MariaDB", count, ours);
    } finally {
      pair.drop();
    }
  }
}

if (wants("values")) for (const result of await benchValues(rounds * 7)) report(result);
if (wants("transforms")) {
  const { results: times, peers } = await reportTransforms(options.json ? () => {} : console.error);
  for (const { name, slowest, isOver } of times)
    if (isOver || options.json)
      report({
        bench: `${name}, ns a value`,
        ratio: slowest.nanoseconds,
        bar: isOver ? CEILING : slowest.nanoseconds,
        better: "lower",
        detail: slowest.rule,
      });
  for (const { name, bar, ratio, ours, copycat } of peers)
    if (bar !== null)
      report({
        bench: `${name} against copycat`,
        ratio,
        bar,
        better: "higher",
        detail: `${ours.toFixed(0)} ns against ${copycat.toFixed(0)} ns`,
      });
}
if (wants("csv")) await benchCsv();
if (wants("files")) await benchFiles({ folder: DATA, rows, few, rounds, node, environment, seconds, report, remember });
if (wants("pipe")) await benchPipe();
if (wants("workers")) await benchWorkers();
if (wants("postgres")) await benchPostgres();
if (wants("mysql")) await benchMysql();

for (const job of new Set(memory.map((one) => one.job))) {
  const [small, large] = memory.filter((one) => one.job === job);
  report({
    bench: `${job}, peak memory in MB`,
    ratio: large.peakMb,
    bar: 200,
    better: "lower",
    detail: `${small.peakMb} MB at ${small.at} rows, ${large.peakMb} MB at ${large.at}`,
  });
  report({
    bench: `${job}, peak memory at ${large.at} rows against ${small.at}`,
    ratio: large.peakMb / small.peakMb,
    bar: 1.25,
    better: "lower",
    detail: "1 is the same",
  });
}

if (!options.json) printTable(results);
if (results.some(misses)) process.exitCode = 3;

function misses({ ratio, bar, better }) {
  return better === "higher" ? ratio < bar : ratio > bar;
}

function printTable(all) {
  const width = Math.max(...all.map(({ bench }) => bench.length));
  console.log(`\n${"bench".padEnd(width)}  ${"ratio".padStart(8)}  ${"bar".padStart(8)}`);
  for (const result of all) {
    const { bench, ratio, bar, better, detail } = result;
    const shown = String(round(ratio)).padStart(8);
    const verdict = misses(result) ? styleText("red", "✗") : styleText("green", "✓");
    console.log(
      `${bench.padEnd(width)}  ${shown}  ${`${better === "higher" ? "≥" : "≤"} ${bar}`.padStart(8)} ${verdict}  ${styleText("dim", detail)}`,
    );
  }
}
