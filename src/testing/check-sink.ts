import { isDeepStrictEqual } from "node:util";
import type { ColumnValues, SchemaDefinition, Sink, Table, TableToWrite } from "../contracts.ts";
import { isSameTable } from "../table-ref.ts";
import { BrokenPromises } from "./broken-promises.ts";
import { Hanging, inTime } from "./in-time.ts";
import { readable, readCells } from "./source-reading.ts";
import { TextBatch } from "./text-batch.ts";

/** One row, a cell per column that is not generated. */
export type ExamRow = readonly (string | null)[];

export interface SinkExam {
  /** The table to write, as a source of the same system would describe it. The target has it, or takes any. */
  readonly table: Table;
  /** Rows for it: a few dozen, with NULLs, empty strings, quotes and line breaks where the columns take them. */
  readonly rows: readonly ExamRow[];
  /** What whoever looks at the target sees of the table, in any order: read by other means than the sink. */
  readRows(): Promise<readonly ExamRow[]>;
  /** Whatever else a run that is taken back must leave as it was: the names of files, triggers, foreign keys. */
  readTraces?(): Promise<unknown>;
  /** How the table is made where the target lacks it. */
  readonly definition?: SchemaDefinition | undefined;
  /** Milliseconds after which an answer counts as hanging. @default 10_000 */
  readonly patience?: number | undefined;
}

/** Milliseconds for a look at the target while a sink writes. A reader who has to wait longer sees no half-written table either. */
const GLANCE = 300;

/**
 * Examines a sink by the contract: all or nothing. Whatever happens before `commit` resolves, the target is as it was; afterwards it holds exactly the rows
 * that were written. Returns the broken promises as sentences, none where all are kept, and never a cell.
 *
 * `create` makes the sink anew each time, over the same target, whose table the exam overwrites.
 *
 * @example
 * expect(await checkSink(() => csvSink({ folder }), { table, rows, readRows: () => parse(join(folder, "people.csv")) })).toEqual([]);
 */
export async function checkSink(create: () => Sink | Promise<Sink>, exam: SinkExam): Promise<readonly string[]> {
  const { patience = 10_000 } = exam;
  const unopened = await create();
  const broken = new BrokenPromises(unopened.system, patience);
  await broken.during("close before open", () => broken.inTime("close before open", unopened.close()));
  if (exam.rows.length < FEWEST_ROWS) {
    broken.say(`the exam needs at least ${FEWEST_ROWS} rows`);
    return broken.sentences;
  }
  const sitting = new SinkSitting(create, exam, broken);
  await sitting.describe();
  // First over what the target held, then over what the exam itself published.
  await sitting.takeBack();
  await sitting.publish("publishing", exam.rows);
  await sitting.takeBack();
  await sitting.publish("publishing again", exam.rows.slice(0, -3));
  await sitting.publish("publishing no row", []);
  await sitting.publish("publishing after nothing", exam.rows);
  return broken.sentences;
}

const FEWEST_ROWS = 8;

class SinkSitting {
  readonly #create: () => Sink | Promise<Sink>;
  readonly #exam: SinkExam;
  readonly #broken: BrokenPromises;
  readonly #toWrite: TableToWrite;

  constructor(create: () => Sink | Promise<Sink>, exam: SinkExam, broken: BrokenPromises) {
    this.#create = create;
    this.#exam = exam;
    this.#broken = broken;
    this.#toWrite = { table: exam.table, columns: readable(exam.table) };
  }

  async describe(): Promise<void> {
    const broken = this.#broken;
    let former: string | null = null;
    for (const when of ["when it is asked for again", "when the sink is made anew"]) {
      await this.#withSink("describing itself", async (sink) => {
        const identity = await broken.inTime("identity", sink.identity());
        broken.expect(typeof identity === "string" && identity !== "", "identity says nothing");
        broken.expect(identity === (former ?? (await sink.identity())), `identity changes ${when}`);
        former = identity;
        const schema = await broken.inTime("schema", sink.schema());
        broken.expect(schema.system === sink.system, "schema is of another system than the sink");
        broken.expect(isDeepStrictEqual(schema, await sink.schema()), "schema changes when it is asked for again");
      });
    }
  }

  /** Every way in which a run can end without `commit`. */
  async takeBack(): Promise<void> {
    const { rows } = this.#exam;
    const half = rows.slice(0, rows.length >> 1);
    const before = await this.#exam.readRows();
    await this.#leavingAsItWas("rollback before any row", async (sink) => {
      await this.#begin(sink);
      await this.#broken.inTime("rollback", sink.rollback());
    });
    await this.#leavingAsItWas("rollback in the middle of a table", async (sink) => {
      await this.#begin(sink);
      await this.#write(sink, half);
      await this.#broken.inTime("rollback", sink.rollback());
    });
    await this.#leavingAsItWas("rollback after the last row", async (sink) => {
      await this.#begin(sink);
      await this.#broken.inTime("end", (await this.#write(sink, rows)).end());
      await this.#glance(before);
      await this.#broken.inTime("rollback", sink.rollback());
    });
    await this.#leavingAsItWas("close before any row", (sink) => this.#begin(sink));
    await this.#leavingAsItWas("close in the middle of a table", async (sink) => {
      await this.#begin(sink);
      await this.#write(sink, half);
    });
    await this.#leavingAsItWas("close after the last row", async (sink) => {
      await this.#begin(sink);
      await this.#broken.inTime("end", (await this.#write(sink, rows)).end());
    });
    await this.#leavingAsItWas("rollback after an abort", async (sink) => {
      const controller = new AbortController();
      await this.#begin(sink, controller.signal);
      await this.#write(sink, half);
      controller.abort();
      // The connection may be gone with the abort: what counts is what the target holds.
      await this.#broken.isRefused("rollback after an abort", sink.rollback());
    });
  }

  async publish(what: string, rows: readonly ExamRow[]): Promise<void> {
    const broken = this.#broken;
    await this.#withSink(what, async (sink) => {
      await this.#begin(sink);
      const writer = await this.#write(sink, rows);
      broken.expect((await broken.inTime("end", writer.end())) === rows.length, "end counts other rows than were written");
      if (sink.staged !== undefined) {
        const { table, columns } = this.#toWrite;
        const staged = await broken.inTime("staged", sink.staged());
        const found = staged.schema.tables.find(({ ref }) => isSameTable(ref, table.ref));
        // Smaller than the table, so that batches follow one another.
        const reading = { columns, batchSize: { maxRows: 5 } };
        const cells = found && (await broken.inTime("reading what is staged", readCells(staged, found, reading)));
        const seen = cells?.[0]?.map((_, row) => cells.map((values) => values[row]!)) ?? [];
        this.#expectRows(seen, rows, `${what} shows other rows before commit than were written`);
      }
      await broken.inTime("commit", sink.commit());
      this.#expectRows(await this.#exam.readRows(), rows, `${what} gives other rows than were written`);
    });
    this.#expectRows(await this.#exam.readRows(), rows, "close after commit changes the target");
  }

  /** An open sink of its own, closed afterwards whatever happens. */
  #withSink(what: string, use: (sink: Sink) => Promise<void>): Promise<void> {
    const broken = this.#broken;
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

  async #begin(sink: Sink, signal = new AbortController().signal): Promise<void> {
    const { definition = null } = this.#exam;
    const { notes } = await this.#broken.inTime("begin", sink.begin([this.#toWrite], definition, signal));
    this.#broken.expect(Array.isArray(notes) && notes.every((note) => typeof note === "string"), "begin gives no list of notes");
  }

  /** Writes rows in batches of changing size, each masked and then given back. */
  async #write(sink: Sink, rows: readonly ExamRow[]) {
    const { table, columns } = this.#toWrite;
    const writer = await this.#broken.inTime("writer", sink.writer(this.#toWrite));
    for (let from = 0, size = 1; from < rows.length; from += size, size = (size % 7) + 3) {
      const part = rows.slice(from, from + size);
      const cells = columns.map((_, column): ColumnValues => part.map((row) => row[column]!));
      const batch = new TextBatch(table.ref, [...cells.slice(0, -1), part.map(() => UNMASKED)], from);
      batch.replace(columns.length - 1, cells.at(-1)!);
      await this.#broken.inTime("write", writer.write(batch));
      batch.release();
    }
    return writer;
  }

  async #leavingAsItWas(what: string, use: (sink: Sink) => Promise<void>): Promise<void> {
    const before = await this.#look();
    await this.#withSink(what, use);
    const after = await this.#look();
    this.#expectRows(after.rows, before.rows, `${what} does not leave the rows as they were`);
    this.#broken.expect(isDeepStrictEqual(after.traces, before.traces), `${what} leaves traces`);
  }

  async #look(): Promise<{ readonly rows: readonly ExamRow[]; readonly traces: unknown }> {
    const { readRows, readTraces } = this.#exam;
    return { rows: sorted(await readRows()), traces: await readTraces?.() };
  }

  /** Looks at the target while a run is under way: the rows are those of before, or a lock makes the reader wait. */
  async #glance(before: readonly ExamRow[]): Promise<void> {
    const look = this.#exam.readRows();
    // A reader who waits may be told later that the session is gone; nobody asks for the answer then.
    look.catch(() => {});
    try {
      this.#expectRows(await inTime(look, GLANCE, "looking"), before, "readers see rows before commit");
    } catch (error) {
      if (!(error instanceof Hanging)) throw error;
    }
  }

  #expectRows(rows: readonly ExamRow[], expected: readonly ExamRow[], sentence: string): void {
    this.#broken.expect(isDeepStrictEqual(sorted(rows), sorted(expected)), sentence);
  }
}

const UNMASKED = "an original that was replaced";

/** The order in which a target gives its rows means nothing. */
function sorted(rows: readonly ExamRow[]): readonly ExamRow[] {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(row) }));
  return keyed.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ row }) => row);
}
