import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { mysqlSink } from "../../src/connectors/mysql/index.ts";
import type { TableToWrite } from "../../src/contracts.ts";
import { mysqlDefinitions } from "../end-to-end/mysql-definitions.ts";
import {
  describeWithMysql,
  isMariaDb,
  mysqlUrl,
  runMysql,
  withMysqlDatabases,
  withMysqlSession,
} from "../servers/mysql-server.ts";
import {
  begin,
  describeMysql,
  dieWhilePublishing,
  encoded,
  endRuns,
  keepShard,
  MARK,
  ourTables,
  recordOf,
  resume,
  type StagingSink,
  withSink,
} from "./mysql-staging.ts";

const PEOPLE = `
  CREATE TABLE people (id int PRIMARY KEY, name varchar(20) NOT NULL); INSERT INTO people VALUES (1, 'of before');
  CREATE TABLE visits (id int PRIMARY KEY AUTO_INCREMENT, person int, CONSTRAINT of_person FOREIGN KEY (person) REFERENCES people (id)) AUTO_INCREMENT = 70;
  CREATE TRIGGER on_visit BEFORE INSERT ON visits FOR EACH ROW SET NEW.person = NEW.person`;
/** Of MariaDB alone. */
const VERSIONED: [string, string, string] = [
  "keeps the versions of its rows",
  "ALTER TABLE people ADD SYSTEM VERSIONING",
  "SELECT 1",
];
const { signal } = new AbortController();

const namesIn = async (url: string) => (await runMysql(url, "SELECT name FROM people ORDER BY id")).map(({ name }) => name);
const visitsIn = async (url: string) =>
  (await runMysql(url, "SELECT id, person FROM visits ORDER BY id")).map(({ id, person }) => [id, person]);

interface Target {
  readonly url: string;
  readonly people: TableToWrite;
  readonly visits: TableToWrite;
  readonly tables: readonly TableToWrite[];
}

function withTarget(use: (target: Target) => Promise<void>, more = ""): Promise<void> {
  return withMysqlDatabases(["standin_stage"], async (url) => {
    await runMysql(url!, `${PEOPLE};${more}`);
    const { tables } = await describeMysql(url!);
    const [people, visits] = ["people", "visits"].map((name) => tables.find(({ table }) => table.ref.name === name)!);
    await use({ url: url!, people: people!, visits: visits!, tables: [people!, visits!] });
  });
}

/** With sql_require_primary_key MySQL takes none of them. */
const withoutPrimaryKey = (url: string) =>
  runMysql(
    url,
    `SELECT table_name FROM information_schema.tables t WHERE table_schema = DATABASE() AND table_name LIKE '\\_standin%' AND NOT EXISTS
      (SELECT 1 FROM information_schema.table_constraints c WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.constraint_type = 'PRIMARY KEY')`,
  );

const NOTES = ["dropped what an unfinished run had left"];

describeWithMysql("a run that keeps its shards on MariaDB", () => {
  it.each([
    ["LOAD DATA", true],
    ["INSERTs", false],
  ])("leaves what it staged, goes on with it, and publishes all at once: by %s", (_, loadData) =>
    withTarget(async ({ url, people, visits, tables }) => {
      const definitions = await mysqlDefinitions(url);
      await withSink(
        url,
        async (sink) => {
          expect(await sink.stage.left()).toBeNull();
          expect(await begin(sink, tables)).toEqual({ notes: [] });
          expect(await keepShard(sink, people, "a", "1\tone", "2\ttwo")).toBe(2);
          expect(await keepShard(sink, people, "b", "3\tthree")).toBe(1);
        },
        loadData,
      );
      expect(await namesIn(url)).toEqual(["of before"]);
      await withSink(
        url,
        async (sink) => {
          expect((await sink.schema()).tables).toHaveLength(2);
          expect(await sink.stage.left()).toEqual({
            mark: expect.objectContaining({ runId: "run", planFingerprint: "plan", createsTables: false }),
            shards: [
              { table: "people", shard: "a", rows: 2, checksum: "0123456789abcdef" },
              { table: "people", shard: "b", rows: 1, checksum: "0123456789abcdef" },
            ],
          });
          expect(await resume(sink, tables)).toEqual({ notes: [] });
          expect(await sink.stage.discard(people, [])).toEqual(["a", "b"]);
          await keepShard(sink, people, "c", "4\tfour");
          await keepShard(sink, visits, "none");
          await keepShard(sink, visits, "a", "1\t4");
          expect(await namesIn(url)).toEqual(["of before"]);
          await sink.commit();
        },
        loadData,
      );
      expect(await namesIn(url)).toEqual(["one", "two", "three", "four"]);
      expect(await visitsIn(url)).toEqual([[1, 4]]);
      expect(await mysqlDefinitions(url)).toEqual(definitions);
      expect(await ourTables(url)).toEqual([]);
      await withSink(url, async ({ stage }) => expect(await stage.left()).toBeNull());
    }),
  );

  it.each([
    ["LOAD DATA", true],
    ["INSERTs", false],
  ])("takes single shards out, and what they came with alone: by %s", (_, loadData) =>
    withTarget(async ({ url, people, tables }) => {
      const definitions = await mysqlDefinitions(url);
      await withSink(
        url,
        async (sink) => {
          await begin(sink, tables);
          await keepShard(sink, people, "a", "1\tone", "2\ttwo");
          await keepShard(sink, people, "b", "3\tthree");
          await keepShard(sink, people, "c", "4\tfour");
        },
        loadData,
      );
      await withSink(
        url,
        async (sink) => {
          await resume(sink, tables);
          expect(await sink.stage.discard(people, ["b", "never"])).toEqual(["a", "c"]);
          await keepShard(sink, people, "b", "3\tdrei");
          expect(await sink.stage.discard(people, ["c"])).toEqual(["a", "b"]);
          await sink.commit();
        },
        loadData,
      );
      expect(await namesIn(url)).toEqual(["one", "two", "drei"]);
      expect(await mysqlDefinitions(url)).toEqual(definitions);
    }),
  );

  it.each([
    ...(isMariaDb ? [VERSIONED] : []),
    ["has other rows than its records tell", "SELECT 1", "DELETE FROM _standin_new_0001 WHERE id = 2"],
    [
      "was taken its marks just before it was to be published",
      "SELECT 1",
      "ALTER TABLE _standin_new_0001 DROP COLUMN _standin_shard",
    ],
  ])("has a table begin anew that %s", (_, before, between) =>
    withTarget(async ({ url, people, tables }) => {
      await withSink(url, async (sink) => {
        await begin(sink, tables);
        await keepShard(sink, people, "a", "1\tone");
        await keepShard(sink, people, "b", "2\ttwo");
      });
      await runMysql(url, between);
      await withSink(url, async (sink) => {
        await resume(sink, tables);
        expect(await sink.stage.discard(people, ["b"])).toEqual([]);
        await keepShard(sink, people, "b", "2\tzwei");
        await sink.commit();
      });
      expect(await namesIn(url)).toEqual(["zwei"]);
    }, before),
  );

  it("has a table begin anew where most of it is discarded, with its counter as it was", () =>
    withTarget(async ({ url, people, visits, tables }) => {
      await withSink(url, async (sink) => {
        await begin(sink, tables);
        await keepShard(sink, people, "a", "1\tone");
        await keepShard(sink, visits, "a", "500\t1");
        await keepShard(sink, visits, "b", "501\t1");
      });
      await withSink(url, async (sink) => {
        await resume(sink, tables);
        expect(await sink.stage.discard(visits, ["a", "b"])).toEqual([]);
        expect(await sink.stage.left()).toMatchObject({ shards: [{ table: "people", shard: "a" }] });
      });
      await withSink(url, async (sink) => {
        await resume(sink, tables);
        expect((await ourTables(url)).filter((name) => name.startsWith("_standin_new"))).toHaveLength(2);
        await keepShard(sink, visits, "b", "3\t1");
        await sink.commit();
      });
      expect(await namesIn(url)).toEqual(["one"]);
      await runMysql(url, "INSERT INTO visits (person) VALUES (1)");
      expect(await visitsIn(url)).toEqual([
        [3, 1],
        [70, 1],
      ]);
    }));

  it.each([
    ["LOAD DATA", true],
    ["INSERTs", false],
  ])("takes back the shard that was under way, and no other: by %s", (_, loadData) =>
    withTarget(async ({ url, people, tables }) => {
      await withSink(
        url,
        async (sink) => {
          await begin(sink, tables);
          await keepShard(sink, people, "a", "1\tone");
          const aborted = await sink.stage.writer(people, { id: "b", range: null });
          await aborted.write(encoded("2\ttwo"));
          await aborted.abort();
          const refused = await sink.stage.writer(people, { id: "b", range: null });
          await refused.write(encoded("2\ttwo", "3\tlonger than twenty letters are"));
          await expect(refused.end(recordOf(people, "b", 2))).rejects.toMatchObject({ code: "SINK_REJECTED", column: "name" });
          await refused.abort();
          const miscounted = await sink.stage.writer(people, { id: "b", range: null });
          await miscounted.write(encoded("2\ttwo"));
          await expect(miscounted.end(recordOf(people, "b", 2))).rejects.toMatchObject({
            code: "COUNT_MISMATCH",
            table: "people",
          });
          await miscounted.abort();
          await keepShard(sink, people, "c", "3\tthree");
          const open = await sink.stage.writer(people, { id: "d", range: null });
          await open.write(encoded("4\tfour"));
        },
        loadData,
      );
      await withSink(
        url,
        async (sink) => {
          await resume(sink, tables);
          const writer = await sink.stage.writer(people, { id: "b", range: null });
          await writer.write(encoded("2\ttwo"));
          await endRuns(url);
          await expect(writer.end(recordOf(people, "b", 1))).rejects.toMatchObject({ code: "CONNECTION_LOST" });
        },
        loadData,
      );
      await withSink(url, async (sink) => {
        expect(await sink.stage.left()).toMatchObject({ shards: [{ shard: "a" }, { shard: "c" }] });
        await resume(sink, tables);
        await sink.commit();
      });
      expect(await namesIn(url)).toEqual(["one", "three"]);
    }),
  );

  it("stays resumable where its rows cannot be published, and where it is killed just before they are", () =>
    withTarget(async ({ url, people, visits, tables }) => {
      const definitions = await mysqlDefinitions(url);
      await withSink(url, async (sink) => {
        await begin(sink, tables);
        await keepShard(sink, visits, "a", "1\t7");
        await expect(sink.commit()).rejects.toMatchObject({ code: "REFERENCE_BROKEN" });
        await sink.rollback();
      });
      await withSink(url, async (sink) => {
        await resume(sink, tables);
        await keepShard(sink, people, "a", "7\tseven");
      });
      await dieWhilePublishing(url, false);
      expect(await namesIn(url)).toEqual(["of before"]);
      await withSink(url, async (sink) => {
        expect(await sink.stage.left()).toMatchObject({ shards: [{ table: "visits" }, { table: "people" }] });
        await resume(sink, tables);
        await sink.commit();
      });
      expect(await namesIn(url)).toEqual(["seven"]);
      expect(await mysqlDefinitions(url)).toEqual(definitions);
      expect(await ourTables(url)).toEqual([]);
    }));

  it("is finished by the next run where it is killed just after the swap", () =>
    withTarget(async ({ url, people, tables }) => {
      const definitions = await mysqlDefinitions(url);
      await withSink(url, async (sink) => {
        await begin(sink, tables);
        await keepShard(sink, people, "a", "7\tseven");
      });
      await dieWhilePublishing(url, true);
      await withSink(url, async (sink) => {
        expect(await sink.stage.left()).toBeNull();
        await expect(resume(sink, tables)).rejects.toMatchObject({ code: "RESUME_REFUSED" });
        expect(await sink.begin(tables, null, signal)).toEqual({ notes: ["finished what an interrupted run had left to do"] });
      });
      expect(await namesIn(url)).toEqual(["seven"]);
      expect(await mysqlDefinitions(url)).toEqual(definitions);
      expect(await ourTables(url)).toEqual([]);
    }));

  it("is dropped by a run that keeps none, and by one that begins anew, who both tell it", () =>
    withTarget(async ({ url, tables }) => {
      await withSink(url, (sink) => begin(sink, tables));
      await withSink(url, async (sink) => expect(await begin(sink, tables)).toEqual({ notes: NOTES }));
      await withSink(url, async (sink) => {
        expect(await sink.begin(tables, null, signal)).toEqual({ notes: NOTES });
        await sink.rollback();
        expect(await ourTables(url)).toEqual([]);
        expect(await sink.stage.left()).toBeNull();
      });
    }));

  it("locks other runs out, between shards as well", () =>
    withTarget(async ({ url, people, tables }) => {
      const refused = { code: "SINK_FAILED", message: expect.stringContaining("Another run") };
      await withSink(url, async (one) => {
        await begin(one, tables);
        await keepShard(one, people, "a", "1\tone");
        const aborted = await one.stage.writer(people, { id: "b", range: null });
        await aborted.write(encoded("2\ttwo"));
        await aborted.abort();
        await keepShard(one, people, "b", "2\ttwo");
        await withSink(url, async (other) => {
          await expect(other.stage.left()).rejects.toMatchObject(refused);
          await expect(resume(other, tables)).rejects.toMatchObject(refused);
          await expect(other.begin(tables, null, signal)).rejects.toMatchObject(refused);
        });
        await one.commit();
      });
      expect(await namesIn(url)).toEqual(["one", "two"]);
    }));

  it("goes on with nothing else than what it began", () =>
    withTarget(async ({ url, people, visits, tables }) => {
      const isRefused = (message: RegExp) => ({ code: "RESUME_REFUSED", message: expect.stringMatching(message) });
      await withSink(url, async (sink) => {
        await expect(resume(sink, tables)).rejects.toMatchObject(isRefused(/no unfinished run/));
        await begin(sink, [people]);
      });
      await withSink(url, async (sink) => {
        await expect(resume(sink, tables)).rejects.toMatchObject(isRefused(/does not write visits/));
        await begin(sink, tables);
        await keepShard(sink, people, "a", "1\tone");
      });
      await withSink(url, async (sink) => {
        await expect(resume(sink, [visits])).rejects.toMatchObject(isRefused(/writes more tables/));
        await resume(sink, tables);
      });
      // What is new in the target would go with the swap.
      await runMysql(url, "ALTER TABLE people ADD UNIQUE (name)");
      await withSink(url, (sink) => expect(resume(sink, tables)).rejects.toMatchObject(isRefused(/people was altered/)));
      await runMysql(url, "ALTER TABLE people DROP INDEX name; INSERT INTO visits (id) VALUES (700)");
      await withSink(url, (sink) => resume(sink, tables));
      await runMysql(url, "DROP TABLE visits");
      await withSink(url, (sink) => expect(resume(sink, tables)).rejects.toMatchObject(isRefused(/no longer has visits/)));
      await runMysql(url, "DROP TABLE _standin_new_0002");
      await withSink(url, async (sink) => expect(await sink.stage.left()).toBeNull());
    }));

  it("takes no other privileges than a run that keeps none", () =>
    withTarget(async ({ url, people }) => {
      const name = `standin_${randomBytes(4).toString("hex")}`;
      const privileges = "SELECT, INSERT, DELETE, CREATE, DROP, ALTER";
      await runMysql(mysqlUrl!, `CREATE USER ${name}@'%' IDENTIFIED BY 'standin'`);
      try {
        await runMysql(mysqlUrl!, `GRANT ${privileges} ON \`${new URL(url).pathname.slice(1)}\`.* TO ${name}@'%'`);
        const own = Object.assign(new URL(url), { username: name, password: "standin" }).toString();
        await runMysql(url, "DROP TABLE visits");
        await withSink(own, async (sink) => {
          expect(await sink.check!([people])).toEqual([]);
          await begin(sink, [people]);
          for (const [place, id] of ["a", "b", "c"].entries()) await keepShard(sink, people, id, `${place}\t${id}`);
        });
        await withSink(own, async (sink) => {
          await resume(sink, [people]);
          expect(await sink.stage.discard(people, ["a"])).toEqual(["b", "c"]);
          expect(await sink.stage.discard(people, ["b", "c"])).toEqual([]);
          await keepShard(sink, people, "a", "1\tone");
          await sink.commit();
        });
        expect(await namesIn(url)).toEqual(["one"]);
      } finally {
        await runMysql(mysqlUrl!, `DROP USER ${name}@'%'`);
      }
    }));

  it("is refused for a table without transactions, and leaves nothing", () =>
    withMysqlDatabases(["standin_stage"], async (url) => {
      await runMysql(url!, "CREATE TABLE log (id int PRIMARY KEY) ENGINE=MyISAM; INSERT INTO log VALUES (1)");
      const { tables } = await describeMysql(url!);
      await withSink(url!, async (sink) => {
        await expect(begin(sink, tables)).rejects.toMatchObject({ code: "TARGET_MISMATCH", table: "log" });
        await sink.rollback();
      });
      expect(await ourTables(url!)).toEqual([]);
    }));

  it("makes the tables of an empty target, and takes all of it away where a run begins anew", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(
        source,
        `${PEOPLE}; ${isMariaDb ? "CREATE SEQUENCE numbers; CREATE TABLE z (id int PRIMARY KEY DEFAULT nextval(numbers))" : "CREATE TABLE z (id int PRIMARY KEY AUTO_INCREMENT)"};
         ALTER TABLE people ADD CONSTRAINT named CHECK (name <> '');
         CREATE FUNCTION one() RETURNS int DETERMINISTIC RETURN 1; CREATE VIEW names AS SELECT name FROM people`,
      );
      const { tables, definition } = await describeMysql(source);
      const [people, visits, z] = tables;
      await withSink(target, async (sink) => {
        expect((await begin(sink, tables, definition)).notes).toContain("created 3 tables");
        await keepShard(sink, people!, "a", "1\tone");
        await keepShard(sink, z!, "a", "1", "2");
        await keepShard(sink, visits!, "a", "1\t1");
      });
      expect((await runMysql(target, "SHOW TABLES")).length).toBeGreaterThan(3);
      expect(await withoutPrimaryKey(target)).toEqual([]);
      await withSink(target, async (sink) => {
        expect((await sink.schema()).tables).toEqual([]);
        expect(await sink.stage.left()).toMatchObject({ mark: { createsTables: true }, shards: [{}, {}, {}] });
        await expect(resume(sink, tables)).rejects.toMatchObject({ code: "RESUME_REFUSED" });
        await resume(sink, tables, definition);
        expect(await sink.stage.discard(z!, ["a"])).toEqual([]);
        await keepShard(sink, z!, "a", "1", "2", "3");
        expect(await sink.stage.discard(people!, ["a"])).toEqual([]);
        await keepShard(sink, people!, "a", "1\tone");
        await sink.commit();
      });
      expect(await namesIn(target)).toEqual(["one"]);
      expect(await mysqlDefinitions(target)).toEqual(await mysqlDefinitions(source));
      await runMysql(target, "INSERT INTO z () VALUES ()");
      expect(await runMysql(target, "SELECT MAX(id) AS id FROM z")).toEqual([{ id: 4 }]);

      await runMysql(
        target,
        `DROP VIEW names; DROP FUNCTION one; DROP TABLE z, visits, people; ${isMariaDb ? "DROP SEQUENCE numbers" : "SELECT 1"}`,
      );
      await withSink(target, async (sink) => {
        await begin(sink, tables, definition);
        await keepShard(sink, people!, "a", "1\tone");
      });
      await withSink(target, async (sink) => {
        const { notes } = await sink.begin(tables, definition, signal);
        expect(notes[0]).toBe(NOTES[0]);
        await sink.rollback();
      });
      expect(await runMysql(target, "SHOW TABLES")).toEqual([]);
      expect(await mysqlDefinitions(target)).toEqual({});
    }));

  it("makes no tables where others have come meanwhile, or where the source's are made otherwise", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source, PEOPLE);
      const { tables, definition } = await describeMysql(source);
      await withSink(target, (sink) => begin(sink, tables, definition));
      await runMysql(source, "ALTER TABLE people ADD UNIQUE (name); INSERT INTO visits VALUES (99, 1)");
      const now = await describeMysql(source);
      await withSink(target, (sink) =>
        expect(resume(sink, now.tables, now.definition)).rejects.toMatchObject({ code: "RESUME_REFUSED", table: "people" }),
      );
      await runMysql(source, "CREATE PROCEDURE nothing() BEGIN END");
      const later = await describeMysql(source);
      await withSink(target, (sink) =>
        expect(resume(sink, later.tables, later.definition)).rejects.toMatchObject({
          message: expect.stringMatching(/routines/),
        }),
      );
      await runMysql(target, "CREATE TABLE people (id int)");
      await withSink(target, (sink) =>
        expect(resume(sink, tables, definition)).rejects.toMatchObject({ message: expect.stringMatching(/has one now/) }),
      );
    }));

  it("lets go of the target where it is stopped while the server works, so that it can be gone on with at once", () =>
    withTarget(({ url, people, tables }) =>
      withMysqlSession(url, async (session) => {
        const stop = new AbortController();
        const sink = mysqlSink({ url });
        await sink.open(stop.signal);
        const { stage } = sink as StagingSink;
        await stage.begin(tables, null, MARK, stop.signal);
        await keepShard(sink as StagingSink, people, "0", "1\tAnna");
        await session.query("LOCK TABLES _standin_new_0001 READ");
        setTimeout(() => stop.abort(), 300);
        await expect(sink.prepareCommit!()).rejects.toMatchObject({ code: "ABORTED" });
        await sink.rollback();
        await withSink(url, async (next) => expect((await next.stage.left())!.shards).toHaveLength(1));
        await sink.close();
      }),
    ));
});
