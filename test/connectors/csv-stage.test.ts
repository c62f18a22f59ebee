import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CsvSinkOptions, csvSink } from "../../src/connectors/csv/index.ts";
import type { Sink } from "../../src/contracts.ts";
import { JITI } from "../examples/example-commands.ts";
import { encodePart, MARK, openParts, type Parts, stageParts } from "./staged-parts.ts";

const TEXT = `id,note\n${Array.from({ length: 60 }, (_, row) => `${row},"canary ""${row}""\n"\n`).join("")}`;
const STATE = `.standin-state-${MARK.runId}.jsonl`;
const PARTIAL = `people.csv.partial-${MARK.runId}`;

let root: string;
let parts: Parts;
const target = (...names: string[]) => join(root, "target", ...names);
const signal = () => new AbortController().signal;
const state = () => target(STATE);

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "standin-stage-"));
  for (const name of ["source", "target"]) mkdirSync(join(root, name));
  writeFileSync(join(root, "source", "people.csv"), TEXT);
  writeFileSync(target("people.csv"), "old");
  parts = await openParts(join(root, "source", "people.csv"));
  expect(parts.shards.length).toBeGreaterThan(8);
});
afterEach(async () => {
  await parts.source.close();
  rmSync(root, { recursive: true });
});

/** Uses a sink of its own, which is closed whatever happens. */
async function withSink<Result>(use: (sink: Sink) => Promise<Result>, options: Partial<CsvSinkOptions> = {}): Promise<Result> {
  const sink = csvSink({ folder: target(), ...options });
  try {
    await sink.open(signal());
    return await use(sink);
  } finally {
    await sink.close();
  }
}

const begin = (sink: Sink) => sink.stage!.begin([parts.toWrite], null, MARK, signal());
const resume = (sink: Sink) => sink.stage!.resume([parts.toWrite], null, signal());
const names = () => parts.shards.map(({ id }) => id);

/** A run that breaks off behind so many shards. */
const breakOff = (many: number, options: Partial<CsvSinkOptions> = {}) =>
  withSink(async (sink) => {
    await begin(sink);
    await stageParts(sink, parts, parts.shards.slice(0, many));
    await sink.rollback();
  }, options);

const leftShards = () => withSink(async (sink) => (await sink.stage!.left())?.shards.map(({ shard }) => shard));

/** Goes on with what is left, and publishes. */
const goOn = (options: Partial<CsvSinkOptions> = {}) =>
  withSink(async (sink) => {
    const { shards } = (await sink.stage!.left())!;
    await resume(sink);
    await stageParts(sink, parts, parts.shards.slice(shards.length));
    await sink.commit();
    return shards.length;
  }, options);

function expectPublished(): void {
  expect(readFileSync(target("people.csv"), "utf8")).toBe(TEXT);
  expect(readdirSync(target())).toEqual(["people.csv"]);
}

describe("a CSV run that keeps its shards", () => {
  it("shows nothing of it before commit, then exactly the rows, and leaves nothing else", async () => {
    await withSink(async (sink) => {
      expect((await begin(sink)).notes).toEqual([]);
      await stageParts(sink, parts, parts.shards);
      expect(readFileSync(target("people.csv"), "utf8")).toBe("old");
      expect(readdirSync(target()).filter((name) => /\.csv$/.test(name))).toEqual(["people.csv"]);
      await sink.commit();
      expectPublished();
    });
    expectPublished();
    expect(await leftShards()).toBeUndefined();
  });

  it("leaves its files and state where it breaks off, readable by their owner alone, and goes on to the same bytes", async () => {
    await breakOff(3);
    expect(readFileSync(target("people.csv"), "utf8")).toBe("old");
    expect(readdirSync(target()).sort()).toEqual([STATE, "people.csv", PARTIAL].sort());
    for (const name of [STATE, PARTIAL]) expect(statSync(target(name)).mode & 0o777).toBe(0o600);
    await withSink(async (sink) => {
      const left = await sink.stage!.left();
      expect(left).toMatchObject({
        mark: MARK,
        shards: names()
          .slice(0, 3)
          .map((shard) => ({ table: "people", shard })),
      });
      const [first] = left!.shards;
      expect(first).toEqual((await encodePart(sink, parts, parts.shards[0]!)).record);
    });
    expect(await goOn()).toBe(3);
    expectPublished();
  });

  it("keeps names, counts and checksums in its state, and no cell", async () => {
    await breakOff(4);
    expect(readFileSync(state(), "utf8")).not.toContain("canary");
  });

  it("goes on with packed files, which unpack as one", async () => {
    const gzip = { gzip: true };
    await breakOff(3, gzip);
    expect(await goOn(gzip)).toBe(3);
    expect(gunzipSync(readFileSync(target("people.csv.gz"))).toString()).toBe(TEXT);
    expect(readdirSync(target()).sort()).toEqual(["people.csv", "people.csv.gz"]);
  });

  it("publishes a table without rows, packed too", async () => {
    for (const gzip of [false, true]) {
      await withSink(
        async (sink) => {
          await begin(sink);
          await sink.commit();
        },
        { gzip },
      );
    }
    expect(readFileSync(target("people.csv"), "utf8")).toBe("id,note\n");
    expect(gunzipSync(readFileSync(target("people.csv.gz"))).toString()).toBe("id,note\n");
  });

  it("takes a shard back that was not finished, packed too", async () => {
    for (const gzip of [false, true]) {
      await withSink(
        async (sink) => {
          await begin(sink);
          await stageParts(sink, parts, parts.shards.slice(0, 2));
          const writer = await sink.stage!.writer(parts.toWrite, parts.shards[5]!);
          const { rows } = await encodePart(sink, parts, parts.shards[5]!);
          await writer.write(rows[0]!);
          await writer.abort();
          await stageParts(sink, parts, parts.shards.slice(2));
          await sink.commit();
        },
        { gzip },
      );
    }
    expect(readFileSync(target("people.csv"), "utf8")).toBe(TEXT);
    expect(gunzipSync(readFileSync(target("people.csv.gz"))).toString()).toBe(TEXT);
  });

  it("can be looked at before it is published", async () => {
    await withSink(async (sink) => {
      await begin(sink);
      await stageParts(sink, parts, parts.shards);
      const { schema, read } = await sink.staged!();
      expect(schema.tables.map(({ ref }) => ref.name)).toEqual(["people"]);
      let rows = 0;
      const options = { columns: parts.toWrite.columns, batchSize: {}, signal: signal() };
      for await (const batch of read(schema.tables[0]!, options)) rows += batch.rowCount;
      expect(rows).toBe(60);
    });
  });

  it("discards a shard with all behind it, as the rows are in order", async () => {
    await breakOff(6);
    await withSink(async (sink) => {
      await resume(sink);
      expect(await sink.stage!.discard(parts.toWrite, [])).toEqual(names().slice(0, 6));
      expect(await sink.stage!.discard(parts.toWrite, [names()[4]!, names()[2]!])).toEqual(names().slice(0, 2));
    });
    expect(await leftShards()).toEqual(names().slice(0, 2));
    await withSink(async (sink) => {
      await resume(sink);
      expect(await sink.stage!.discard(parts.toWrite, names().slice(0, 1))).toEqual([]);
      await stageParts(sink, parts, parts.shards);
      await sink.commit();
    });
    expectPublished();
  });
});

describe("what a killed CSV run has left", () => {
  it("counts only what is on the disk, whatever the last bytes of its state and its file are", async () => {
    await breakOff(5);
    const image = join(root, "image");
    cpSync(target(), image, { recursive: true });
    const whole = readFileSync(state());
    const places = [...Array(whole.length + 1).keys()].filter((place) => place % 37 === 0 || whole[place - 1] === 0x0a);
    const seen = new Set<number>();
    for (const place of places) {
      rmSync(target(), { recursive: true });
      cpSync(image, target(), { recursive: true });
      truncateSync(state(), place);
      // What was written behind the last shard, and what a disk may have made of the rest.
      appendFileSync(target(PARTIAL), `7,"half a row${"\0".repeat(5000)}`);
      const kept = await leftShards();
      if (kept === undefined) {
        expect(place).toBeLessThanOrEqual(whole.indexOf("\n"));
        continue;
      }
      seen.add(kept.length);
      expect(kept).toEqual(names().slice(0, kept.length));
      expect(await goOn()).toBe(kept.length);
      expectPublished();
    }
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("counts no shard that its file is too short for, and begins it anew where it is gone", async () => {
    await breakOff(5);
    truncateSync(target(PARTIAL), statSync(target(PARTIAL)).size - 1);
    expect(await leftShards()).toEqual(names().slice(0, 4));
    unlinkSync(target(PARTIAL));
    expect(await leftShards()).toEqual([]);
    expect(await goOn()).toBe(0);
    expectPublished();
  });

  it("is finished where it was killed while its files got their names, and is never published by half", async () => {
    await breakOff(0);
    await withSink(async (sink) => {
      await resume(sink);
      await stageParts(sink, parts, parts.shards);
    });
    appendFileSync(state(), `${JSON.stringify({ publishing: true })}\n`);
    const image = join(root, "image");
    cpSync(target(), image, { recursive: true });
    for (const isNamed of [false, true]) {
      rmSync(target(), { recursive: true });
      cpSync(image, target(), { recursive: true });
      if (isNamed) {
        renameSync(target("people.csv"), target(`people.csv.former-${MARK.runId}`));
        renameSync(target(PARTIAL), target("people.csv"));
      }
      const going = withSink((sink) => sink.stage!.left());
      await expect(going).rejects.toMatchObject({
        code: "RESUME_REFUSED",
        message: expect.stringContaining("have got their names"),
      });
      expectPublished();
      expect(await leftShards()).toBeUndefined();
    }
  });

  it("is as before or complete, whenever it was killed while many files got their names", async () => {
    const many = Array.from({ length: 300 }, (_, index) => `t${String(index).padStart(3, "0")}.csv`);
    for (const name of many) writeFileSync(target(name), "old");
    const run = spawn(process.execPath, [JITI, join(import.meta.dirname, "publish-process.ts"), target(), many.join()]);
    await once(run.stdout, "data");
    while (run.exitCode === null && readFileSync(target(many[0]!), "utf8") === "old") await setImmediate();
    run.kill("SIGKILL");
    await once(run, "exit");
    await withSink((sink) => sink.begin([parts.toWrite], null, signal()));
    for (const name of many) expect(readFileSync(target(name), "utf8")).toBe("id,note\n");
    expect(readdirSync(target()).sort()).toEqual(["people.csv", ...many]);
  });

  it("stays to be gone on with where its files cannot get their names", async () => {
    await breakOff(3);
    await withSink(async (sink) => {
      await resume(sink);
      await stageParts(sink, parts, parts.shards.slice(3));
      renameSync(target(PARTIAL), join(root, "elsewhere"));
      await expect(sink.commit()).rejects.toMatchObject({ code: "SINK_FAILED" });
      await sink.rollback();
    });
    expect(readFileSync(target("people.csv"), "utf8")).toBe("old");
    renameSync(join(root, "elsewhere"), target(PARTIAL));
    expect(await leftShards()).toEqual(names());
    expect(await goOn()).toBe(names().length);
    expectPublished();
  });

  it("is dropped by a run that begins anew, whether that keeps its shards or not, with a note", async () => {
    const note = ["dropped what an unfinished run had left"];
    await breakOff(3);
    await withSink(async (sink) => expect((await begin(sink)).notes).toEqual(note));
    expect(await leftShards()).toEqual([]);
    const { notes } = await withSink((sink) => sink.begin([parts.toWrite], null, signal()));
    expect(notes).toEqual(note);
    expect(readdirSync(target())).toEqual(["people.csv"]);
    expect((await withSink((sink) => sink.begin([parts.toWrite], null, signal()))).notes).toEqual([]);
  });

  it("is dropped though nobody can read its state", async () => {
    await breakOff(3);
    writeFileSync(state(), "\0\0\0\n");
    expect(await leftShards()).toBeUndefined();
    await withSink((sink) => sink.begin([parts.toWrite], null, signal()));
    expect(readdirSync(target())).toEqual(["people.csv"]);
  });

  it("cannot be gone on with in another form, or with other tables", async () => {
    await breakOff(3);
    for (const options of [{ dialect: { delimiter: ";" } }, { gzip: true }]) {
      await expect(withSink(resume, options)).rejects.toMatchObject({ code: "RESUME_REFUSED" });
    }
    const fewer = (sink: Sink) => sink.stage!.resume([], null, signal());
    await expect(withSink(fewer)).rejects.toMatchObject({ code: "RESUME_REFUSED" });
    expect(await goOn()).toBe(3);
    await expect(withSink(resume)).rejects.toMatchObject({ code: "RESUME_REFUSED" });
  });

  it("touches no file outside of the folder, whatever its state names", async () => {
    await breakOff(1);
    const outside = join(root, `outside.partial-${MARK.runId}`);
    writeFileSync(outside, "stays");
    const lines = readFileSync(state(), "utf8").replace('"file":"people.csv"', '"file":"../outside"');
    writeFileSync(state(), `${lines}${JSON.stringify({ publishing: true })}\n`);
    await withSink((sink) => sink.begin([parts.toWrite], null, signal()));
    expect(readFileSync(outside, "utf8")).toBe("stays");
  });
});

describe("two runs that would keep their shards in one folder", () => {
  it("refuses the second while the first lives, and a plain one that would drop the first", async () => {
    await withSink(async (sink) => {
      await begin(sink);
      await stageParts(sink, parts, parts.shards.slice(0, 2));
      const others = [
        begin,
        resume,
        (other: Sink) => other.stage!.left(),
        (other: Sink) => other.begin([parts.toWrite], null, signal()),
      ];
      for (const other of others) await expect(withSink<unknown>(other)).rejects.toMatchObject({ code: "SINK_FAILED" });
      await stageParts(sink, parts, parts.shards.slice(2));
      await sink.commit();
    });
    expectPublished();
  });

  it("refuses the second while the first is another process, and not once that was killed", async () => {
    const program = join(import.meta.dirname, "stage-process.ts");
    const first = spawn(process.execPath, [JITI, program, join(root, "source", "people.csv"), target(), "4"]);
    await once(first.stdout, "data");
    await expect(withSink(resume)).rejects.toMatchObject({ code: "SINK_FAILED" });
    first.kill("SIGKILL");
    await once(first, "exit");
    expect(existsSync(target(".standin-lock"))).toBe(true);
    expect(await goOn()).toBe(4);
    expectPublished();
  });

  it("takes a process of the same number that began at another time for gone, and one of another machine for alive until it is silent", async () => {
    await breakOff(1);
    const lock = (holder: object) => writeFileSync(target(".standin-lock"), JSON.stringify(holder));
    lock({ pid: process.pid, host: "elsewhere.test", started: "1" });
    await expect(leftShards()).rejects.toMatchObject({ code: "SINK_FAILED" });
    writeFileSync(target(".standin-lock"), "nobody can read this");
    await expect(leftShards()).rejects.toMatchObject({ code: "SINK_FAILED" });
    const before = new Date(Date.now() - 180_000);
    utimesSync(target(".standin-lock"), before, before);
    expect(await leftShards()).toHaveLength(1);
    if (!existsSync("/proc/self/stat")) return;
    lock({ pid: process.pid, host: hostname(), started: "1" });
    expect(await leftShards()).toHaveLength(1);
    expect(existsSync(target(".standin-lock"))).toBe(false);
  });
});
