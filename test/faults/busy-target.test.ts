import { expect, it } from "vitest";
import { withPostgresSession } from "../end-to-end/postgres-examiner.ts";
import { runMysql, withMysqlSession } from "../servers/mysql-server.ts";
import { expectNoSessions, type Outcome, runToEnd } from "./fault-run.ts";
import type { Ends, FaultSystem } from "./fault-system.ts";
import { FAULT_SYSTEMS } from "./fault-systems.ts";
import { mysqlSystem } from "./mysql-system.ts";
import { postgresSystem } from "./postgres-system.ts";
import { strikeAt } from "./strike.ts";

const withEnds = (system: FaultSystem, use: (ends: Ends) => Promise<void>) =>
  system.withDatabases(["standin_fault_source", "standin_fault_target"], async (source, target) => {
    await system.fill(source!, 50);
    await system.fill(target!, 5);
    await use({ source: source!, target: target! });
  });

postgresSystem.describe("a PostgreSQL target that others use", () => {
  it.concurrent("F17: is refused after half a minute where somebody holds its tables, which it names", () =>
    withEnds(postgresSystem, async (ends) => {
      const before = await postgresSystem.picture(ends.target);
      await withPostgresSession(ends.target, async (other) => {
        await other.query("BEGIN; LOCK TABLE visits IN ACCESS EXCLUSIVE MODE");
        const { error } = await runToEnd(ends, { soon: 45_000 });
        expect(error).toMatchObject({ code: "SINK_FAILED", table: "visits" });
        expect(error!.message).toMatch(/lock/);
      });
      expect(await postgresSystem.picture(ends.target)).toBe(before);
    }));

  it.concurrent("F16: is refused, and names the table, where the server ends a deadlock at the run's cost", () =>
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

mysqlSystem.describe("a MariaDB target that others use", () => {
  it.concurrent("F17: is left as it was where somebody holds its tables when the rows are in", () =>
    withEnds(mysqlSystem, async (ends) => {
      const before = await mysqlSystem.picture(ends.target);
      await withMysqlSession(ends.target, async (other) => {
        await other.query("START TRANSACTION; SELECT COUNT(*) FROM visits");
        const { error } = await runToEnd(ends, { soon: 45_000 });
        expect(error).toMatchObject({ code: "SINK_FAILED", phase: "during" });
        expect(error!.message).toMatch(/lock/);
      });
      await expectNoSessions(mysqlSystem, ends.source);
      expect(await mysqlSystem.picture(ends.target)).toBe(before);
      await runMysql(ends.target, "SELECT 1");
    }));
});

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
