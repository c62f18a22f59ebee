import { describe, expect, it } from "vitest";
import { postgresSink } from "../../src/connectors/postgres/index.ts";
import { refresh } from "../../src/refresh.ts";
import { keep, maskArray, maskRange, shiftDates } from "../../src/transforms/index.ts";
import { verifyRefresh } from "../../src/verify-refresh.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { runPostgres } from "./postgres-examiner.ts";
import { shopOf } from "./verify-rows.ts";
import { verifyRunSuite } from "./verify-run-suite.ts";
import { type VerifyPlaces, verifySuite } from "./verify-suite.ts";

describeWithPostgres("a verification on PostgreSQL", () => {
  const withShops = (use: (places: VerifyPlaces) => Promise<void>) =>
    withDatabases(["standin_verify_source", "standin_verify_target"], async (source, target) => {
      await runPostgres(source!, shopOf("jsonb").join(";"));
      await runPostgres(target!, shopOf("jsonb").slice(0, 3).join(";"));
      await use({ source: source!, target: target!, run: runPostgres });
    });

  verifySuite(withShops);

  describe("within a run", () =>
    verifyRunSuite((use) =>
      withShops((places) => use({ ...places, schema: "'public'", sink: () => postgresSink({ url: places.target }) })),
    ));

  it("takes moved dates within ranges and arrays for no leak, though many are another row's", () =>
    withDatabases(["standin_verify_source", "standin_verify_target"], async (source, target) => {
      const create = "CREATE TABLE stays (id int PRIMARY KEY, days daterange, times tstzrange, visits date[])";
      await runPostgres(source!, create);
      await runPostgres(target!, create);
      const day = "date '2024-01-01' + n";
      await runPostgres(
        source!,
        `INSERT INTO stays SELECT n, daterange(${day}, ${day} + 3), tstzrange(${day} + time '10:00', ${day} + time '12:00'), ARRAY[${day}, ${day} + 30]
         FROM generate_series(1, 200) n`,
      );
      const bounds = { bounds: shiftDates({ days: 20 }) };
      const policy = {
        source: source!,
        target: target!,
        tables: {
          stays: {
            id: keep(),
            days: maskRange(bounds),
            times: maskRange(bounds),
            visits: maskArray({ items: shiftDates({ days: 20 }) }),
          },
        },
      };
      await refresh(policy, { key: TEST_KEY });
      const daysOf = async (place: string) => (await runPostgres(place, "SELECT days::text FROM stays")).map(({ days }) => days);
      const originals = new Set(await daysOf(source!));
      expect((await daysOf(target!)).filter((days) => originals.has(days)).length).toBeGreaterThan(4);
      const { leaks, findings } = await verifyRefresh(policy);
      expect([leaks, findings]).toEqual([[], []]);
    }));
});
