import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, expect, it } from "vitest";
import { MemorySink, memorySource } from "../../src/connectors/memory/index.ts";
import type { ProgressEvent } from "../../src/pipeline/progress.ts";
import type { RunMessage } from "../../src/pipeline/run-channels.ts";
import { sumRows } from "../../src/pipeline/sum-rows.ts";
import { refresh } from "../../src/refresh.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { TEST_KEY } from "../test-key.ts";

const CANARY = "canary";
const rows = Array.from({ length: 25_000 }, (_, id) => ({ id, name: `${CANARY} ${id}` }));
const masked = custom(() => "masked");

function run(name = masked) {
  const source = memorySource({ people: rows, first: rows.slice(0, 10) });
  const tables = { people: { id: keep(), name }, first: { id: keep(), name } };
  return refresh({ source, target: new MemorySink(), tables }, { key: TEST_KEY });
}

/** Listens on channels while `use` runs, and gives what came, with the channel's name. */
async function heard(names: readonly string[], use: () => Promise<unknown>) {
  const messages: { on: string; message: RunMessage }[] = [];
  const listener = (message: unknown, on: string | symbol) =>
    void messages.push({ on: String(on), message: { ...(message as RunMessage) } });
  for (const name of names) subscribe(name, listener);
  try {
    await use();
  } finally {
    for (const name of names) unsubscribe(name, listener);
  }
  return messages;
}

const CHANNELS = ["standin:run", "standin:table", "standin:rows"];
const TRACE = ["start", "end", "asyncStart", "asyncEnd", "error"].map((part) => `tracing:standin:run:${part}`);

describe("a run on diagnostics channels", () => {
  it("is told from its start to its end, with the name of the run, each kind of event on its channel", async () => {
    const messages = await heard(CHANNELS, () => run());
    const told = messages.map(({ on, message }) => `${on} ${message.type}`);
    // Of a slow table rows come more than once.
    expect(told.filter((one, index) => one !== told[index - 1])).toEqual([
      "standin:run started",
      "standin:run planned",
      "standin:table table-started",
      "standin:rows rows",
      "standin:table table-finished",
      "standin:table table-started",
      "standin:rows rows",
      "standin:table table-finished",
      "standin:run publishing",
      "standin:run finished",
    ]);
    expect(new Set(messages.map(({ message }) => message.runId)).size).toBe(1);
    expect(messages[0]!.message.runId).toMatch(/^[0-9a-f-]{36}$/);
    const ofPeople = messages.flatMap(({ message }) =>
      message.type === "rows" && message.table === "people" ? message.rows : [],
    );
    expect(ofPeople.reduce((sum, count) => sum + count)).toBe(25_000);
  });

  it("ends with what failed, and never with a value", async () => {
    const fails = custom((value) => {
      throw new Error(`cannot handle ${value}`);
    });
    const messages = await heard([...CHANNELS, ...TRACE], () => run(fails).catch(() => {}));
    const last = messages.filter(({ on }) => on === "standin:run").at(-1)!.message;
    expect(last).toMatchObject({ type: "failed", error: { code: "TRANSFORM_FAILED", table: "people", column: "name" } });
    expect(
      JSON.stringify(messages, (_, value) => (value instanceof Error ? { ...value, message: value.message } : value)),
    ).not.toContain(CANARY);
  });

  it("tells of a refusal before anything was opened", async () => {
    const messages = await heard(["standin:run"], () => refresh({ tables: {} }, { key: TEST_KEY }).catch(() => {}));
    expect(messages.map(({ message }) => message.type)).toEqual(["started", "failed"]);
  });

  it("follows the conventions of tracing channels, with the report at the end", async () => {
    const messages = await heard(TRACE, () => run());
    expect(messages.map(({ on }) => on.split(":").at(-1))).toEqual(["start", "end", "asyncStart", "asyncEnd"]);
    expect(messages.at(-1)!.message).toMatchObject({ runId: expect.any(String), result: { rows: 25_010 } });
  });

  it("makes no message of rows where nobody listens, and none of others", async () => {
    const rowsChannel = channel("standin:rows");
    expect(rowsChannel.hasSubscribers).toBe(false);
    const messages = await heard(["standin:table"], () => run());
    expect(messages.map(({ message }) => message.type)).toEqual([
      "table-started",
      "table-finished",
      "table-started",
      "table-finished",
    ]);
  });
});

describe("the sum of rows", () => {
  it("holds every row, also of tables that run side by side, and comes now and then", () => {
    const told: ProgressEvent[] = [];
    const listener = sumRows((event) => void told.push(event), 60_000);
    const start = (table: string) => listener({ type: "table-started", table, rowEstimate: null, byteEstimate: null });
    const end = (table: string) => listener({ type: "table-finished", table, rows: 0, milliseconds: 0 });
    start("a");
    start("b");
    for (let index = 0; index < 1000; index++) {
      listener({ type: "rows", table: "a", rows: 1, bytes: 10 });
      listener({ type: "rows", table: "b", rows: 2, bytes: 20 });
    }
    end("a");
    end("b");
    expect(told.filter(({ type }) => type === "rows")).toEqual([
      { type: "rows", table: "a", rows: 1000, bytes: 10_000 },
      { type: "rows", table: "b", rows: 2000, bytes: 20_000 },
    ]);
    const each: ProgressEvent[] = [];
    const eager = sumRows((event) => void each.push(event), 0);
    eager({ type: "table-started", table: "a", rowEstimate: null, byteEstimate: null });
    for (let index = 0; index < 3; index++) eager({ type: "rows", table: "a", rows: 1, bytes: 0 });
    expect(each).toHaveLength(4);
  });
});
