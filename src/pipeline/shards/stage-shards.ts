import type { EncodedRows, LeftRun, Shard, ShardStage, StagedShard } from "../../contracts.ts";
import { tableName } from "../../table-ref.ts";
import { amount } from "../../written-numbers.ts";
import { mismatch } from "../copy-table.ts";
import { WriteAhead } from "../write-ahead.ts";
import { type OnRows, takeShard } from "./copy-shards.ts";
import type { ShardWorkshop, WorkedShard } from "./shard-workshop.ts";

/** What an earlier run has staged of a table that the source still gives the same. */
export interface KeptShards {
  /** The table as it is cut now. */
  readonly cut: readonly Shard[];
  readonly byName: ReadonlyMap<string, StagedShard>;
}

const NOTHING_KEPT: KeptShards = { cut: [], byName: new Map() };

/**
 * Reads again whatever an earlier run has staged, and takes out of the staging what the source gives otherwise now, or not at all: what stays is what a run
 * from the beginning would write. By position of the tables in the plan.
 */
export async function keepWhatHolds(
  workshop: ShardWorkshop,
  stage: ShardStage,
  tables: number,
  { shards }: LeftRun,
): Promise<readonly KeptShards[]> {
  const left = Array.from({ length: tables }, (_, index) => {
    const name = nameOf(workshop, index);
    return new Map(shards.filter(({ table }) => table === name).map((staged) => [staged.shard, staged]));
  });
  const cuts: Shard[][] = left.map(() => []);
  const recorded = async function* (index: number): AsyncGenerator<Shard> {
    if (left[index]!.size === 0) return;
    for await (const shard of workshop.shards(index, [...left[index]!.keys()])) {
      cuts[index]!.push(shard);
      if (left[index]!.has(shard.id)) yield shard;
    }
  };
  const checked = workshop.begin(recorded, true);
  const kept: KeptShards[] = [];
  for (const [index, staged] of left.entries()) {
    const stale = new Set(staged.keys());
    for await (const shard of checked(index)) {
      const now = await takeShard(
        shard,
        0,
        nameOf(workshop, index),
        async () => {},
        () => {},
      );
      const { rows, checksum } = staged.get(shard.shard.id)!;
      if (now.rows === rows && now.checksum === checksum) stale.delete(shard.shard.id);
    }
    const names = stale.size === 0 ? [...staged.keys()] : await stage.discard(workshop.table(index)!.toWrite, [...stale]);
    kept.push({ cut: cuts[index]!, byName: new Map(names.map((name) => [name, staged.get(name)!])) });
  }
  return kept;
}

export interface StageTablesOptions {
  readonly workshop: ShardWorkshop;
  readonly stage: ShardStage;
  /** By position of the tables in the plan; absent for a run from the beginning. */
  readonly kept?: readonly KeptShards[] | undefined;
}

/** Stages tables shard by shard, each kept for good once it is in. Ask for the tables in the order of the plan. */
export function stageTables({ workshop, stage, kept = [] }: StageTablesOptions) {
  const keptOf = (index: number) => kept[index] ?? NOTHING_KEPT;
  const missing = async function* (index: number): AsyncGenerator<Shard> {
    const { cut, byName } = keptOf(index);
    if (byName.size === 0) yield* workshop.shards(index);
    else for (const shard of cut) if (!byName.has(shard.id)) yield shard;
  };
  const begun = workshop.begin(missing, false);

  /** Resolves with the rows that are staged of the table then. */
  return async (index: number, onRows: OnRows): Promise<number> => {
    const { cut, byName } = keptOf(index);
    const { toWrite } = workshop.table(index)!;
    const name = nameOf(workshop, index);
    let rows = 0;
    /** Counts what is kept up to a shard. */
    let place = 0;
    const passKept = (before: Shard | null) => {
      for (; place < cut.length && cut[place] !== before; place++) {
        const staged = byName.get(cut[place]!.id);
        if (staged === undefined) continue;
        rows += staged.rows;
        onRows(staged.rows, 0);
      }
      if (before !== null) place++;
    };
    for await (const shard of begun(index)) {
      if (byName.size > 0) passKept(shard.shard);
      rows += await stageShard(stage, toWrite, name, shard, rows, onRows);
    }
    passKept(null);
    // What is done again comes behind what was kept, and several may have kept it.
    if (byName.size > 0)
      stage.arrange?.(
        toWrite,
        cut.map(({ id }) => id),
      );
    return rows;
  };
}

async function stageShard(
  stage: ShardStage,
  toWrite: Parameters<ShardStage["writer"]>[0],
  name: string,
  shard: WorkedShard,
  firstRow: number,
  onRows: OnRows,
): Promise<number> {
  const writer = await stage.writer(toWrite, shard.shard);
  const writing = new WriteAhead<EncodedRows>((rows) => writer.write(rows));
  try {
    const { rows, checksum } = await takeShard(shard, firstRow, name, (encoded) => writing.push(encoded), onRows);
    await writing.settled();
    const acknowledged = await writer.end({ table: name, shard: shard.shard.id, rows, checksum: checksum! });
    if (acknowledged !== rows) throw mismatch(name, rows, `the target took ${amount(acknowledged)}`);
    return rows;
  } catch (error) {
    await writing.settled().catch(() => {});
    // The first error is the one to tell.
    await writer.abort().catch(() => {});
    throw error;
  }
}

const nameOf = (workshop: ShardWorkshop, index: number): string => tableName(workshop.table(index)!.plan.table.ref);
