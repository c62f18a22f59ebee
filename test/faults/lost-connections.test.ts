import { expect, it } from "vitest";
import type { StandinErrorCode } from "../../src/errors.ts";
import { type FaultyProxy, faultyProxy, type Verdict } from "../servers/faulty-proxy.ts";
import { expectFailure, expectNoSessions, type Outcome, runToEnd, sharedEnds } from "./fault-run.ts";
import type { Ends, FaultSystem } from "./fault-system.ts";
import { FAULT_SYSTEMS } from "./fault-systems.ts";
import { drawnPoint, SEEDS } from "./seeds.ts";
import { strikeAt } from "./strike.ts";

/** So many bytes in all that neither end's buffers hold them. */
const EVENTS = 20_000;
/** Up to here most rows are still to come, whatever is buffered: the blow must be felt. */
const FELT = EVENTS / 3;

type Claim = (name: string, seed: number, attempt: (seed: number) => Promise<Outcome>) => Promise<Outcome>;

/** Fills a target that an undisturbed run changed anew. */
async function refill(system: FaultSystem, { target }: Ends): Promise<void> {
  await system.clear(target);
  await system.fill(target, 5);
}

/** After each attempt the target is as before or complete, and no session is left. */
function claimOf(system: FaultSystem, ends: Ends): Claim {
  return async (name, seed, attempt) => {
    const before = await system.picture(ends.target);
    const outcome = await attempt(seed);
    await expectNoSessions(system, ends.source, ends.target);
    const after = await system.picture(ends.target);
    if (outcome.error !== null)
      expect(after === before, `${name}, seed ${seed}: as before, ${after.length} for ${before.length}`).toBe(true);
    else {
      expect(after === (await system.picture(ends.source)), `${name}, seed ${seed}: complete`).toBe(true);
      await refill(system, ends);
    }
    return outcome;
  };
}

/** What a line that was cut may be told as: before a session stood, or after. */
const CUT: readonly StandinErrorCode[] = ["CONNECTION_LOST", "SOURCE_UNREACHABLE", "TARGET_UNREACHABLE"];

const cutAfter = (side: "client" | "server", bytes: number, then: "end" | "reset") => {
  // Once: whoever comes again, to put the target in order, finds a line that is well.
  return (from: string, chunk: Buffer, before: number): Verdict =>
    from === side && before < bytes && before + chunk.length >= bytes ? { pass: bytes - before, then } : "pass";
};

for (const system of FAULT_SYSTEMS) {
  system.describe(`a connection that is lost, on ${system.name}`, () => {
    const ends = sharedEnds(system, EVENTS);
    const claim: Claim = (...parameters) => claimOf(system, ends)(...parameters);

    it.each([
      ["F01: the server ends the source's session at a random row", ["source"]],
      ["F02: the server ends the target's session at a random row", ["target"]],
      ["F03: the servers end both sessions at a random row", ["source", "target"]],
    ] as const)("%s", { timeout: 600_000 }, async (name, sides) => {
      for (const seed of SEEDS) {
        const row = drawnPoint(name, seed, EVENTS);
        const { note, hasFallen } = strikeAt(row, () => system.endSessions(...sides.map((side) => ends[side])));
        const run = claim(name, seed, () => runToEnd(ends, { note }));
        const { error } = row <= FELT ? { error: await expectFailure("CONNECTION_LOST", run) } : await run;
        if (error !== null) expect(error).toMatchObject({ code: "CONNECTION_LOST", phase: "during" });
        expect(hasFallen()).toBe(true);
      }
    });

    /** Runs with one end, or both, behind proxies. */
    async function through(proxies: Partial<Record<keyof Ends, FaultyProxy>>): Promise<Outcome> {
      const { source, target } = proxies;
      try {
        return await runToEnd({ source: source?.url ?? ends.source, target: target?.url ?? ends.target });
      } finally {
        for (const proxy of [source, target]) proxy?.close();
      }
    }

    /** How much goes over each line of an undisturbed run, which also shows that the faults before it left nothing that disturbs one. */
    async function measure(): Promise<Record<keyof Ends, number>> {
      const [source, target] = [await faultyProxy(ends.source), await faultyProxy(ends.target)];
      const { report } = await claim("undisturbed", 0, () => through({ source, target }));
      expect(report?.rows).toBe(EVENTS + 3);
      return { source: source.bytesFrom("server"), target: target.bytesFrom("client") };
    }
    let measured: ReturnType<typeof measure> | null = null;

    it.each([
      ["F05: the source's line is closed at a random byte", "source", "end"],
      ["F05: the target's line is closed at a random byte", "target", "end"],
      ["F06: the source's line is reset at a random byte", "source", "reset"],
      ["F06: the target's line is reset at a random byte", "target", "reset"],
    ] as const)("%s", { timeout: 600_000 }, async (name, side, how) => {
      const talker = side === "source" ? "server" : "client";
      measured ??= measure();
      const bytes = (await measured)[side];
      for (const seed of SEEDS) {
        const point = drawnPoint(name, seed, bytes);
        const proxy = await faultyProxy(ends[side], { judge: cutAfter(talker, point, how) });
        const { error } = await claim(name, seed, () => through({ [side]: proxy }));
        expect(CUT, `byte ${point}`).toContain(error?.code);
      }
    });
  });
}
