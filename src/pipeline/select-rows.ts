import type { BatchSize, DrawKey, LeftRun, RowBatch, SelectionWork, Source } from "../contracts.ts";
import { type Finding, StandinError } from "../errors.ts";
import type { Plan, TablePlan } from "../plan/plan.ts";
import { describeSelection } from "../subset/describe-selection.ts";
import { drawsRows } from "../subset/subset-data.ts";
import type { SelectionCounts } from "../subset/work-out.ts";
import { tableName } from "../table-ref.ts";
import { counted } from "../written-numbers.ts";
import { SHARD_BYTES } from "./shards/shard-workshop.ts";

export interface SelectOptions {
  /** What rows are drawn by; null where there is no key. */
  readonly draw: DrawKey | null;
  /** Draws by another key where there is none: as many rows, for looking at. */
  readonly isSample?: boolean | undefined;
  readonly batchSize: BatchSize;
  /** Holds reading to what the source is to bear. */
  over(rows: AsyncIterable<RowBatch>): AsyncIterable<RowBatch>;
  /** Resolves with the run that this one goes on with, if any, for a run that keeps its shards. @default tables are read as a whole */
  readonly left?: (() => Promise<LeftRun | null>) | undefined;
}

/**
 * Selects the rows of a plan's subset, in the snapshot that they will be read in: by the source's server where that can, else by reading. Does nothing for a plan without
 * a subset.
 *
 * Life: `prepare` (once the plan is compiled, before the source's tables are held) → `workOut` → `source` → `close`.
 */
export class RowSelection {
  readonly #options: SelectOptions;
  #work: SelectionWork | null = null;

  constructor(options: SelectOptions) {
    this.#options = options;
  }

  async prepare(source: Source, plan: Plan): Promise<void> {
    if (plan.subset === undefined || isBroken(plan)) return;
    const prepared = await source.select?.(plan.subset.graph, await this.#draw(plan));
    this.#work = prepared === undefined || "unselected" in prepared ? null : prepared;
  }

  /** The plan with what the subset comes to. A plan that is refused anyway goes as it is. */
  async workOut(source: Source, plan: Plan, signal: AbortSignal): Promise<Plan> {
    if (plan.subset === undefined || isBroken(plan)) return plan;
    const { graph } = plan.subset;
    const { isSample = false } = this.#options;
    const { workOut } = await import("../subset/work-out.ts");
    this.#work ??= await this.#spillWork(source, plan, signal);
    const counts = await workOut(graph, this.#work, signal);
    const selection = describeSelection(graph, counts, { keptIn: this.#work.by, isSample: isSample && drawsRows(graph) });
    return {
      ...plan,
      tables: plan.tables.map((table, index) => withRows(table, counts.kept[index] ?? null)),
      subset: { graph, selection },
      findings: [...plan.findings, ...missingKeys(plan, counts)],
    };
  }

  /** The source as the run reads it. */
  async source(source: Source, { subset }: Plan): Promise<Source> {
    if (subset === undefined || this.#work === null) return source;
    return (await import("../subset/selected-source.ts")).selectedSource(source, subset.graph, this.#work);
  }

  async close(): Promise<void> {
    await this.#work?.close();
  }

  async #spillWork(source: Source, plan: Plan, signal: AbortSignal): Promise<SelectionWork> {
    const { batchSize, over, left } = this.#options;
    const { spillWork } = await import("../subset/spill-work.ts");
    const kept = (await left?.())?.shards ?? [];
    const like = (name: string) => kept.filter(({ table }) => table === name).map(({ shard }) => shard);
    const cut = left === undefined ? undefined : { bytes: SHARD_BYTES, like };
    return spillWork(source, plan.subset!.graph, await this.#draw(plan), { batchSize, over, signal, cut });
  }

  async #draw({ subset }: Plan): Promise<DrawKey> {
    const { draw, isSample = false } = this.#options;
    if (draw !== null) return draw;
    if (isSample || !drawsRows(subset!.graph)) return (await import("../subset/draw-rows.ts")).SAMPLE_DRAW;
    throw new StandinError("KEY_REQUIRED", "There is no masking key, and the rows of the subset are drawn by it.", {
      hint: "Set STANDIN_KEY to what `npx standin keygen` prints, or pass it as `key`.",
    });
  }
}

const isBroken = ({ findings }: Plan) => findings.some(({ severity }) => severity === "error");

/** What is known of the rows beforehand is known of those that are copied. */
function withRows(table: TablePlan, rows: number | null): TablePlan {
  return rows === null ? table : { ...table, table: { ...table.table, rowEstimate: rows, byteEstimate: null } };
}

/** Which keys they are is not told: a key is a value. */
function missingKeys({ tables }: Plan, { unkept }: SelectionCounts): readonly Finding[] {
  return unkept.flatMap((missing, index): Finding[] => {
    if (missing === 0) return [];
    const table = tableName(tables[index]!.table.ref);
    const message = `subset: ${counted(missing, "key")} of what ${table} keeps ${missing === 1 ? "is" : "are"} in no row.`;
    return [{ code: "RULE_UNMATCHED", severity: "warning", message, table, hint: "Write keys as the source does." }];
  });
}
