import type { RowEncoder, RowEncoding, Sink, Source, TableToWrite } from "../../contracts.ts";
import type { MaskingKey } from "../../keys/masking-key.ts";
import { type Plan, type TablePlan, tableToWrite } from "../../plan/plan.ts";
import { untilAborted } from "../../until-aborted.ts";
import type { PreparedTable } from "../masking/prepare-table.ts";
import { toPortable } from "./portable-plan.ts";
import { ShardPool } from "./shard-pool.ts";
import { type ShardedTable, ShardWorkshop, type WorkshopOptions } from "./shard-workshop.ts";
import type { ThreadTable } from "./thread-messages.ts";

/** What the composition root has for threads. */
export interface ThreadTools {
  /** The module that a thread runs. */
  readonly entry: URL;
  connectEncoder(encoding: RowEncoding, table: TableToWrite): Promise<RowEncoder>;
}

export interface OpenOptions extends WorkshopOptions {
  /** Threads to work on, 1 for none beside this one. */
  readonly workers: number;
  readonly tools: ThreadTools;
  readonly key: Pick<MaskingKey, "forThread"> | null;
  /** Whether tables that no thread can work on come shard by shard as well. */
  readonly shardsAll: boolean;
}

export interface OpenedWorkshop {
  readonly workshop: ShardWorkshop;
  /** Threads that work on it, 1 where there are none beside this one. */
  readonly workers: number;
  /** Why not everything is done by threads, where threads were asked for. */
  readonly notes: readonly string[];
}

/** What a table needs for threads to work on it. */
interface Candidate {
  readonly plan: TablePlan;
  readonly toWrite: TableToWrite;
  readonly encoding: RowEncoding | null;
  readonly forThreads: ThreadTable | null;
}

/** Opens the place where the plan's tables are worked on shard by shard, once the sink has begun. */
export async function openWorkshop(
  { source, sink }: { readonly source: Source; readonly sink: Sink },
  { tables }: Plan,
  prepared: readonly PreparedTable[],
  options: OpenOptions,
): Promise<OpenedWorkshop> {
  const candidates = tables.map((plan) => candidate(plan, sink));
  const encoders: (RowEncoder | null)[] = [];
  for (const { encoding, toWrite } of candidates)
    encoders.push(encoding === null ? null : await options.tools.connectEncoder(encoding, toWrite));
  // Nothing may fail behind it: whoever calls has no threads to close then.
  const { pool, notes } = await openPool(source, candidates, options);
  const sharded = candidates.map(({ plan, toWrite, forThreads }, index): ShardedTable | null => {
    const isForThreads = pool !== null && forThreads !== null;
    const encoder = encoders[index]!;
    if (encoder === null || !(isForThreads || options.shardsAll)) return null;
    return { plan, prepared: prepared[index]!, toWrite, encoder, isForThreads };
  });
  return { workshop: new ShardWorkshop(source, sharded, pool, options), workers: pool?.size ?? 1, notes };
}

function candidate(plan: TablePlan, sink: Sink): Candidate {
  const toWrite = tableToWrite(plan);
  const encoding = sink.encoding?.(toWrite) ?? null;
  const portable = encoding === null ? null : toPortable(plan);
  return {
    plan,
    toWrite,
    encoding,
    forThreads: encoding === null || portable === null ? null : { plan: portable, encoding },
  };
}

/** A sentence as what stands behind a colon. */
function asClause(sentence: string): string {
  return sentence.replace(/^[A-Z](?=[a-z]* )/, (first) => first.toLowerCase()).replace(/\.$/, "");
}

async function openPool(
  source: Source,
  candidates: readonly Candidate[],
  { workers, tools, key, batchSize, pace, signal, sums }: OpenOptions,
): Promise<{ readonly pool: ShardPool | null; readonly notes: readonly string[] }> {
  if (workers === 1) return { pool: null, notes: [] };
  const alone = (why: string) => ({ pool: null, notes: [`worked on by one thread: ${asClause(why)}`] });
  if (source.share === undefined) return alone("the source cannot be read by several");
  if (candidates.every(({ encoding }) => encoding === null)) return alone("the target takes no rows from other threads");
  if (candidates.every(({ forThreads }) => forThreads === null)) return alone("the rules are code, which stays on its thread");
  const data = {
    system: source.system,
    tables: candidates.map(({ forThreads }) => forThreads),
    key: key?.forThread() ?? null,
    batchSize: pace.batchSize(batchSize, workers),
    sums,
  };
  const pool = new ShardPool({ data, threads: workers, entry: tools.entry, pace, signal });
  // Each thread has a copy of its own, which it wipes as well.
  data.key?.fill(0);
  try {
    // What readers wait for is loaded before: a source may hold its writers up until they have joined.
    await untilAborted(pool.started(), signal);
    const toRead = candidates.map(({ toWrite }) => toWrite);
    const shared = await source.share(toRead, workers);
    if ("unshared" in shared) {
      await pool.close();
      return alone(shared.unshared);
    }
    await untilAborted(pool.open(shared.reader), signal).finally(() => shared.endWindow?.());
  } catch (error) {
    await pool.close();
    throw error;
  }
  const here = candidates.filter(({ forThreads }) => forThreads === null).map(({ plan }) => plan.table.ref.name);
  const notes = here.length === 0 ? [] : [`worked on by one thread, as rules of it are code: ${here.join(", ")}`];
  return { pool, notes };
}
