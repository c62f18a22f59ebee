import { setTimeout as rest } from "node:timers/promises";
import { expect, it } from "vitest";
import { StandinError } from "../../src/errors.ts";
import { faultyProxy, type Verdict } from "../servers/faulty-proxy.ts";
import { expectNoSessions, type Outcome, runToEnd } from "./fault-run.ts";
import type { Ends, FaultSystem } from "./fault-system.ts";
import { FAULT_SYSTEMS } from "./fault-systems.ts";
import { drawn, SEEDS } from "./seeds.ts";

/** The statement that publishes everything: PostgreSQL's and MariaDB's. */
const PUBLISHES = /\bCOMMIT\b|RENAME TABLE `events`/;
/** Milliseconds that publishing so little takes, and a little more. */
const LONGEST = 40;

const withEnds = (system: FaultSystem, use: (ends: Ends) => Promise<void>) =>
  system.withDatabases(["standin_fault_source", "standin_fault_target"], async (source, target) => {
    await system.fill(source!, 50);
    await system.fill(target!, 5);
    for (const url of [source!, target!]) await system.run(url, system.sql.fragile);
    await use({ source: source!, target: target! });
  });

/** The events of the target: those from before, or all that came. */
const eventsIn = async (system: FaultSystem, { target }: Ends) =>
  Number((await system.run(target, "SELECT COUNT(*) AS events FROM events"))[0]!.events);

/** Cuts the line at the publishing statement: before it reaches the server, or before its answer reaches us. */
async function runCutAt(moment: "request" | "answer", ends: Ends): Promise<Outcome> {
  let stage: "rows" | "publishing" | "asked" | "cut" = "rows";
  const judge = (from: string, bytes: Buffer): Verdict => {
    if (stage === "publishing" && from === "client" && PUBLISHES.test(bytes.toString("latin1"))) stage = "asked";
    if (stage !== "asked" || (moment === "answer" && from === "client")) return "pass";
    stage = "cut";
    return { pass: 0, then: "reset" };
  };
  const proxy = await faultyProxy(ends.target, { judge });
  try {
    return await runToEnd(
      { ...ends, target: proxy.url },
      {
        onProgress: ({ type }) => {
          if (type === "publishing") stage = "publishing";
        },
      },
    );
  } finally {
    proxy.close();
    expect(stage).toBe("cut");
  }
}

for (const system of FAULT_SYSTEMS) {
  system.describe(`a session that is lost while it publishes, on ${system.name}`, () => {
    /** Whatever happened, the next run puts everything right. */
    async function expectRunAgain(ends: Ends): Promise<void> {
      const { report } = await runToEnd(ends);
      expect(report?.rows).toBe(53);
      await expectNoSessions(system, ends.source, ends.target);
      expect(await system.picture(ends.target)).toBe(await system.picture(ends.source));
    }

    it("F04: ended by the server at a random moment, leaves all of the old rows or all of the new", { timeout: 600_000 }, () =>
      withEnds(system, async (ends) => {
        for (const seed of SEEDS) {
          let blown = Promise.resolve();
          const strike = () => rest(LONGEST * drawn("publishing", seed)).then(() => system.endSessions(ends.target));
          const { error } = await runToEnd(ends, {
            onProgress: ({ type }) => {
              if (type === "publishing") blown = strike();
            },
          });
          if (error !== null) expect(error).toBeInstanceOf(StandinError);
          await blown;
          expect([5, 50]).toContain(await eventsIn(system, ends));
          await expectRunAgain(ends);
          await system.clear(ends.target);
          await system.fill(ends.target, 5);
          await system.run(ends.target, system.sql.fragile);
        }
      }),
    );

    it("F04: cut before the server is asked to publish, leaves the target as it was", () =>
      withEnds(system, async (ends) => {
        const before = await system.picture(ends.target);
        const { error } = await runCutAt("request", ends);
        expect(error).toMatchObject({ code: "CONNECTION_LOST", phase: "during" });
        await expectNoSessions(system, ends.source, ends.target);
        expect(await system.picture(ends.target)).toBe(before);
        await expectRunAgain(ends);
      }));

    it("F04: cut after the server published, never says that the target is as it was", () =>
      withEnds(system, async (ends) => {
        const { error } = await runCutAt("answer", ends);
        // Who can ask once more, by a second session, knows that it is done; who cannot says that it may be.
        if (error !== null) expect(error.message).toContain("as it was, or complete");
        await expectNoSessions(system, ends.source, ends.target);
        expect(await eventsIn(system, ends)).toBe(50);
        await expectRunAgain(ends);
      }));
  });
}
