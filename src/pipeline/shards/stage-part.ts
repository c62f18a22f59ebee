import { setTimeout as wait } from "node:timers/promises";
import type { JoinedStage, Shard, Sink, Source } from "../../contracts.ts";
import { isStandinError, StandinError } from "../../errors.ts";
import { type Plan, tableToWrite } from "../../plan/plan.ts";
import { tableName } from "../../table-ref.ts";
import { markOf, needsTables, refuseOtherRun, type SpreadOptions } from "../begin-tables.ts";
import type { OnProgress } from "../progress.ts";
import { type DeskOptions, ShardDesk } from "./shard-desk.ts";
import { cutTable } from "./shard-workshop.ts";

/** A part of a run: every `of`-th shard of each table, from `index`, which counts from 0. */
export interface RunPart {
  readonly index: number;
  readonly of: number;
}

/** What one process did of a run that several do without knowing of each other. Nothing is published by it. */
export interface PartReport {
  readonly part: RunPart;
  readonly tables: readonly { readonly table: string; readonly shards: number; readonly rows: number }[];
  readonly rows: number;
  readonly milliseconds: number;
  readonly planFingerprint: string;
  readonly keyFingerprint: string | null;
}

export interface PartOptions extends Omit<DeskOptions, "reader" | "sink" | "joined" | "plan"> {
  readonly part: RunPart;
  readonly spread: Pick<SpreadOptions, "runId" | "version">;
  readonly planFingerprint: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** A sink of the same target, not open. */
  connectSink(): Promise<Sink>;
}

/** Longest wait for another process that begins the same run. */
export const BEGIN_MILLISECONDS = 120_000;

/**
 * Stages a part of a plan's shards into the unfinished run that the target holds, or begins one. Every process sees the source by a snapshot of its own: the run that goes
 * on with it afterwards reads all of it again in one snapshot, and does again what differs.
 */
export async function stagePart(
  { source, sink }: { readonly source: Source; readonly sink: Sink },
  plan: Plan,
  options: PartOptions,
): Promise<PartReport> {
  const started = performance.now();
  const { part, signal, onProgress } = options;
  const toWrite = plan.tables.map(tableToWrite);
  if (sink.stage?.shared === undefined || sink.encoding === undefined) throw unsupported(sink);
  const own = await options.connectSink();
  try {
    const joined = await joinOrBegin({ source, sink, own }, plan, options);
    const desk = new ShardDesk({ ...options, reader: source, sink: own, joined, plan });
    const tables: PartReport["tables"][number][] = [];
    for (const [position, table] of plan.tables.entries()) {
      const name = tableName(table.table.ref);
      onProgress({ type: "table-started", table: name, rowEstimate: null, byteEstimate: null });
      const from = performance.now();
      // Where nothing but the server's guess of a size says how to cut, all parts go by the first one's.
      const like = joined.left.shards.filter((staged) => staged.table === name).map(({ shard }) => shard);
      const shards = await shardsOfPart(cutTable(source, table, toWrite[position]!, signal, like), position, part);
      let rows = 0;
      for (const shard of shards) {
        signal.throwIfAborted();
        rows += await desk.stage(
          name,
          shard,
          (more, bytes) => onProgress({ type: "rows", table: name, rows: more, bytes }),
          signal,
        );
      }
      onProgress({ type: "table-finished", table: name, rows, milliseconds: Math.round(performance.now() - from) });
      tables.push({ table: name, shards: shards.length, rows });
    }
    return {
      part,
      tables,
      rows: tables.reduce((sum, { rows }) => sum + rows, 0),
      milliseconds: Math.round(performance.now() - started),
      planFingerprint: options.planFingerprint,
      keyFingerprint: options.key?.fingerprint ?? null,
    };
  } finally {
    await own.close();
  }
}

/** Tables of one shard are spread as well: each table begins with another part. */
async function shardsOfPart(shards: AsyncIterable<Shard>, position: number, { index, of }: RunPart): Promise<readonly Shard[]> {
  const mine: Shard[] = [];
  let place = position;
  for await (const shard of shards) if (place++ % of === index) mine.push(shard);
  return mine;
}

/** Of processes that start at one moment one begins, and the others wait for it. */
async function joinOrBegin(
  ends: { readonly source: Source; readonly sink: Sink; readonly own: Sink },
  plan: Plan,
  options: PartOptions,
): Promise<JoinedStage> {
  const { own } = ends;
  const toWrite = plan.tables.map(tableToWrite);
  const until = performance.now() + BEGIN_MILLISECONDS;
  await own.open(options.signal);
  for (let hasLooked = false; ; ) {
    const joined = await own.stage!.shared!.join(toWrite, options.signal);
    if (joined !== null) {
      refuseOtherRun(joined.left, markOf(options.spread, options, joined.left.mark.createsTables));
      return joined;
    }
    try {
      if (!hasLooked) await beginUnlessThere(ends, plan, options);
      hasLooked = true;
    } catch (error) {
      if (!isStandinError(error) || error.code !== "SINK_FAILED" || performance.now() > until) throw error;
    }
    await wait(250, undefined, { signal: options.signal });
  }
}

/** Keeps others out while it looks, and lets go by closing the sink. Throws SINK_FAILED while another process does the same. */
async function beginUnlessThere(
  { source, sink }: { readonly source: Source; readonly sink: Sink },
  plan: Plan,
  options: PartOptions,
): Promise<void> {
  if ((await sink.stage!.left()) === null) {
    const mark = markOf(options.spread, options, await needsTables(sink));
    const definition = mark.createsTables ? ((await source.define?.(plan.tables.map(({ table }) => table))) ?? null) : null;
    await sink.stage!.begin(plan.tables.map(tableToWrite), definition, mark, options.signal);
  }
  await sink.close();
}

function unsupported({ system }: Sink): StandinError {
  return new StandinError("OPTION_INVALID", `A target of ${system} is written to by one process, and not by parts of a run.`, {
    hint: "Run it on one machine, with --workers: `standin run --workers 8`.",
  });
}
