import { expect, it } from "vitest";
import type { Column, Shard } from "../../src/contracts.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { readAll, runOn, shardsOf, withHeldSource } from "./postgres-reading.ts";

/** Four blocks. */
const BYTES = 4 * 8192;

interface Cut {
  readonly shards: readonly Shard[];
  readonly rows: number;
}

/** Cuts each table of a database, and makes sure that the parts, one after the other, are the whole byte for byte. */
async function cutAll(statements: readonly string[], columnsOf = (columns: readonly Column[]) => columns, bytes = BYTES) {
  const cuts: Record<string, Cut> = {};
  await withDatabases(["standin_shards"], async (url) => {
    await runOn(url!, ...statements);
    await withHeldSource({ url }, async (source, tables) => {
      for (const { table, columns: all } of tables) {
        const columns = columnsOf(all);
        const whole = await readAll(source, table, columns);
        const shards = await shardsOf(source, table, columns, bytes);
        const parts: Buffer[] = [];
        let rows = 0;
        for (const shard of shards) {
          const part = await readAll(source, table, columns, shard, rows);
          parts.push(part.bytes);
          rows += part.rows;
        }
        expect(Buffer.concat(parts).equals(whole.bytes), `the parts of ${table.ref.name} are the whole`).toBe(true);
        expect(new Set(shards.map(({ id }) => id)).size).toBe(shards.length);
        cuts[table.ref.name] = { shards, rows };
      }
    });
  });
  return cuts;
}

const ids = ({ shards }: Cut) => shards.map(({ id }) => id);

describeWithPostgres("shards of a PostgreSQL table", () => {
  it("are its blocks, and of a small table the whole", async () => {
    const cuts = await cutAll([
      "CREATE TABLE large (id integer, v text); INSERT INTO large SELECT g, repeat('x', g % 900) FROM generate_series(1, 2000) g",
      "CREATE TABLE empty (id integer); CREATE TABLE small (id integer); INSERT INTO small VALUES (1)",
    ]);
    expect(ids(cuts.large!).slice(0, 3)).toEqual(["0", "4", "8"]);
    expect(cuts.large!.shards[1]!.range).toEqual({ heap: { schema: "public", name: "large" }, from: 4, to: 8 });
    expect(cuts.large!.shards.at(-1)!.range).toMatchObject({ to: null });
    expect(cuts.large!.rows).toBe(2000);
    expect(ids(cuts.empty!)).toEqual(["all"]);
    expect(ids(cuts.small!)).toEqual(["all"]);
  });
});
