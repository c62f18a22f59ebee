import { expect, it } from "vitest";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { expectFailure, expectNoSessions, runToEnd } from "./fault-run.ts";
import { CANARY, type Ends } from "./fault-system.ts";
import { FAULT_SYSTEMS } from "./fault-systems.ts";
import { strikeAt } from "./strike.ts";

const EVENTS = 2000;

for (const system of FAULT_SYSTEMS) {
  system.describe(`a row that stops a run on ${system.name}`, () => {
    /** Spoils one end, runs into the fault, and holds the target against what it was. */
    const between = (events: number, spoil: (ends: Ends) => Promise<unknown>, fail: (ends: Ends) => Promise<unknown>) =>
      system.withDatabases(["standin_fault_source", "standin_fault_target"], async (source, target) => {
        const ends = { source: source!, target: target! };
        await system.fill(ends.source, events);
        await spoil(ends);
        const before = await system.picture(ends.target);
        await fail(ends);
        await expectNoSessions(system, ends.source, ends.target);
        expect(await system.picture(ends.target)).toBe(before);
      });
    const targets = {
      filled: ({ target }: Ends) => system.fill(target, 5),
      empty: () => Promise.resolve(),
    };

    it("P01: is the last one where the caller stops the run, and leaves the target as it was", () =>
      between(EVENTS, targets.filled, async (ends) => {
        const controller = new AbortController();
        const { note } = strikeAt(EVENTS / 2, () => controller.abort());
        await expectFailure("ABORTED", runToEnd(ends, { note, signal: controller.signal }));
      }));

    it.each(["filled", "empty"] as const)(
      "P13: is the last one of the last table, where a mask throws, and leaves a target that is %s as it was",
      (state) =>
        between(EVENTS, targets[state], async (ends) => {
          let calls = 0;
          const remark = custom((value) => {
            if (++calls === 3) throw new Error(`cannot mask ${CANARY} ${value}`);
            return value;
          });
          const tables = { events: { id: keep(), code: keep(), note: keep() }, visits: { id: keep(), remark } };
          const failure = await expectFailure("TRANSFORM_FAILED", runToEnd(ends, { tables }));
          expect(failure).toMatchObject({ table: "visits", column: "remark", row: 3 });
        }),
    );

    it("F29: is one that the target's type cannot hold, and leaves the target as it was", () =>
      between(
        50,
        async ({ target }) => {
          await system.fill(target, 0);
          await system.run(target, system.sql.noteIsNumber);
        },
        async (ends) => {
          const failure = await expectFailure("SINK_REJECTED", runToEnd(ends));
          expect(failure.table).toBe("events");
        },
      ));

    it.each(["filled", "empty"] as const)("F29: is one that points nowhere, and leaves a target that is %s as it was", (state) =>
      between(
        50,
        async (ends) => {
          await targets[state](ends);
          await system.run(ends.source, system.sql.visitOfNothing);
        },
        async (ends) => {
          const failure = await expectFailure("REFERENCE_BROKEN", runToEnd(ends));
          expect(failure.table).toContain("visits");
        },
      ),
    );
  });
}
