import { expect, it } from "vitest";
import { runPostgres } from "../end-to-end/postgres-examiner.ts";
import { postgresUrl } from "../servers/postgres-server.ts";
import { runToEnd } from "./fault-run.ts";
import { keepAll } from "./fault-tables.ts";
import { postgresSystem } from "./postgres-system.ts";

/** A database of another encoding than UTF-8, for as long as `use` runs. */
async function withEncoding(encoding: string, use: (url: string) => Promise<void>): Promise<void> {
  const name = `standin_fault_${encoding.toLowerCase()}_${process.pid}`;
  await runPostgres(
    postgresUrl!,
    `CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C'`,
  );
  try {
    await use(Object.assign(new URL(postgresUrl!), { pathname: `/${name}` }).toString());
  } finally {
    await runPostgres(postgresUrl!, `DROP DATABASE ${name}`);
  }
}

postgresSystem.describe("a PostgreSQL source of another encoding", () => {
  it.each([
    ["LATIN1", "é ß ¿"],
    ["EUC_JP", "日本語"],
    ["SQL_ASCII", "plain"],
  ])("F38: gives the same characters to a target in UTF-8, whatever PGCLIENTENCODING says: %s", (encoding, text) =>
    withEncoding(encoding, (source) =>
      postgresSystem.withDatabases(["standin_fault_target"], async (target) => {
        const former = process.env.PGCLIENTENCODING;
        for (const url of [source, target!]) await runPostgres(url, "CREATE TABLE t (id int PRIMARY KEY, v text)");
        await runPostgres(source, `INSERT INTO t VALUES (1, '${text}')`);
        process.env.PGCLIENTENCODING = "LATIN1";
        const { error } = await runToEnd({ source, target }, { tables: keepAll({ t: ["id", "v"] }) });
        if (former === undefined) delete process.env.PGCLIENTENCODING;
        else process.env.PGCLIENTENCODING = former;
        expect(error).toBe(null);
        expect(await runPostgres(target!, "SELECT v FROM t")).toEqual([{ v: text }]);
      }),
    ),
  );

  it("F38: is told with the table where bytes are no characters, and the target is as it was", () =>
    withEncoding("SQL_ASCII", (source) =>
      postgresSystem.withDatabases(["standin_fault_target"], async (target) => {
        for (const url of [source, target!]) await runPostgres(url, "CREATE TABLE t (id int PRIMARY KEY, v text)");
        await runPostgres(
          source,
          "SET client_encoding = 'SQL_ASCII'; INSERT INTO t VALUES (1, convert_from('\\xff43414e415259fe'::bytea, 'SQL_ASCII'))",
        );
        const before = await postgresSystem.picture(target!);
        const { error } = await runToEnd({ source, target }, { tables: keepAll({ t: ["id", "v"] }) });
        expect(error).toMatchObject({ phase: "during", table: "t" });
        expect(JSON.stringify(error)).not.toContain("CANARY");
        expect(await postgresSystem.picture(target!)).toBe(before);
      }),
    ));
});
