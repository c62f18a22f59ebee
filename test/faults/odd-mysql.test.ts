import { setTimeout as rest } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { describeWithOwnMysql } from "../servers/describe-private.ts";
import { runMysql } from "../servers/mysql-server.ts";
import { makeMysql, type PrivateMysql } from "../servers/private-mysql.ts";
import { runToEnd } from "./fault-run.ts";
import type { Ends } from "./fault-system.ts";
import { mysqlSystem } from "./mysql-system.ts";

const EVENTS = 20_000;

describeWithOwnMysql("a MariaDB whose settings are against us", () => {
  let server: PrivateMysql;
  const at = (name: string) => Object.assign(new URL(server.url), { pathname: `/${name}` }).toString();
  let ends: Ends;
  beforeAll(async () => {
    server = await makeMysql();
    await server.start(
      "--net-write-timeout=1",
      "--net-read-timeout=1",
      "--wait-timeout=2",
      "--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,STRICT_ALL_TABLES",
      "--character-set-server=latin1",
      "--default-time-zone=+05:30",
    );
    for (const name of ["standin_source", "standin_target"])
      await runMysql(server.url, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    ends = { source: at("standin_source"), target: at("standin_target") };
    await mysqlSystem.fill(ends.source, EVENTS);
    await mysqlSystem.fill(ends.target, 5);
  });
  afterAll(() => server.remove());

  it("F15, F39: ends no session of a run that is slow, and gives the same rows", async () => {
    let rows = 0;
    const slow = custom((value) => (++rows === 2000 ? rest(4000).then(() => value) : value));
    const { error } = await runToEnd(ends, { note: slow });
    expect(error).toBe(null);
    expect((await mysqlSystem.picture(ends.target)) === (await mysqlSystem.picture(ends.source))).toBe(true);
  });

  it("F26: is refused as a target before a row moves where it is read-only, and serves as a source", async () => {
    await runMysql(
      server.url,
      "CREATE USER plain@'%' IDENTIFIED BY 'secret'; GRANT ALL ON *.* TO plain@'%'; REVOKE READ_ONLY ADMIN ON *.* FROM plain@'%'; REVOKE SUPER ON *.* FROM plain@'%'",
    );
    const asPlain = (url: string) => Object.assign(new URL(url), { username: "plain", password: "secret" }).toString();
    const before = await mysqlSystem.picture(ends.target);
    await runMysql(server.url, "SET GLOBAL read_only = 1");
    try {
      const { error } = await runToEnd({ source: asPlain(ends.source), target: asPlain(ends.target) });
      expect(error).toMatchObject({ code: "SINK_FAILED", phase: "before" });
    } finally {
      await runMysql(server.url, "SET GLOBAL read_only = 0");
    }
    expect(await mysqlSystem.picture(ends.target)).toBe(before);
  });

  it("F13: is told to have no connection to spare, whichever of its limits is reached", async () => {
    await runMysql(
      server.url,
      "CREATE USER scarce@'%' IDENTIFIED BY 'canary-secret' WITH MAX_USER_CONNECTIONS 1; GRANT ALL ON standin_source.* TO scarce@'%'; GRANT ALL ON standin_target.* TO scarce@'%'",
    );
    const scarce = (url: string) => Object.assign(new URL(url), { username: "scarce", password: "canary-secret" }).toString();
    const { error } = await runToEnd({ source: scarce(ends.source), target: scarce(ends.target) });
    expect(error).toMatchObject({ phase: "before" });
    expect(error!.code).toMatch(/_UNREACHABLE$/);
    expect(error!.message).toContain("has no connection to spare");
    expect(JSON.stringify(error)).not.toContain("canary-secret");
  });
});
