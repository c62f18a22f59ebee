import { afterAll, beforeAll, expect, it } from "vitest";
import { runPostgres } from "../end-to-end/postgres-examiner.ts";
import { describeWithOwnMysql, describeWithOwnPostgres } from "../servers/describe-private.ts";
import { runMysql } from "../servers/mysql-server.ts";
import { makeMysql, type PrivateMysql } from "../servers/private-mysql.ts";
import { makePostgres, type PrivatePostgres } from "../servers/private-postgres.ts";
import { expectFailure, runToEnd } from "./fault-run.ts";
import type { Ends } from "./fault-system.ts";
import { mysqlSystem } from "./mysql-system.ts";
import { postgresSystem } from "./postgres-system.ts";
import { strikeAt } from "./strike.ts";

const EVENTS = 20_000;
/** Most rows are still to come. */
const ROW = 2000;

const endsOf = (url: string): Ends => ({
  source: Object.assign(new URL(url), { pathname: "/standin_source" }).toString(),
  target: Object.assign(new URL(url), { pathname: "/standin_target" }).toString(),
});

describeWithOwnPostgres("a PostgreSQL that stops in the middle of a run and starts again", () => {
  let server: PrivatePostgres;
  let ends: Ends;
  beforeAll(async () => {
    server = await makePostgres();
    await server.start();
    for (const name of ["standin_source", "standin_target"]) await runPostgres(server.url, `CREATE DATABASE ${name}`);
    ends = endsOf(server.url);
    await postgresSystem.fill(ends.source, EVENTS);
    await postgresSystem.fill(ends.target, 5);
  });
  afterAll(() => server.remove());

  it.each(["fast", "immediate"] as const)("F11: %s, is told as CONNECTION_LOST and leaves the target as it was", async (how) => {
    const before = await postgresSystem.picture(ends.target);
    const { note } = strikeAt(ROW, () => server.stop(how));
    await expectFailure("CONNECTION_LOST", runToEnd(ends, { note }));
    await server.start();
    expect(await postgresSystem.picture(ends.target)).toBe(before);
  });
});

describeWithOwnMysql("a MariaDB that dies in the middle of a run and starts again", () => {
  let server: PrivateMysql;
  let ends: Ends;
  beforeAll(async () => {
    server = await makeMysql();
    await server.start();
    for (const name of ["standin_source", "standin_target"])
      await runMysql(server.url, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    ends = endsOf(server.url);
    await mysqlSystem.fill(ends.source, EVENTS);
    await mysqlSystem.fill(ends.target, 5);
  });
  afterAll(() => server.remove());

  it("F11: is told as CONNECTION_LOST, and what was prepared goes with the next run", async () => {
    const { note } = strikeAt(ROW, () => server.kill());
    await expectFailure("CONNECTION_LOST", runToEnd(ends, { note }));
    await server.start();
    const [counted] = await runMysql(ends.target, "SELECT COUNT(*) AS events FROM events");
    expect(Number(counted!.events)).toBe(5);
    const { report } = await runToEnd(ends);
    expect(report?.rows).toBe(EVENTS + 3);
    expect((await mysqlSystem.picture(ends.target)) === (await mysqlSystem.picture(ends.source))).toBe(true);
  });
});
