import type { Source } from "../contracts.ts";
import type { Pace } from "../pace.ts";
import { compilePlan, refuseBrokenPlan } from "../plan/compile-plan.ts";
import { tableToWrite } from "../plan/plan.ts";
import type { Policy } from "../policy/define-policy.ts";
import { tableName } from "../table-ref.ts";
import { CopyWatch, type CopyWatchOptions } from "./copy-watch.ts";
import type { Verification } from "./verification.ts";

/** What a verification tells while it goes on. */
export type VerifyEvent = { readonly type: "table-started"; readonly side: "source" | "target"; readonly table: string };

export interface VerifyCopyOptions extends CopyWatchOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (event: VerifyEvent) => void;
  /** How fast the source is read. */
  readonly pace: Pace;
}

/** Reads source and copy once each, and says what of the one is still in the other and what the copy lost. Closes both. */
export async function verifyCopy(
  { source, target }: { readonly source: Source; readonly target: Source },
  policy: Policy,
  options: VerifyCopyOptions,
): Promise<Verification> {
  const { signal, onProgress, pace } = options;
  const started = performance.now();
  try {
    await Promise.all([source.open(signal), target.open(signal)]);
    const [here, there] = [await source.schema(), await target.schema()];
    const plan = compilePlan(policy, here, there, options.classes);
    refuseBrokenPlan(plan);
    const watch = new CopyWatch(plan, policy, options);
    watch.expect(there.tables);
    for (const table of plan.tables) {
      onProgress({ type: "table-started", side: "source", table: tableName(table.table.ref) });
      const side = watch.table(table);
      const { columns } = tableToWrite(table);
      const rows = source.read(table.table, { columns, batchSize: pace.batchSize({}), signal });
      for await (const batch of pace.over(rows, signal)) {
        side.add(batch);
        batch.release?.();
      }
    }
    const onTable = (table: string) => onProgress({ type: "table-started", side: "target", table });
    const verification = await watch.judge({ schema: there, read: (table, how) => target.read(table, how) }, { signal, onTable });
    return { ...verification, milliseconds: Math.round(performance.now() - started) };
  } finally {
    await Promise.allSettled([source.close(), target.close()]);
  }
}
