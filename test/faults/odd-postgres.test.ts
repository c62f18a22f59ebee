import { execFileSync } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as rest } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { runPostgres } from "../end-to-end/postgres-examiner.ts";
import { describeWithOwnPostgres } from "../servers/describe-private.ts";
import { makePostgres, type PrivatePostgres, runAsServer } from "../servers/private-postgres.ts";
import { runToEnd } from "./fault-run.ts";
import type { Ends } from "./fault-system.ts";
import { postgresSystem } from "./postgres-system.ts";
import { strikeAt } from "./strike.ts";

const EVENTS = 20_000;

describeWithOwnPostgres("a PostgreSQL whose settings are against us", () => {
  let server: PrivatePostgres;
  let ends: Ends;
  const at = (name: string, user = "root", password = "") =>
    Object.assign(new URL(server.url), { pathname: `/${name}`, username: user, password }).toString();

  beforeAll(async () => {
    server = await makePostgres();
    const [key, certificate] = [join(server.data, "server.key"), join(server.data, "server.crt")];
    execFileSync(
      "openssl",
      ["req", "-new", "-x509", "-days", "2", "-nodes", "-subj", "/CN=elsewhere", "-keyout", key, "-out", certificate],
      { stdio: "ignore" },
    );
    if (process.getuid?.() === 0) execFileSync("chown", ["postgres", key, certificate]);
    execFileSync("chmod", ["600", key]);
    copyFileSync(join(server.data, "pg_hba.conf"), join(server.folder, "hba.former"));
    writeFileSync(
      join(server.data, "pg_hba.conf"),
      "local all all trust\nhostssl all encrypted 127.0.0.1/32 trust\nhost all encrypted 127.0.0.1/32 reject\nhost all guarded 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n",
    );
    await server.start({ ssl: "on", max_connections: "20", wal_level: "replica" });
    for (const name of ["standin_source", "standin_target"]) await runPostgres(server.url, `CREATE DATABASE ${name}`);
    ends = { source: at("standin_source"), target: at("standin_target") };
    await postgresSystem.fill(ends.source, EVENTS);
    await postgresSystem.fill(ends.target, 5);
    await runPostgres(
      server.url,
      "CREATE ROLE guarded LOGIN SUPERUSER PASSWORD 'right'; CREATE ROLE encrypted LOGIN SUPERUSER; CREATE ROLE scarce LOGIN CONNECTION LIMIT 0",
    );
  });
  afterAll(() => server.remove());

  it.each([
    ["a wrong password", () => at("standin_source", "guarded", "canary-secret"), "refuses the user or the password"],
    ["no password", () => at("standin_source", "guarded"), "wants a password, and none was given"],
    ["no such database", () => at("nowhere"), "has no such database"],
    ["a line without TLS", () => `${at("standin_source", "encrypted")}?sslmode=disable`, "does not let this user in from here"],
    ["a certificate of somebody else", () => `${at("standin_source", "encrypted")}?sslmode=verify-full`, "cannot agree on TLS"],
    ["a limit of connections", () => at("standin_source", "scarce"), "has no connection to spare"],
  ])("F12, F13: tells of %s by its own words, and shows no password", async (_, source, says) => {
    const { error } = await runToEnd({ source: source(), target: ends.target });
    expect(error).toMatchObject({ code: "SOURCE_UNREACHABLE", phase: "before" });
    expect(error!.message).toContain(says);
    expect(JSON.stringify([error, error!.message])).not.toContain("canary-secret");
  });

  it("F13: reads and writes over TLS what it does over a plain line", async () => {
    const over = (name: string) => `${at(name, "encrypted")}?sslmode=no-verify`;
    const { error } = await runToEnd({ source: over("standin_source"), target: over("standin_target") });
    expect(error).toBe(null);
    expect((await postgresSystem.picture(ends.target)) === (await postgresSystem.picture(ends.source))).toBe(true);
  });

  it("F14, F39: ends no session of a run that is slow, and gives the same rows", async () => {
    const settings = {
      statement_timeout: "'1500ms'",
      idle_in_transaction_session_timeout: "'1s'",
      lock_timeout: "'100ms'",
      DateStyle: "German",
      IntervalStyle: "sql_standard",
      bytea_output: "escape",
      standard_conforming_strings: "off",
      extra_float_digits: "-10",
      TimeZone: "'Asia/Kolkata'",
    };
    const odd = `CREATE TABLE odd (id int PRIMARY KEY, d date, t timestamptz, i interval, b bytea, f float8, s text);
      INSERT INTO odd VALUES (1, '2024-02-29', '2024-02-29 23:59:59.123456+00', '1 mon -2 days 03:04:05', '\\x00ff5c27', 0.1::float8 + 0.2, E'back\\\\slash ''quote''')`;
    await runPostgres(ends.source, odd);
    await runPostgres(ends.target, odd.split(";")[0]!);
    for (const name of ["standin_source", "standin_target"])
      for (const [setting, value] of Object.entries(settings))
        await runPostgres(server.url, `ALTER DATABASE ${name} SET ${setting} = ${value}`);
    let rows = 0;
    const { keep } = await import("../../src/transforms/plain/keep.ts");
    const slow = custom((value) => (++rows === 2000 ? rest(3000).then(() => value) : value));
    const kept = Object.fromEntries(["id", "d", "t", "i", "b", "f", "s"].map((name) => [name, keep()]));
    const tables = { events: { id: keep(), code: keep(), note: slow }, visits: { id: keep(), remark: keep() }, odd: kept };
    const { error } = await runToEnd(ends, { tables });
    expect(error).toBe(null);
    for (const name of ["standin_source", "standin_target"]) await runPostgres(server.url, `ALTER DATABASE ${name} RESET ALL`);
    expect((await postgresSystem.picture(ends.target)) === (await postgresSystem.picture(ends.source))).toBe(true);
  });

  it("F26: writes where a database is read-only by default alone, as its owner may", async () => {
    await runPostgres(server.url, "ALTER DATABASE standin_source SET default_transaction_read_only = on");
    await runPostgres(server.url, "ALTER DATABASE standin_target SET default_transaction_read_only = on");
    const { error } = await runToEnd(ends);
    for (const name of ["standin_source", "standin_target"]) await runPostgres(server.url, `ALTER DATABASE ${name} RESET ALL`);
    expect(error).toBe(null);
  });

  it("F18, F26: reads a standby until that cancels it, and refuses one as a target before a row moves", async () => {
    const standby = await makePostgres((data) =>
      runAsServer("pg_basebackup", ["-d", server.url, "-D", data, "-R", "--checkpoint=fast", "--no-sync"]),
    );
    try {
      await standby.start({ hot_standby: "on", max_standby_streaming_delay: "0", ssl: "off", wal_receiver_status_interval: "1" });
      const onStandby = (name: string) => Object.assign(new URL(standby.url), { pathname: `/${name}` }).toString();
      const refused = await runToEnd({ source: ends.source, target: onStandby("standin_target") });
      expect(refused.error).toMatchObject({ phase: "before" });
      const before = await postgresSystem.picture(ends.target);
      // The primary takes back the room of rows that the standby's snapshot still sees.
      const { note } = strikeAt(2000, async () => {
        await runPostgres(ends.source, "UPDATE events SET code = code || '!' WHERE id > 10000");
        await runPostgres(ends.source, "VACUUM events");
        await rest(1500);
      });
      const { error } = await runToEnd({ source: onStandby("standin_source"), target: ends.target }, { note });
      expect(["SOURCE_FAILED", "CONNECTION_LOST"]).toContain(error?.code);
      expect(error!.phase).toBe("during");
      expect(await postgresSystem.picture(ends.target)).toBe(before);
    } finally {
      await standby.remove();
    }
  });
});
