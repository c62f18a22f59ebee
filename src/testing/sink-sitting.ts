import { isDeepStrictEqual } from "node:util";
import type { ColumnValues, RowEncoder, SchemaDefinition, Sink, Table, TableToWrite, TableWriter } from "../contracts.ts";
import type { BrokenPromises } from "./broken-promises.ts";
import { Hanging, inTime } from "./in-time.ts";
import { readable } from "./source-reading.ts";
import { TextBatch } from "./text-batch.ts";

/** One row, a cell per column that is not generated. */
export type ExamRow = readonly (string | null)[];

/** What `checkSink` writes, and how it reads back. */
export interface SinkExam {
  /** The table to write, as a source of the same system would describe it. The target has it, or takes any. */
  readonly table: Table;
  /** Rows for it: a few dozen, with NULLs, empty strings, quotes and line breaks where the columns take them. */
  readonly rows: readonly ExamRow[];
  /** What whoever looks at the target sees of the table, in any order: read by other means than the sink. */
  readRows(): Promise<readonly ExamRow[]>;
  /** Whatever else a run that is taken back must leave as it was: the names of files, triggers, foreign keys. */
  readTraces?(): Promise<unknown>;
  /** Rows that the target refuses once all are in, as one of them points nowhere: a sink with `prepareCommit` must refuse them by it. */
  readonly refusedRows?: readonly ExamRow[] | undefined;
  /** How the table is made where the target lacks it. */
  readonly definition?: SchemaDefinition | undefined;
  /** Writes rows out as the sink's `encoding` says. Where it is given, rows that come written out are examined, and with them the sink's `stage`. */
  encoder?(how: unknown, table: TableToWrite): RowEncoder;
  /** Milliseconds after which an answer counts as hanging. @default 10_000 */
  readonly patience?: number | undefined;
}

/** Milliseconds for a look at the target while a sink writes. A reader who has to wait longer sees no half-written table either. */
const GLANCE = 300;

const UNMASKED = "an original that was replaced";

/** What every part of the exam of a sink does. */
export class SinkSitting {
  readonly exam: SinkExam;
  readonly broken: BrokenPromises;
  readonly toWrite: TableToWrite;
  readonly #create: () => Sink | Promise<Sink>;

  constructor(create: () => Sink | Promise<Sink>, exam: SinkExam, broken: BrokenPromises) {
    this.#create = create;
    this.exam = exam;
    this.broken = broken;
    this.toWrite = { table: exam.table, columns: readable(exam.table) };
  }

  /** An open sink of its own, closed afterwards whatever happens. */
  withSink(what: string, use: (sink: Sink) => Promise<void>): Promise<void> {
    const { broken } = this;
    return broken.during(what, async () => {
      const sink = await this.#create();
      try {
        await broken.inTime("open", sink.open(new AbortController().signal));
        await use(sink);
      } finally {
        await broken.inTime("close", sink.close());
        await broken.inTime("closing twice", sink.close());
      }
    });
  }

  async begin(sink: Sink, signal: AbortSignal = new AbortController().signal): Promise<void> {
    const { definition = null } = this.exam;
    const { notes } = await this.broken.inTime("begin", sink.begin([this.toWrite], definition, signal));
    this.expectNotes(notes, "begin");
  }

  expectNotes(notes: unknown, what: string): void {
    const isList = Array.isArray(notes) && notes.every((note) => typeof note === "string");
    this.broken.expect(isList, `${what} gives no list of notes`);
  }

  /** Rows in batches of changing size, each masked. */
  *batches(rows: readonly ExamRow[]): Generator<TextBatch> {
    const { table, columns } = this.toWrite;
    for (let from = 0, size = 1; from < rows.length; from += size, size = (size % 7) + 3) {
      const part = rows.slice(from, from + size);
      const cells = columns.map((_, column): ColumnValues => part.map((row) => row[column]!));
      const batch = new TextBatch(table.ref, [...cells.slice(0, -1), part.map(() => UNMASKED)], from);
      batch.replace(columns.length - 1, cells.at(-1)!);
      yield batch;
    }
  }

  async look(): Promise<{ readonly rows: readonly ExamRow[]; readonly traces: unknown }> {
    const { readRows, readTraces } = this.exam;
    return { rows: sorted(await readRows()), traces: await readTraces?.() };
  }

  /** Writes rows in batches, each given back. */
  async write(sink: Sink, rows: readonly ExamRow[]): Promise<TableWriter> {
    const { broken } = this;
    const writer = await broken.inTime("writer", sink.writer(this.toWrite));
    for (const batch of this.batches(rows)) {
      await broken.inTime("write", writer.write(batch));
      batch.release();
    }
    return writer;
  }

  async leavingAsItWas(what: string, use: (sink: Sink) => Promise<void>): Promise<void> {
    const before = await this.look();
    await this.withSink(what, use);
    const after = await this.look();
    this.expectRows(after.rows, before.rows, `${what} does not leave the rows as they were`);
    this.broken.expect(isDeepStrictEqual(after.traces, before.traces), `${what} leaves traces`);
  }

  /** Looks at the target while a run is under way: the rows are those of before, or a lock makes the reader wait. */
  async glance(before: readonly ExamRow[], sentence = "readers see rows before commit"): Promise<void> {
    const look = this.exam.readRows();
    // A reader who waits may be told later that the session is gone; nobody asks for the answer then.
    look.catch(() => {});
    try {
      this.expectRows(await inTime(look, GLANCE, "looking"), before, sentence);
    } catch (error) {
      if (!(error instanceof Hanging)) throw error;
    }
  }

  expectRows(rows: readonly ExamRow[], expected: readonly ExamRow[], sentence: string): void {
    this.broken.expect(isDeepStrictEqual(sorted(rows), sorted(expected)), sentence);
  }
}

/** The order in which a target gives its rows means nothing. */
function sorted(rows: readonly ExamRow[]): readonly ExamRow[] {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(row) }));
  return keyed.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ row }) => row);
}
