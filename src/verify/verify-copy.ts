import { randomBytes } from "node:crypto";
import type { Source } from "../contracts.ts";
import { createColumnPrf } from "../keys/column-prf.ts";
import { compilePlan, refuseBrokenPlan } from "../plan/compile-plan.ts";
import { fingerprintPlan } from "../plan/plan-fingerprint.ts";
import type { ClassSource } from "../policy/class-source.ts";
import type { Policy } from "../policy/define-policy.ts";
import { tableName } from "../table-ref.ts";
import { compareSides, fidelityOf, pairsOf } from "./compare-sides.ts";
import { IntegrityWatch } from "./integrity-watch.ts";
import { type AnonymityByTable, findAnonymity, judgeAnonymity } from "./judge-anonymity.ts";
import { judgeLeaks } from "./judge-leaks.ts";
import { LeakWatch } from "./leak-watch.ts";
import type { IsCommon } from "./telling-text.ts";
import type { Verification } from "./verification.ts";
import { watchSource } from "./watch-source.ts";
import { watchTarget } from "./watch-target.ts";

/** What a verification tells while it goes on. */
export type VerifyEvent = { readonly type: "table-started"; readonly side: "source" | "target"; readonly table: string };

export interface VerifyCopyOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (event: VerifyEvent) => void;
  readonly classes: ClassSource;
  readonly isCommon: IsCommon;
  readonly anonymity: AnonymityByTable;
  /** Columns of the copy that may hold values of masked columns, `audit.note`. */
  readonly allowed: readonly string[];
}

/** Reads source and copy once each, and says what of the one is still in the other and what the copy lost. Closes both. */
export async function verifyCopy(
  { source, target }: { readonly source: Source; readonly target: Source },
  policy: Policy,
  options: VerifyCopyOptions,
): Promise<Verification> {
  const started = performance.now();
  try {
    await Promise.all([source.open(options.signal), target.open(options.signal)]);
    const [here, there] = [await source.schema(), await target.schema()];
    const plan = compilePlan(policy, here, there, options.classes);
    refuseBrokenPlan(plan);
    const anonymity = findAnonymity(options.anonymity, there);
    const prf = createColumnPrf(randomBytes(32));
    const leaks = new LeakWatch();
    const integrity = new IntegrityWatch(there, policy, prf);
    const onTable = (side: "source" | "target") => (table: string) => options.onProgress({ type: "table-started", side, table });
    const before = await watchSource(source, plan, leaks, { ...options, prf, onTable: onTable("source") });
    const searched = { ...options, prf, anonymity, onTable: onTable("target") };
    const after = await watchTarget(target, there, plan, { leaks, integrity }, searched);
    const pairs = pairsOf(plan, before, after);
    const judged = judgeLeaks(after, options.allowed);
    return {
      source: source.system,
      target: target.system,
      tables: pairs.map((pair) => ({
        table: tableName(pair.plan.table.ref),
        sourceRows: pair.before.rows,
        targetRows: pair.after.rows,
        columns: fidelityOf(pair),
        anonymity: pair.after.anonymity?.result() ?? null,
      })),
      leaks: judged.leaks,
      scope: {
        watched: leaks.size,
        every: leaks.every,
        cells: after.reduce((sum, { rows, profiles }) => sum + rows * profiles.size, 0),
        keys: integrity.keys,
        references: integrity.references,
      },
      findings: [
        ...judged.findings,
        ...compareSides(pairs, source.system === target.system),
        ...integrity.findings(),
        ...judgeAnonymity(after, anonymity),
      ],
      planFingerprint: await fingerprintPlan(plan),
      milliseconds: Math.round(performance.now() - started),
    };
  } finally {
    await Promise.allSettled([source.close(), target.close()]);
  }
}
