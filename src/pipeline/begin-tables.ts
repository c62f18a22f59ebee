import type { LeftRun, RunMark, SchemaDefinition, ShardStage, Sink, Source, StagedShard } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import type { MaskingKey } from "../keys/masking-key.ts";
import { type Plan, type TablePlan, tableToWrite } from "../plan/plan.ts";
import { isDatabase } from "../system-traits.ts";
import { tableName } from "../table-ref.ts";
import { counted } from "../written-numbers.ts";
import { type CopyOptions, copyTable } from "./copy-table.ts";
import type { PreparedTable } from "./masking/prepare-table.ts";
import { copyShards, type OnRows } from "./shards/copy-shards.ts";
import { handOutShards, type OtherHands, shareWithOthers } from "./shards/hand-out-shards.ts";
import { type OpenedWorkshop, openWorkshop, type ThreadTools } from "./shards/open-workshop.ts";
import { SHARD_BYTES } from "./shards/shard-workshop.ts";
import { type KeptShards, keepWhatHolds, stageTables } from "./shards/stage-shards.ts";

/** How a run spreads its work, and whether it outlives a break. */
export interface SpreadOptions {
  /** Threads that read, mask and write out, 1 for this one alone. */
  readonly workers: number;
  /** Whether what is done is kept for a run that goes on; "resume" goes on with what one kept. */
  readonly keeps: "nothing" | "shards" | "resume";
  readonly tools: ThreadTools;
  readonly runId: string;
  readonly version: string;
  /** Who works on the shards, where it is not this process; `keeps` is not "nothing" then. */
  readonly others?: OtherHands | undefined;
  /** Whether whoever asked drops what is staged where the run fails. */
  readonly dropsKept?: boolean | undefined;
}

export interface BeginOptions extends Omit<CopyOptions, "watch" | "onRows"> {
  /** Null for a run on this thread, all or nothing. */
  readonly spread: SpreadOptions | null;
  readonly key: MaskingKey | null;
  readonly planFingerprint: string;
  /** Looks on at each table's batches. */
  watchOf(table: TablePlan): CopyOptions["watch"];
  /** Tells what is going on. */
  onNote(note: string): void;
  /** Called when something may be in the target that has to be taken back. */
  onBegun(): void;
}

/** The tables of a run on their way. Move them in the order of the plan. */
export interface BegunTables {
  readonly notes: readonly string[];
  readonly workers: number;
  /** Whether some table's rows do not pass by whoever looks on. */
  readonly masksElsewhere: boolean;
  /** Rows that an earlier run had staged. */
  readonly keptRows: number;
  /** Resolves with the rows that the target has of the table then. */
  move(index: number, onRows: OnRows): Promise<number>;
  close(): Promise<void>;
}

/** Begins the target, and opens whatever the tables are to be moved by: this thread or several, for good shard by shard or all or nothing. */
export async function beginTables(
  ends: { readonly source: Source; readonly sink: Sink },
  plan: Plan,
  prepared: readonly PreparedTable[],
  options: BeginOptions,
): Promise<BegunTables> {
  const { source, sink } = ends;
  const { spread } = options;
  const stage = spread === null || spread.keeps === "nothing" ? null : stageOf(sink);
  const left = spread?.keeps === "resume" ? await stage!.left() : null;
  const toWrite = plan.tables.map(tableToWrite);
  const snapshot = spread?.others === undefined ? null : await shareWithOthers(ends, toWrite);
  const createsTables = left?.mark.createsTables ?? (await needsTables(sink));
  const mark = spread === null ? null : markOf(spread, options, createsTables);
  if (spread?.keeps === "resume") refuseOtherRun(left, mark!);
  const definition = createsTables ? ((await source.define?.(plan.tables.map(({ table }) => table))) ?? null) : null;
  options.onBegun();
  const begun = await beginSink(sink, stage, plan, definition, left === null ? mark : null, options.signal);
  if (spread === null) return moveWhole(ends, plan, prepared, options, begun.notes);

  const isStaged = stage !== null;
  const opened = await openWorkshop(ends, plan, prepared, { ...options, ...spread, sums: isStaged, shardsAll: isStaged });
  try {
    const notes = [...begun.notes, ...opened.notes];
    if (!isStaged) return moveShards(ends, plan, prepared, options, { ...opened, notes });
    if (left !== null) options.onNote(`reading again what is kept: ${amountOf(left.shards)}`);
    const kept = left === null ? undefined : await keepWhatHolds(opened.workshop, stage, plan.tables.length, left);
    const { workshop } = opened;
    if (snapshot === null) return moveToStage(stageTables({ workshop, stage, kept }), kept, { ...opened, notes });
    const named = toWrite.map((table) => ({ name: tableName(table.table.ref), toWrite: table }));
    const { key, signal, onNote } = options;
    const handed = { others: spread.others!, mark: left?.mark ?? mark!, snapshot, tables: named, key, signal, onNote };
    return moveToStage(await handOutShards({ ...handed, workshop, stage, kept }), kept, { ...opened, notes });
  } catch (error) {
    await opened.workshop.close();
    throw error;
  }
}

/** What a run is to whoever would go on with it, or join it. */
export function markOf(
  { runId, version }: Pick<SpreadOptions, "runId" | "version">,
  options: Pick<BeginOptions, "key" | "planFingerprint">,
  createsTables: boolean,
): RunMark {
  const keyFingerprint = options.key?.fingerprint ?? null;
  return {
    ...{ runId, version, keyFingerprint, createsTables },
    planFingerprint: options.planFingerprint,
    shardBytes: SHARD_BYTES,
  };
}

function beginSink(
  sink: Sink,
  stage: ShardStage | null,
  { tables }: Plan,
  definition: SchemaDefinition | null,
  mark: RunMark | null,
  signal: AbortSignal,
): Promise<{ readonly notes: readonly string[] }> {
  const toWrite = tables.map(tableToWrite);
  if (stage === null) return sink.begin(toWrite, definition, signal);
  return mark === null ? stage.resume(toWrite, definition, signal) : stage.begin(toWrite, definition, mark, signal);
}

function moveWhole(
  { source, sink }: { readonly source: Source; readonly sink: Sink },
  { tables }: Plan,
  prepared: readonly PreparedTable[],
  { watchOf, batchSize, pace, signal }: BeginOptions,
  notes: readonly string[],
): BegunTables {
  return {
    ...{ notes, workers: 1, masksElsewhere: false, keptRows: 0 },
    move: (index, onRows) => {
      const table = tables[index]!;
      return copyTable(source, sink, table, prepared[index]!, { batchSize, pace, signal, watch: watchOf(table), onRows });
    },
    close: async () => {},
  };
}

function moveShards(
  ends: { readonly source: Source; readonly sink: Sink },
  plan: Plan,
  prepared: readonly PreparedTable[],
  options: BeginOptions,
  { workshop, workers, notes }: OpenedWorkshop,
): BegunTables {
  const shards = workshop.begin((index) => workshop.shards(index), false);
  const whole = moveWhole(ends, plan, prepared, options, notes);
  return {
    ...{ notes, workers, keptRows: 0 },
    masksElsewhere: plan.tables.some((_, index) => workshop.table(index) !== null),
    move: (index, onRows) => {
      const sharded = workshop.table(index);
      return sharded === null ? whole.move(index, onRows) : copyShards(ends.sink, sharded, shards(index), onRows);
    },
    close: () => workshop.close(),
  };
}

function moveToStage(
  move: BegunTables["move"],
  kept: readonly KeptShards[] | undefined,
  { workshop, workers, notes }: OpenedWorkshop,
): BegunTables {
  const shards = (kept ?? []).flatMap(({ byName }) => [...byName.values()]);
  const goesOn = kept === undefined ? [] : [`went on with an unfinished run: kept ${amountOf(shards)}`];
  return {
    notes: [...notes, ...goesOn],
    workers,
    masksElsewhere: true,
    keptRows: rowsOf(shards),
    move,
    close: () => workshop.close(),
  };
}

const rowsOf = (shards: readonly StagedShard[]): number => shards.reduce((sum, { rows }) => sum + rows, 0);
const amountOf = (shards: readonly StagedShard[]): string =>
  `${counted(rowsOf(shards), "row")} in ${counted(shards.length, "shard")}`;

/** A target without any table gets them from the source's definition. */
export async function needsTables(sink: Sink): Promise<boolean> {
  return isDatabase(sink.system) && (await sink.schema()).tables.length === 0;
}

function stageOf({ stage, encoding }: Sink): ShardStage {
  if (stage !== undefined && encoding !== undefined) return stage;
  throw new StandinError("OPTION_INVALID", "This target cannot keep what is done of a run that breaks off.", {
    hint: "Run without `resumable`: the target is then as it was until all is in.",
  });
}

/** Rows of two keys, plans or versions cannot stand in one copy. */
export function refuseOtherRun(left: LeftRun | null, now: RunMark): asserts left is LeftRun {
  if (left === null) {
    throw new StandinError("RESUME_REFUSED", "The target holds no unfinished run to go on with.", {
      hint: "Begin one with `standin run --resumable`.",
    });
  }
  const differences = otherRun(left.mark, now);
  if (differences.length === 0) return;
  throw new StandinError("RESUME_REFUSED", `The unfinished run in the target had ${differences.join(" and ")}.`, {
    hint: "Go on as it was begun, or begin anew with `standin run --resumable`, which drops what it left.",
  });
}

/** What is another in a run than in the one at hand, so that its shards are not this one's. */
export function otherRun(mark: RunMark, now: Omit<RunMark, "runId" | "createsTables">): readonly string[] {
  return [
    ...(mark.keyFingerprint === now.keyFingerprint ? [] : ["another key"]),
    ...(mark.planFingerprint === now.planFingerprint ? [] : ["another plan (schema, policy or faker)"]),
    ...(mark.version === now.version && mark.shardBytes === now.shardBytes
      ? []
      : [`another version of standin, ${mark.version}`]),
  ];
}
