import { expect, it } from "vitest";
import { errorLines } from "../../src/cli/show/print-error.ts";
import { mysqlSink, mysqlSource } from "../../src/connectors/mysql/index.ts";
import { parseMysqlUrl } from "../../src/connectors/mysql/mysql-address.ts";
import { connectMysql, type MysqlClient } from "../../src/connectors/mysql/mysql-client.ts";
import type { MysqlDefinition } from "../../src/connectors/mysql/mysql-definition.ts";
import { pinSession } from "../../src/connectors/mysql/mysql-session.ts";
import { MysqlEnd } from "../../src/connectors/mysql/write/mysql-end.ts";
import { prepareSwap, swapTables } from "../../src/connectors/mysql/write/publish.ts";
import { publishStaged } from "../../src/connectors/mysql/write/publish-staged.ts";
import { type StagedUnit, stageNew } from "../../src/connectors/mysql/write/staging.ts";
import { AFTERMATH_TABLE } from "../../src/connectors/mysql/write/staging-names.ts";
import type { Sink } from "../../src/contracts.ts";
import { StandinError } from "../../src/errors.ts";
import { refresh } from "../../src/refresh.ts";
import { keep, redact } from "../../src/transforms/index.ts";
import { mysqlDefinitions } from "../end-to-end/mysql-definitions.ts";
import { changedEnd } from "../pipeline/changed-end.ts";
import { describeWithMysql, isMariaDb, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { copy, expectEqualDatabases } from "./mysql-copy.ts";

/** MySQL has no sequences. */
const PEOPLE = isMariaDb
  ? "CREATE SEQUENCE numbers; CREATE TABLE people (id int PRIMARY KEY DEFAULT nextval(numbers), name varchar(50))"
  : "CREATE TABLE people (id int PRIMARY KEY AUTO_INCREMENT, name varchar(50))";

/** A reads b, so the views cannot be made in the order of their names. */
const SHOP = `
  ${PEOPLE};
  INSERT INTO people (name) VALUES ('Ann'), ('Bo');
  CREATE FUNCTION one() RETURNS int DETERMINISTIC RETURN 1; CREATE PROCEDURE nothing() BEGIN END;
  CREATE VIEW b_names AS SELECT name FROM people; CREATE VIEW a_names AS SELECT name FROM b_names`;

/** Makes a target as a run does, so far as `steps` goes, and dies without a word. */
async function dieAfter(source: string, target: string, steps: (client: MysqlClient, unit: StagedUnit) => Promise<void>) {
  const { signal } = new AbortController();
  const from = mysqlSource({ url: source });
  await from.open(signal);
  const client = await connectMysql(parseMysqlUrl(target, "target"), "target", signal, 60);
  try {
    await pinSession(client);
    const definition = await from.define!((await from.schema()).tables);
    await steps(client, await stageNew(client, definition as MysqlDefinition));
  } finally {
    client.stop(new StandinError("ABORTED", "Died."));
    await from.close();
  }
}

describeWithMysql("a MariaDB target whose server fails behind the swap", () => {
  it("has the copy, and the error says so, and that there is nothing to go on with", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      for (const url of [source!, target!]) await runMysql(url, "CREATE TABLE people (id int PRIMARY KEY, name varchar(50))");
      await runMysql(source!, "INSERT INTO people VALUES (1, 'Ann'), (2, 'Bo')");
      const sink = mysqlSink({ url: target! });
      const commit = async () => {
        await sink.prepareCommit!();
        await runMysql(target!, `INSERT INTO ${AFTERMATH_TABLE} VALUES (1000, 'no statement', NULL)`);
        await sink.commit();
      };
      const policy = {
        source: source!,
        target: changedEnd<Sink>(sink, { commit }),
        tables: { people: { id: keep(), name: redact() } },
      };
      const error = await refresh(policy, { key: TEST_KEY, resumable: true }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "SINK_FAILED", isPublished: true, isResumable: false, phase: "during" });
      expect(errorLines(error as StandinError, {}, process.stderr, "The target is as it was.").join("\n")).not.toMatch(
        /as it was|--resume/,
      );
      expect(await runMysql(target!, "SELECT name FROM people")).toEqual([{ name: "***" }, { name: "**" }]);
    }));
});

describeWithMysql("a MariaDB target that is lost at the swap and cannot be looked at again", () => {
  it("is said to be as it was or complete: not to be published", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source!, "CREATE TABLE people (id int PRIMARY KEY)");
      const { signal } = new AbortController();
      const end = new MysqlEnd("target", { url: target! });
      const lost = new StandinError("CONNECTION_LOST", "Lost.");
      const connectAnew = async () => {
        const fresh = await connectMysql(parseMysqlUrl(target!, "target"), "target", signal, 60);
        fresh.stop(lost);
        return fresh;
      };
      const from = mysqlSource({ url: source! });
      await Promise.all([from.open(signal), end.open(signal)]);
      try {
        await pinSession(end.client);
        const definition = await from.define!((await from.schema()).tables);
        const unit = await stageNew(end.client, definition as MysqlDefinition);
        end.client.stop(lost);
        let isPublished = false;
        const onPublished = () => {
          isPublished = true;
        };
        const published = publishStaged(changedEnd(end, { connectAnew }), unit, true, onPublished);
        await expect(published).rejects.toMatchObject({ code: "CONNECTION_LOST", isPublished: false });
        expect(isPublished).toBe(false);
      } finally {
        await Promise.all([from.close(), end.close()]);
      }
    }));
});

describeWithMysql("an empty MariaDB target after a run that was killed", () => {
  it.each([
    ["before the first row", async () => {}],
    ["before it published", prepareSwap],
    [
      "just after it published",
      async (client: MysqlClient, unit: StagedUnit) => {
        await prepareSwap(client, unit);
        await swapTables(client, unit);
      },
    ],
  ] as const)("is made by the next run as if there had been none: killed %s", (_, steps) =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source, SHOP);
      await dieAfter(source, target, steps);
      await copy(source, target);
      await expectEqualDatabases({ source, target });
    }),
  );

  it.each([
    ...(isMariaDb ? ["CREATE SEQUENCE numbers"] : []),
    "CREATE PROCEDURE nothing() BEGIN END",
    "CREATE VIEW b_names AS SELECT 1 AS name",
  ])("is left alone where a name is taken: %s", (own) =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source, SHOP);
      await runMysql(target, own);
      const before = await mysqlDefinitions(target);
      await expect(copy(source, target)).rejects.toMatchObject({ code: "SINK_FAILED" });
      expect(await mysqlDefinitions(target)).toEqual(before);
    }),
  );
});
