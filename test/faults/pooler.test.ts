import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MemorySink } from "../../src/connectors/memory/index.ts";
import { postgresSource } from "../../src/connectors/postgres/index.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { postgresUrl } from "../servers/postgres-server.ts";
import { pgbouncerBinary, startPgbouncer } from "../servers/private-pgbouncer.ts";
import { TEST_KEY } from "../test-key.ts";
import { runToEnd, sharedEnds, tablesWith } from "./fault-run.ts";
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

    it("F20: is selected from as one without, by spill files, and keeps no temporary table of ours", async () => {
      const tables = tablesWith(keep());
      const select = async (source: string) => {
        const target = new MemorySink();
        const policy = { source, target, tables, subset: { events: { percent: 10 }, visits: "all" } } as Policy;
        const { subset } = await refresh(policy, { key: TEST_KEY });
        const idsOf = (name: string) => target.tables[name]!.map(({ id }) => Number(id)).sort((one, other) => one - other);
        return { keptIn: subset!.keptIn, events: idsOf("events"), visits: idsOf("visits") };
      };
      const direct = await select(ends.source);
      expect(direct.keptIn).toBe("temporary tables");
      for (let round = 0; round < 3; round++) expect(await select(pooled.source)).toEqual({ ...direct, keptIn: "spill files" });
      const left = await postgresSystem.run(ends.source, "SELECT relname FROM pg_catalog.pg_class WHERE relname LIKE 'standin%'");
      expect(left).toEqual([]);
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
