import type { Source } from "../contracts.ts";
import type { Pace } from "../pace.ts";
import { compilePlan, refuseBrokenPlan } from "../plan/compile-plan.ts";
import type { Plan } from "../plan/plan.ts";
import type { Policy } from "../policy/define-policy.ts";
import { namedColumns } from "../policy/parse/named-columns.ts";
import { CopyWatch, type CopyWatchOptions } from "./copy-watch.ts";
import type { Verification } from "./verification.ts";

/** What a verification tells while it goes on. */
export type VerifyEvent = { readonly type: "table-started"; readonly side: "source" | "target"; readonly table: string };

export interface VerifyCopyOptions extends CopyWatchOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (event: VerifyEvent) => void;
  /** How fast the source is read. */
  readonly pace: Pace;
  /** Finds the rows that were copied, where the policy copies a part of them. */
  readonly rows: CopiedRows;
}

/** The rows of a source that a plan copies. */
export interface CopiedRows {
  prepare(source: Source, plan: Plan): Promise<void>;
  workOut(source: Source, plan: Plan, signal: AbortSignal): Promise<Plan>;
  source(source: Source, plan: Plan): Promise<Source>;
  close(): Promise<void>;
}

/** Reads source and copy once each, and says what of the one is still in the other and what the copy lost. Closes both. */
export async function verifyCopy(
  { source, target }: { readonly source: Source; readonly target: Source },
  policy: Policy,
  options: VerifyCopyOptions,
): Promise<Verification> {
  const { signal, onProgress, pace, rows: copied } = options;
  const begun = performance.now();
  try {
    await Promise.all([source.open(signal), target.open(signal)]);
    source.expects?.(namedColumns(policy), target.system);
    target.expects?.(namedColumns(policy), null);
    const [here, there] = [await source.schema(), await target.schema()];
    const compiled = compilePlan(policy, here, there, options.classes);
    refuseBrokenPlan(compiled);
    await copied.prepare(source, compiled);
    const plan = await copied.workOut(source, compiled, signal);
    const selected = await copied.source(source, plan);
    const watch = new CopyWatch(plan, policy, options);
    watch.expect(there.tables);
    const started = (side: "source" | "target") => (table: string) => onProgress({ type: "table-started", side, table });
    await watch.watchSource(selected, { pace, signal, onTable: started("source") });
    const copy = { schema: there, read: target.read.bind(target), weighs: target.weighs?.bind(target) };
    const verification = await watch.judge(copy, { signal, onTable: started("target") });
    return { ...verification, milliseconds: Math.round(performance.now() - begun) };
  } finally {
    await copied.close().catch(() => {});
    await Promise.allSettled([source.close(), target.close()]);
  }
}
