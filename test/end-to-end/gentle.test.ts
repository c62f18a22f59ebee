import pg from "pg";
import { describe, expect, it } from "vitest";
import { MemorySink } from "../../src/connectors/memory/index.ts";
import { postgresSource } from "../../src/connectors/postgres/index.ts";
import { PauseSwitch } from "../../src/pause-switch.ts";
import type { ProgressEvent } from "../../src/pipeline/progress.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { describeWithMysql, numbersTo, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { recordingProxy } from "../servers/recording-proxy.ts";
import { TEST_KEY } from "../test-key.ts";

/** Rows of about 1 kB: more than what sockets and buffers between two programs hold. */
const ROWS = 20_000;
const nameOf = (url: string) => new URL(url).pathname.slice(1);

/** A system as these tests need it. */
interface System {
  readonly describe: (name: string, suite: () => void) => void;
  with(use: (from: string, to: string) => Promise<void>): Promise<void>;
  run(url: string, sql: string): Promise<readonly Record<string, unknown>[]>;
  readonly fill: string;
  /** What a session may be told that reads. */
  readonly mayBeSent: RegExp;
  /** The sessions on a database that wait for their reader, of a program called standin. */
  readonly held: (database: string) => string;
  /** How a statement that never ends is stopped. */
  readonly cancelled: string;
}

async function runPostgres(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  return (await client.query(sql).finally(() => client.end())).rows;
}

const SYSTEMS: Readonly<Record<string, System>> = {
  PostgreSQL: {
    describe: describeWithPostgres,
    with: (use) => withDatabases(["standin_gentle_source", "standin_gentle_target"], (from, to) => use(from!, to!)),
    run: runPostgres,
    fill: `INSERT INTO people SELECT g, repeat('x', 1000) FROM generate_series(1, ${ROWS}) g`,
    mayBeSent:
      /^(SELECT\b|WITH\b|SHOW\b|SET\b|BEGIN\b|ROLLBACK$|COMMIT$|COPY [^;]* TO STDOUT$|LOCK TABLE [^;]* IN ACCESS SHARE MODE$)/i,
    held: (database) => `SELECT pid FROM pg_stat_activity
      WHERE application_name = 'standin' AND datname = '${database}' AND state = 'active' AND wait_event = 'ClientWrite'`,
    cancelled: "SQLSTATE 57014",
  },
  MariaDB: {
    describe: describeWithMysql,
    with: (use) => withMysqlDatabases(["standin_gentle_source", "standin_gentle_target"], (from, to) => use(from!, to!)),
    run: runMysql,
    fill: `INSERT INTO people SELECT seq, repeat('x', 1000) FROM ${numbersTo(ROWS)}`,
    mayBeSent: /^(SELECT\b|SHOW\b|SET (SESSION|NAMES)\b|START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY$|command 1$)/i,
    held: (database) => `SELECT id FROM information_schema.processlist WHERE db = '${database}' AND state LIKE 'Writing to net%'`,
    cancelled: "error 1969",
  },
};

const tables = { people: { id: keep(), note: redact() } };

/** A run, and what it told. */
function start(source: string, target: string, options: RefreshOptions) {
  const events: ProgressEvent[] = [];
  const onProgress = (event: ProgressEvent) => void events.push(event);
  const report = refresh({ source, target, tables }, { key: TEST_KEY, onProgress, ...options });
  const outcome = report.catch((error: unknown) => error);
  const until = (type: ProgressEvent["type"]) =>
    expect.poll(() => events.some((event) => event.type === type), { timeout: 10_000, interval: 10 }).toBe(true);
  return { outcome, events, until };
}

for (const [name, system] of Object.entries(SYSTEMS)) {
  system.describe(`a run from a ${name} in production`, () => {
    const filled = (use: (from: string, to: string) => Promise<void>) =>
      system.with(async (from, to) => {
        for (const url of [from, to]) await system.run(url, "CREATE TABLE people (id int PRIMARY KEY, note varchar(1000))");
        await system.run(from, system.fill);
        await use(from, to);
      });

    it("sends its source nothing but what reads, in one session called standin", async () => {
      await filled(async (from, to) => {
        const proxy = await recordingProxy(from);
        try {
          expect(await start(proxy.url, to, {}).outcome).toMatchObject({ rows: ROWS });
        } finally {
          proxy.close();
        }
        const statements = proxy.statements.flatMap((script) => script.split(";")).map((one) => one.trim());
        expect(statements.length).toBeGreaterThan(5);
        expect(statements.filter((one) => !system.mayBeSent.test(one))).toEqual([]);
        expect(statements.filter((one) => /^(BEGIN|START TRANSACTION)/.test(one))).toHaveLength(1);
        expect(proxy.mostSessions).toBe(1);
        expect(proxy.greetings).toEqual([expect.stringMatching(/(application|program)_name.standin/)]);
      });
    });

    it("is held to its megabytes a second by the server's waiting, and not by a buffer", async () => {
      await filled(async (from, to) => {
        const { outcome, until, events } = start(from, to, { sourceLimits: { megabytesPerSecond: 5 } });
        await until("rows");
        await expect
          .poll(async () => (await system.run(from, system.held(nameOf(from)))).length, { timeout: 3000, interval: 20 })
          .toBe(1);
        expect(await outcome).toMatchObject({ rows: ROWS });
        // 20 MB; the first batch comes at once.
        expect(events.at(-1)).toMatchObject({ type: "finished", milliseconds: expect.toSatisfy((ms: number) => ms > 3500) });
      });
    });

    it("stands still while it is paused, and goes on with every row", async () => {
      await filled(async (from, to) => {
        const pauseSwitch = new PauseSwitch();
        const { outcome, events, until } = start(from, to, { pauseSwitch, sourceLimits: { rowsPerSecond: ROWS / 2 } });
        await until("rows");
        pauseSwitch.pause();
        await until("paused");
        const before = events.length;
        await new Promise((resolve) => setTimeout(resolve, 1000));
        // What was read already may still have been written.
        expect(events.length).toBeLessThanOrEqual(before + 1);
        pauseSwitch.resume();
        expect(await outcome).toMatchObject({ rows: ROWS });
        expect(events.filter(({ type }) => type === "resumed")).toEqual([
          { type: "resumed", milliseconds: expect.toSatisfy((ms: number) => ms >= 1000) },
        ]);
      });
    });

    it("is stopped out of a pause, target as it was", async () => {
      await filled(async (from, to) => {
        const [pauseSwitch, stop] = [new PauseSwitch(), new AbortController()];
        pauseSwitch.pause();
        const { outcome, until } = start(from, to, { pauseSwitch, signal: stop.signal });
        await until("paused");
        stop.abort();
        expect(await outcome).toMatchObject({ code: "ABORTED", phase: "during" });
        expect(await system.run(to, "SELECT id FROM people")).toEqual([]);
      });
    });

    it("has the server cancel a statement that takes too long", async () => {
      await filled(async (from, to) => {
        const limits = { statementSeconds: 1, megabytesPerSecond: 1 };
        const error = await start(from, to, { sourceLimits: limits }).outcome;
        expect(error).toMatchObject({ code: "SOURCE_FAILED", phase: "during", table: expect.stringContaining("people") });
        expect(error).toMatchObject({
          message: expect.stringContaining(system.cancelled),
          hint: expect.stringContaining("statementSeconds"),
        });
        expect(await system.run(to, "SELECT id FROM people")).toEqual([]);
      });
    });
  });
}

describe("limits", () => {
  it.each([
    [{ rowsPerSecond: 0 }, "rowsPerSecond must be a number above 0"],
    [{ connections: 1.5 }, "connections must be a whole number from 1"],
    [{ rowsPerSeconds: 5 }, 'sourceLimits has no "rowsPerSeconds"'],
  ])("that are none are refused: %o", async (sourceLimits, message) => {
    const options: object = { key: TEST_KEY, sourceLimits };
    await expect(refresh({ source: "nowhere", target: "nowhere", tables }, options)).rejects.toMatchObject({
      code: "OPTION_INVALID",
      message: expect.stringContaining(message),
    });
  });

  it("of the server are the connector's where a connector made the source", async () => {
    const source = postgresSource({ url: "postgres://127.0.0.1:1/nowhere" });
    const run = refresh({ source, target: new MemorySink(), tables }, { key: TEST_KEY, sourceLimits: { statementSeconds: 5 } });
    await expect(run).rejects.toMatchObject({ code: "OPTION_INVALID", hint: expect.stringContaining("limits") });
  });
});

describeWithPostgres("a run into a PostgreSQL without tables", () => {
  const runWith = async (connections: number) => {
    const found = { most: 0, sent: [] as readonly string[], outcome: undefined as unknown };
    await withDatabases(["standin_gentle_source", "standin_gentle_target"], async (from, to) => {
      await runPostgres(
        from!,
        "CREATE TABLE people (id int PRIMARY KEY, note varchar(1000)); INSERT INTO people VALUES (1, 'x')",
      );
      const proxy = await recordingProxy(`${from}?sslmode=disable`);
      try {
        found.outcome = await start(proxy.url, to!, { sourceLimits: { connections } }).outcome;
      } finally {
        proxy.close();
      }
      found.most = proxy.mostSessions;
      found.sent = proxy.statements;
      expect(proxy.greetings.every((greeting) => /application_name.standin/.test(greeting))).toBe(true);
    });
    return found;
  };

  it.each([2, 3])(
    "takes at most %i sessions of its source where no more are allowed, pg_dump's among them, which read as well",
    async (connections) => {
      const { outcome, most, sent } = await runWith(connections);
      expect(outcome).toMatchObject({ rows: 1 });
      expect(most).toBe(connections);
      const statements = sent
        .flatMap((script) => script.split(";"))
        .map((one) => one.trim())
        .filter((one) => one !== "");
      const others = statements.filter((one) => !SYSTEMS.PostgreSQL!.mayBeSent.test(one));
      // pg_dump prepares some of its queries, which is no writing.
      expect(others.filter((one) => !/^(PREPARE|EXECUTE) \w+/.test(one))).toEqual([]);
    },
  );

  it("is refused where one session is all there may be", async () => {
    const { outcome, most } = await runWith(1);
    expect(outcome).toMatchObject({ code: "OPTION_INVALID", phase: "before", hint: expect.stringContaining("connections") });
    expect(most).toBe(1);
  });
});
