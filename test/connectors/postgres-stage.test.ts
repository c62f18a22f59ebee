import { PGlite } from "@electric-sql/pglite";
import { describe, expect, it } from "vitest";
import { pgliteClient, postgresSink } from "../../src/connectors/postgres/index.ts";
import { connectPg } from "../../src/connectors/postgres/pg-client.ts";
import { runPostgres, withPostgresSession } from "../end-to-end/postgres-examiner.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { begin, definitionOf, encoded, keepShard, markOf, resume, tablesOf, whole, withSink } from "./staging-run.ts";

const PEOPLE = "CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL); INSERT INTO people VALUES (1, 'of before');";

const namesIn = async (url: string) => (await runPostgres(url, "SELECT name FROM people ORDER BY id")).map(({ name }) => name);
const stagedIn = async (url: string) =>
  (await runPostgres(url, "SELECT name FROM standin_staging.t1 ORDER BY id")).map(({ name }) => name);

function withPeople(use: (url: string) => Promise<void>): Promise<void> {
  return withDatabases(["standin_stage"], async (url) => {
    await runPostgres(url!, PEOPLE);
    await use(url!);
  });
}

/** Ends the sessions of runs, as a server that is shut down does. */
const endRuns = (url: string) =>
  runPostgres(
    url,
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE application_name = 'standin' AND datname = current_database() AND pid <> pg_backend_pid()`,
  );

describeWithPostgres("a run that keeps its shards on PostgreSQL", () => {
  it("leaves what it staged, goes on with it, and publishes all at once", async () => {
    await withPeople(async (url) => {
      const [people] = await tablesOf(url);
      await withSink(url, async ({ stage }) => {
        expect(await stage.left()).toBeNull();
        expect(await begin(stage, [people!])).toEqual({ notes: [] });
        expect(await keepShard(stage, people!, "a", "1\tone", "2\ttwo")).toBe(2);
        expect(await keepShard(stage, people!, "b", "3\tthree")).toBe(1);
      });
      expect(await namesIn(url)).toEqual(["of before"]);
      await withSink(url, async (sink) => {
        const { stage } = sink;
        expect(await stage.left()).toMatchObject({
          mark: { planFingerprint: "plan", createsTables: false },
          shards: [
            { table: "people", shard: "a", rows: 2, checksum: "0123456789abcdef" },
            { table: "people", shard: "b", rows: 1 },
          ],
        });
        await resume(stage, [people!]);
        expect(await stage.discard(people!, ["a"])).toEqual(["b"]);
        expect(await stagedIn(url)).toEqual(["three"]);
        await keepShard(stage, people!, "a", "1\teins");
        await keepShard(stage, people!, "none");
        expect(await namesIn(url)).toEqual(["of before"]);
        await sink.commit();
      });
      expect(await namesIn(url)).toEqual(["eins", "three"]);
      await withSink(url, async ({ stage }) => expect(await stage.left()).toBeNull());
      expect(await runPostgres(url, "SELECT FROM pg_namespace WHERE nspname ~ 'standin'")).toEqual([]);
    });
  });

  it("takes back the shard that was under way, and no other", async () => {
    await withPeople(async (url) => {
      const [people] = await tablesOf(url);
      await withSink(url, async (sink) => {
        const { stage } = sink;
        await stage.left();
        await begin(stage, [people!]);
        await keepShard(stage, people!, "a", "1\tone");
        const aborted = await stage.writer(people!, { id: "b", range: null });
        await aborted.write(encoded("2\ttwo"));
        await aborted.abort();
        const refused = await keepShard(stage, people!, "b", "2\ttwo", "3\t\\N").catch((error) => error);
        expect(refused).toMatchObject({ code: "SINK_REJECTED", table: "people", column: "name", row: undefined });
        expect(refused.message).toMatch(/writing people, shard b \(SQLSTATE 23502, column name.*\)/);
        await sink.rollback();
      });
      await withSink(url, async ({ stage }) => {
        await stage.left();
        await resume(stage, [people!]);
        const writer = await stage.writer(people!, { id: "b", range: null });
        await writer.write(encoded("2\ttwo"));
        await endRuns(url);
        const lost = writer.end({ table: "people", shard: "b", rows: 1, checksum: "0123456789abcdef" });
        await expect(lost).rejects.toMatchObject({ code: "CONNECTION_LOST" });
      });
      expect(await stagedIn(url)).toEqual(["one"]);
      await withSink(url, async ({ stage }) => {
        expect(await stage.left()).toMatchObject({ shards: [{ shard: "a" }] });
      });
      expect(await namesIn(url)).toEqual(["of before"]);
    });
  });

  it("refuses a count other than its record's, and leaves no trace of the shard", async () => {
    await withPeople(async (url) => {
      const [people] = await tablesOf(url);
      await withSink(url, async (sink) => {
        await begin(sink.stage, [people!]);
        const writer = await sink.stage.writer(people!, { id: "a", range: null });
        await writer.write(encoded("1\tone"));
        const ended = writer.end({ table: "people", shard: "a", rows: 2, checksum: "0123456789abcdef" });
        await expect(ended).rejects.toMatchObject({ code: "COUNT_MISMATCH", table: "people" });
        await writer.abort();
        expect(await stagedIn(url)).toEqual([]);
        await keepShard(sink.stage, people!, "a", "1\tone");
        await runPostgres(url, "DELETE FROM standin_staging.t1");
        await expect(sink.commit()).rejects.toMatchObject({ code: "COUNT_MISMATCH", table: "people" });
        await sink.rollback();
      });
      expect(await namesIn(url)).toEqual(["of before"]);
    });
  });

  it("keeps its staging where publishing breaks off, and publishes when it is asked again", async () => {
    await withPeople(async (url) => {
      await runPostgres(
        url,
        "CREATE FUNCTION slow(text) RETURNS boolean LANGUAGE sql AS 'SELECT pg_sleep(3) IS NOT NULL'; ALTER TABLE people ADD CHECK (slow(name)) NOT VALID",
      );
      const [people] = await tablesOf(url);
      await withSink(url, async (sink) => {
        await begin(sink.stage, [people!]);
        await keepShard(sink.stage, people!, "a", "1\tone");
        const committed = sink.commit().catch((error) => error);
        await new Promise((resolve) => setTimeout(resolve, 700));
        await endRuns(url);
        expect(await committed).toMatchObject({ code: "CONNECTION_LOST" });
        await expect(sink.rollback()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
      });
      expect(await namesIn(url)).toEqual(["of before"]);
      await withSink(url, async (sink) => {
        expect(await sink.stage.left()).toMatchObject({ shards: [{ shard: "a", rows: 1 }] });
        await resume(sink.stage, [people!]);
        await sink.commit();
      });
      expect(await namesIn(url)).toEqual(["one"]);
    });
  });

  it("locks other runs out, between shards as well", async () => {
    await withPeople(async (url) => {
      const [people] = await tablesOf(url);
      await withSink(url, async (one) => {
        await begin(one.stage, [people!]);
        await keepShard(one.stage, people!, "a", "1\tone");
        const refused = { code: "SINK_FAILED", message: expect.stringContaining("Another run") };
        await expect(withSink(url, async () => {})).rejects.toMatchObject(refused);
        // It looks at its own target as before.
        expect((await one.schema()).tables.map(({ ref }) => ref.name)).toEqual(["people"]);
        await one.commit();
      });
      await withSink(url, ({ stage }) => begin(stage, [people!]));
      await withSink(url, async (one) => {
        await withSink(url, async (other) => {
          await other.stage.left();
          await expect(one.stage.left()).rejects.toMatchObject({ code: "SINK_FAILED" });
          await expect(resume(one.stage, [people!])).rejects.toMatchObject({ code: "SINK_FAILED" });
          await expect(one.begin([people!], null, new AbortController().signal)).rejects.toMatchObject({ code: "SINK_FAILED" });
        });
      });
    });
  });

  it("is dropped by a run that keeps none, and by one that begins anew, who both tell it", async () => {
    await withPeople(async (url) => {
      const [people] = await tablesOf(url);
      const notes = ["dropped what an unfinished run had left"];
      await withSink(url, ({ stage }) => begin(stage, [people!]));
      await withSink(url, async ({ stage }) => expect(await begin(stage, [people!])).toEqual({ notes }));
      await withSink(url, async (sink) => {
        expect(await sink.begin([people!], null, new AbortController().signal)).toEqual({ notes });
        await sink.rollback();
      });
      await withSink(url, async ({ stage }) => expect(await stage.left()).toBeNull());
    });
  });

  it("is no part of the target, nor of a source that reads one", async () => {
    await withPeople(async (url) => {
      const tables = await tablesOf(url);
      await withSink(url, ({ stage }) => begin(stage, tables));
      expect((await tablesOf(url)).map(({ table }) => table.ref.name)).toEqual(["people"]);
      expect((await definitionOf(url)).beforeRows.join()).toMatch(/^(?!.*standin_staging).*CREATE TABLE public\.people/s);
      await withSink(url, async (sink) => expect((await sink.schema()).tables).toHaveLength(1));
    });
  });

  it("goes on with nothing else than what it began", async () => {
    await withPeople(async (url) => {
      await runPostgres(url, "CREATE TABLE more (id integer)");
      const [more, people] = await tablesOf(url);
      const isRefused = (message: RegExp) => ({ code: "RESUME_REFUSED", message: expect.stringMatching(message) });
      await withSink(url, async ({ stage }) => {
        await expect(resume(stage, [people!])).rejects.toMatchObject(isRefused(/no unfinished run/));
        await begin(stage, [more!, people!]);
      });
      await withSink(url, async ({ stage }) => {
        await expect(resume(stage, [people!])).rejects.toMatchObject(isRefused(/writes more tables/));
        await resume(stage, [more!, people!]);
      });
      await runPostgres(url, "ALTER TABLE people ALTER name TYPE varchar(20); ALTER TABLE more ADD other integer");
      await withSink(url, async ({ stage }) => {
        await expect(resume(stage, [more!, people!])).rejects.toMatchObject(isRefused(/other columns than people has/));
      });
      await runPostgres(url, "DROP TABLE more");
      await withSink(url, async ({ stage }) => {
        await expect(resume(stage, [more!, people!])).rejects.toMatchObject(isRefused(/no longer has more/));
      });
      await runPostgres(url, "DROP TABLE standin_staging.t2");
      await withSink(url, async ({ stage }) => expect(await stage.left()).toBeNull());
    });
  });

  it("discards all of a table that came back from a dump, whose rows no longer tell their shards", async () => {
    await withPeople(async (url) => {
      const [people] = await tablesOf(url);
      await withSink(url, async ({ stage }) => {
        await begin(stage, [people!]);
        await keepShard(stage, people!, "a", "1\tone");
        await keepShard(stage, people!, "b", "2\ttwo");
      });
      await runPostgres(
        url,
        "CREATE TABLE saved AS TABLE standin_staging.t1; TRUNCATE standin_staging.t1; INSERT INTO standin_staging.t1 TABLE saved",
      );
      await withSink(url, async ({ stage }) => {
        await resume(stage, [people!]);
        expect(await stage.discard(people!, ["a"])).toEqual([]);
      });
      expect(await stagedIn(url)).toEqual([]);
    });
  });

  it("is refused where a schema of its name is somebody else's, or no schema may be made, before anything is done", async () => {
    await withPeople(async (url) => {
      const [people] = await tablesOf(url);
      await runPostgres(url, "CREATE SCHEMA standin_staging; CREATE TABLE standin_staging.run (mark text)");
      await withSink(url, async (sink) => {
        expect(await sink.stage.left()).toBeNull();
        await expect(begin(sink.stage, [people!])).rejects.toMatchObject({ code: "TARGET_MISMATCH" });
        expect((await sink.schema()).tables).toHaveLength(2);
      });
      await runPostgres(url, "DROP SCHEMA standin_staging CASCADE");
      const role = `standin_stage_${Math.random().toString(36).slice(2, 10)}`;
      await withPostgresSession(url, async (session) => {
        await session.query(`CREATE ROLE ${role} LOGIN PASSWORD 'standin'; ALTER TABLE people OWNER TO ${role}`);
        try {
          const asRole = Object.assign(new URL(url), { username: role, password: "standin" }).toString();
          await withSink(asRole, async ({ stage }) => {
            const refused = {
              code: "PRIVILEGE_MISSING",
              hint: expect.stringMatching(/GRANT CREATE ON DATABASE standin_stage_\w+ /),
            };
            await expect(begin(stage, [people!])).rejects.toMatchObject(refused);
          });
        } finally {
          await session.query(`REASSIGN OWNED BY ${role} TO CURRENT_USER; DROP OWNED BY ${role}; DROP ROLE ${role}`);
        }
      });
    });
  });

  it("lets a caller's own session go on as it was", async () => {
    await withPeople(async (url) => {
      const [people] = await tablesOf(url);
      const session = await connectPg(url, "target", new AbortController().signal, 60);
      const client = Object.assign(Object.create(session), {
        query: session.query.bind(session),
        script: session.script.bind(session),
        copyIn: session.copyIn.bind(session),
        close: async () => {},
      });
      await session.script("SET idle_session_timeout = '7min'");
      const sink = postgresSink({ client });
      await sink.open(new AbortController().signal);
      await sink.stage!.begin([people!], null, markOf(), new AbortController().signal);
      expect(await session.query("SHOW idle_session_timeout")).toEqual([["0"]]);
      await sink.stage!.writer(people!, { id: "a", range: null }).then((writer) => writer.abort());
      await sink.close();
      expect(await session.query("SHOW idle_session_timeout")).toEqual([["7min"]]);
      expect(await session.query("SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")).toEqual([]);
      await session.close();
    });
  });
});

describe("a run that keeps its shards in an embedded PostgreSQL", () => {
  it("leaves them in the caller's database, and no lock", async () => {
    const db = new PGlite();
    await db.exec(PEOPLE);
    const open = async () => {
      const sink = postgresSink({ client: pgliteClient(db) });
      await sink.open(new AbortController().signal);
      const [table] = (await sink.schema()).tables;
      return { sink, stage: sink.stage!, people: whole(table!) };
    };
    const { sink: broken, stage, people } = await open();
    await begin(stage, [people]);
    await keepShard(stage, people, "a", "1\tone", "2\ttwo");
    const writer = await stage.writer(people, { id: "b", range: null });
    await writer.write(encoded("3\tthree"));
    await broken.close();
    expect((await db.query("SELECT FROM pg_locks WHERE locktype = 'advisory'")).rows).toEqual([]);
    const resumed = await open();
    expect(await resumed.stage.left()).toMatchObject({ shards: [{ shard: "a", rows: 2 }] });
    await resume(resumed.stage, [people]);
    await resumed.sink.commit();
    await resumed.sink.close();
    expect((await db.query("SELECT name FROM people ORDER BY id")).rows).toEqual([{ name: "one" }, { name: "two" }]);
    await db.close();
  });
});
