import { createHash } from "node:crypto";
import { performance } from "node:perf_hooks";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { fake, keep, refresh, tokenize } from "standin";

const BLOCKS = 512;
const TABLE = "CREATE TABLE scale_people (id bigint, email text, name text, note text, total numeric)";
const COLUMNS = { id: keep(), email: tokenize(), name: fake("person.fullName"), note: keep(), total: keep() };

/** What each of so many shards of 4 MiB costs, in seconds: reading, writing and publishing by the clock, masking by the CPU of this process. */
export async function measureShards(source, target, count) {
  const [from, to] = [new pg.Client(source), new pg.Client(target)];
  await Promise.all([from.connect(), to.connect()]);
  try {
    for (const client of [from, to]) await client.query(`DROP TABLE IF EXISTS scale_people; ${TABLE}`);
    await from.query(
      `INSERT INTO scale_people SELECT g, 'person' || g || '@acme.test', 'Name ' || g, repeat(md5(g::text), 5), g / 100.0 FROM generate_series(1, ${count * 18_000}) g`,
    );
    await from.query("ANALYZE scale_people");
    await to.query("CREATE UNLOGGED TABLE scale_warm (LIKE scale_people)");
    const perShard = [];
    let [rows, bytes] = [0, 0];
    await to.query(`CREATE TABLE scale_staged (LIKE scale_people)`);
    for (let shard = 0; shard < count; shard++) {
      const where = `ctid >= '(${shard * BLOCKS},0)' AND ctid < '(${(shard + 1) * BLOCKS},0)'`;
      const read = await timed(async () => {
        const chunks = [];
        for await (const chunk of from.query(copyTo(`COPY (SELECT * FROM scale_people WHERE ${where}) TO STDOUT`)))
          chunks.push(chunk);
        return Buffer.concat(chunks);
      });
      const write = await timed(() =>
        pipeline(Readable.from(pieces(read.result)), to.query(copyFrom("COPY scale_staged FROM STDIN"))),
      );
      perShard.push({ read: read.seconds, mask: 0, write: write.seconds });
      rows += countLines(read.result);
      bytes += read.result.length;
    }
    const publish = await timed(() => to.query("INSERT INTO scale_warm SELECT * FROM scale_staged"));
    const mask = (await cpuOfRun(source, target)) / count;
    return {
      perShard: perShard.map((cost) => ({ ...cost, mask })),
      rowsPerShard: rows / count,
      bytesPerShard: bytes / count,
      publishPerShard: publish.seconds / count,
    };
  } finally {
    for (const name of ["scale_people", "scale_staged", "scale_warm"])
      for (const client of [from, to]) await client.query(`DROP TABLE IF EXISTS ${name}`);
    await Promise.all([from.end(), to.end()]);
  }
}

/** Seconds of CPU that a run of one thread takes in this process: masking, and its side of reading and writing. Others' load does not count. */
async function cpuOfRun(source, target) {
  const key = createHash("sha256").update("bench").digest();
  const before = process.cpuUsage();
  await refresh({ source, target, tables: { scale_people: COLUMNS, "*": "leave" } }, { key });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function timed(step) {
  const started = performance.now();
  const result = await step();
  return { result, seconds: (performance.now() - started) / 1000 };
}

function* pieces(bytes) {
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
}

function countLines(bytes) {
  let lines = 0;
  for (const byte of bytes) if (byte === 10) lines++;
  return lines;
}
