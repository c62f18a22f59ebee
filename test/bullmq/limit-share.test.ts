import { EventEmitter } from "node:events";
import type { QueueEvents } from "bullmq";
import { describe, expect, it } from "vitest";
import { JobsUnderWork } from "../../src/bullmq/jobs-under-work.ts";
import { LimitShare } from "../../src/bullmq/limit-share.ts";

const { signal } = new AbortController();
const rowsOf = (pace: Awaited<ReturnType<LimitShare["join"]>>) => 4 * pace.batchSize({ maxRows: 1_000_000 }).maxRows!;

describe("a share of the source's limits", () => {
  it("is as large as the jobs under work leave it, and smaller as soon as more are told", async () => {
    const share = new LimitShare({ rowsPerSecond: 1200 }, 0);
    share.hear({ beat: 1, shares: 1, counted: [7] });
    const pace = await share.join(7, signal);
    expect(rowsOf(pace)).toBe(1200);
    share.hear({ beat: 2, shares: 3, counted: [7, 8, 9] });
    expect(rowsOf(pace)).toBe(400);
    share.leave(pace);
    share.hear({ beat: 3, shares: 1, counted: [8] });
    expect(rowsOf(pace)).toBe(400);
  });

  it("begins when the job is counted, and all others have heard it", async () => {
    const share = new LimitShare({ megabytesPerSecond: 4 }, 50);
    share.hear({ beat: 1, shares: 1, counted: [1] });
    const joined = share.join(2, signal);
    expect(await Promise.race([joined, new Promise((resolve) => setTimeout(resolve, 100, "waits"))])).toBe("waits");
    const counted = performance.now();
    share.hear({ beat: 2, shares: 2, counted: [1, 2] });
    expect((await joined).batchSize({ maxBytes: 1e9 }).maxBytes).toBe(500_000);
    expect(performance.now() - counted).toBeGreaterThan(45);
  });

  it("needs nobody's word where there is no limit of a rate", async () => {
    const pace = await new LimitShare({ statementSeconds: 5 }, 60_000).join(1, signal);
    expect(pace.batchSize({ maxRows: 77 }).maxRows).toBe(77);
  });
});

describe("the jobs of a run that are under work", () => {
  it("are counted from the moment in which they are taken until some time after", () => {
    const events = new EventEmitter();
    let told = 0;
    const under = new JobsUnderWork(
      (jobId) => jobId.startsWith("run."),
      () => told++,
    );
    under.follow(events as unknown as QueueEvents);
    for (const jobId of ["run.1", "run.2", "other.3", "run.2", "run.10"]) events.emit("active", { jobId });
    expect([under.now, under.most, told]).toEqual([["run.1", "run.2", "run.10"], 3, 3]);
    events.emit("completed", { jobId: "run.1" });
    events.emit("delayed", { jobId: "run.2" });
    expect([under.now, under.most]).toEqual([["run.10"], 3]);
  });
});
