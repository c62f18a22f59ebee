import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { csvSink, csvSource } from "../../src/connectors/csv/index.ts";
import {
  type GivenBytes,
  type GivenTarget,
  jsonlSink,
  jsonlSource,
  jsonlStreamSink,
  jsonlStreamSource,
} from "../../src/connectors/jsonl/index.ts";
import { lookAtKeys } from "../../src/connectors/jsonl/jsonl-look.ts";
import { MemorySink } from "../../src/connectors/memory/index.ts";
import type { Sink, Source, TableToWrite } from "../../src/contracts.ts";
import type { TablePolicy } from "../../src/policy/define-policy.ts";
import { preview } from "../../src/preview.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { maskJson } from "../../src/transforms/documents/mask-json.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { verifyRefresh } from "../../src/verify-refresh.ts";
import { TEST_KEY } from "../test-key.ts";

let folder: string;
const from = (name = "") => join(folder, "from", name);
const to = (name = "") => join(folder, "to", name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-jsonl-"));
  mkdirSync(from());
});
afterEach(() => rmSync(folder, { recursive: true }));

type End<E> = string | E;
const copy = (source: End<Source>, target: End<Sink>, tables: Record<string, TablePolicy>, options: RefreshOptions = {}) =>
  refresh({ source, target, tables }, { key: TEST_KEY, ...options });

const tableToWrite = (name: string): TableToWrite => ({
  table: { ref: { schema: null, name }, columns: [], uniqueKeys: [], foreignKeys: [], rowEstimate: null },
  columns: [],
});

const EVENTS = `{"id": 1, "who": "jane@acme.com", "at": {"ip": "10.0.0.1", "n": 12345678901234567890}}\r
{"who":null,"id":2,"at":[]}

{"id":3.0}`;

const RULES = { id: keep(), who: redact(), at: maskJson({ paths: { "$.ip": redact() } }) };

describe("JSON Lines as a location", () => {
  it("goes from files to a folder, masked values alone changed, also packed and under other names", async () => {
    writeFileSync(from("events.ndjson"), EVENTS);
    writeFileSync(from("more.jsonl.gz"), gzipSync(EVENTS));
    const rules = { events: RULES, more: RULES };
    const report = await copy(from(), "unused", rules).catch((error) => error);
    expect(report).toMatchObject({ code: "SOURCE_UNREACHABLE" });
    await copy(from("*.ndjson"), to("*.jsonl"), { events: RULES });
    await copy(from("more.jsonl.gz"), jsonlSink({ folder: to() }), { more: RULES });
    const masked = EVENTS.replace("jane@acme.com", "*************").replace("10.0.0.1", "********");
    expect(readFileSync(to("events.ndjson"), "utf8")).toBe(masked);
    expect(gunzipSync(readFileSync(to("more.jsonl.gz"))).toString()).toBe(masked);
    expect(readdirSync(to()).sort()).toEqual(["events.ndjson", "more.jsonl.gz"]);
  });

  it("maps a value as every other system does, and goes to and from CSV and objects", async () => {
    writeFileSync(from("users.csv"), "id,mail\n7,jane@acme.com\n8,\n");
    const rules = { users: { id: tokenize({ domain: "id" }), mail: tokenize() } };
    await copy(from("users.csv"), to("*.jsonl"), rules);
    const lines = readFileSync(to("users.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const memory = new MemorySink();
    await copy(csvSource({ paths: from("users.csv") }), memory, rules);
    expect(lines).toEqual(memory.tables.users);
    writeFileSync(from("users.jsonl"), '{"id":"7","mail":"jane@acme.com"}\n{"id":"8"}\n');
    await copy(from("users.jsonl"), to(), rules);
    const [, first] = readFileSync(to("users.csv"), "utf8").split("\n");
    expect(first).toBe(`${lines[0].id},${lines[0].mail}`);
  });

  it("stops at a key that came after the plan was made, and leaves the target as it was", async () => {
    writeFileSync(from("t.jsonl"), `${'{"a":1}\n'.repeat(40_000)}{"a":1,"canary":"canary"}\n`);
    mkdirSync(to());
    writeFileSync(to("t.jsonl"), "old");
    const late = await copy(jsonlSource({ paths: from(), lookAt: 1000 }), to("*.jsonl"), { t: { a: keep() } }).catch(
      (error) => error,
    );
    expect(late).toMatchObject({ code: "COLUMN_UNCOVERED", phase: "during", row: 40_001, table: "t" });
    const early = await copy(from("t.jsonl"), to("*.jsonl"), { t: { a: keep() } }).catch((error) => error);
    expect(early).toMatchObject({ code: "PLAN_REFUSED", phase: "before" });
    expect(`${late.stack}${JSON.stringify(late)}`).not.toContain("canary");
    expect(readFileSync(to("t.jsonl"), "utf8")).toBe("old");
    const columns = { t: ["canary"] };
    await copy(jsonlSource({ paths: from(), lookAt: 1000, columns }), to("*.jsonl"), { t: { a: keep(), canary: redact() } });
    expect(readFileSync(to("t.jsonl"), "utf8")).toMatch(/\{"a":1,"canary":"\*{6}"\}\n$/);
    expect(readdirSync(to())).toEqual(["t.jsonl"]);
  });
});

describe("keys that come late", () => {
  const late = `${'{"a":1}\n'.repeat(200_000)}{"a":1,"mail":"canary@acme.com"}\n{"mail":7}\n`.replaceAll(
    '{"a":1}',
    `{"a":"${"x".repeat(90)}"}`,
  );

  it("stop a run behind the first 16 MiB where the policy does not name them, and leave the target as it was", async () => {
    writeFileSync(from("t.jsonl"), late);
    const error = await copy(from("t.jsonl"), to("*.jsonl"), { t: { a: keep() } }).catch((caught) => caught);
    expect(error).toMatchObject({ code: "COLUMN_UNCOVERED", phase: "during", row: 200_001, table: "t" });
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("canary");
    expect(readdirSync(to())).toEqual([]);
  });

  it("are masked where the policy names them, in a run, a preview and a verification", async () => {
    writeFileSync(from("t.jsonl"), late);
    const policy = { source: from("t.jsonl"), target: to("*.jsonl"), tables: { t: { a: keep("x"), mail: redact() } } };
    await refresh(policy, { key: TEST_KEY });
    expect(readFileSync(to("t.jsonl"), "utf8").slice(-40)).toMatch(/"mail":"\*{15}"\}\n\{"mail":"\*"\}\n$/);
    expect((await preview(policy, "t", { key: TEST_KEY })).columns.map(({ name }) => name)).toEqual(["a", "mail"]);
    expect((await verifyRefresh({ ...policy, target: to("t.jsonl") }, { key: TEST_KEY })).findings).toEqual([]);
  });
});

describe("looking at JSON Lines", () => {
  const look = (bytes: AsyncIterable<Uint8Array>, more: object = {}) =>
    lookAtKeys(bytes, { lookAt: 1000, file: "t.jsonl", ...more });

  it("takes a first line of any length once, and no longer than maxRowBytes", async () => {
    const pieces = 20_000;
    let copied = 0;
    async function* longLine(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"a":"');
      for (let piece = 0; piece < pieces; piece++) yield Buffer.alloc(4096, "x");
      yield Buffer.from('"}\n');
    }
    const { concat } = Buffer;
    Buffer.concat = (list: readonly Uint8Array[], length?: number) => {
      copied += list.reduce((sum, one) => sum + one.length, 0);
      return concat(list, length);
    };
    try {
      expect([...(await look(longLine())).keys()]).toEqual(["a"]);
    } finally {
      Buffer.concat = concat;
    }
    expect(copied).toBeLessThan(2 * 4096 * pieces);
    await expect(look(longLine(), { maxRowBytes: 1_000_000 })).rejects.toMatchObject({ code: "FORMAT_INVALID", row: 1 });
  });

  it.each([
    ["a line that is too long", '{"a":"', 20],
    ["what is no object", "[", 2],
  ])("takes no more of a stream than tells of %s", async (_what, start, most) => {
    let taken = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (yield Buffer.from(start); taken < 200; taken++) yield Buffer.alloc(65_536, "1");
    }
    const source = jsonlStreamSource(Readable.from(endless(), { highWaterMark: 1 }), { maxRowBytes: 1_000_000 });
    await expect(source.open(new AbortController().signal)).rejects.toMatchObject({ code: "FORMAT_INVALID", row: 1 });
    expect(taken).toBeLessThanOrEqual(most);
    await source.close();
  });

  it("tells of a list at its first byte, though its line may be the whole file", async () => {
    let given = 0;
    async function* list(): AsyncGenerator<Uint8Array> {
      for (; given < 1000; given++) yield Buffer.from(given === 0 ? '[{"a":1}' : ',{"a":1}');
    }
    await expect(look(list())).rejects.toMatchObject({
      code: "FORMAT_INVALID",
      row: 1,
      hint: expect.stringContaining("jq -c '.[]'"),
    });
    expect(given).toBe(0);
    await expect(look(Readable.from([Buffer.from('{"a":1}\n{\n"a":1}\n')]))).rejects.toMatchObject({ row: 2, offset: 9 });
  });
});

/** Objects of a store: complete only once they were ended. */
class Store {
  readonly objects: Record<string, string> = {};
  readonly given: string[] = [];

  readonly open = (name: string) => {
    const parts: Buffer[] = [];
    const stream = new PassThrough();
    stream.on("data", (part) => parts.push(part));
    const done = async () => {
      this.objects[name] = Buffer.concat(parts).toString();
    };
    const abort = async () => {
      this.given.push(name);
    };
    return { stream, done, abort };
  };
}

describe("bytes and targets of the caller's", () => {
  const files = {
    users: () => Readable.from([Buffer.from('{"id":1,"mail":"ja'), Buffer.from('ne@acme.com"}\n')]),
    packed: async () => new Blob([gzipSync('{"x":"y"}\n')]).stream() as unknown as AsyncIterable<Uint8Array>,
  };
  const rules = { users: { id: keep(), mail: redact() }, packed: { x: keep() } };

  it("are read, unpacked where they are packed, and completed at the end", async () => {
    const store = new Store();
    let atPublishing: string[] = ["never looked"];
    const onProgress: RefreshOptions["onProgress"] = ({ type }) => {
      if (type === "publishing") atPublishing = Object.keys(store.objects);
    };
    await copy(jsonlSource({ files }), jsonlSink({ open: store.open }), rules, { onProgress });
    expect(atPublishing).toEqual([]);
    expect(store).toMatchObject({ given: [], objects: { users: '{"id":1,"mail":"*************"}\n', packed: '{"x":"y"}\n' } });
  });

  it("take CSV as well", async () => {
    const store = new Store();
    const source = csvSource({ files: { users: () => Readable.from(["id,mail\r\n1,jane@", "acme.com\r\n"]) } });
    await copy(source, csvSink({ open: store.open }), { users: rules.users });
    expect(store.objects).toEqual({ users: "id,mail\r\n1,*************\r\n" });
  });

  it("are given up where the run fails, all of them", async () => {
    const store = new Store();
    const throwing = custom(() => {
      throw new Error("canary");
    });
    const failed = copy(jsonlSource({ files }), jsonlSink({ open: store.open }), {
      ...rules,
      users: { id: keep(), mail: throwing },
    });
    await expect(failed).rejects.toMatchObject({ code: "TRANSFORM_FAILED" });
    expect(store.objects).toEqual({});
    expect(store.given).toContain("users");
  });

  it.each([
    ["a source that breaks off", { files: { users: () => Readable.from(brokenOff()) } }, "SOURCE_FAILED"],
    [
      "half a gzip",
      { files: { users: () => Readable.from([gzipSync('{"id":1,"mail":"x"}\n').subarray(0, 20)]) } },
      "SOURCE_FAILED",
    ],
  ])("tell of %s, and quote nothing", async (_what, source, code) => {
    const store = new Store();
    const error = await copy(jsonlSource(source), jsonlSink({ open: store.open }), { users: rules.users }).catch(
      (caught) => caught,
    );
    expect(error).toMatchObject({ code });
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("canary");
    expect(store.objects).toEqual({});
  });

  it("are one for each table, for two in one would be neither", async () => {
    const output = new PassThrough().resume();
    await expect(copy(jsonlSource({ files }), jsonlSink({ open: () => output }), rules)).rejects.toMatchObject({
      code: "SINK_FAILED",
      message: expect.stringMatching(/is the stream that (users|packed) is written to/),
    });
    expect(output.destroyed).toBe(true);
  });

  it.each<[string, NonNullable<GivenTarget["abort"]>]>([
    [
      "throws",
      () => {
        throw new Error("canary");
      },
    ],
    ["gives no promise", (() => {}) as unknown as NonNullable<GivenTarget["abort"]>],
    ["never ends", () => new Promise(() => {})],
  ])("are all given up where the abort of one %s", async (_what, abort) => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const streams = [new PassThrough(), new PassThrough()];
    try {
      const sink = jsonlSink({ open: (table) => ({ stream: streams[Number(table)]!, abort }) });
      for (const name of ["0", "1"]) await sink.writer(tableToWrite(name));
      const given = sink.rollback();
      await vi.advanceTimersByTimeAsync(10_000);
      await given;
    } finally {
      vi.useRealTimers();
    }
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });

  it("tell which are complete where one cannot be completed", async () => {
    const store = new Store();
    const open = (name: string) => {
      const target = store.open(name);
      const done = name === "packed" ? () => Promise.reject(new Error("canary")) : target.done;
      return { ...target, done };
    };
    const error = await copy(jsonlSource({ files }), jsonlSink({ open }), rules).catch((caught) => caught);
    expect(error).toMatchObject({
      code: "SINK_FAILED",
      table: "packed",
      message: expect.stringContaining("Already complete: users."),
    });
    expect(store.given).toEqual(["packed"]);
    expect(error.message).not.toContain("canary");
  });
});

describe("streams that fail", () => {
  const files = { t: () => Readable.from([Buffer.from('{"a":"canary"}\n'.repeat(60_000))]) };
  const rules = { t: { a: keep() } };
  const stuck = () => new Promise<never>(() => {});
  /** Takes two chunks, then does as told. */
  const failing = (then: (output: Writable, done: (error?: Error) => void) => void) => {
    let chunks = 0;
    const output: Writable = new Writable({ write: (_chunk, _encoding, done) => (++chunks < 3 ? done() : then(output, done)) });
    return output;
  };
  const failsWith = (code: string) => failing((_output, done) => done(Object.assign(new Error("canary"), { code })));

  it.each([
    ["a full disk", () => failsWith("ENOSPC"), "The output cannot be written to (ENOSPC)."],
    ["a reader that went", () => failsWith("EPIPE"), "The output was closed before all rows were written."],
    ["an end without a word", () => failing((output) => output.destroy()), "The output was closed before all rows were written."],
  ])("tell of %s by its own name", async (_what, open, message) => {
    const given = await copy(jsonlSource({ files }), jsonlSink({ open }), rules).catch((error) => error);
    const source = jsonlStreamSource(files.t(), { table: "t" });
    const piped = await copy(source, jsonlStreamSink(open()), rules).catch((error) => error);
    for (const error of [given, piped]) {
      expect(error).toMatchObject({ code: "SINK_FAILED", message });
      expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("canary");
    }
  });

  it("end no process by what they say once a run is over", async () => {
    const late: unknown[] = [];
    const onLate = (error: unknown) => late.push(error);
    process.on("uncaughtException", onLate);
    const output = createWriteStream("/dev/full");
    const error = await copy(jsonlStreamSource(files.t(), { table: "t" }), jsonlStreamSink(output), rules).catch(
      (caught) => caught,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off("uncaughtException", onLate);
    expect(error).toMatchObject({ code: "SINK_FAILED", message: expect.stringContaining("ENOSPC") });
    expect(late).toEqual([]);
  });

  it.each<[string, Sink | null, Parameters<typeof jsonlSource>[0] | null]>([
    ["a target that never opens", jsonlSink({ open: stuck }), null],
    ["an upload that is never complete", jsonlSink({ open: () => ({ stream: new PassThrough().resume(), done: stuck }) }), null],
    [
      "a target that never ends",
      jsonlSink({ open: () => new Writable({ write: (_c, _e, done) => done(), final: () => {} }) }),
      null,
    ],
    ["a source that never opens", null, { files: { t: stuck } }],
    ["a source that gives nothing", null, { files: { t: () => new ReadableStream({ pull: stuck }) as unknown as GivenBytes } }],
  ])("are left at an abort: %s", async (_what, sink, source) => {
    const signal = AbortSignal.timeout(300);
    const run = copy(jsonlSource(source ?? { files }), sink ?? new MemorySink(), rules, { signal });
    await expect(run).rejects.toMatchObject({ code: expect.stringMatching(/ABORTED|SINK_FAILED/) });
  });

  it("are not taken for an empty table where the same one is given twice", async () => {
    const line = Buffer.from('{"a":"canary"}\n');
    async function* lines(): AsyncGenerator<Uint8Array> {
      yield line;
    }
    for (const stream of [files.t(), new Blob([line]).stream() as unknown as GivenBytes, lines()])
      await expect(copy(jsonlSource({ files: { t: () => stream } }), new MemorySink(), rules)).rejects.toMatchObject({
        code: "SOURCE_FAILED",
        message: expect.stringContaining("the same stream"),
      });
    const again = { [Symbol.asyncIterator]: () => files.t()[Symbol.asyncIterator]() };
    await copy(jsonlSource({ files: { t: () => again } }), new MemorySink(), rules);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("canary");
      },
    ],
    ["gives nothing", () => undefined],
  ])("tell of an opener that %s", async (_what, open) => {
    const error = await copy(jsonlSource({ files }), jsonlSink({ open: open as never }), rules).catch((caught) => caught);
    expect(error).toMatchObject({ code: "SINK_FAILED", table: "t" });
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("canary");
  });
});

async function* brokenOff(): AsyncGenerator<Buffer> {
  yield Buffer.from('{"id":1,"mail":"x"}\n');
  throw new Error("canary");
}
