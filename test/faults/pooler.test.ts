import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresSource } from "../../src/connectors/postgres/index.ts";
import { postgresUrl } from "../servers/postgres-server.ts";
import { pgbouncerBinary, startPgbouncer } from "../servers/private-pgbouncer.ts";
import { runToEnd, sharedEnds } from "./fault-run.ts";
import type { Ends } from "./fault-system.ts";
import { postgresSystem } from "./postgres-system.ts";

const EVENTS = 2000;
const canRun = postgresUrl !== null && pgbouncerBinary() !== null;

describe.skipIf(!canRun)(
  `a PostgreSQL behind PgBouncer in transaction mode${canRun ? "" : " (skipped: install pgbouncer)"}`,
  () => {
    const ends = sharedEnds(postgresSystem, EVENTS);
    let pooled: Ends = { source: "", target: "" };
    let stop = async () => {};

    beforeAll(async () => {
      const pooler = await startPgbouncer(postgresUrl!);
      stop = pooler.stop;
      pooled = { source: pooler.through(ends.source), target: pooler.through(ends.target) };
    });
    afterAll(() => stop());

    const expectCopied = async () =>
      expect((await postgresSystem.picture(ends.target)) === (await postgresSystem.picture(ends.source))).toBe(true);
    it("F20: is read and written as one without, twice in a row", async () => {
      for (let round = 0; round < 2; round++) {
        expect((await runToEnd(pooled)).report?.rows).toBe(EVENTS + 3);
        await expectCopied();
      }
    });

    it("F20: shares no snapshot with other sessions, and says why", async () => {
      const source = postgresSource({ url: pooled.source });
      try {
        const { signal } = new AbortController();
        await source.open(signal);
        const { tables } = await source.schema();
        const shared = await source.share!(
          tables.map((table) => ({ table, columns: table.columns })),
          3,
        );
        expect(shared).toEqual({ unshared: expect.stringContaining("pooler") });
      } finally {
        await source.close();
      }
    });

    it("F20: is no target for a run that keeps what is done, which wants a session of its own", async () => {
      await postgresSystem.clear(ends.target);
      await postgresSystem.fill(ends.target, 5);
      const before = await postgresSystem.picture(ends.target);
      const { error } = await runToEnd({ source: ends.source, target: pooled.target }, { resumable: true });
      expect(error).toMatchObject({ code: "OPTION_INVALID", phase: "before" });
      expect(await postgresSystem.picture(ends.target)).toBe(before);
    });
  },
);
