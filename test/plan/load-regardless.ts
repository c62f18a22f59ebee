import { connectSink, connectSource } from "../../src/connect.ts";
import type { Finding } from "../../src/errors.ts";
import { resolveMaskingKey } from "../../src/keys/masking-key.ts";
import { Pace } from "../../src/pace.ts";
import { copyTable } from "../../src/pipeline/copy-table.ts";
import { prepareTable } from "../../src/pipeline/masking/prepare-table.ts";
import { planRun } from "../../src/pipeline/run.ts";
import { movedColumns } from "../../src/plan/plan.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { TEST_KEY } from "../test-key.ts";

/** What the plan says, and the code of the failure when its errors are paid no heed to: null where all went well. */
export interface Regardless {
  readonly findings: readonly Finding[];
  readonly failure: string | null;
}

/** Plans, and then loads whatever the plan said, as a tool without a plan would. What was loaded is rolled back. */
export async function loadRegardless(
  source: string,
  target: string,
  policy: Omit<Policy, "source" | "target">,
): Promise<Regardless> {
  const { signal } = new AbortController();
  const ends = { source: await connectSource(source), sink: await connectSink(target) };
  const key = await resolveMaskingKey(TEST_KEY);
  try {
    const plan = await planRun(ends, policy, signal);
    const tables = plan.tables.map((table) => ({ table: table.table, columns: movedColumns(table).map(({ column }) => column) }));
    try {
      const prepared = [];
      for (const table of plan.tables) prepared.push(await prepareTable(table, key));
      await ends.sink.begin(tables, null, signal);
      for (const [index, table] of plan.tables.entries())
        await copyTable(ends.source, ends.sink, table, prepared[index]!, {
          batchSize: {},
          pace: new Pace(),
          signal,
          onRows: () => {},
        });
      await ends.sink.commit();
      return { findings: plan.findings, failure: null };
    } catch (error) {
      await ends.sink.rollback();
      return { findings: plan.findings, failure: (error as { code: string }).code };
    }
  } finally {
    await Promise.allSettled([ends.source.close(), ends.sink.close()]);
  }
}
