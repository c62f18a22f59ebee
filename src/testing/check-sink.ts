import { isDeepStrictEqual } from "node:util";
import type { Sink } from "../contracts.ts";
import { isSameTable } from "../table-ref.ts";
import { BrokenPromises } from "./broken-promises.ts";
import { examineAhead } from "./sink-ahead.ts";
import { type ExamRow, type SinkExam, SinkSitting } from "./sink-sitting.ts";
import { examineEncoded, examineStage } from "./sink-stage.ts";
import { readCells } from "./source-reading.ts";

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
  await describe(sitting);
  // First over what the target held, then over what the exam itself published.
  await takeBack(sitting);
  await publish(sitting, "publishing", exam.rows);
  await takeBack(sitting);
  await publish(sitting, "publishing again", exam.rows.slice(0, -3));
  await publish(sitting, "publishing no row", []);
  await publish(sitting, "publishing after nothing", exam.rows);
  if (unopened.prepareCommit !== undefined) await examineAhead(sitting, exam.rows.slice(0, -1));
  if (unopened.encoding !== undefined && exam.encoder !== undefined) {
    await examineEncoded(sitting, exam.rows.slice(1));
    if (unopened.stage !== undefined) await examineStage(sitting, exam.rows.slice(2));
  }
  return broken.sentences;
}

const FEWEST_ROWS = 8;

async function describe(sitting: SinkSitting): Promise<void> {
  const { broken } = sitting;
  let former: string | null = null;
  for (const when of ["when it is asked for again", "when the sink is made anew"]) {
    await sitting.withSink("describing itself", async (sink) => {
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
async function takeBack(sitting: SinkSitting): Promise<void> {
  const { exam, broken } = sitting;
  const { rows } = exam;
  const half = rows.slice(0, rows.length >> 1);
  const before = await exam.readRows();
  await sitting.leavingAsItWas("rollback before any row", async (sink) => {
    await sitting.begin(sink);
    await broken.inTime("rollback", sink.rollback());
  });
  await sitting.leavingAsItWas("rollback in the middle of a table", async (sink) => {
    await sitting.begin(sink);
    await sitting.write(sink, half);
    await broken.inTime("rollback", sink.rollback());
  });
  await sitting.leavingAsItWas("rollback after the last row", async (sink) => {
    await sitting.begin(sink);
    await broken.inTime("end", (await sitting.write(sink, rows)).end());
    await sitting.glance(before);
    await broken.inTime("rollback", sink.rollback());
  });
  await sitting.leavingAsItWas("close before any row", (sink) => sitting.begin(sink));
  await sitting.leavingAsItWas("close in the middle of a table", async (sink) => {
    await sitting.begin(sink);
    await sitting.write(sink, half);
  });
  await sitting.leavingAsItWas("close after the last row", async (sink) => {
    await sitting.begin(sink);
    await broken.inTime("end", (await sitting.write(sink, rows)).end());
  });
  await sitting.leavingAsItWas("rollback after an abort", async (sink) => {
    const controller = new AbortController();
    await sitting.begin(sink, controller.signal);
    await sitting.write(sink, half);
    controller.abort();
    // The connection may be gone with the abort: what counts is what the target holds.
    await broken.isRefused("rollback after an abort", sink.rollback());
  });
}

async function publish(sitting: SinkSitting, what: string, rows: readonly ExamRow[]): Promise<void> {
  const { broken, exam, toWrite } = sitting;
  await sitting.withSink(what, async (sink) => {
    await sitting.begin(sink);
    const writer = await sitting.write(sink, rows);
    broken.expect((await broken.inTime("end", writer.end())) === rows.length, "end counts other rows than were written");
    if (sink.staged !== undefined) {
      const { table, columns } = toWrite;
      const staged = await broken.inTime("staged", sink.staged());
      const found = staged.schema.tables.find(({ ref }) => isSameTable(ref, table.ref));
      // Smaller than the table, so that batches follow one another.
      const reading = { columns, batchSize: { maxRows: 5 } };
      const cells = found && (await broken.inTime("reading what is staged", readCells(staged, found, reading)));
      const seen = cells?.[0]?.map((_, row) => cells.map((values) => values[row]!)) ?? [];
      sitting.expectRows(seen, rows, `${what} shows other rows before commit than were written`);
    }
    await broken.inTime("commit", sink.commit());
    sitting.expectRows(await exam.readRows(), rows, `${what} gives other rows than were written`);
  });
  sitting.expectRows(await exam.readRows(), rows, "close after commit changes the target");
}
