import type { QueueEvents } from "bullmq";
import type { OnRows } from "../pipeline/shards/copy-shards.ts";
import { failureOf, type ShardsJobProgress, type ShardsJobResult } from "./run-jobs.ts";

interface TableState {
  /** Jobs that are not done. */
  readonly open: Set<string>;
  rows: number;
  /** What was told of rows and nobody has heard. */
  unheard: { rows: number; bytes: number };
  onRows: OnRows | null;
}

/** How far the jobs of a run are, by table, as the queue's events tell it. */
export class HandedTables {
  readonly #tables: readonly TableState[];
  readonly #positionOf = new Map<string, number>();
  /** What each open job has told. A job that is done again tells less than before. */
  readonly #told = new Map<string, ShardsJobProgress>();
  readonly #onNote: (note: string) => void;
  #failure: Error | null = null;
  #refused: { readonly why: string; readonly at: number } | null = null;
  #isFinished = false;
  #wake = () => {};

  /** `jobs`: the names of each table's jobs, by position. */
  constructor(jobs: readonly (readonly string[])[], onNote: (note: string) => void) {
    this.#tables = jobs.map((ids) => ({ open: new Set(ids), rows: 0, unheard: { rows: 0, bytes: 0 }, onRows: null }));
    for (const [position, ids] of jobs.entries()) for (const id of ids) this.#positionOf.set(id, position);
    this.#onNote = onNote;
  }

  async follow(events: QueueEvents): Promise<void> {
    events.on("progress", ({ jobId, data }) => this.#progress(jobId, data as unknown as ShardsJobProgress));
    events.on("completed", ({ jobId, returnvalue }) => this.#completed(jobId, returnvalue as unknown as ShardsJobResult));
    events.on("failed", ({ jobId, failedReason }) => {
      if (this.#positionOf.has(jobId)) this.fail(failureOf(failedReason));
    });
    events.on("stalled", ({ jobId }) => {
      if (this.#positionOf.has(jobId)) this.#onNote("a worker stands still or is gone: another one takes its job over");
    });
    await events.waitUntilReady();
  }

  isJob(jobId: string): boolean {
    return this.#positionOf.has(jobId);
  }

  /** Why a worker gave a job back since anything was last done, the first time, and when. */
  get refused(): { readonly why: string; readonly at: number } | null {
    return this.#refused;
  }

  /** Resolves with the rows of the table when all of its jobs are done. */
  async done(position: number, onRows: OnRows): Promise<number> {
    const table = this.#tables[position]!;
    table.onRows = onRows;
    this.#hear(table, 0, 0);
    while (table.open.size > 0 && this.#failure === null)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (this.#failure !== null) throw this.#failure;
    return table.rows;
  }

  /** All jobs are done, whatever was heard of them. */
  finish(results: readonly ShardsJobResult[]): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    for (const [position, table] of this.#tables.entries()) {
      const rows = results.filter((result) => result.position === position).reduce((sum, result) => sum + result.rows, 0);
      this.#hear(table, Math.max(0, rows - this.#heard(position)), 0);
      table.rows = rows;
      table.open.clear();
    }
    this.#wake();
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  #progress(jobId: string, told: ShardsJobProgress): void {
    const position = this.#positionOf.get(jobId);
    if (position === undefined) return;
    if (told.refused !== undefined) {
      this.#onNote(`a worker gave its job back: ${told.refused}`);
      this.#refused ??= { why: told.refused, at: performance.now() };
    }
    const before = this.#told.get(jobId) ?? { rows: 0, bytes: 0 };
    if (told.rows <= before.rows) return;
    this.#told.set(jobId, told);
    this.#refused = null;
    this.#hear(this.#tables[position]!, told.rows - before.rows, Math.max(0, told.bytes - before.bytes));
  }

  #completed(jobId: string, { rows }: ShardsJobResult): void {
    const position = this.#positionOf.get(jobId);
    const table = position === undefined ? undefined : this.#tables[position];
    if (table === undefined || !table.open.delete(jobId)) return;
    this.#refused = null;
    this.#progress(jobId, { rows, bytes: this.#told.get(jobId)?.bytes ?? 0 });
    table.rows += rows;
    if (table.open.size === 0) this.#wake();
  }

  #heard(position: number): number {
    let rows = 0;
    for (const [id, told] of this.#told) if (this.#positionOf.get(id) === position) rows += told.rows;
    return rows;
  }

  #hear(table: TableState, rows: number, bytes: number): void {
    table.unheard.rows += rows;
    table.unheard.bytes += bytes;
    if (table.onRows === null || (table.unheard.rows === 0 && table.unheard.bytes === 0)) return;
    const { unheard } = table;
    table.unheard = { rows: 0, bytes: 0 };
    try {
      table.onRows(unheard.rows, unheard.bytes);
    } catch (error) {
      // Who looks on may stop the run.
      this.fail(error as Error);
    }
  }
}
