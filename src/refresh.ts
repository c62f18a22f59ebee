import { connectSink, connectSource } from "./connect.ts";
import type { BatchSize } from "./contracts.ts";
import { isStandinError, StandinError } from "./errors.ts";
import { type KeyProvider, type MaskingKey, resolveMaskingKey } from "./keys/masking-key.ts";
import type { OnProgress } from "./pipeline/progress.ts";
import type { Report } from "./pipeline/report.ts";
import { planRun, run } from "./pipeline/run.ts";
import { untilAborted } from "./pipeline/until-aborted.ts";
import type { Plan } from "./plan/plan.ts";
import type { Policy } from "./policy/define-policy.ts";
import { parsePolicy } from "./policy/parse-policy.ts";

export interface RefreshOptions {
  /**
   * The secret: what `standin keygen` prints, 32 bytes, or a function that gives either (a KMS call).
   * @default the environment variable STANDIN_KEY
   */
  readonly key?: KeyProvider | undefined;
  /** Stops the run; the target is put back, and `refresh` rejects with ABORTED. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Rows and bytes held at a time. The result does not depend on it. */
  readonly batchSize?: BatchSize | undefined;
}

/**
 * Copies the policy's tables from its source to its target, every column masked by its rule, all or nothing.
 *
 * Resolves with the report when the copy is published. Rejects with a StandinError, whose `phase` tells whether a row had moved; the target is
 * then as it was.
 */
export async function refresh(policy: Policy, options: RefreshOptions = {}): Promise<Report> {
  const checked = parsePolicy(policy);
  const key = await keyOf(options);
  const ends = { source: await connectSource(checked.source), sink: await connectSink(checked.target) };
  return run(ends, checked, {
    key,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => {}),
    batchSize: options.batchSize ?? {},
  });
}

/** A provider that asks a vault may never answer: an abort ends the wait. */
async function keyOf({ key, signal }: RefreshOptions): Promise<MaskingKey> {
  return untilAborted(resolveMaskingKey(key), signal).catch((error: unknown) => {
    if (isStandinError(error)) throw error;
    throw new StandinError("ABORTED", "The run was stopped; the target is as it was.");
  });
}

/** Says what `refresh` would do, without a key and without reading a row: every column's decision and everything that is wrong. */
export async function planRefresh(
  policy: Policy,
  { signal = new AbortController().signal }: { readonly signal?: AbortSignal } = {},
): Promise<Plan> {
  const checked = parsePolicy(policy);
  const ends = { source: await connectSource(checked.source), sink: await connectSink(checked.target) };
  try {
    return await planRun(ends, checked, signal);
  } finally {
    await Promise.allSettled([ends.source.close(), ends.sink.close()]);
  }
}
