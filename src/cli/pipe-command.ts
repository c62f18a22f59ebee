import { StandinError } from "../errors.ts";
import { resolveMaskingKey } from "../keys/masking-key.ts";
import { run } from "../pipeline/run.ts";
import type { Policy, TablePolicy } from "../policy/define-policy.ts";
import { loadPolicy } from "../policy/load-policy.ts";
import { importModule } from "./import-module.ts";
import type { PolicyOptions } from "./run-command.ts";

export interface PipeOptions extends PolicyOptions {
  readonly format: string;
  readonly table?: string | undefined;
}

/** `standin pipe --format csv`: one table from standard input to standard output, by one table of the policy. */
export async function pipeCommand(options: PipeOptions, signal: AbortSignal): Promise<void> {
  if (options.format !== "csv") {
    throw new StandinError("SYSTEMS_UNSUPPORTED", `pipe knows no format ${JSON.stringify(options.format)}.`, {
      hint: "Use --format csv.",
    });
  }
  const { policy } = await loadPolicy(options.policy, process.cwd(), importModule);
  const [table, rules] = chooseTable(policy, options.table);
  const key = await resolveMaskingKey(undefined);
  const { csvStreamSink, csvStreamSource } = await import("../connectors/csv/index.ts");
  const ends = { source: csvStreamSource(process.stdin, { table }), sink: csvStreamSink(process.stdout) };
  // A reader that goes away (`| head`) shows as a failed write; without a listener it would end the process before that.
  process.stdout.on("error", () => {});
  await run(ends, { tables: { [table]: rules } }, { key, signal, onProgress: () => {}, batchSize: {} });
}

function chooseTable(policy: Policy, wanted: string | undefined): [string, TablePolicy] {
  const tables = Object.entries(policy.tables).filter((entry): entry is [string, TablePolicy] => entry[1] !== "skip");
  const found = wanted === undefined && tables.length === 1 ? tables[0] : tables.find(([name]) => name === wanted);
  if (found !== undefined) return found;
  const names = tables.map(([name]) => name).join(", ");
  const message = wanted === undefined ? "The policy has several tables." : `The policy has no table ${wanted}.`;
  throw new StandinError("TABLE_UNKNOWN", message, { hint: `Choose one with --table: ${names}.` });
}
