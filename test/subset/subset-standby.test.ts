import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MemorySink } from "../../src/connectors/memory/index.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { runPostgres } from "../end-to-end/postgres-examiner.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { describeWithOwnPostgres } from "../servers/describe-private.ts";
import { makePostgres, type PrivatePostgres, runAsServer } from "../servers/private-postgres.ts";
import { TEST_KEY as key } from "../test-key.ts";

// A server and its standby take their time: one shows it where everything is shown.
const describeThoroughly = IS_THOROUGH ? describeWithOwnPostgres : describe.skip;

describeThoroughly("a subset of a standby, where nobody can make a temporary table", () => {
  let [primary, standby]: PrivatePostgres[] = [];
  beforeAll(async () => {
    primary = await makePostgres();
    await primary.start({ wal_level: "replica", hot_standby: "on" });
    await runPostgres(
      primary.url,
      `CREATE TABLE people (id int PRIMARY KEY, referred_by int REFERENCES people);
       CREATE TABLE orders (id int PRIMARY KEY, person int NOT NULL REFERENCES people);
       INSERT INTO people SELECT n, CASE WHEN n > 9 THEN n / 3 END FROM generate_series(1, 500) n;
       INSERT INTO orders SELECT n, 1 + n * 7 % 500 FROM generate_series(1, 1500) n`,
    );
    standby = await makePostgres((data) =>
      runAsServer("pg_basebackup", ["-d", primary!.url, "-D", data, "-R", "--checkpoint=fast", "--no-sync"]),
    );
    await standby.start({ hot_standby: "on" });
  }, 60_000);
  afterAll(async () => {
    await standby?.remove();
    await primary?.remove();
  });

  it("is what its primary selects in temporary tables, by spill files", async () => {
    const select = async (source: string) => {
      const target = new MemorySink();
      const tables = { people: { id: keep(), referred_by: keep() }, orders: { id: keep(), person: keep() } };
      const policy = { source, target, tables, subset: { people: { percent: 10, children: { orders: { max: 2 } } } } } as Policy;
      const { subset } = await refresh(policy, { key });
      const idsOf = (name: string) => target.tables[name]!.map(({ id }) => Number(id)).sort((one, other) => one - other);
      return { keptIn: subset!.keptIn, people: idsOf("people"), orders: idsOf("orders") };
    };
    const here = await select(primary!.url);
    expect(here.keptIn).toBe("temporary tables");
    expect(here.orders.length).toBeGreaterThan(50);
    expect(await select(standby!.url)).toEqual({ ...here, keptIn: "spill files" });
  }, 60_000);
});
