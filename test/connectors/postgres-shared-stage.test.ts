import { expect, it } from "vitest";
import { postgresSink } from "../../src/connectors/postgres/index.ts";
import type { JoinedStage, TableToWrite } from "../../src/contracts.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { runOn } from "./postgres-reading.ts";
import { encoded, markOf, tablesOf, withSink } from "./staging-run.ts";

const { signal } = new AbortController();
const record = (shard: string, rows: number) => ({ table: "a", shard, rows, checksum: "0123456789abcdef" });

/** Joins by a session of its own. */
async function joinAt(url: string, tables: readonly TableToWrite[]) {
  const sink = postgresSink({ url });
  await sink.open(signal);
  const joined = await sink.stage!.shared!.join(tables, signal);
  return { joined: joined as JoinedStage, close: () => sink.close() };
}

async function keep(joined: JoinedStage, table: TableToWrite, shard: string, ...lines: string[]): Promise<number> {
  const writer = await joined.writer(table, { id: shard, range: null });
  await writer.write(encoded(...lines));
  return writer.end(record(shard, lines.length));
}

describeWithPostgres("a staging that several sessions write to", () => {
  it("publishes shards in the order asked for, counts one that came twice once, and ends who stands still", async () => {
    await withDatabases(["standin_shared"], async (url) => {
      await runOn(url!, "CREATE TABLE a (id integer)");
      const tables = await tablesOf(url!);
      const table = tables[0]!;
      await withSink(url!, async (sink) => {
        const { stage } = sink;
        expect(await stage.shared!.join(tables, signal)).toBeNull();
        await stage.begin(tables, null, markOf(), signal);
        // Before it lets others in.
        expect((await joinAt(url!, tables)).joined).toBeNull();
        await stage.shared!.admit();
        const [one, two, still] = [await joinAt(url!, tables), await joinAt(url!, tables), await joinAt(url!, tables)];
        await expect(withSink(url!, (other) => other.stage.begin(tables, null, markOf(), signal))).rejects.toMatchObject({
          code: "SINK_FAILED",
        });
        const slow = await one.joined.writer(table, { id: "2", range: null });
        await slow.write(encoded("5", "6"));
        await keep(two.joined, table, "3", "7", "8");
        expect(await two.joined.keptRows(table, { id: "2", range: null })).toBeNull();
        await keep(two.joined, table, "2", "5", "6");
        expect(await slow.end(record("2", 2))).toBe(2);
        expect(await one.joined.keptRows(table, { id: "2", range: null })).toBe(2);
        await keep(one.joined, table, "1", "3", "4");
        await keep(two.joined, table, "0", "1", "2");
        const stuck = await still.joined.writer(table, { id: "4", range: null });
        await stuck.write(encoded("9"));
        expect((await stage.shared!.expel()).map(({ shard }) => shard)).toEqual(["3", "2", "1", "0"]);
        await expect(stuck.end(record("4", 1))).rejects.toMatchObject({ code: "CONNECTION_LOST" });
        stage.arrange!(table, ["0", "1", "2", "3"]);
        await sink.commit();
        await Promise.all([one, two, still].map((other) => other.close()));
      });
      const [[ids]] = (await runOn(url!, "SELECT string_agg(id::text, ',' ORDER BY ctid) FROM a")) as [[string]];
      expect(ids).toBe("1,2,3,4,5,6,7,8");
      expect(await runOn(url!, "SELECT FROM pg_namespace WHERE nspname = 'standin_staging'")).toEqual([]);
    });
  });

  it("is dropped by its run's name alone, with who writes to it, and keeps what is asked to stay", async () => {
    await withDatabases(["standin_shared"], async (url) => {
      await runOn(url!, "CREATE TABLE a (id integer)");
      const tables = await tablesOf(url!);
      const mark = markOf();
      await withSink(url!, async ({ stage }) => {
        await stage.begin(tables, null, mark, signal);
        await stage.shared!.admit();
      });
      const [one, two] = [await joinAt(url!, tables), await joinAt(url!, tables)];
      await keep(one.joined, tables[0]!, "0", "1", "2");
      await keep(two.joined, tables[0]!, "1", "3");
      await withSink(url!, ({ stage }) => stage.shared!.drop("another"));
      expect(await one.joined.keptRows(tables[0]!, { id: "1", range: null })).toBe(1);
      await Promise.all([one.close(), two.close()]);
      await withSink(url!, async ({ stage }) => {
        await stage.left();
        await stage.resume(tables, null, signal);
        expect(await stage.discard(tables[0]!, ["0"])).toEqual(["1"]);
      });
      const three = await joinAt(url!, tables);
      await three.joined.writer(tables[0]!, { id: "2", range: null });
      await withSink(url!, ({ stage }) => stage.shared!.drop(mark.runId));
      expect(await runOn(url!, "SELECT FROM pg_namespace WHERE nspname = 'standin_staging'")).toEqual([]);
      await three.close();
    });
  });
});
