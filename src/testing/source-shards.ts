import { isDeepStrictEqual } from "node:util";
import type { Shard, ShardReader, Source, Table } from "../contracts.ts";
import { tableName } from "../table-ref.ts";
import type { BrokenPromises } from "./broken-promises.ts";
import { type Cells, isSameCells, readable, readCells } from "./source-reading.ts";

/** Bytes that a shard is to hold: a row or so, a few rows, and a table that is not large. */
const SHARD_BYTES = [1, 64, 4 * 1024 * 1024] as const;
const READERS = 2;

/** Makes a reader of what a source shares. */
export type MakeReader = (reader: unknown) => ShardReader;

/** Cuts a table into shards of several sizes, each time twice: one after the other they give the whole table. */
export async function examineShards(source: Source, table: Table, broken: BrokenPromises): Promise<void> {
  if (source.shards === undefined) return;
  const whole = await readWhole(source, table, broken);
  for (const bytes of SHARD_BYTES) {
    const shards = await cut(source, table, bytes, broken);
    broken.expect(
      isDeepStrictEqual(await cut(source, table, bytes, broken), shards),
      "shards change when they are asked for again",
    );
    broken.expect(new Set(shards.map(({ id }) => id)).size === shards.length, "two shards have one id");
    const parts: Cells[] = [];
    const firsts: number[] = [];
    let firstRow = 0;
    for (const shard of shards) {
      const part = await readShard(source, table, shard, firstRow, broken);
      parts.push(part);
      firsts.push(firstRow);
      firstRow += rowsOf(part);
    }
    broken.expect(
      isSameCells(joined(parts, table), whole),
      `shards of about ${bytes} bytes give other rows than the whole table`,
    );
    for (const [index, shard] of [...shards.entries()].reverse()) {
      const again = await readShard(source, table, shard, firsts[index]!, broken);
      broken.expect(isSameCells(again, parts[index]!), "a shard gives other rows when it is read again");
    }
  }
}

/** Shares the source with readers, each made from a copy of what it is to go by, and lets them take turns with the source's shards. */
export async function examineReaders(
  source: Source,
  table: Table,
  makeReader: MakeReader,
  broken: BrokenPromises,
): Promise<void> {
  if (source.share === undefined || source.shards === undefined) return;
  const tables = [{ table, columns: readable(table) }];
  if (source.hold !== undefined) await broken.inTime("hold", source.hold(tables));
  const shared = await broken.inTime("share", source.share(tables, READERS));
  if ("unshared" in shared) {
    broken.expect(typeof shared.unshared === "string" && shared.unshared !== "", "share does not say why readers cannot share");
    return;
  }
  broken.expect(shared.system === source.system, "share is of another system than the source");
  const readers = Array.from({ length: READERS }, () => makeReader(structuredClone(shared.reader)));
  try {
    for (const reader of readers) await broken.inTime("opening a reader", reader.open(new AbortController().signal));
    const shards = await cut(source, table, SHARD_BYTES[1], broken);
    const parts: Cells[] = [];
    let firstRow = 0;
    for (const [index, shard] of shards.entries()) {
      const part = await readShard(readers[index % READERS]!, structuredClone(table), structuredClone(shard), firstRow, broken);
      firstRow += rowsOf(part);
      parts.push(part);
    }
    const whole = await readWhole(source, table, broken);
    broken.expect(isSameCells(joined(parts, table), whole), "readers give other rows of the shards than the source");
  } finally {
    for (const reader of readers) await broken.inTime("closing a reader", reader.close());
    for (const reader of readers) await broken.inTime("closing a reader twice", reader.close());
  }
}

const readWhole = (source: Source, table: Table, broken: BrokenPromises): Promise<Cells> =>
  broken.inTime("reading", readCells(source, table, { columns: readable(table), batchSize: {} }));

async function cut(source: Source, table: Table, bytes: number, broken: BrokenPromises): Promise<readonly Shard[]> {
  const cutAll = async () => {
    const shards: Shard[] = [];
    const options = { columns: readable(table), bytes, signal: new AbortController().signal };
    for await (const shard of source.shards!(table, options)) shards.push(shard);
    return shards;
  };
  const shards = await broken.inTime(`cutting ${tableName(table.ref)}`, cutAll());
  const isPlain = shards.every((shard) => typeof shard.id === "string" && isCloned(shard));
  broken.expect(isPlain, "a shard is no plain data that a thread can be sent");
  return shards;
}

function isCloned(shard: Shard): boolean {
  try {
    return isDeepStrictEqual(structuredClone(shard), shard);
  } catch {
    return false;
  }
}

/** Reads one shard in small batches, whose rows count on from its first. */
async function readShard(
  source: Pick<Source, "read">,
  table: Table,
  shard: Shard,
  firstRow: number,
  broken: BrokenPromises,
): Promise<Cells> {
  const columns = readable(table);
  let next = firstRow;
  const counting: Pick<Source, "read"> = {
    read: async function* (...asked) {
      for await (const batch of source.read(...asked)) {
        broken.expect(batch.firstRow === next, "firstRow of a shard's batch does not count on from the shard's first row");
        next += batch.rowCount;
        yield batch;
      }
    },
  };
  return broken.inTime("reading a shard", readCells(counting, table, { columns, batchSize: { maxRows: 3 }, shard, firstRow }));
}

const joined = (parts: readonly Cells[], table: Table): Cells =>
  readable(table).map((_, column) => parts.flatMap((part) => part[column]!));

const rowsOf = (cells: Cells): number => cells[0]?.length ?? 0;
