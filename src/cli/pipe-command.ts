import { StandinError } from "../errors.ts";
import { resolveMaskingKey } from "../keys/masking-key.ts";
import { run } from "../pipeline/run.ts";
import type { Policy, TablePolicy } from "../policy/define-policy.ts";
import { jsonProgress } from "./plain-progress.ts";
import { printJson } from "./print-json.ts";
import { type PolicyOptions, readPolicy } from "./read-policy.ts";

export interface PipeOptions extends PolicyOptions {
  readonly format: string;
  readonly table?: string | undefined;
}

/** `standin pipe --format csv`: one table from standard input to standard output, by one table of the policy. Its source and target are not looked at. */
export async function pipeCommand(options: PipeOptions, signal: AbortSignal): Promise<void> {
  if (options.format !== "csv") {
    throw new StandinError("SYSTEMS_UNSUPPORTED", `pipe knows no format ${JSON.stringify(options.format)}.`, {
      hint: "Use --format csv.",
    });
  }
  const { policy } = await readPolicy(options);
  const [table, rules] = chooseTable(policy, options.table);
  const key = await resolveMaskingKey(undefined);
  const { csvStreamSink, csvStreamSource } = await import("../connectors/csv/index.ts");
  const ends = { source: csvStreamSource(process.stdin, { table }), sink: csvStreamSink(process.stdout) };
  // Rows are on standard output: what machines read about the run goes to standard error.
  const { onProgress } = options.json ? jsonProgress(process.stderr) : { onProgress: () => {} };
  const report = await run(ends, { tables: { [table]: rules } }, { key, signal, onProgress, batchSize: {} });
  if (options.json) printJson("report", report, process.stderr);
}

function chooseTable(policy: Policy, wanted: string | undefined): [string, TablePolicy] {
  const tables = Object.entries(policy.tables).filter((entry): entry is [string, TablePolicy] => entry[1] !== "skip");
  const found = wanted === undefined && tables.length === 1 ? tables[0] : tables.find(([name]) => name === wanted);
  if (found !== undefined) return found;
  const names = tables.map(([name]) => name).join(", ");
  const message = wanted === undefined ? "The policy has several tables." : `The policy has no table ${wanted}.`;
  throw new StandinError("TABLE_UNKNOWN", message, { hint: `Choose one with --table: ${names}.` });
}
