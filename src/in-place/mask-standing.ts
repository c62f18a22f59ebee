import type { DataSchema } from "../data-schema.ts";
import { isStandinError, StandinError } from "../errors.ts";
import type { KeyDeriver } from "../pipeline/masking/prepare-table.ts";
import { prepareTable } from "../pipeline/masking/prepare-table.ts";
import { rehearsePlan } from "../pipeline/masking/rehearse-plan.ts";
import type { OnProgress } from "../pipeline/progress.ts";
import { reportColumns, type TableReport } from "../pipeline/report.ts";
import { compilePlan, refuseBrokenPlan } from "../plan/compile-plan.ts";
import type { Lock } from "../plan/locks/lock.ts";
import { lockOf } from "../plan/locks/lock-plan.ts";
import { refuseOtherLock } from "../plan/locks/refuse-other-lock.ts";
import type { Plan } from "../plan/plan.ts";
import { fingerprintPlan } from "../plan/plan-fingerprint.ts";
import type { ClassSource } from "../policy/class-source.ts";
import type { Policy } from "../policy/define-policy.ts";
import { placeFindings } from "../policy/parse/place-findings.ts";
import type { StandingDatabase } from "../standing-database.ts";
import { tableName } from "../table-ref.ts";
import { requireMark } from "./database-mark.ts";
import type { InPlaceReport } from "./in-place-report.ts";
import { maskTable, refuseChanged } from "./mask-table.ts";
import { RunNotes } from "./run-notes.ts";
import { type StandingPlan, standingTables } from "./standing-tables.ts";
import { whatStays } from "./what-stays.ts";

export interface StandingOptions {
  readonly key: (KeyDeriver & { readonly fingerprint: string }) | null;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly lock: Lock | null;
  readonly classes: ClassSource | undefined;
  /** Go on with a run that was cut off, and begin none. */
  readonly resume: boolean;
  /** Take former values out of tables' files and statistics at the end. */
  readonly clean: boolean;
  readonly batchRows: number | undefined;
}

/**
 * Masks a marked database where it stands. Every batch is committed with the note that it is done, so a run that is stopped leaves a database half masked and says so; it
 * goes on with `resume`. A finished run takes the mark away: nothing is masked twice.
 */
export async function maskStanding(database: StandingDatabase, policy: Policy, options: StandingOptions): Promise<InPlaceReport> {
  const stage = { hasBegun: false };
  try {
    await database.open(options.signal);
    await requireMark(database);
    await database.lockOut();
    const planned = await planStanding(database, policy, options.classes ?? null);
    const { plan } = planned;
    if (options.lock !== null) refuseOtherLock(options.lock, await lockOf(plan, policy, options.key), plan);
    refuseBrokenPlan(plan);
    return await execute(database, planned, options, stage);
  } catch (error) {
    throw asInPlaceError(error, stage.hasBegun, options.signal);
  } finally {
    await database.close().catch(() => {});
  }
}

interface PlannedStanding {
  readonly plan: Plan;
  readonly tables: readonly StandingPlan[];
  readonly schema: DataSchema;
  /** What an unfinished run left. */
  readonly former: RunNotes | null;
}

async function planStanding(database: StandingDatabase, policy: Policy, classes: ClassSource | null): Promise<PlannedStanding> {
  if (policy.subset !== undefined)
    throw new StandinError("IN_PLACE_UNSUPPORTED", "A database that is masked where it stands keeps all of its rows.", {
      hint: "Take `subset` out of the policy, or copy by `standin run`.",
    });
  const former = await RunNotes.read(database);
  const found = await database.schema();
  const schema = former === null ? found : former.asPlanned(found);
  const plan = compilePlan(policy, schema, schema, classes);
  const { tables, findings } = standingTables(plan, policy, database);
  const checked = [
    ...findings,
    ...(await rehearsePlan(plan, schema)),
    ...(await database.check(tables.map(({ standing }) => standing))),
  ];
  // "Not copied" is said of a copy; here the same is refused.
  const compiled = plan.findings.filter(({ code, severity }) => code !== "TABLE_UNSELECTED" || severity === "error");
  return { plan: { ...plan, findings: [...compiled, ...placeFindings(policy, checked)] }, tables, schema, former };
}

async function execute(
  database: StandingDatabase,
  planned: PlannedStanding,
  options: StandingOptions,
  stage: { hasBegun: boolean },
): Promise<InPlaceReport> {
  const { plan, tables } = planned;
  const { key, signal, onProgress, batchRows } = options;
  const started = performance.now();
  const standing = tables.map((table) => table.standing);
  const which = { planFingerprint: await fingerprintPlan(plan), keyFingerprint: key?.fingerprint ?? null };
  const prepared = [];
  for (const table of tables) prepared.push(await prepareTable(table.plan, key, { signal }));
  const notes = await notesOf(database, which, planned, options.resume, stage);
  const warnings = plan.findings.filter(({ severity }) => severity === "warning");
  onProgress({
    type: "planned",
    source: plan.source,
    target: plan.target,
    tables: tables.length,
    rowEstimate: null,
    byteEstimate: null,
  });
  for (const finding of warnings) onProgress({ type: "warning", finding });
  if (notes.run.phase === "preparing") {
    for (const obstacle of notes.obstacles) await database.setAside(obstacle);
    await notes.enter("masking");
  }
  const reports: TableReport[] = [];
  for (const [index, table] of tables.entries()) {
    const name = tableName(table.standing.table.ref);
    const tableStarted = performance.now();
    onProgress({ type: "table-started", table: name, rowEstimate: table.standing.table.rowEstimate, byteEstimate: null });
    const onRows = (rows: number, bytes: number) => onProgress({ type: "rows", table: name, rows, bytes });
    const rows = await maskTable(database, table, prepared[index]!, notes, { signal, batchRows, onRows });
    const milliseconds = Math.round(performance.now() - tableStarted);
    onProgress({ type: "table-finished", table: name, rows, milliseconds });
    reports.push({ table: name, rows, milliseconds, columns: reportColumns(table.plan) });
  }
  // At the end, so that also what came into the first table while the last was masked is seen.
  for (const [index, table] of tables.entries()) await refuseChanged(database, table, reports[index]!.rows);
  await notes.enter("finishing");
  for (const obstacle of [...notes.obstacles].reverse()) await database.putBack(obstacle);
  await database.refreshDependents(standing);
  const cleaning = database.cleaning(standing);
  if (options.clean) for (const statement of cleaning) await database.run(statement);
  // Last: until here a run that is cut off goes on, and from here on there is nothing to go on with.
  await database.removeMark();
  const rows = reports.reduce((sum, table) => sum + table.rows, 0);
  const milliseconds = Math.round(performance.now() - started);
  onProgress({ type: "finished", rows, milliseconds });
  const stays = whatStays(database.system, options.clean);
  return {
    system: database.system,
    tables: reports,
    rows,
    milliseconds,
    ...which,
    warnings,
    isCleaned: options.clean,
    cleaning,
    stays,
  };
}

/** The notes to go on with, or new ones. A run goes on only where that is said: a backup may have been restored over what it noted. */
async function notesOf(
  database: StandingDatabase,
  which: { readonly planFingerprint: string; readonly keyFingerprint: string | null },
  { tables, schema, former }: PlannedStanding,
  resume: boolean,
  stage: { hasBegun: boolean },
): Promise<RunNotes> {
  if (former !== null && !resume) {
    throw new StandinError("UNFINISHED", "A run in place was cut off here, and some rows are masked.", {
      hint: "Go on with it: --resume. Where a backup was restored since: standin mark --remove, standin mark, and mask again.",
    });
  }
  if (former === null) {
    if (resume)
      throw new StandinError("UNFINISHED", "There is no unfinished run to go on with.", { hint: "Leave --resume out." });
    const obstacles = await database.obstacles(tables.map(({ standing }) => standing));
    // Whoever comes behind the first note has to go on with the run.
    stage.hasBegun = true;
    return RunNotes.begin(database, { ...which, phase: "preparing" }, obstacles, schema);
  }
  former.refuseOther(which);
  // While keys are put back, a server may make a table anew for it.
  if (former.run.phase !== "finishing") await refuseRestored(database, tables, former);
  stage.hasBegun = true;
  return former;
}

async function refuseRestored(database: StandingDatabase, tables: PlannedStanding["tables"], former: RunNotes): Promise<void> {
  for (const { standing } of tables) {
    const name = tableName(standing.table.ref);
    const note = former.of(name);
    if (note === null || note.generation === (await database.generation(standing))) continue;
    throw new StandinError(
      "UNFINISHED",
      `${name} is not the table that the unfinished run masked: a backup was restored over it.`,
      {
        table: name,
        hint: "standin mark --remove, standin mark, and mask again.",
      },
    );
  }
}

/** What was thrown says of a copy that its target is as it was. In place that holds before the first batch alone. */
function asInPlaceError(error: unknown, hasBegun: boolean, signal: AbortSignal): StandinError {
  const isStopped = signal.aborted && (!isStandinError(error) || error.code === "CONNECTION_LOST" || error.code === "ABORTED");
  const aborted = () =>
    new StandinError("ABORTED", hasBegun ? "The run was stopped half way." : "The run was stopped; nothing was written.");
  const unforeseen = () =>
    new StandinError("SINK_FAILED", `The run failed (${error instanceof Error ? error.name : typeof error}).`);
  const told = isStopped ? aborted() : isStandinError(error) ? error : unforeseen();
  told.phase = hasBegun ? "during" : "before";
  return told;
}
