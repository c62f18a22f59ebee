import { afterAll, beforeAll, expect, it } from "vitest";
import { runPostgres } from "../end-to-end/postgres-examiner.ts";
import { describeWithOwnPostgres } from "../servers/describe-private.ts";
import { makePostgres, type PrivatePostgres } from "../servers/private-postgres.ts";
import { begin, encoded, keepShard, resume, tablesOf, withSink } from "./staging-run.ts";

const SHARDS = 40;

describeWithOwnPostgres("a PostgreSQL that loses its power while shards are kept", () => {
  let server: PrivatePostgres;
  beforeAll(async () => {
    server = await makePostgres();
    // The log goes to disk as late as it may: what is not waited for is lost.
    await server.start({ wal_writer_delay: "10s", wal_writer_flush_after: "1GB" });
    await runPostgres(server.url, "CREATE TABLE people (id integer, name text); INSERT INTO people VALUES (0, 'of before')");
  });
  afterAll(() => server.remove());

  it("keeps each record with its rows or neither, the first shards rather than the last, and publishes for good", async () => {
    const [people] = await tablesOf(server.url);
    await withSink(server.url, async ({ stage }) => {
      await begin(stage, [people!]);
      for (let shard = 1; shard <= SHARDS; shard++) {
        await keepShard(stage, people!, `s${shard}`, `${shard}\tone`, `${shard}\ttwo`);
        // Something else waits for the disk, and takes what came before along.
        if (shard === 20) await runPostgres(server.url, "CREATE TABLE other (id integer)");
      }
      await server.stop("immediate");
    });
    await server.start();
    const kept = await withSink(server.url, async ({ stage }) => (await stage.left())!.shards.map(({ shard }) => shard));
    expect(kept.length).toBeGreaterThanOrEqual(20);
    expect(kept).toEqual(kept.map((_, index) => `s${index + 1}`));
    expect(await runPostgres(server.url, "SELECT count(*)::integer FROM standin_staging.t1")).toEqual([
      { count: 2 * kept.length },
    ]);

    await withSink(server.url, async (sink) => {
      await resume(sink.stage, [people!]);
      expect(await sink.stage.discard(people!, ["s1"])).toEqual(kept.slice(1));
      const writer = await sink.stage.writer(people!, { id: "s1", range: null });
      await writer.write(encoded("1\tagain"));
      await writer.end({ table: "people", shard: "s1", rows: 1, checksum: "0123456789abcdef" });
      await sink.commit();
      await server.stop("immediate");
    });
    await server.start();
    expect(await runPostgres(server.url, "SELECT count(*)::integer FROM people")).toEqual([{ count: 2 * kept.length - 1 }]);
    expect(await withSink(server.url, ({ stage }) => stage.left())).toBeNull();
  });
});
