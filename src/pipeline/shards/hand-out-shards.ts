import type { RunMark, Shard, ShardStage, Sink, Source, StagedShard, SystemName, TableToWrite } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import type { MaskingKey } from "../../keys/masking-key.ts";
import { counted } from "../../written-numbers.ts";
import type { OnRows } from "./copy-shards.ts";
import type { ShardWorkshop } from "./shard-workshop.ts";
import type { KeptShards } from "./stage-shards.ts";

/** Processes, on this machine or others, that read, mask and stage shards by themselves. */
export interface OtherHands {
  /** Hands out what is to be done, once the staging lets them in. */
  begin(work: HandedWork): Promise<HandedShards>;
}

/** What others need to know to do their part. */
export interface HandedWork {
  readonly mark: RunMark;
  readonly snapshot: { readonly system: SystemName; readonly elsewhere: unknown };
  /** By position in the plan: the shards that are missing, in order. */
  readonly tables: readonly { readonly name: string; readonly shards: readonly Shard[] }[];
  readonly key: MaskingKey | null;
  readonly signal: AbortSignal;
  onNote(note: string): void;
}

/** Shards on their way through other hands. */
export interface HandedShards {
  /** Resolves with the rows of the table's shards when all are staged. Ask for the tables in the order of the plan. */
  done(table: number, onRows: OnRows): Promise<number>;
}

/** Lets others see what the source sees. Throws OPTION_INVALID where they cannot, or cannot write to the target. To be asked before anything is in the target. */
export async function shareWithOthers(
  { source, sink }: { readonly source: Source; readonly sink: Sink },
  tables: readonly TableToWrite[],
): Promise<HandedWork["snapshot"]> {
  if (sink.stage?.shared === undefined || sink.encoding === undefined)
    throw alone(`a target of ${sink.system} is written to by one process`);
  if (source.share === undefined) throw alone(`a source of ${source.system} is read by one process`, BY_PARTS);
  const shared = await source.share(tables, 1);
  if ("unshared" in shared) throw alone(shared.unshared.replace(/\.$/, ""), BY_PARTS);
  await shared.endWindow?.();
  if (shared.elsewhere === undefined)
    throw alone(`what a source of ${source.system} sees cannot be seen from another process`, BY_PARTS);
  return { system: shared.system, elsewhere: shared.elsewhere };
}

const BY_PARTS = "Or by parts, each of which sees the source by itself: `standin run --shard 0/4`.";

function alone(why: string, more?: string): StandinError {
  const hint = "Run it on one machine, with --workers: `standin run --workers 8`.";
  return new StandinError("OPTION_INVALID", `This run cannot be spread over machines: ${why}.`, {
    hint: more === undefined ? hint : `${hint} ${more}`,
  });
}

export interface HandOutOptions extends Pick<HandedWork, "mark" | "snapshot" | "key" | "signal" | "onNote"> {
  readonly workshop: ShardWorkshop;
  readonly stage: ShardStage;
  readonly others: OtherHands;
  /** The plan's tables, by position. */
  readonly tables: readonly { readonly name: string; readonly toWrite: TableToWrite }[];
  /** What an earlier run had staged and still holds, by position; absent for a run from the beginning. */
  readonly kept?: readonly KeptShards[] | undefined;
}

/** Cuts the tables, and has others stage them. What it resolves with moves one table: ask for all of them, in the order of the plan. */
export async function handOutShards(options: HandOutOptions): Promise<(table: number, onRows: OnRows) => Promise<number>> {
  const { workshop, stage, others, tables, kept = [], ...work } = options;
  const cuts: (readonly Shard[])[] = [];
  for (const index of tables.keys()) {
    const before = kept[index];
    cuts.push(before !== undefined && before.byName.size > 0 ? before.cut : await collect(workshop.shards(index)));
  }
  const keptOf = (index: number) => kept[index]?.byName ?? new Map<string, StagedShard>();
  await stage.shared!.admit();
  const handed = await others.begin({
    ...work,
    tables: tables.map(({ name }, index) => ({ name, shards: cuts[index]!.filter(({ id }) => !keptOf(index).has(id)) })),
  });

  const finish = async () => {
    const staged = await stage.shared!.expel();
    for (const [index, { name, toWrite }] of tables.entries()) {
      const names = cuts[index]!.map(({ id }) => id);
      refuseMissing(name, names, staged);
      stage.arrange?.(toWrite, names);
    }
  };
  return async (index, onRows) => {
    let rows = 0;
    for (const staged of keptOf(index).values()) {
      rows += staged.rows;
      onRows(staged.rows, 0);
    }
    rows += await handed.done(index, onRows);
    if (index === tables.length - 1) await finish();
    return rows;
  };
}

/** What is in the target counts, not what was told of it. */
function refuseMissing(name: string, shards: readonly string[], staged: readonly StagedShard[]): void {
  const there = new Set(staged.filter(({ table }) => table === name).map(({ shard }) => shard));
  const missing = shards.filter((shard) => !there.has(shard)).length;
  if (missing === 0) return;
  throw new StandinError(
    "COUNT_MISMATCH",
    `${name}: ${counted(missing, "shard")} of ${shards.length} did not arrive in the target.`,
    {
      table: name,
    },
  );
}

async function collect<One>(items: AsyncIterable<One>): Promise<readonly One[]> {
  const all: One[] = [];
  for await (const item of items) all.push(item);
  return all;
}
