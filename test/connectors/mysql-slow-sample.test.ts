import { expect, it } from "vitest";
import { parseMysqlUrl } from "../../src/connectors/mysql/mysql-address.ts";
import { connectMysql } from "../../src/connectors/mysql/mysql-client.ts";
import { fromMysqlError } from "../../src/connectors/mysql/mysql-errors.ts";
import { pinSession } from "../../src/connectors/mysql/mysql-session.ts";
import { sampleTable } from "../../src/connectors/mysql/read/mysql-sample.ts";
import { typicalColumn } from "../../src/testing/typical-columns.ts";
import { describeWithMysql, withMysqlDatabases, withMysqlSession } from "../servers/mysql-server.ts";

const COLUMN = typicalColumn("text", { name: "word" });
const TABLE = { ref: { schema: null, name: "t" }, columns: [COLUMN], uniqueKeys: [], foreignKeys: [], rowEstimate: 1 };

describeWithMysql("a sample of MySQL", () => {
  it("gives up what takes too long, says so, and leaves the session without a limit", async () => {
    await withMysqlDatabases(["standin_slow"], async (url) => {
      const { signal } = new AbortController();
      const client = await connectMysql(parseMysqlUrl(url, "source"), "source", signal, 60);
      try {
        await pinSession(client);
        await withMysqlSession(url, async (session) => {
          await session.query("CREATE TABLE t (word text); INSERT INTO t VALUES ('a'); LOCK TABLES t WRITE");
          const failure: unknown = await sampleTable(client, TABLE, { columns: [COLUMN], signal }, { seconds: 1 }).catch(
            (error: unknown) => error,
          );
          expect(fromMysqlError(failure, "source", "sampling t", "t")).toMatchObject({
            code: "SOURCE_FAILED",
            message: expect.stringContaining("ran out of the time"),
            hint: expect.any(String),
          });
          await session.query("UNLOCK TABLES");
        });
        expect(await client.query("SELECT SLEEP(1.2)")).toEqual([["0"]]);
        expect(await sampleTable(client, TABLE, { columns: [COLUMN], signal }, { seconds: 1 })).toEqual([["a"]]);
      } finally {
        await client.close();
      }
    });
  }, 30_000);
});
