import { ReorderedBatch } from "../../batch/reordered-batch.ts";
import type { RowBatch, TableRef } from "../../contracts.ts";
import { isStandinError, StandinError } from "../../errors.ts";
import type { DumpFormat, DumpPart, DumpReader } from "../../formats/dump-format.ts";
import type { MaskingKey } from "../../keys/masking-key.ts";
import type { Lock } from "../../plan/lock.ts";
import { movedColumns, type TablePlan } from "../../plan/plan.ts";
import { fingerprintPlan } from "../../plan/plan-fingerprint.ts";
import type { ClassSource } from "../../policy/class-source.ts";
import type { Policy } from "../../policy/define-policy.ts";
import { tableName } from "../../table-ref.ts";
import { counted } from "../../written-numbers.ts";
import { gatherWindows, WindowBatch } from "../masking/gather-windows.ts";
import { maskBatch } from "../masking/mask-batch.ts";
import { type PreparedTable, prepareTable } from "../masking/prepare-table.ts";
import type { OnProgress } from "../progress.ts";
import { type Report, reportColumns, type TableReport } from "../report.ts";
import { untilAborted } from "../until-aborted.ts";
import { DumpPlan } from "./dump-plan.ts";
import { type DumpOutput, PipeOutput } from "./pipe-output.ts";

/** A dump on its way: where it comes from, and where it goes. */
export interface DumpPipe {
  readonly format: DumpFormat;
  readonly input: AsyncIterable<Uint8Array>;
  readonly output: DumpOutput;
  /** Has read a dump of the whole schema; null where the dump itself must tell it. */
  readonly schema: DumpReader | null;
}

export interface PipeDumpOptions {
  readonly key: MaskingKey | null;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly lock: Lock | null;
  readonly classes?: ClassSource | undefined;
}

type RowsPart = DumpPart & { readonly type: "rows" };

/** What becomes of the rows of one table. */
interface TableWay {
  readonly name: string;
  /** Null for a table that the policy does not copy. */
  readonly plan: TablePlan | null;
  readonly prepared: PreparedTable | null;
  rows: number;
  milliseconds: number;
}

/**
 * Masks a dump on its way, once from its first byte to its last. What was written cannot be taken back: where the run fails behind that, the output ends with
 * something that makes its reader fail as well.
 */
export async function pipeDump(pipe: DumpPipe, policy: Policy, options: PipeDumpOptions): Promise<Report> {
  const run = new DumpRun(pipe, policy, options);
  try {
    return await run.run();
  } catch (error) {
    const told = asPipeError(error, run.output.hasWritten, options.signal);
    // The first error is the one to tell; an output that is closed has a reader that knows.
    await run.fail().catch(() => {});
    throw told;
  }
}

class DumpRun {
  readonly output: PipeOutput;
  readonly #pipe: DumpPipe;
  readonly #options: PipeDumpOptions;
  readonly #reader: DumpReader;
  readonly #plan: DumpPlan;
  readonly #ways = new Map<string, TableWay>();

  constructor(pipe: DumpPipe, policy: Policy, options: PipeDumpOptions) {
    this.#pipe = pipe;
    this.#options = options;
    this.#reader = pipe.format.reader(pipe.schema ?? undefined);
    this.#plan = new DumpPlan(pipe.format, policy, { key: options.key, lock: options.lock, classes: options.classes });
    this.output = new PipeOutput(pipe.format, pipe.output);
  }

  /** Makes whoever reads the output fail too. */
  fail(): Promise<void> {
    return this.output.fail(this.#reader);
  }

  async run(): Promise<Report> {
    const started = performance.now();
    const { schema, input } = this.#pipe;
    const { signal } = this.#options;
    if (schema !== null) await this.#plan.compileWhole(schema.schema());
    const parts = this.#reader.parts(input, signal)[Symbol.asyncIterator]();
    try {
      let next = await parts.next();
      if (next.done) throw emptyDump();
      while (!next.done) {
        signal.throwIfAborted();
        if (next.value.type === "rows") next = await this.#table(next.value, parts);
        else {
          await this.output.text(next.value.bytes);
          next = await parts.next();
        }
      }
    } finally {
      await parts.return?.();
    }
    await this.#plan.settle(this.#reader.schema());
    await this.output.end();
    return this.#report(Math.round(performance.now() - started));
  }

  /** The rows of one table, and the text between them. Gives the part behind them. */
  async #table(first: RowsPart, parts: AsyncIterator<DumpPart>): Promise<IteratorResult<DumpPart>> {
    const way = await this.#wayOf(first.table);
    this.output.letGo();
    const { signal, onProgress } = this.#options;
    const started = performance.now();
    const windowRows = way.prepared?.windowRows ?? 1;
    const partOf = new Map<number, RowsPart>();
    /** Text that stands between rows which are looked at together. */
    const waiting: { readonly row: number; readonly bytes: Uint8Array }[] = [];
    let end: IteratorResult<DumpPart> = { done: false, value: first };
    let seen = first.batch.firstRow;
    const batches = async function* (this: DumpRun): AsyncGenerator<RowBatch> {
      for (; !end.done; end = await parts.next()) {
        const part = end.value;
        if (part.type === "text") {
          if (windowRows === 1) await this.output.text(part.bytes);
          else waiting.push({ row: seen, bytes: part.bytes });
          continue;
        }
        if (tableName(part.table) !== way.name) return;
        seen = part.batch.firstRow + part.batch.rowCount;
        if (way.plan === null) part.batch.release?.();
        else {
          refuseOtherPartition(part, way.plan);
          partOf.set(part.batch.firstRow, part);
          yield arranged(part, way.plan);
        }
        if (way.plan === null) this.#count(way, part.batch);
      }
    }.bind(this);
    const spill = async (row: number) => {
      while (waiting.length > 0 && waiting[0]!.row <= row) await this.output.text(waiting.shift()!.bytes);
    };
    onProgress({ type: "table-started", table: way.name, rowEstimate: null, byteEstimate: null });
    const windows = windowRows > 1 ? gatherWindows(batches(), windowRows) : batches();
    for await (const batch of windows) {
      signal.throwIfAborted();
      await untilAborted(maskBatch(way.prepared!, batch), signal);
      for (const part of batch instanceof WindowBatch ? batch.batches : [batch]) {
        await spill(part.firstRow);
        const inner = part instanceof ReorderedBatch ? part.inner : part;
        await this.output.rows(partFor(partOf, inner), inner);
        this.#count(way, inner);
        inner.release?.();
      }
    }
    await spill(Number.POSITIVE_INFINITY);
    const milliseconds = Math.round(performance.now() - started);
    way.milliseconds += milliseconds;
    onProgress({ type: "table-finished", table: way.name, rows: way.rows, milliseconds });
    return end;
  }

  #count(way: TableWay, { rowCount, byteCount = 0 }: RowBatch): void {
    way.rows += rowCount;
    if (way.plan !== null) this.#options.onProgress({ type: "rows", table: way.name, rows: rowCount, bytes: byteCount });
  }

  async #wayOf(ref: TableRef): Promise<TableWay> {
    const name = tableName(ref);
    const known = this.#ways.get(name);
    if (known !== undefined) return known;
    const isFirst = this.#ways.size === 0;
    const { key, signal, onProgress } = this.#options;
    const plan = await this.#plan.tablePlan(ref, () => this.#reader.schema());
    const prepared = plan === null ? null : await prepareTable(plan, key, { signal });
    const way: TableWay = { name, plan, prepared, rows: 0, milliseconds: 0 };
    this.#ways.set(name, way);
    if (isFirst) this.#tellPlanned(onProgress);
    return way;
  }

  #tellPlanned(onProgress: OnProgress): void {
    const { system } = this.#pipe.format;
    const { tables, findings } = this.#plan.plan!;
    onProgress({ type: "planned", source: system, target: system, tables: tables.length, rowEstimate: null, byteEstimate: null });
    for (const finding of findings) if (finding.severity === "warning") onProgress({ type: "warning", finding });
  }

  async #report(milliseconds: number): Promise<Report> {
    const { system } = this.#pipe.format;
    const { key, onProgress } = this.#options;
    const plan = this.#plan.plan ?? { source: system, target: system, tables: [], unselected: [], findings: [] };
    const ways = [...this.#ways.values()];
    const tables = ways.flatMap(({ name, plan: table, rows, milliseconds }): TableReport[] =>
      table === null ? [] : [{ table: name, rows, milliseconds, columns: reportColumns(table) }],
    );
    const left = ways.filter((way) => way.plan === null && way.rows > 0);
    const notes = left.map(({ name, rows }) => `left out ${counted(rows, "row")} of ${name}, which the policy does not copy`);
    for (const message of notes) onProgress({ type: "note", message });
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    return {
      ...{ source: system, target: system, tables, rows, milliseconds, notes },
      notCopied: plan.unselected.map(({ ref }) => tableName(ref)),
      workers: 1,
      keptRows: 0,
      keyFingerprint: key?.fingerprint ?? null,
      planFingerprint: await fingerprintPlan(plan),
      warnings: plan.findings.filter(({ severity }) => severity === "warning"),
      verification: null,
      subset: null,
    };
  }
}

/** The batch as the plan sees it: its columns in the table's order. What the server computes must be left to it. */
function arranged({ table, columns, batch }: RowsPart, plan: TablePlan): RowBatch {
  const moved = movedColumns(plan).map(({ column }) => column.name);
  const order = moved.map((name) => columns.indexOf(name));
  const name = tableName(table);
  const missing = moved.find((_, index) => order[index]! < 0);
  if (missing !== undefined) throw otherColumns(name, `has rows without a value for ${missing}`);
  for (const [index, column] of columns.entries()) {
    if (order.includes(index)) continue;
    const isGenerated = plan.columns.some((one) => one.column.name === column && one.decision === "generated");
    if (!isGenerated) throw otherColumns(name, `has rows with a value for ${column}, which it has not`);
    if (batch.column(index).some((value) => value !== null))
      throw otherColumns(name, `has rows with a value for ${column}, which the server computes`);
  }
  const isAsItIs = order.length === columns.length && order.every((place, index) => place === index);
  return isAsItIs ? batch : new ReorderedBatch(batch, order);
}

/** A row whose partition hangs on a masked value would be written into the partition of the original. */
function refuseOtherPartition({ table, partitionedBy = [] }: RowsPart, plan: TablePlan): void {
  const masked = plan.columns.find(({ column, decision }) => decision === "mask" && partitionedBy.includes(column.name));
  if (masked === undefined) return;
  const [name, column] = [tableName(table), masked.column.name];
  const message = `${name}.${column} is masked, and decides in which partition a row stands; the dump names the partition of each.`;
  const hint = "Dump with pg_dump --load-via-partition-root: the server finds the partitions then.";
  throw new StandinError("CHECK_VIOLATED", message, { table: name, column, hint });
}

/** The part that a batch, or a slice of it, came in. */
function partFor(partOf: Map<number, RowsPart>, { firstRow }: RowBatch): RowsPart {
  let found = partOf.get(firstRow);
  for (const [first, part] of partOf) {
    if (first > firstRow) continue;
    found = part;
    // Rows are written in order: what came before is done with.
    if (first + part.batch.rowCount <= firstRow) partOf.delete(first);
  }
  return found!;
}

/** What makes a dump writes its first lines even of an empty database: it failed, and its reader would take nothing for all. */
function emptyDump(): StandinError {
  const hint = "Look at the exit code, and the errors, of what makes it (set -o pipefail).";
  return new StandinError("DUMP_INVALID", "The dump is empty.", { hint });
}

function otherColumns(table: string, what: string): StandinError {
  return new StandinError("DUMP_INVALID", `${table} ${what}.`, { table, hint: "Make the dump and its schema at the same time." });
}

/** Every failure leaves as one StandinError that knows whether something was written. Whatever else was thrown may quote a value: it is not shown. */
function asPipeError(error: unknown, hasWritten: boolean, signal: AbortSignal): StandinError {
  const isOurs = isStandinError(error);
  const known =
    signal.aborted && !isOurs
      ? new StandinError("ABORTED", "The run was stopped.")
      : isOurs
        ? error
        : new StandinError("SOURCE_FAILED", `The run failed (${error instanceof Error ? error.name : typeof error}).`);
  known.phase = hasWritten ? "during" : "before";
  return known;
}
