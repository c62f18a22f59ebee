import type { DataSchema, Source } from "../../contracts.ts";
import type { TryPlan } from "../../discover/propose/fit-rules.ts";
import type { Samples } from "../../discover/sample-tables.ts";

/** Tries masks as a run does before its first row, and on the rows that were looked at: what is proposed should not fail on the first of them. */
export async function tryOnSamples(samples: Samples, schema: DataSchema, signal: AbortSignal): Promise<TryPlan> {
  const { rehearsePlan } = await import("../../pipeline/masking/rehearse-plan.ts");
  const { samplePlan } = await import("../../pipeline/sample-plan.ts");
  const sampled: Pick<Source, "sample"> = {
    sample: async (table, { columns }) => columns.map(({ name }) => samples.values(table, name)),
  };
  return async (plan) => {
    const findings = await rehearsePlan(plan, { ...schema, tables: [] });
    return [...findings, ...(await samplePlan(sampled, { ...plan, findings }, signal))];
  };
}
