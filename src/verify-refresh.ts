import { connectSource } from "./connect.ts";
import type { RowBatch } from "./contracts.ts";
import { isStandinError, StandinError } from "./errors.ts";
import { type KeyProvider, resolveMaskingKey } from "./keys/masking-key.ts";
import { Pace } from "./pace.ts";
import type { PauseSwitch } from "./pause-switch.ts";
import { inDatabase } from "./pipeline/errors-of-databases.ts";
import { RowSelection } from "./pipeline/select-rows.ts";
import { withStatedClasses } from "./plan/stated-classes.ts";
import { databasesOf } from "./policy/databases-of.ts";
import type { Policy } from "./policy/define-policy.ts";
import { parsePolicy } from "./policy/parse/parse-policy.ts";
import { joinLimits, type SourceLimits } from "./source-limits.ts";
import type { CopyWatchOptions } from "./verify/copy-watch.ts";
import { joinVerifications } from "./verify/join-verifications.ts";
import type { Verification } from "./verify/verification.ts";
import { type VerifyEvent, verifyCopy } from "./verify/verify-copy.ts";

/** What `verifyRefresh` goes by. */
export interface VerifyOptions {
  /** Which of the policy's environments to take. @default what the policy says outside of them */
  readonly environment?: string | undefined;
  /** Which of the policy's databases. @default all of them, one after the other */
  readonly database?: string | undefined;
  /** Stops it; nothing was written. */
  readonly signal?: AbortSignal | undefined;
  /** Called as each table is begun. */
  readonly onProgress?: ((event: VerifyEvent) => void) | undefined;
  /** What may be asked of the source, limit by limit instead of what the policy says. @default the policy's `sourceLimits` */
  readonly sourceLimits?: SourceLimits | undefined;
  /** Holds the reading of the source while it is paused. */
  readonly pauseSwitch?: PauseSwitch | undefined;
  /** As `refresh` takes it: tells which rows of a `subset` were drawn, and is asked for nothing else. @default the environment variable that the policy names, else STANDIN_KEY */
  readonly key?: KeyProvider | undefined;
}

/**
 * Looks at a copy after a run, with fresh eyes: whether values of masked columns are anywhere in it (every column of every table, inside of texts and documents too), whether keys
 * and references hold, what became of counts, NULLs and distributions, and how easily people are told apart by what the policy's `verify` names.
 *
 * Reads source and target once each and writes to neither; needs no key but for a `subset` whose rows are drawn, which is compared with the same rows of the source. Values are held as hashes under a passing seed, in bounded memory (some 300 MB for the process at most), and the result has names, counts and
 * shares alone. What it cannot see: a name that thousands share, words and numbers of fewer than 6 characters or 8 digits, dates, places, and anything inside
 * of pictures and other bytes.
 *
 * @example
 * const { findings } = await verifyRefresh(policy);
 * if (findings.some(({ severity }) => severity === "error")) throw new Error("The copy is not clean.");
 */
export async function verifyRefresh(policy: Policy, options: VerifyOptions = {}): Promise<Verification> {
  const { environment, database } = options;
  const checked = parsePolicy(policy, { environment, database });
  const databases = databasesOf(checked);
  if (databases === null) return verifyOne(checked, options);
  const found = new Map<string, Verification>();
  for (const [name, one] of databases) {
    const onProgress = (event: VerifyEvent) => options.onProgress?.({ ...event, table: `${name}.${event.table}` });
    const part = verifyOne(one, { ...options, onProgress }).catch((error: unknown) => {
      throw inDatabase(error, name);
    });
    found.set(name, await part);
  }
  return joinVerifications(found);
}

async function verifyOne(checked: Policy, options: VerifyOptions): Promise<Verification> {
  const { signal = new AbortController().signal, onProgress = () => {} } = options;
  if (typeof checked.target === "object") {
    throw new StandinError("LOCATION_INVALID", "A target made by a connector can be written to, and not read.", {
      hint: "Give the target's location: postgres://…, mysql://… or a folder of CSV files.",
    });
  }
  const limits = joinLimits(checked.sourceLimits, options.sourceLimits);
  const pace = new Pace(limits, options.pauseSwitch);
  const ends = { source: await connectSource(checked.source, limits), target: await connectSource(checked.target) };
  const rows = await copiedRows(checked, options.key, pace, signal);
  return verifyCopy(ends, checked, { signal, onProgress, pace, rows, ...(await whatToWatch(checked)) });
}

/** Which rows a run copied, where they were drawn, the key alone can tell. */
async function copiedRows(checked: Policy, key: KeyProvider | undefined, pace: Pace, signal: AbortSignal): Promise<RowSelection> {
  const options = { batchSize: pace.batchSize({}), over: (rows: AsyncIterable<RowBatch>) => pace.over(rows, signal) };
  if (checked.subset === undefined) return new RowSelection({ ...options, draw: null });
  const secret = await resolveMaskingKey(key, process.env, checked.keyVariable).catch((error: unknown) => {
    // Whether one is needed is seen when it is known how rows are chosen.
    if (isStandinError(error) && error.code === "KEY_REQUIRED" && key === undefined) return null;
    throw error;
  });
  const { drawKeyOf } = await import("./subset/draw-rows.ts");
  return new RowSelection({ ...options, draw: secret === null ? null : drawKeyOf(secret) });
}

/** What a verification of a policy's copy goes by, within a run or alone. */
export async function whatToWatch(checked: Policy): Promise<CopyWatchOptions> {
  const { CLASSES_BY_NAME } = await import("./discover/classes-by-name.ts");
  return {
    classes: withStatedClasses(checked, CLASSES_BY_NAME)!,
    isCommon: await commonWords(),
    anonymity: checked.verify?.anonymity ?? {},
    allowed: checked.verify?.allow ?? [],
  };
}

/** What fills a column where nothing is known, in lower case. */
const FILLERS = new Set(
  "unknown anonymous nobody someone customer client person company private default deleted redacted masked".split(" "),
);

/** Names that thousands share, and what stands where there is none. */
async function commonWords(): Promise<(word: string) => boolean> {
  const { first, last, cities } = await (await import("./discover/words/name-lists.ts")).loadNameLists();
  // One set, as nearly every word of a source is looked up in it.
  const words = new Set([...first, ...last, ...cities, ...FILLERS]);
  return (word) => words.has(word);
}
