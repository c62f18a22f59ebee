import { setTimeout as rest } from "node:timers/promises";
import { expect, it } from "vitest";
import { mysqlSink } from "../../src/connectors/mysql/index.ts";
import type { ProgressEvent } from "../../src/pipeline/progress.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { type FaultyProxy, faultyProxy } from "../servers/faulty-proxy.ts";
import { expectFailure, expectNoSessions, type Outcome, type RunToEnd, runToEnd, sharedEnds } from "./fault-run.ts";
import { FAULT_SYSTEMS } from "./fault-systems.ts";
import { mysqlSystem } from "./mysql-system.ts";
import { IS_THOROUGH } from "./seeds.ts";

/** So many bytes in all that neither end's buffers hold them. */
const EVENTS = 20_000;
/** In seconds: far less than a server deserves, so that a test need not wait. */
const SILENCE = 1;

type Act = (proxy: FaultyProxy) => void;
const stall: Act = (proxy) => proxy.stall();
const swallow: Act = (proxy) => proxy.swallow();

/** Does something to the line at the first event of a type. */
function at(type: ProgressEvent["type"], act: () => void): NonNullable<RunToEnd["onProgress"]> {
  let isDone = false;
  return (event) => {
    if (isDone || event.type !== type) return;
    isDone = true;
    act();
  };
}

for (const system of FAULT_SYSTEMS) {
  system.describe(`a ${system.name} that falls silent without hanging up`, () => {
    const ends = sharedEnds(system, EVENTS);

    async function run(
      side: "source" | "target",
      options: (proxy: FaultyProxy) => RunToEnd,
      silence = SILENCE,
    ): Promise<Outcome> {
      const proxy = await faultyProxy(ends[side]);
      const urls = { ...ends, [side]: proxy.url };
      try {
        return await runToEnd(
          { source: system.source(urls.source, silence), target: system.sink(urls.target, silence) },
          { soon: 60_000, ...options(proxy) },
        );
      } finally {
        proxy.close();
        await expectNoSessions(system, ends.source, ends.target);
      }
    }

    /** A target that cannot be told any more may keep what was prepared beside its tables, which are as they were: the next run takes it away. */
    async function expectRunAgain(): Promise<void> {
      const [counted] = await system.run(ends.target, "SELECT COUNT(*) AS events FROM events");
      expect(Number(counted!.events)).toBe(5);
      await runToEnd(ends);
      expect((await system.picture(ends.target)) === (await system.picture(ends.source))).toBe(true);
      await system.clear(ends.target);
      await system.fill(ends.target, 5);
    }

    it.each([
      ["F08: is given up in the middle of a table, as source", "source", stall],
      // MySQL's sink waits for its own session to end, which takes a quarter of a minute.
      ...(IS_THOROUGH || system === FAULT_SYSTEMS[0]
        ? ([["F08: is given up in the middle of a table, as target", "target", stall]] as const)
        : []),
      ["F09: is given up where the network lost it, as source", "source", swallow],
      // Where it cannot be told that the run is over, that is tried for a quarter of a minute.
      ...(IS_THOROUGH ? ([["F09: is given up where the network lost it, as target", "target", swallow]] as const) : []),
    ] as const)("%s", async (_, side, act) => {
      const before = await system.picture(ends.target);
      await expectFailure(
        "PEER_SILENT",
        run(side, (proxy) => ({ onProgress: at("rows", () => act(proxy)) })),
      );
      if (side === "source") expect(await system.picture(ends.target)).toBe(before);
      else await expectRunAgain();
    });

    // A connection that nobody answers takes its whole time to be given up.
    if (IS_THOROUGH)
      it("F09: is given up where it takes a connection and says nothing", async () => {
        const { error } = await run("source", (proxy) => {
          proxy.swallow();
          return {};
        });
        expect(error).toMatchObject({ code: "SOURCE_UNREACHABLE", phase: "before" });
      });

    it("F07: is waited for as long as the setting says, and the run goes on with it", async () => {
      const pause = (proxy: FaultyProxy) => {
        proxy.stall();
        setTimeout(() => proxy.goOn(), 1500);
      };
      const { report } = await run("source", (proxy) => ({ onProgress: at("rows", () => pause(proxy)) }), 20);
      expect(report?.rows).toBe(EVENTS + 3);
    });

    it("F07: is not taken for silent while the run itself is slow", async () => {
      let rows = 0;
      const slow = custom((value) => (++rows % 10_000 === 1 ? rest(SILENCE * 1500).then(() => value) : value));
      const { report } = await run("source", () => ({ note: slow }));
      expect(report?.rows).toBe(EVENTS + 3);
    });

    it("F08: does not hold back a copy that is published, as a source that has nothing more to say", async () => {
      const { report } = await run("source", (proxy) => ({ onProgress: at("publishing", () => proxy.stall()) }));
      expect(report?.rows).toBe(EVENTS + 3);
    });
  });
}

const describeInserts = IS_THOROUGH ? mysqlSystem.describe : () => {};
describeInserts("a MariaDB that falls silent while it takes INSERTs", () => {
  const ends = sharedEnds(mysqlSystem, EVENTS);

  it("F08: is given up in the middle of a table", async () => {
    const proxy = await faultyProxy(ends.target);
    const target = mysqlSink({ url: proxy.url, silenceSeconds: SILENCE, loadData: false });
    try {
      const onProgress = at("rows", () => proxy.stall());
      await expectFailure("PEER_SILENT", runToEnd({ source: ends.source, target }, { onProgress }));
    } finally {
      proxy.close();
    }
  });
});
