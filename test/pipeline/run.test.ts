import { describe, expect, it } from "vitest";
import { MemorySink, memorySource } from "../../src/connectors/memory/index.ts";
import type { RowBatch, Sink, Source } from "../../src/contracts.ts";
import { StandinError } from "../../src/errors.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { shuffle } from "../../src/transforms/choices/shuffle.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { TEST_KEY } from "../test-key.ts";
import { changedEnd } from "./changed-end.ts";

const rows = Array.from({ length: 100 }, (_, id) => ({ id, name: `name ${id}` }));
const tables = { people: { id: keep(), name: redact() } };

function run(
  { source = memorySource({ people: rows }), target = new MemorySink() }: { source?: Source; target?: Sink } = {},
  options: RefreshOptions = {},
  policy: Parameters<typeof refresh>[0]["tables"] = tables,
) {
  return refresh({ source, target, tables: policy }, { key: TEST_KEY, ...options }).catch((error) => error);
}

describe("a run", () => {
  it("ends at an abort even where a mask or a key provider never answers", async () => {
    const signal = () => AbortSignal.timeout(50);
    const never = custom(() => new Promise<never>(() => {}));
    const masking = await run({}, { signal: signal() }, { people: { id: keep(), name: never } });
    expect(masking).toMatchObject({ code: "ABORTED", phase: "during" });
    const waiting = await run({}, { signal: signal(), key: () => new Promise<never>(() => {}) });
    expect(waiting).toMatchObject({ code: "ABORTED", phase: "before" });
  });

  it("is a finished one even where the listener throws at its end, and a stopped one where it throws before", async () => {
    const target = new MemorySink();
    const at = (type: string) => (event: { type: string }) => {
      if (event.type === type) throw new Error("canary");
    };
    expect(await run({ target }, { onProgress: at("rows") })).toMatchObject({ code: "SOURCE_FAILED", phase: "during" });
    expect(target.tables).toEqual(Object.create(null));
    expect(await run({ target }, { onProgress: at("finished") })).toMatchObject({ rows: 100 });
    expect(target.tables.people).toHaveLength(100);
  });

  it("tells why it failed, not that it was stopped while the target was put back", async () => {
    const controller = new AbortController();
    const failing = new MemorySink();
    const target = changedEnd<Sink>(failing, {
      commit: async () => {
        throw new TypeError("canary");
      },
      rollback: async () => controller.abort(),
    });
    const error = await run({ target }, { signal: controller.signal });
    expect(error).toMatchObject({ code: "SOURCE_FAILED" });
    expect(error.stack).not.toContain("canary");
  });

  it("does not call a connection that was lost while publishing a stopped run: the target may be complete", async () => {
    const controller = new AbortController();
    const target = changedEnd<Sink>(new MemorySink(), {
      commit: async () => {
        controller.abort();
        throw new StandinError("CONNECTION_LOST", "The target is as it was, or complete.");
      },
    });
    expect(await run({ target }, { signal: controller.signal })).toMatchObject({ code: "CONNECTION_LOST" });
  });

  it("puts what the two ends have against the tables into the plan's refusal, all at once", async () => {
    const finding = (message: string) => async () => [{ code: "PRIVILEGE_MISSING", severity: "error", message } as const];
    const source = changedEnd(memorySource({ people: rows }), { hold: finding("no reading") });
    const target = changedEnd<Sink>(new MemorySink(), { check: finding("no writing") });
    const error = await run({ source, target });
    expect(error).toMatchObject({ code: "PLAN_REFUSED", phase: "before" });
    expect(error.findings.map(({ message }: { message: string }) => message)).toEqual(["no reading", "no writing"]);
  });

  it("fails where rows get lost between reading and writing, before it publishes", async () => {
    const source = memorySource({ people: rows });
    const target = new MemorySink();
    // A window ends within a batch, which is then cut: badly, here.
    const read: Source["read"] = async function* (...asked) {
      for await (const batch of source.read(...asked)) {
        yield changedEnd<RowBatch>(batch, { slice: (from, to) => batch.slice(from, to - 1) });
      }
    };
    const windows = { people: { id: keep(), name: shuffle({ window: 30 }) } };
    const error = await run({ source: changedEnd(source, { read }), target }, { batchSize: { maxRows: 40 } }, windows);
    expect(error).toMatchObject({ code: "COUNT_MISMATCH", phase: "during", table: "people" });
    expect(error.message).toMatch(/^people: 100 rows were read, and 9\d masked\.$/);
    expect(target.tables).toEqual(Object.create(null));
  });
});
