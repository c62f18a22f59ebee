import { connectSink, connectSource } from "./connect.ts";
import type { BatchSize, SystemName } from "./contracts.ts";
import { isStandinError, StandinError } from "./errors.ts";
import { everyRule } from "./inner-rules.ts";
import { type KeyProvider, type MaskingKey, resolveMaskingKey } from "./keys/masking-key.ts";
import { Pace } from "./pace.ts";
import type { PauseSwitch } from "./pause-switch.ts";
import type { SpreadOptions } from "./pipeline/begin-tables.ts";
import { observeRun } from "./pipeline/observe-run.ts";
import type { OnProgress } from "./pipeline/progress.ts";
import type { Report } from "./pipeline/report.ts";
import { planRun, type RunOptions, run } from "./pipeline/run.ts";
import { samplePlan } from "./pipeline/sample-plan.ts";
import { RowSelection } from "./pipeline/select-rows.ts";
import type { Telemetry } from "./pipeline/telemetry.ts";
import type { RunVerifyOptions } from "./pipeline/verify-run.ts";
import type { Lock } from "./plan/locks/lock.ts";
import { requireLock } from "./plan/locks/lock-file.ts";
import { type LockOfDatabases, lockOfDatabase, lockOfOne } from "./plan/locks/lock-of-databases.ts";
import type { Plan } from "./plan/plan.ts";
import type { ClassSource } from "./policy/class-source.ts";
import { databasesOf, parseOne } from "./policy/databases-of.ts";
import type { Policy } from "./policy/define-policy.ts";
import { parsePolicy } from "./policy/parse/parse-policy.ts";
import { joinLimits, type SourceLimits } from "./source-limits.ts";
import { spreadOf } from "./spread-run.ts";
import { takesTypesOfTargets } from "./system-traits.ts";
import { untilAborted } from "./until-aborted.ts";
import { whatToWatch } from "./verify-refresh.ts";

/**
 * What `refresh` goes by: the secret, how a run is watched, limited and stopped, and whether the copy is looked through
 * before it is published.
 */
export interface RefreshOptions {
  /**
   * The secret: what `standin keygen` prints, 32 bytes, or a function that gives either (a KMS call).
   * @default the environment variable that the policy's `keyVariable` names, else STANDIN_KEY
   */
  readonly key?: KeyProvider | undefined;
  /** Stops the run; the target is put back, and `refresh` rejects with ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each event of the run, in order. */
  readonly onProgress?: OnProgress | undefined;
  /** Which of the policy's environments to take: its target, key and rules. @default what the policy says outside of them */
  readonly environment?: string | undefined;
  /** Which of the policy's databases to refresh, as if it were the only one. @default all of them, which are published together */
  readonly database?: string | undefined;
  /** Of several databases: whether rows of all move at a time. @default false: of one after the other; they are published together either way */
  readonly parallel?: boolean | undefined;
  /** Rows and bytes held at a time. The result does not depend on it. */
  readonly batchSize?: BatchSize | undefined;
  /**
   * What `standin check --write` wrote, or its file: a run whose schema, rules, key or corpus differ from it is refused with LOCK_MISMATCH before a row moves.
   * @default nothing is compared; the command takes the file beside the policy
   */
  readonly lock?: Lock | LockOfDatabases | string | undefined;
  /**
   * Looks through the copy before it is published, as `verifyRefresh` does afterwards, while the rows are in the target and nobody sees them: what it finds makes the run
   * reject with VERIFICATION_FAILED and leaves the target as it was, or, where it is `resumable`, what is staged to be gone on with once the policy allows it. With
   * `workers`, `resumable` or `resume` the source is read once more for it. The policy's `verify` says what it goes by. @default false
   */
  readonly verify?: boolean | VerifyInRun | undefined;
  /** What the run may ask of its source, limit by limit instead of what the policy says. @default the policy's `sourceLimits` */
  readonly sourceLimits?: SourceLimits | undefined;
  /**
   * Threads that read, mask and write rows out, each with a session of its own on the source's snapshot; the target gets the same rows in the same order by one
   * session. Worth it where masks take longer than reading and writing. Tables whose rules are functions are worked on by one.
   * @default 1: no thread beside the caller's
   */
  readonly workers?: number | undefined;
  /**
   * Keeps what is done of a run that breaks off, in the target's staging, so that `resume` can go on with it: rows are staged shard by shard, and published at once at
   * the end. Readers of the target see nothing of it; the target needs room for both. @default false: a run that breaks off leaves nothing
   */
  readonly resumable?: boolean | undefined;
  /**
   * Goes on with a run that was `resumable` and broke off: reads again what it staged, keeps what the source still gives the same, and does the rest. Rejects with
   * RESUME_REFUSED where there is none, or where its key, plan or version was another. @default false
   */
  readonly resume?: boolean | undefined;
  /**
   * Reads only the rows that changed since the last run, as the policy's `incremental` tells them, and writes them over their former selves. Rejects with INCREMENT_REFUSED
   * where the target has no mark of a run with this key, plan and version: a whole run leaves it. Rows that were deleted go where its `deletes` says so. @default false
   */
  readonly incremental?: boolean | undefined;
  /** Holds the run while it is paused. */
  readonly pauseSwitch?: PauseSwitch | undefined;
  /** Spans and metrics by OpenTelemetry, to the tracer and meter given, or to the globals (`true`); needs `@opentelemetry/api`. @default none */
  readonly telemetry?: Telemetry | true | undefined;
}

/** How a run looks through its copy before it publishes it. */
export interface VerifyInRun {
  /** Whether a warning keeps the copy from being published as well. @default false */
  readonly warningsAsErrors?: boolean | undefined;
}

/** What `planRefresh` goes by. */
export interface PlanOptions {
  /** Also try the masks on sampled rows, in memory: how often values still occur, what a mask cannot handle. @default false: no row is read */
  readonly sample?: boolean | undefined;
  /** Stops it. */
  readonly signal?: AbortSignal | undefined;
  /** Which of the policy's environments to take. @default what the policy says outside of them */
  readonly environment?: string | undefined;
  /** Which of the policy's databases, where it has several. */
  readonly database?: string | undefined;
  /** As `refresh` takes it, to tell which rows of a `subset` are drawn. @default the environment's, or none: as many other rows are counted */
  readonly key?: KeyProvider | undefined;
}

/**
 * Copies the policy's tables from its source to its target, every column masked by its rule, all or nothing.
 *
 * Resolves with the report when the copy is published. Rejects with a StandinError, whose `phase` tells whether a row had moved; the target is
 * then as it was.
 *
 * A policy of several databases is staged in all of them before any is published. There is no transaction over several servers: where one fails at the moment of publishing
 * and others were published before it, the error is PUBLISHED_IN_PART, and its `published` tells which.
 */
export function refresh(policy: Policy, options: RefreshOptions = {}): Promise<Report> {
  return refreshSpread(policy, options, (runId) => {
    if (options.incremental === true) refuseBesideIncremental(options);
    return spreadOf(options, runId);
  });
}

/** As `refresh`, the work spread as the caller says. */
export async function refreshSpread(
  policy: Policy,
  options: RefreshOptions,
  spreadFor: (runId: string) => Promise<SpreadOptions | null>,
): Promise<Report> {
  const { environment, database, signal = new AbortController().signal, batchSize = {}, pauseSwitch = null } = options;
  return observeRun(options, async (onProgress, runId) => {
    const spread = await spreadFor(runId);
    const checked = parsePolicy(policy, { environment, database });
    const lock = await lockFrom(options.lock);
    const key = await keyOf(options, checked);
    const runOne = async (one: Policy, how: Pick<RunOptions, "lock" | "signal" | "onProgress" | "gates">) => {
      const limits = joinLimits(one.sourceLimits, options.sourceLimits);
      const source = await connectSource(one.source, limits);
      const ends = { source, sink: await connectSink(one.target, source.system) };
      const pace = new Pace(limits, pauseSwitch, {
        onPaused: () => how.onProgress({ type: "paused" }),
        onResumed: (milliseconds) => how.onProgress({ type: "resumed", milliseconds }),
      });
      const verify = await verifyOptions(options.verify, one);
      const classes = await classesFor(one);
      const { incremental } = options;
      return run(ends, one, { ...how, key, batchSize, pace, verify, spread, incremental, classes });
    };
    const databases = databasesOf(checked);
    if (databases === null) return runOne(checked, { lock: lock && lockFor(lock, database), signal, onProgress });
    if (spread !== null && spread.keeps !== "nothing") throw noKeptShards();
    const { refreshTogether } = await import("./refresh-databases.ts");
    return refreshTogether(checked, databases, { lock, signal, onProgress, run: runOne, parallel: options.parallel ?? false });
  });
}

function refuseBesideIncremental({ workers = 1, resumable, resume, verify }: RefreshOptions): void {
  const asked = [
    ...(workers > 1 ? ["workers"] : []),
    ...(resumable === true || resume === true ? ["resumable"] : []),
    ...(verify !== undefined && verify !== false ? ["verify"] : []),
  ];
  if (asked.length === 0) return;
  throw new StandinError("OPTION_INVALID", `An incremental run has no ${asked.join(" and no ")}: it reads few rows.`, {
    hint: "Leave it away; `standin verify` looks through the whole copy afterwards.",
  });
}

/** Of databases that are published together the first may be staged when the second has not begun: there would be nothing of it to go on with. */
function noKeptShards(): StandinError {
  return new StandinError("OPTION_INVALID", "Databases that are published together cannot be gone on with.", {
    hint: "Run one of them alone: --only <name> --resumable.",
  });
}

async function verifyOptions(asked: RefreshOptions["verify"], policy: Policy): Promise<RunVerifyOptions | null> {
  if (asked === undefined || asked === false) return null;
  const { warningsAsErrors = false } = asked === true ? {} : asked;
  return { ...(await whatToWatch(policy)), warningsAsErrors };
}

/** A lock, or what the file of that name holds. Throws LOCK_MISSING. */
export async function lockFrom(lock: Lock | LockOfDatabases | string | undefined): Promise<Lock | LockOfDatabases | null> {
  return typeof lock === "string" ? requireLock(lock) : (lock ?? null);
}

/** The lock of the one database, or of the one source. Throws LOCK_MISMATCH. */
export function lockFor(lock: Lock | LockOfDatabases, database: string | undefined): Lock {
  return database === undefined ? lockOfOne(lock) : lockOfDatabase(lock, database);
}

/** A provider that asks a vault may never answer: an abort ends the wait. */
export async function keyOf(
  { key, signal }: Pick<RefreshOptions, "key" | "signal">,
  { keyVariable }: Policy,
): Promise<MaskingKey> {
  return untilAborted(resolveMaskingKey(key, process.env, keyVariable), signal).catch((error: unknown) => {
    if (isStandinError(error)) throw error;
    throw new StandinError("ABORTED", "The run was stopped; the target is as it was.");
  });
}

/**
 * Says what `refresh` would do, without a key and, unless asked to, without reading a row: every column's decision and everything that is wrong. Of a policy with `subset`
 * it counts the rows, for which keys are read: those of a run where there is a key, as many others where there is none.
 */
export function planRefresh(policy: Policy, options: PlanOptions = {}): Promise<Plan> {
  return planInto(policy, options);
}

/** As `planRefresh`; a policy that names no target is planned into the one given here, but where that would be another plan. */
export async function planInto(
  policy: Policy,
  { signal = new AbortController().signal, environment, database, sample = false, key }: PlanOptions,
  elsewhere?: string,
): Promise<Plan> {
  const checked = parseOne(policy, { environment, database });
  const source = await connectSource(checked.source, checked.sourceLimits);
  if (elsewhere !== undefined && !isNamed(checked) && takesTypesOfTargets(source.system)) throw targetNeeded(source.system);
  const target = isNamed(checked) ? checked.target : elsewhere;
  const ends = { source, sink: await connectSink(target, source.system) };
  try {
    const rows = checked.subset === undefined ? null : await rowsToPlan(checked, key, signal);
    const plan = await planRun(ends, checked, signal, await classesFor(checked), rows).finally(() => rows?.close());
    const sampled = sample ? await samplePlan(ends.source, plan, signal) : [];
    return { ...plan, findings: [...plan.findings, ...sampled] };
  } finally {
    await Promise.allSettled([ends.source.close(), ends.sink.close()]);
  }
}

function targetNeeded(system: SystemName): StandinError {
  const message = `The policy's target is not set, and it is the target that says what the columns of ${system} are.`;
  return new StandinError("LOCATION_INVALID", message, {
    hint: "Set it as a run has it: without it, the lock would be another. An environment variable that is not set counts as none.",
  });
}

/** A variable that is not set leaves a policy in code without a target, or with an empty one. */
export const isNamed = ({ target }: Policy): boolean => target !== undefined && target !== "";

/** Rows are drawn by the key where there is one. Where there is none, another draw tells as well how many there are. */
async function rowsToPlan(checked: Policy, key: KeyProvider | undefined, signal: AbortSignal): Promise<RowSelection> {
  const secret = await keyOf({ key, signal }, checked).catch((error: unknown) => {
    if (isStandinError(error) && error.code === "KEY_REQUIRED" && key === undefined) return null;
    throw error;
  });
  const pace = new Pace(checked.sourceLimits ?? {}, null);
  const { drawKeyOf } = await import("./subset/draw-rows.ts");
  return new RowSelection({
    draw: secret === null ? null : drawKeyOf(secret),
    isSample: secret === null,
    batchSize: pace.batchSize({}),
    over: (rows) => pace.over(rows, signal),
  });
}

/** What tells the classes of columns. Loaded for a policy that asks for them: the words of many languages are no small thing. */
export async function classesFor(policy: Policy): Promise<ClassSource | undefined> {
  if (policy.when === undefined && policy.presets === undefined && !hasUnprotecting(policy)) return undefined;
  return (await import("./discover/classes-by-name.ts")).CLASSES_BY_NAME;
}

/** Whether a rule of the policy protects nothing, so that the plan must know whether its column is personal. */
function hasUnprotecting({ tables, columns = {} }: Policy): boolean {
  const rules = [...Object.values(tables).filter((table) => typeof table !== "string"), columns].flatMap((table) =>
    Object.values(table),
  );
  return rules.flatMap(everyRule).some(({ transform }) => transform.protects === false);
}
