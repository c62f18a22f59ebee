import type { BatchSize, Sink, Source, TableToWrite } from "../contracts.ts";
import { isStandinError, StandinError } from "../errors.ts";
import { compilePlan, refuseBrokenPlan } from "../plan/compile-plan.ts";
import { movedColumns, type Plan } from "../plan/plan.ts";
import type { Policy } from "../policy/define-policy.ts";
import { tableName } from "../table-ref.ts";
import { copyTable } from "./copy-table.ts";
import { type KeyDeriver, prepareTable } from "./prepare-table.ts";
import type { OnProgress } from "./progress.ts";
import { type Report, reportColumns, type TableReport } from "./report.ts";

export interface RunOptions {
  readonly key: (KeyDeriver & { readonly fingerprint: string }) | null;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly batchSize: BatchSize;
}

/** The two ends of a run. */
export interface Ends {
  readonly source: Source;
  readonly sink: Sink;
}

/** Opens both ends, refuses a target that is the source, and compiles the plan inside the source's snapshot. */
export async function planRun({ source, sink }: Ends, policy: Policy, signal: AbortSignal): Promise<Plan> {
  refusePair({ source, sink });
  await source.open(signal);
  await sink.open(signal);
  if ((await source.identity()) === (await sink.identity())) {
    throw new StandinError("SOURCE_IS_TARGET", "Source and target are the same place; the target would be overwritten.", {
      hint: "Point the target to another database or folder.",
    });
  }
  return compilePlan(policy, await source.schema(), await sink.schema());
}

/**
 * Runs a policy between two ends, all or nothing: rejects with the target as it was, or resolves when the copy is published. Closes both ends whatever
 * happens.
 */
export async function run(ends: Ends, policy: Policy, options: RunOptions): Promise<Report> {
  let phase: StandinError["phase"] = "before";
  try {
    const plan = await planRun(ends, policy, options.signal);
    refuseBrokenPlan(plan);
    options.onProgress({ type: "planned", tables: plan.tables.length, rowEstimate: sumOfEstimates(plan) });
    return await execute(ends, plan, options, () => {
      phase = "during";
    });
  } catch (error) {
    throw asRunError(error, phase, options.signal);
  } finally {
    await Promise.allSettled([ends.source.close(), ends.sink.close()]);
  }
}

async function execute({ source, sink }: Ends, plan: Plan, options: RunOptions, onStart: () => void): Promise<Report> {
  const { key, signal, onProgress } = options;
  const started = performance.now();
  const prepared = [];
  for (const table of plan.tables) prepared.push(await prepareTable(table, key));
  const toWrite = plan.tables.map(
    (table): TableToWrite => ({ table: table.table, columns: movedColumns(table).map(({ column }) => column) }),
  );
  const definition = (await needsTables(sink)) ? ((await source.define?.(plan.tables.map(({ table }) => table))) ?? null) : null;
  try {
    const { notes } = await sink.begin(toWrite, definition, signal);
    onStart();
    for (const message of notes) onProgress({ type: "note", message });
    const tables: TableReport[] = [];
    for (const [index, table] of plan.tables.entries()) {
      const name = tableName(table.table.ref);
      const tableStarted = performance.now();
      onProgress({ type: "table-started", table: name, rowEstimate: table.table.rowEstimate });
      const onRows = (rows: number) => onProgress({ type: "rows", table: name, rows });
      const rows = await copyTable(source, sink, table, prepared[index]!, { batchSize: options.batchSize, signal, onRows });
      const milliseconds = Math.round(performance.now() - tableStarted);
      onProgress({ type: "table-finished", table: name, rows, milliseconds });
      tables.push({ table: name, rows, milliseconds, columns: reportColumns(table) });
    }
    signal.throwIfAborted();
    onProgress({ type: "publishing" });
    await sink.commit();
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const milliseconds = Math.round(performance.now() - started);
    onProgress({ type: "finished", rows, milliseconds });
    const warnings = plan.findings.filter(({ severity }) => severity === "warning");
    return {
      source: plan.source,
      target: plan.target,
      tables,
      rows,
      milliseconds,
      keyFingerprint: key?.fingerprint ?? null,
      warnings,
      notes,
    };
  } catch (error) {
    // The first error is the one to tell; a rollback that fails as well has lost its connection, and the server rolls back by itself.
    await sink.rollback().catch(() => {});
    throw error;
  }
}

/** Null as soon as nobody knows for one table: half a sum would be a wrong one. */
function sumOfEstimates({ tables }: Plan): number | null {
  return tables.reduce<number | null>(
    (sum, { table }) => (sum === null || table.rowEstimate === null ? null : sum + table.rowEstimate),
    0,
  );
}

/** A target without any table gets them from the source's definition. */
async function needsTables(sink: Sink): Promise<boolean> {
  return sink.system !== "csv" && sink.system !== "memory" && (await sink.schema()).tables.length === 0;
}

function refusePair({ source, sink }: Ends): void {
  const databases = ["postgres", "mysql"];
  if (source.system === sink.system || !databases.includes(source.system) || !databases.includes(sink.system)) return;
  throw new StandinError("SYSTEMS_UNSUPPORTED", `Rows of ${source.system} cannot be written to ${sink.system} without a loss.`, {
    hint: "Use a target of the same system, or a folder of CSV files.",
  });
}

/** Every failure leaves as one StandinError that knows whether a row had moved. Whatever else was thrown may quote a value: it is not shown. */
function asRunError(error: unknown, phase: StandinError["phase"], signal: AbortSignal): StandinError {
  if (signal.aborted && !(isStandinError(error) && error.code !== "CONNECTION_LOST")) {
    error = new StandinError("ABORTED", "The run was stopped; the target is as it was.");
  }
  const known = isStandinError(error)
    ? error
    : new StandinError("SOURCE_FAILED", `The run failed (${nameOf(error)}); the target is as it was.`);
  known.phase = phase;
  return known;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
