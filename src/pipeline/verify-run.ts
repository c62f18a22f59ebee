import type { BatchSize, Sink, Source } from "../contracts.ts";
import { type Finding, StandinError } from "../errors.ts";
import type { Pace } from "../pace.ts";
import { refuseBrokenPlan } from "../plan/compile-plan.ts";
import type { Plan, TablePlan } from "../plan/plan.ts";
import type { Policy } from "../policy/define-policy.ts";
import { CopyWatch, type CopyWatchOptions } from "../verify/copy-watch.ts";
import type { Verification } from "../verify/verification.ts";
import type { SourceWatch } from "../verify/watch-source.ts";
import { counted } from "../written-numbers.ts";
import type { OnProgress } from "./progress.ts";

export interface RunVerifyOptions extends CopyWatchOptions {
  /** Whether a warning keeps the copy from being published as well. */
  readonly warningsAsErrors: boolean;
}

/**
 * Throws where rows are read once more that no snapshot holds, and a warning keeps a copy from being published: what is written meanwhile would be told as the copy's fault, after
 * all rows have moved.
 */
export function refuseOtherMoment(plan: Plan, verify: RunVerifyOptions | null, readsAgain: boolean): void {
  if (verify === null || !verify.warningsAsErrors || !readsAgain) return;
  const findings = plan.findings.map(
    (finding): Finding => (finding.code === "SNAPSHOT_MISSING" ? { ...finding, severity: "error" } : finding),
  );
  refuseBrokenPlan({ ...plan, findings });
}

export interface JudgeRunOptions {
  /** How fast the source is read, where it has to be read once more. */
  readonly pace: Pace;
  readonly batchSize: BatchSize;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** The verification of a run: looks on while rows are masked, and at what is staged before anybody else sees it. */
export class RunVerification {
  readonly #sink: Sink;
  readonly #watch: CopyWatch;
  readonly #warningsAsErrors: boolean;

  /** Throws what can be known before the first row: that the target cannot be read back, or lacks what the policy's `verify` names. */
  static async begin(sink: Sink, plan: Plan, policy: Policy, options: RunVerifyOptions): Promise<RunVerification> {
    if (sink.staged === undefined)
      throw new StandinError(
        "OPTION_INVALID",
        "This target cannot be read before it is published, so the run cannot be verified.",
        {
          hint: "Run without `verify`, and use `standin verify` afterwards; a sink of your own needs `staged`.",
        },
      );
    const watch = new CopyWatch(plan, policy, options);
    const { tables } = await sink.schema();
    watch.expect([...plan.tables.map(({ table }) => table), ...tables]);
    const unreadable = (await sink.unreadable?.(tables)) ?? [];
    refuseBrokenPlan({ ...plan, findings: [...plan.findings, ...unreadable] });
    return new RunVerification(sink, watch, options.warningsAsErrors);
  }

  private constructor(sink: Sink, watch: CopyWatch, warningsAsErrors: boolean) {
    this.#sink = sink;
    this.#watch = watch;
    this.#warningsAsErrors = warningsAsErrors;
  }

  /** Takes the batches of one table, masked or not. */
  table(plan: TablePlan): SourceWatch {
    return this.#watch.table(plan);
  }

  /**
   * Reads the source's tables whose rows went by elsewhere (on other threads, or in the run that this one goes on with), closes the source, and reads what is staged.
   * Throws VERIFICATION_FAILED, with what was found, where it may not be published.
   */
  async judge(source: Source, { onProgress, signal, ...how }: JudgeRunOptions): Promise<Verification> {
    const onTable = (table: string) => onProgress({ type: "verifying", table });
    await this.#watch.watchSource(source, { ...how, signal, onTable });
    signal.throwIfAborted();
    // Nothing more is asked of it: it need not hold its snapshot while the copy is looked through.
    await source.close().catch(() => {});
    const staged = await this.#sink.staged!();
    const verification = await this.#watch.judge(staged, { signal, onTable });
    onProgress({ type: "verified", verification });
    const failures = verification.findings.filter(({ severity }) => severity === "error" || this.#warningsAsErrors);
    if (failures.length > 0) throw notPublished(verification.findings, failures.length);
    return verification;
  }
}

function notPublished(findings: readonly Finding[], failures: number): StandinError {
  const [only] = findings.length === 1 ? findings : [];
  const what = only === undefined ? `${counted(failures, "thing")} to mend.` : only.message;
  return new StandinError("VERIFICATION_FAILED", `The copy is not published: ${what}`, {
    table: only?.table,
    column: only?.column,
    hint: only?.hint,
    findings,
  });
}
