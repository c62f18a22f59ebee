import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { mysqlReader } from "../../src/connectors/mysql/index.ts";
import type { ShardReader, SharedSnapshot, Source, TableToWrite, Unshared } from "../../src/contracts.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import {
  describeWithMysql,
  mysqlUrl,
  numbersTo,
  runMysql,
  withMysqlDatabases,
  withMysqlSession,
} from "../servers/mysql-server.ts";
import { readText, shardsOf, withHeldSource } from "./mysql-reading.ts";

const { signal } = new AbortController();
const SUM = 100_000;
const ACCOUNTS = `
  CREATE TABLE here (id int PRIMARY KEY, amount int NOT NULL); INSERT INTO here SELECT seq, 1000 FROM ${numbersTo(50)};
  CREATE TABLE there (id int PRIMARY KEY, amount int NOT NULL); INSERT INTO there SELECT seq, 1000 FROM ${numbersTo(50)}`;

const isShared = (shared: SharedSnapshot | Unshared): shared is SharedSnapshot => "reader" in shared;

async function share(source: Source, tables: readonly TableToWrite[], readers: number): Promise<SharedSnapshot> {
  const shared = await source.share!(tables, readers);
  if (!isShared(shared)) throw new Error(shared.unshared);
  return shared;
}

/** Readers as threads have them, closed whatever happens. */
async function withReaders(shared: SharedSnapshot, count: number, use: (readers: readonly ShardReader[]) => Promise<void>) {
  const { reader } = structuredClone({ reader: shared.reader });
  const readers = Array.from({ length: count }, () => mysqlReader(reader));
  try {
    await use(readers);
  } finally {
    for (const one of readers) await one.close();
  }
}

const sumOf = (texts: readonly string[]) =>
  texts
    .join("")
    .trimEnd()
    .split("\n")
    .reduce((sum, row) => sum + Number(row.split("\t")[1]), 0);

/** Moves money between the two tables until it is told to stop. Returns how often it was moved. */
function moveMoney(url: string, isOver: () => boolean, onMove: () => void): Promise<void> {
  return withMysqlSession(url, async (session) => {
    for (let move = 0; !isOver(); move++) {
      const id = 1 + (move % 50);
      await session.query("BEGIN");
      await session.query(`UPDATE here SET amount = amount - 1 WHERE id = ${id}`);
      await session.query(`UPDATE there SET amount = amount + 1 WHERE id = ${id}`);
      await session.query("COMMIT");
      onMove();
    }
  });
}

/** Makes a user with no more than these privileges on a database, and lends the URL with it. */
async function withUser(url: string, privileges: string, use: (url: string) => Promise<void>): Promise<void> {
  const name = `standin_${randomBytes(4).toString("hex")}`;
  await runMysql(mysqlUrl!, `CREATE USER ${name}@'%' IDENTIFIED BY 'standin'`);
  try {
    await runMysql(mysqlUrl!, `GRANT ${privileges} ON \`${new URL(url).pathname.slice(1)}\`.* TO ${name}@'%'`);
    await use(Object.assign(new URL(url), { username: name, password: "standin" }).toString());
  } finally {
    await runMysql(mysqlUrl!, `DROP USER ${name}@'%'`);
  }
}

const withAccounts = (use: (url: string) => Promise<void>) =>
  withMysqlDatabases(["standin_source"], async (url) => {
    await runMysql(url!, ACCOUNTS);
    await use(url!);
  });

describeWithMysql("readers of a MariaDB source's snapshot", () => {
  it("see one and the same moment, while others write", () =>
    withAccounts(async (url) => {
      let isOver = false;
      let moves = 0;
      const writers = Array.from({ length: 3 }, () =>
        moveMoney(
          url,
          () => isOver,
          () => moves++,
        ),
      );
      try {
        await withHeldSource({ url }, async (source, tables) => {
          const shared = await share(source, tables, 3);
          await withReaders(shared, 3, async (readers) => {
            for (const one of readers) {
              await one.open(signal);
              // Long enough for many moves, were there nobody to keep them off.
              await new Promise((resolve) => setTimeout(resolve, 50));
            }
            const kept = moves;
            await shared.endWindow!();
            await shared.endWindow!();
            while (moves < kept + 20) await new Promise((resolve) => setTimeout(resolve, 5));
            const seen: string[][] = [];
            for (const one of [source, ...readers]) {
              const texts: string[] = [];
              for (const { table, columns } of tables) texts.push(await readText(one, table, columns));
              seen.push(texts);
            }
            expect(seen.map(sumOf)).toEqual([SUM, SUM, SUM, SUM]);
            for (const texts of seen) expect(texts).toEqual(seen[0]);
          });
        });
      } finally {
        isOver = true;
        await Promise.all(writers);
      }
    }));

  it("read each others' shards as the source does", () =>
    withMysqlDatabases(["standin_source"], async (url) => {
      await runMysql(
        url!,
        `CREATE TABLE t (id int PRIMARY KEY, v varchar(99)); INSERT INTO t SELECT seq, REPEAT('x', seq % 99) FROM ${numbersTo(5000)}; ANALYZE TABLE t`,
      );
      await withHeldSource({ url: url! }, async (source, tables) => {
        const [{ table, columns }] = tables as [TableToWrite];
        const shared = await share(source, tables, 3);
        await withReaders(shared, 3, async (readers) => {
          for (const one of readers) await one.open(signal);
          await shared.endWindow!();
          await runMysql(url!, "UPDATE t SET v = 'new'; DELETE FROM t WHERE id % 7 = 0");
          const shards = await shardsOf(source, table, columns, 16 * 1024);
          expect(shards.length).toBeGreaterThan(5);
          const parts = await Promise.all(
            readers.map(async (one, index) => {
              const own: [number, string][] = [];
              for (const [place, shard] of shards.entries()) {
                if (place % 3 === index) own.push([place, await readText(one, table, columns, { shard })]);
              }
              return own;
            }),
          );
          const texts = parts.flat().sort(([one], [other]) => one - other);
          expect(texts.map(([, text]) => text).join("")).toBe(await readText(source, table, columns));
        });
      });
    }));

  it("see no row go by a cascade from a table that is not read", () =>
    withAccounts(async (url) => {
      await runMysql(
        url,
        "CREATE TABLE kept (id int PRIMARY KEY, FOREIGN KEY (id) REFERENCES there (id) ON DELETE CASCADE); INSERT INTO kept SELECT id FROM there",
      );
      await withHeldSource({ url }, async (source, tables) => {
        const shared = await share(
          source,
          tables.filter(({ table }) => table.ref.name === "kept"),
          1,
        );
        const deleted = runMysql(url, "SET SESSION lock_wait_timeout = 1; DELETE FROM there WHERE id = 1");
        await expect(deleted).rejects.toThrow(/Lock wait timeout/);
        await shared.endWindow!();
        await runMysql(url, "DELETE FROM there WHERE id = 1");
      });
    }));

  it("come too late once the window has ended, and do not come back into the snapshot", () =>
    withAccounts((url) =>
      withHeldSource({ url }, async (source, tables) => {
        const shared = await share(source, tables, 2);
        await withReaders(shared, 2, async ([one, late]) => {
          await one!.open(signal);
          await shared.endWindow!();
          for (const reader of [late!, one!]) {
            await expect(reader.open(signal)).rejects.toMatchObject({
              code: "SOURCE_FAILED",
              hint: expect.stringMatching(/Run again/),
            });
          }
        });
      }),
    ));

  it.concurrent("find no table altered between the plan and the window", () =>
    withAccounts((url) =>
      withHeldSource({ url }, async (source, tables) => {
        const altered = runMysql(url, "SET SESSION lock_wait_timeout = 20; ALTER TABLE here ADD COLUMN more int DEFAULT 7");
        await expect
          .poll(() =>
            runMysql(
              url,
              "SELECT 1 FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for table metadata lock%' AND INFO LIKE 'ALTER TABLE here%'",
            ),
          )
          .toHaveLength(1);
        // It waits behind the ALTER, which waits for the source: there is no moment.
        expect(await source.share!(tables, 1)).toMatchObject({
          unshared: expect.stringMatching(/could not begin at one moment/),
        });
        const { table, columns } = tables[0]!;
        expect((await readText(source, table, columns)).split("\n")[0]).toBe("1\t1000");
        await source.close();
        await altered;
      }),
    ));

  it("are refused a table that was changed since the plan", () =>
    withAccounts(async (url) => {
      let planned: readonly TableToWrite[] = [];
      await withHeldSource({ url }, async (_, tables) => {
        planned = tables;
      });
      await runMysql(url, "ALTER TABLE there RENAME COLUMN amount TO money");
      await withHeldSource({ url }, async (source) => {
        await expect(source.share!(planned, 1)).rejects.toMatchObject({ code: "SOURCE_FAILED", table: "there" });
      });
      await runMysql(url, "UPDATE here SET amount = 0");
    }));

  it("are none where the user may not lock tables, or the limits have no room for them: the source reads on as it was", () =>
    withAccounts(async (url) => {
      await withUser(url, "SELECT, SHOW VIEW, TRIGGER", async (own) => {
        await withHeldSource({ url: own }, async (source, tables) => {
          await runMysql(url, "UPDATE here SET amount = 0");
          expect(await source.share!(tables, 2)).toMatchObject({ unshared: expect.stringMatching(/lacks LOCK TABLES/) });
          expect(sumOf([await readText(source, tables[0]!.table, tables[0]!.columns)])).toBe(SUM / 2);
        });
      });
      await withUser(url, "SELECT, SHOW VIEW, TRIGGER, LOCK TABLES", async (own) => {
        await withHeldSource({ url: own, limits: { connections: 3 } }, async (source, tables) => {
          expect(await source.share!(tables, 2)).toEqual({
            unshared: "2 readers need 4 sessions on the source while they begin, and sourceLimits → connections allows 3.",
          });
          expect(isShared(await source.share!(tables, 1))).toBe(true);
        });
        await runMysql(mysqlUrl!, `ALTER USER ${new URL(own).username}@'%' WITH MAX_USER_CONNECTIONS 3`);
        await withHeldSource({ url: own }, async (source, tables) => {
          expect(await source.share!(tables, 2)).toMatchObject({
            unshared: expect.stringMatching(/^2 readers cannot join the source: .* no connection to spare/),
          });
        });
      });
    }));

  it.concurrent("are none where a writer does not end, and others wait no longer than for the ten seconds", () =>
    withAccounts(async (url) => {
      await withMysqlSession(url, async (writer) => {
        await writer.query("BEGIN; UPDATE here SET amount = amount - 1 WHERE id = 1");
        await withHeldSource({ url }, async (source, tables) => {
          const sharing = source.share!(tables, 1);
          await expect
            .poll(() => runMysql(url, "SELECT 1 FROM information_schema.PROCESSLIST WHERE INFO LIKE 'LOCK TABLES `here`%'"))
            .toHaveLength(1);
          await runMysql(url, "SET SESSION lock_wait_timeout = 20; UPDATE here SET amount = amount - 1 WHERE id = 2");
          expect(await sharing).toMatchObject({ unshared: expect.stringMatching(/without a pause/) });
        });
      });
    }));

  it.runIf(IS_THOROUGH).concurrent("fail the run where nobody ends the window in time", () =>
    withAccounts((url) =>
      withHeldSource({ url }, async (source, tables) => {
        const shared = await share(source, tables, 1);
        await withReaders(shared, 1, async ([reader]) => {
          await reader!.open(signal);
          await runMysql(url, "SET SESSION lock_wait_timeout = 20; UPDATE here SET amount = 0");
          const refused = { code: "SOURCE_FAILED", message: expect.stringMatching(/within 15 s/) };
          await expect(shared.endWindow!()).rejects.toMatchObject(refused);
          const { table, columns } = tables[0]!;
          await expect(readText(source, table, columns)).rejects.toMatchObject(refused);
        });
      }),
    ),
  );
});
