import { ReorderedBatch } from "../../batch/reordered-batch.ts";
import type { RowBatch, TableRef } from "../../contracts.ts";
import type { DumpFormat, DumpPart, DumpReader } from "../../formats/dump-format.ts";
import type { MaskingKey } from "../../keys/masking-key.ts";
import type { Lock } from "../../plan/locks/lock.ts";
import type { TablePlan } from "../../plan/plan.ts";
import { fingerprintPlan } from "../../plan/plan-fingerprint.ts";
import type { ClassSource } from "../../policy/class-source.ts";
import type { Policy } from "../../policy/define-policy.ts";
import { tableName } from "../../table-ref.ts";
import { untilAborted } from "../../until-aborted.ts";
import { counted } from "../../written-numbers.ts";
import { gatherWindows, WindowBatch } from "../masking/gather-windows.ts";
import { maskBatch } from "../masking/mask-batch.ts";
import { type PreparedTable, prepareTable } from "../masking/prepare-table.ts";
import type { OnProgress } from "../progress.ts";
import { type Report, reportColumns, type TableReport } from "../report.ts";
import { DumpPlan } from "./dump-plan.ts";
import { asPipeError, emptyDump } from "./pipe-errors.ts";
import { type DumpOutput, PipeOutput } from "./pipe-output.ts";
import { arranged, partFor, type RowsPart, refuseOtherPartition } from "./planned-rows.ts";

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
