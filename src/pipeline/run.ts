import type { BatchSize, Sink, Source, Table } from "../contracts.ts";
import { isStandinError, StandinError } from "../errors.ts";
import type { MaskingKey } from "../keys/masking-key.ts";
import type { Pace } from "../pace.ts";
import { checkStandIns, standInsOf } from "../plan/checks/check-stand-ins.ts";
import { checkStranded } from "../plan/checks/check-stranded.ts";
import { compilePlan, refuseBrokenPlan } from "../plan/compile-plan.ts";
import type { Lock } from "../plan/locks/lock.ts";
import { lockOf } from "../plan/locks/lock-plan.ts";
import { refuseOtherLock } from "../plan/locks/refuse-other-lock.ts";
import { type Plan, tableToWrite } from "../plan/plan.ts";
import { fingerprintPlan } from "../plan/plan-fingerprint.ts";
import type { ClassSource } from "../policy/class-source.ts";
import type { Policy } from "../policy/define-policy.ts";
import { namedColumns } from "../policy/parse/named-columns.ts";
import { placeFindings } from "../policy/parse/place-findings.ts";
import { drawKeyOf } from "../subset/draw-rows.ts";
import { isDatabase } from "../system-traits.ts";
import { tableName } from "../table-ref.ts";
import { type BegunTables, beginTables, type SpreadOptions } from "./begin-tables.ts";
import { type Comparison, sendKeys } from "./compare-keys.ts";
import { prepareTable } from "./masking/prepare-table.ts";
import { rehearsePlan } from "./masking/rehearse-plan.ts";
import type { Estimates, OnProgress } from "./progress.ts";
import { type Report, reportColumns, type TableReport } from "./report.ts";
import { RowSelection } from "./select-rows.ts";
import { trackChanges } from "./track-changes.ts";
import { RunVerification, type RunVerifyOptions, refuseOtherMoment } from "./verify-run.ts";

export interface RunOptions {
  readonly key: MaskingKey | null;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly batchSize: BatchSize;
  readonly pace: Pace;
  /** What the run must be as; null where nobody wrote it down. */
  readonly lock: Lock | null;
  /** What a verification before publishing goes by; null for none. */
  readonly verify: RunVerifyOptions | null;
  /** Null for a run on this thread, all or nothing. */
  readonly spread: SpreadOptions | null;
  /** Where the run waits for others that are published with it. @default it runs alone */
  readonly gates?: RunGates | undefined;
  /** Whether only what changed since the last run is read. @default false */
  readonly incremental?: boolean | undefined;
  /** What tells the classes of columns, for a policy with `when` or `presets`. */
  readonly classes?: ClassSource | undefined;
}

/** A run that is published together with others waits twice: until all may begin, and until all are ready. What a gate rejects with ends the run. */
export interface RunGates {
  /** Nothing is wrong with the plan itself. Resolves when rows may move. */
  planned(plan: Plan, ends: { readonly source: string; readonly target: string }): Promise<void>;
  /** Nothing but the moment of publishing is left. Resolves when it has come. */
  ready(): Promise<void>;
}

/** The two ends of a run. */
export interface Ends {
  readonly source: Source;
  readonly sink: Sink;
}

interface ExecuteOptions extends RunOptions {
  /** What is to be told of it from the beginning. */
  readonly notes: readonly string[];
  readonly verifying: RunVerification | null;
  readonly deletes: Comparison | null;
}

/** How far a run came: what an error may claim, and whether there is something to take back. */
interface Stage {
  phase: StandinError["phase"];
  hasBegun: boolean;
  isPublishing: boolean;
  readonly keeps: SpreadOptions["keeps"];
}

const READ_AGAIN = "verified by reading the source once more, as threads and earlier runs masked its rows";

/** Opens both ends, refuses a target that is the source, and compiles the plan inside the source's snapshot. */
export async function planRun(
  { source, sink }: Ends,
  policy: Policy,
  signal: AbortSignal,
  classes: ClassSource | null = null,
  rows: RowSelection | null = null,
): Promise<Plan> {
  refusePair({ source, sink });
  await both(source.open(signal), sink.open(signal));
  if ((await source.identity()) === (await sink.identity())) {
    throw new StandinError("SOURCE_IS_TARGET", "Source and target are the same place; the target would be overwritten.", {
      hint: "Point the target to another database or folder.",
    });
  }
  source.expects?.(namedColumns(policy), sink.system);
  const [here, there] = await both(source.schema(), sink.schema());
  const plan = compilePlan(policy, here, there, classes);
  if (rows === null && plan.subset !== undefined) throw new TypeError("Whoever plans a subset says how its rows are selected.");
  await rows?.prepare(source, plan);
  const tables = plan.tables.map(tableToWrite);
  const standIns = standInsOf(plan);
  const inSink = async () => ({
    missing: (await sink.check?.(tables)) ?? [],
    pointing: (await sink.pointing?.(tables)) ?? [],
    refused: standIns.length === 0 ? [] : ((await sink.refused?.(standIns)) ?? []),
  });
  // The servers answer while the masks are tried.
  const asked = both(Promise.resolve(source.hold?.(tables)), inSink());
  const tried = await rehearsePlan(plan, there).finally(() => asked.catch(() => {}));
  const [held, { missing, pointing, refused }] = await asked;
  const found = [...tried, ...(held ?? []), ...missing, ...checkStranded(policy, plan, pointing)];
  found.push(...checkStandIns({ ...plan, findings: [...plan.findings, ...found] }, refused));
  const whole = { ...plan, findings: [...plan.findings, ...placeFindings(policy, found)] };
  return rows === null ? whole : rows.workOut(source, whole, signal);
}

/** Waits for both, so that nothing goes on behind an error; of two errors the first's is the one to tell. */
async function both<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

/**
 * Runs a policy between two ends, all or nothing: rejects with the target as it was, or resolves when the copy is published. Closes both ends whatever
 * happens.
 */
export async function run(ends: Ends, policy: Policy, options: RunOptions): Promise<Report> {
  const { keeps: staged = "nothing", dropsKept = false } = options.spread ?? {};
  const keeps = dropsKept ? "nothing" : staged;
  const stage: Stage = { phase: "before", hasBegun: false, isPublishing: false, keeps };
  const rows = rowSelection(ends, options);
  try {
    const plan = await planRun(ends, policy, options.signal, options.classes, rows);
    // In the snapshot that the rows come from: what was checked an hour ago may have changed since.
    if (options.lock !== null) refuseOtherLock(options.lock, await lockOf(plan, policy, options.key), plan);
    refuseBrokenPlan(plan);
    refuseOtherMoment(plan, options.verify, options.spread !== null);
    const { source, target, tables } = plan;
    options.onProgress({ type: "planned", source, target, tables: tables.length, ...sumOfEstimates(plan) });
    for (const finding of warningsOf(plan)) options.onProgress({ type: "warning", finding });
    await options.gates?.planned(plan, { source: await ends.source.identity(), target: await ends.sink.identity() });
    const verifying = options.verify && (await RunVerification.begin(ends.sink, plan, policy, options.verify));
    const selected = await rows.source(ends.source, plan);
    const isIncremental = options.incremental === true;
    const tracked = await trackChanges({ ...ends, source: selected }, plan, policy, { ...options, isIncremental });
    return await execute(tracked, plan, { ...options, ...tracked, verifying }, stage);
  } catch (error) {
    // Told as things stand now: a signal that aborts during the rollback is not why the run failed.
    const told = asRunError(error, stage, options.signal);
    // The first error is the one to tell; a rollback that fails as well has lost its connection, and the server rolls back by itself.
    if (stage.hasBegun) await ends.sink.rollback().catch(() => {});
    throw told;
  } finally {
    // What a server keeps for the subset goes by the source's session.
    await rows.close().catch(() => {});
    await Promise.allSettled([ends.source.close(), ends.sink.close()]);
  }
}

function rowSelection({ sink }: Ends, { key, batchSize, pace, signal, spread }: RunOptions): RowSelection {
  const draw = key === null ? null : drawKeyOf(key);
  const { keeps = "nothing" } = spread ?? {};
  const left = async () => (keeps === "resume" ? ((await sink.stage?.left()) ?? null) : null);
  return new RowSelection({
    ...{ draw, batchSize: pace.batchSize(batchSize), over: (rows) => pace.over(rows, signal) },
    left: keeps === "nothing" ? undefined : left,
  });
}

async function execute({ source, sink }: Ends, plan: Plan, options: ExecuteOptions, stage: Stage): Promise<Report> {
  const { key, signal, onProgress, batchSize, pace, verifying, gates, deletes } = options;
  const started = performance.now();
  const planFingerprint = await fingerprintPlan(plan);
  const prepared = [];
  for (const table of plan.tables) prepared.push(await prepareTable(table, key, { signal }));
  const begun = await beginTables({ source, sink }, plan, prepared, {
    ...{ key, signal, batchSize, pace, planFingerprint, spread: options.spread },
    onNote: (message) => onProgress({ type: "note", message }),
    watchOf: (table) => verifying?.table(table) ?? null,
    onBegun: () => {
      stage.hasBegun = true;
    },
  });
  stage.phase = "during";
  const { workers, keptRows } = begun;
  const readsAgain = verifying !== null && begun.masksElsewhere ? [READ_AGAIN] : [];
  const notes = [...options.notes, ...readsAgain, ...begun.notes];
  const moved = await moveTables(begun, plan, notes, onProgress).finally(() => begun.close());
  const tellTable = (name: string) => onProgress({ type: "note", message: `comparing keys: ${name}` });
  if (deletes !== null) await sendKeys(deletes, key, { batchSize, pace, signal }, tellTable);
  signal.throwIfAborted();
  const verification = (await verifying?.judge(source, { pace, batchSize, signal, onProgress })) ?? null;
  if (gates !== undefined) {
    // Nothing more is asked of the source: it need not hold its snapshot while the others come to their end.
    await source.close().catch(() => {});
    await sink.prepareCommit?.();
    await gates.ready();
  }
  signal.throwIfAborted();
  onProgress({ type: "publishing" });
  stage.isPublishing = true;
  await sink.commit();
  const tables = moved.map((table) => withDeleted(table, deletes));
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const milliseconds = Math.round(performance.now() - started);
  tellFinished(onProgress, rows, milliseconds);
  return {
    source: plan.source,
    target: plan.target,
    tables,
    notCopied: plan.unselected.map(({ ref }) => tableName(ref)),
    rows,
    milliseconds,
    workers,
    keptRows,
    keyFingerprint: key?.fingerprint ?? null,
    planFingerprint,
    warnings: warningsOf(plan),
    notes,
    ...(options.incremental === true && { isIncremental: true as const }),
    ...(plan.subset?.selection && { subset: plan.subset.selection }),
    verification,
  };
}

async function moveTables(
  begun: BegunTables,
  plan: Plan,
  notes: readonly string[],
  onProgress: OnProgress,
): Promise<readonly TableReport[]> {
  for (const message of notes) onProgress({ type: "note", message });
  const tables: TableReport[] = [];
  for (const [index, table] of plan.tables.entries()) {
    const name = tableName(table.table.ref);
    const started = performance.now();
    onProgress({ type: "table-started", table: name, ...estimatesOf(table.table) });
    const rows = await begun.move(index, (rows, bytes) => onProgress({ type: "rows", table: name, rows, bytes }));
    const milliseconds = Math.round(performance.now() - started);
    onProgress({ type: "table-finished", table: name, rows, milliseconds });
    tables.push({ table: name, rows, milliseconds, columns: reportColumns(table) });
  }
  return tables;
}

function withDeleted(table: TableReport, deletes: Comparison | null): TableReport {
  const found = deletes?.changes.deleted.find((one) => tableName(one.table) === table.table);
  return found === undefined ? table : { ...table, deletedRows: found.rows };
}

/** The copy is published, so a listener that throws can no longer stop the run, and must not make it look like a failed one. */
function tellFinished(onProgress: OnProgress, rows: number, milliseconds: number): void {
  try {
    onProgress({ type: "finished", rows, milliseconds });
  } catch {}
}

const warningsOf = ({ findings }: Plan) => findings.filter(({ severity }) => severity === "warning");

function estimatesOf({ rowEstimate, byteEstimate = null }: Table): Estimates {
  return { rowEstimate, byteEstimate };
}

/** Null as soon as nobody knows for one table: half a sum would be a wrong one. */
function sumOfEstimates({ tables }: Plan): Estimates {
  const estimates = tables.map(({ table }) => estimatesOf(table));
  const sum = (numbers: readonly (number | null)[]) =>
    numbers.reduce((total, one) => (total === null || one === null ? null : total + one), 0);
  return {
    rowEstimate: sum(estimates.map(({ rowEstimate }) => rowEstimate)),
    byteEstimate: sum(estimates.map(({ byteEstimate }) => byteEstimate)),
  };
}

function refusePair({ source, sink }: Ends): void {
  if (source.system === sink.system || !isDatabase(source.system) || !isDatabase(sink.system)) return;
  // Its columns are as free as those of files, and taken to be what the target's are.
  if (source.system === "sqlite") return;
  throw new StandinError("SYSTEMS_UNSUPPORTED", `Rows of ${source.system} cannot be written to ${sink.system} without a loss.`, {
    hint: "Use a target of the same system, or files: a folder of CSV, ./out/*.jsonl, ./out/*.parquet.",
  });
}

/** Every failure leaves as one StandinError that knows whether a row had moved. Whatever else was thrown may quote a value: it is not shown. */
function asRunError(error: unknown, { phase, isPublishing, hasBegun, keeps }: Stage, signal: AbortSignal): StandinError {
  // A connection lost while publishing is no stopped run: the target may be complete.
  const isOfAbort = !isStandinError(error) || (error.code === "CONNECTION_LOST" && !isPublishing);
  if (signal.aborted && isOfAbort) {
    error = new StandinError("ABORTED", "The run was stopped; the target is as it was.");
  }
  const known = isStandinError(error)
    ? error
    : new StandinError("SOURCE_FAILED", `The run failed (${nameOf(error)}); the target is as it was.`);
  known.phase = phase;
  // A run that goes on has what it kept from its beginning.
  const isKept = keeps === "resume" ? known.code !== "RESUME_REFUSED" : keeps === "shards" && phase === "during";
  known.isResumable = hasBegun && isKept && !known.isPublished;
  return known;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
