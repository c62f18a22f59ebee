import { isDeepStrictEqual } from "node:util";
import type { Sink } from "../contracts.ts";
import type { ExamRow, SinkSitting } from "./sink-sitting.ts";

/** What is done ahead of `commit` shows nothing, can be taken back in every way, and leaves the rows to be published as they are. */
export async function examineAhead(sitting: SinkSitting, rows: readonly ExamRow[]): Promise<void> {
  const { broken, exam } = sitting;
  const before = await exam.readRows();
  const prepare = async (sink: Sink) => {
    await sitting.begin(sink);
    const writer = await sitting.write(sink, rows);
    await broken.inTime("end", writer.end());
    await broken.inTime("prepareCommit", sink.prepareCommit!());
    await sitting.glance(before, "readers see rows after prepareCommit, before commit");
  };
  await sitting.leavingAsItWas("rollback after prepareCommit", async (sink) => {
    await prepare(sink);
    await broken.inTime("rollback", sink.rollback());
  });
  await sitting.leavingAsItWas("close after prepareCommit", prepare);
  const { traces } = await sitting.look();
  await sitting.withSink("publishing after prepareCommit", async (sink) => {
    await prepare(sink);
    await broken.inTime("commit", sink.commit());
  });
  const after = await sitting.look();
  sitting.expectRows(after.rows, rows, "commit after prepareCommit gives other rows than were written");
  broken.expect(isDeepStrictEqual(after.traces, traces), "commit after prepareCommit leaves traces");
  if (exam.refusedRows !== undefined) await refuseAhead(sitting, exam.refusedRows);
}

/** Several targets are published together: one that refuses its rows must say so before the others are. */
function refuseAhead(sitting: SinkSitting, rows: readonly ExamRow[]): Promise<void> {
  const { broken } = sitting;
  return sitting.leavingAsItWas("a refusal ahead of commit", async (sink) => {
    await sitting.begin(sink);
    const writing = async () => (await sitting.write(sink, rows)).end();
    const isRefused =
      (await broken.isRefused("writing", writing())) || (await broken.isRefused("prepareCommit", sink.prepareCommit!()));
    broken.expect(isRefused, "prepareCommit leaves it to commit to refuse rows");
    await broken.isRefused("rollback", sink.rollback());
  });
}
