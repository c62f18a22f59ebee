import { expect, it } from "vitest";
import { parseMysqlUrl } from "../../src/connectors/mysql/mysql-address.ts";
import { connectMysql } from "../../src/connectors/mysql/mysql-client.ts";
import { pinSession } from "../../src/connectors/mysql/mysql-session.ts";
import { describeWithMysql, withMysqlDatabases } from "../servers/mysql-server.ts";

describeWithMysql("a pinned session of MySQL", () => {
  it("deletes rows of a target whose server wants a constant for each delete", () =>
    withMysqlDatabases(["standin_session"], async (url) => {
      const client = await connectMysql(parseMysqlUrl(url, "target"), "target", new AbortController().signal, 60);
      try {
        await client.execute("CREATE TABLE t (id int PRIMARY KEY)");
        await client.execute("INSERT INTO t VALUES (1), (2)");
        await client.execute("SET SESSION sql_safe_updates = 1");
        await expect(client.execute("DELETE FROM t")).rejects.toMatchObject({ errno: 1175 });
        await pinSession(client);
        await client.execute("DELETE FROM t");
        expect(await client.query("SELECT id FROM t")).toEqual([]);
      } finally {
        await client.close();
      }
    }));
});
