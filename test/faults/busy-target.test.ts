import { expect, it } from "vitest";
import { withPostgresSession } from "../end-to-end/postgres-examiner.ts";
import { withMysqlSession } from "../servers/mysql-server.ts";
import { type Outcome, runToEnd } from "./fault-run.ts";
import type { Ends, FaultSystem } from "./fault-system.ts";
import { FAULT_SYSTEMS } from "./fault-systems.ts";
import { mysqlSystem } from "./mysql-system.ts";
import { postgresSystem } from "./postgres-system.ts";
import { IS_THOROUGH } from "./seeds.ts";
import { strikeAt } from "./strike.ts";

const withEnds = (system: FaultSystem, use: (ends: Ends) => Promise<void>) =>
  system.withDatabases(["standin_fault_source", "standin_fault_target"], async (source, target) => {
    await system.fill(source!, 50);
    await system.fill(target!, 5);
    await use({ source: source!, target: target! });
  });

postgresSystem.describe("a PostgreSQL target that others use", () => {
  it("F16: is refused, and names the table, where the server ends a deadlock at the run's cost", () =>
    withEnds(postgresSystem, async (ends) => {
      const before = await postgresSystem.picture(ends.target);
      await withPostgresSession(ends.target, async (other) => {
        // The server asks who waits first, after a second; the other one would ask in ten minutes.
        await other.query("SET deadlock_timeout = '10min'; BEGIN; SELECT FROM visits");
        const run = runToEnd(ends, { soon: 45_000 });
        const waits = `SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                        WHERE d.datname = current_database() AND NOT granted AND mode = 'AccessExclusiveLock'`;
        await expect.poll(async () => (await other.query(waits)).rowCount, { timeout: 20_000 }).toBe(1);
        const waiting = other.query("SELECT FROM events");
        const { error } = await run;
        expect(error).toMatchObject({ code: "SINK_FAILED", table: expect.stringMatching(/^(events|visits)$/) });
        await waiting;
      });
      expect(await postgresSystem.picture(ends.target)).toBe(before);
    }));
});

interface Holder {
  readonly system: FaultSystem;
  /** Holds the table `visits` for as long as `use` runs. */
  hold(url: string, use: () => Promise<void>): Promise<void>;
  /** What the server lets the error name. */
  readonly table: string | undefined;
}

const HOLDERS: readonly Holder[] = [
  {
    system: postgresSystem,
    hold: (url, use) =>
      withPostgresSession(url, async (other) => {
        await other.query("BEGIN; LOCK TABLE visits IN ACCESS EXCLUSIVE MODE");
        await use();
      }),
    table: "visits",
  },
  {
    system: mysqlSystem,
    hold: (url, use) =>
      withMysqlSession(url, async (other) => {
        await other.query("START TRANSACTION; SELECT COUNT(*) FROM visits");
        await use();
      }),
    table: undefined,
  },
];

// A lock is waited for half a minute, which the usual tests do not have.
for (const { system, hold, table } of IS_THOROUGH ? HOLDERS : []) {
  system.describe(`a ${system.name} target whose tables somebody holds`, () => {
    it("F17: is told to be in use after half a minute, and left as it was", () =>
      withEnds(system, async (ends) => {
        const before = await system.picture(ends.target);
        await hold(ends.target, async () => {
          const { error } = await runToEnd(ends, { soon: 60_000 });
          expect(error).toMatchObject({ code: "SINK_FAILED", table });
          expect(error!.message).toMatch(/lock/);
        });
        expect(await system.picture(ends.target)).toBe(before);
      }));
  });
}

for (const system of FAULT_SYSTEMS) {
  system.describe(`two runs at once on one ${system.name} target`, () => {
    it("P11: the second is refused, and the first is not disturbed", () =>
      withEnds(system, async (ends) => {
        let second: Outcome | null = null as Outcome | null;
        const { note } = strikeAt(25, async () => {
          second = await runToEnd(ends);
        });
        const { report } = await runToEnd(ends, { note });
        expect(report?.rows).toBe(53);
        expect(second).toMatchObject({ error: { code: "SINK_FAILED", phase: "before" } });
        expect(second!.error!.message).toBe("Another run of standin is writing to the target.");
        expect(await system.picture(ends.target)).toBe(await system.picture(ends.source));
      }));
  });
}
