import { expect, it } from "vitest";
import { mysqlSink } from "../../src/connectors/mysql/index.ts";
import type { JoinedStage, TableToWrite } from "../../src/contracts.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { begin, describeMysql, encoded, keepShard, ourTables, recordOf, resume, withSink } from "./mysql-staging.ts";

const { signal } = new AbortController();
const shardOf = (id: string) => ({ id, range: null });

interface Target {
  readonly url: string;
  /** Without a key: its rows lie as they came. */
  readonly loose: TableToWrite;
  readonly keyed: TableToWrite;
  readonly tables: readonly TableToWrite[];
}

function withTarget(use: (target: Target) => Promise<void>): Promise<void> {
  return withMysqlDatabases(["standin_shared"], async (url) => {
    await runMysql(
      url!,
      `CREATE TABLE loose (word varchar(10), twice int AS (LENGTH(word)) STORED);
       CREATE TABLE keyed (id int AUTO_INCREMENT PRIMARY KEY, word varchar(10) UNIQUE, mood enum('good', 'bad') NOT NULL);
       INSERT INTO loose (word) VALUES ('before')`,
    );
    const { tables } = await describeMysql(url!);
    const [loose, keyed] = ["loose", "keyed"].map((name) => tables.find(({ table }) => table.ref.name === name)!);
    await use({ url: url!, loose: loose!, keyed: keyed!, tables: [loose!, keyed!] });
  });
}

/** Joins by a session of its own. */
async function joinAt({ url, tables }: Target, loadData?: boolean) {
  const sink = mysqlSink({ url, loadData });
  await sink.open(signal);
  const joined = await sink.stage!.shared!.join(tables, signal);
  return { joined: joined as JoinedStage, close: () => sink.close() };
}

async function keep(joined: JoinedStage, table: TableToWrite, shard: string, ...lines: string[]): Promise<number> {
  const writer = await joined.writer(table, shardOf(shard));
  await writer.write(encoded(...lines));
  return writer.end(recordOf(table, shard, lines.length));
}

const wordsIn = async (url: string, table = "loose") =>
  (await runMysql(url, `SELECT word FROM ${table}`)).map(({ word }) => word).join(",");

describeWithMysql("a staging on MariaDB that several sessions write to", () => {
  it("publishes shards in the order asked for, counts one that came twice once, and ends who stands still", () =>
    withTarget(async (target) => {
      const { url, loose, keyed, tables } = target;
      await withSink(url, async (sink) => {
        const { stage } = sink;
        expect(await stage.shared!.join(tables, signal)).toBeNull();
        await begin(sink, tables);
        // Before it lets others in.
        expect((await joinAt(target)).joined).toBeNull();
        await stage.shared!.admit();
        const [one, two, still] = [await joinAt(target), await joinAt(target, false), await joinAt(target)];
        const refused = { code: "SINK_FAILED", message: expect.stringContaining("Another run") };
        await withSink(url, (other) => expect(begin(other, tables)).rejects.toMatchObject(refused));
        await withSink(url, (other) => expect(other.begin(tables, null, signal)).rejects.toMatchObject(refused));
        const slow = await one.joined.writer(loose, shardOf("2"));
        await slow.write(encoded("five", "six"));
        await keep(two.joined, loose, "3", "seven", "eight");
        expect(await two.joined.keptRows(loose, shardOf("2"))).toBeNull();
        await keep(two.joined, loose, "2", "five", "six");
        expect(await slow.end(recordOf(loose, "2", 2))).toBe(2);
        expect(await one.joined.keptRows(loose, shardOf("2"))).toBe(2);
        await keep(one.joined, loose, "1", "three", "four");
        await keep(two.joined, loose, "0", "one", "two");
        await keep(two.joined, keyed, "b", "500\tb\tbad");
        await keep(one.joined, keyed, "a", "4\ta\tgood");
        await keep(one.joined, keyed, "none");
        const stuck = await still.joined.writer(loose, shardOf("4"));
        await stuck.write(encoded("nine"));
        const kept = (await stage.shared!.expel()).map(({ shard }) => shard);
        expect(kept).toEqual(["3", "2", "1", "0", "b", "a", "none"]);
        await expect(stuck.end(recordOf(loose, "4", 1))).rejects.toMatchObject({ code: "CONNECTION_LOST" });
        expect((await joinAt(target)).joined).toBeNull();
        stage.arrange!(loose, ["0", "1", "2", "3"]);
        expect(await wordsIn(url)).toBe("before");
        await sink.commit();
        await Promise.all([one, two, still].map((other) => other.close()));
      });
      expect(await wordsIn(url)).toBe("one,two,three,four,five,six,seven,eight");
      expect(await runMysql(url, "SELECT id, word, mood FROM keyed ORDER BY id")).toEqual([
        { id: 4, word: "a", mood: "good" },
        { id: 500, word: "b", mood: "bad" },
      ]);
      await runMysql(url, "INSERT INTO keyed (word, mood) VALUES ('next', 'good')");
      expect(await runMysql(url, "SELECT id FROM keyed WHERE word = 'next'")).toEqual([{ id: 501 }]);
      expect(await ourTables(url)).toEqual([]);
    }));

  it("gives a shard to another session, whose first can keep it no more when it wakes up", () =>
    withTarget(async (target) => {
      const { url, keyed, tables } = target;
      await withSink(url, async (sink) => {
        await begin(sink, tables);
        await sink.stage.shared!.admit();
        const [slow, next] = [await joinAt(target), await joinAt(target)];
        expect(await slow.joined.keptRows(keyed, shardOf("a"))).toBeNull();
        const writer = await slow.joined.writer(keyed, shardOf("a"));
        await writer.write(encoded("1\tone\tgood"));
        expect(await next.joined.keptRows(keyed, shardOf("a"))).toBeNull();
        await expect(writer.end(recordOf(keyed, "a", 1))).rejects.toMatchObject({ code: "CONNECTION_LOST" });
        await keep(next.joined, keyed, "a", "1\tone\tgood");
        expect(await sink.stage.shared!.expel()).toMatchObject([{ table: "keyed", shard: "a", rows: 1 }]);
        await sink.commit();
        await Promise.all([slow.close(), next.close()]);
      });
      expect(await wordsIn(url, "keyed")).toBe("one");
    }));

  it("is dropped by its run's name alone, with who writes to it, and keeps what is asked to stay", () =>
    withTarget(async (target) => {
      const { url, loose, tables } = target;
      await withSink(url, async (sink) => {
        await begin(sink, tables);
        await sink.stage.shared!.admit();
      });
      const [one, two] = [await joinAt(target), await joinAt(target)];
      await keep(one.joined, loose, "0", "one");
      await keep(two.joined, loose, "1", "two", "three");
      await withSink(url, ({ stage }) => stage.shared!.drop("another"));
      expect(await one.joined.keptRows(loose, shardOf("1"))).toBe(2);
      await Promise.all([one.close(), two.close()]);
      await withSink(url, async (sink) => {
        await resume(sink, tables);
        expect(await sink.stage.discard(loose, ["0"])).toEqual(["1"]);
      });
      const three = await joinAt(target);
      const writer = await three.joined.writer(loose, shardOf("2"));
      await writer.write(encoded("four"));
      await withSink(url, ({ stage }) => stage.shared!.drop("run"));
      expect(await ourTables(url)).toEqual([]);
      expect(await wordsIn(url)).toBe("before");
      await three.close();
    }));

  it("is gone on with by a session alone, whose shards come between those that are there", () =>
    withTarget(async (target) => {
      const { url, loose, keyed, tables } = target;
      await withSink(url, async (sink) => {
        await begin(sink, tables);
        // In the staging itself.
        await keepShard(sink, loose, "0", "one");
        await keepShard(sink, keyed, "0", "1\ta\tgood");
        await sink.stage.shared!.admit();
      });
      const other = await joinAt(target);
      await keep(other.joined, loose, "3", "five");
      await keep(other.joined, loose, "1", "two", "three");
      await keep(other.joined, keyed, "1", "2\tb\tgood");
      await keep(other.joined, keyed, "2", "3\tb\tbad");
      await other.close();
      await withSink(url, async (sink) => {
        await resume(sink, tables);
        await keepShard(sink, loose, "2", "four");
        sink.stage.arrange!(loose, ["0", "1", "2", "3"]);
        sink.stage.arrange!(keyed, ["0", "1", "2"]);
        // Two shards of the unique column have one value, which is seen when they are moved together.
        await expect(sink.commit()).rejects.toMatchObject({ code: "SINK_REJECTED", table: "keyed" });
        await sink.rollback();
      });
      expect(await wordsIn(url)).toBe("before");
      await withSink(url, async (sink) => {
        expect((await sink.stage.left())!.shards).toHaveLength(7);
        await resume(sink, tables);
        expect(await sink.stage.discard(keyed, ["2"])).toEqual(["0", "1"]);
        await keepShard(sink, keyed, "2", "3\tc\tbad");
        sink.stage.arrange!(loose, ["0", "1", "2", "3"]);
        await sink.commit();
      });
      expect(await wordsIn(url)).toBe("one,two,three,four,five");
      expect(await wordsIn(url, "keyed")).toBe("a,b,c");
      expect(await ourTables(url)).toEqual([]);
    }));

  it("refuses a table whose rows have no room for a number beside them", () =>
    withMysqlDatabases(["standin_shared"], async (url) => {
      await runMysql(url!, "CREATE TABLE wide (id int PRIMARY KEY, word varchar(16382) CHARACTER SET utf8mb4)");
      const { tables } = await describeMysql(url!);
      await withSink(url!, async (sink) => {
        await begin(sink, tables);
        await sink.stage.shared!.admit();
        const other = mysqlSink({ url: url! });
        await other.open(signal);
        const joined = await other.stage!.shared!.join(tables, signal);
        const refused = { code: "TARGET_MISMATCH", table: "wide" };
        await expect(joined!.writer(tables[0]!, shardOf("a"))).rejects.toMatchObject(refused);
        await other.close();
      });
    }));

  it("begins a table without a key anew where a shard differs that others already lie behind", () =>
    withTarget(async ({ url, loose, tables }) => {
      await withSink(url, async (sink) => {
        await begin(sink, tables);
        for (const [shard, word] of ["one", "two", "three"].entries()) await keepShard(sink, loose, String(shard), word);
      });
      await withSink(url, async (sink) => {
        await resume(sink, tables);
        expect(await sink.stage.discard(loose, ["0"])).toEqual([]);
        for (const [shard, word] of ["eins", "two", "three"].entries()) await keepShard(sink, loose, String(shard), word);
        await sink.commit();
      });
      expect(await wordsIn(url)).toBe("eins,two,three");
    }));
});
