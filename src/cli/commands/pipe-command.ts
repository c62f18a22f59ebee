import { CLASSES_BY_NAME } from "../../discover/classes-by-name.ts";
import { StandinError } from "../../errors.ts";
import { resolveMaskingKey } from "../../keys/masking-key.ts";
import { Pace } from "../../pace.ts";
import { run } from "../../pipeline/run.ts";
import type { Policy } from "../../policy/define-policy.ts";
import { onlyTable } from "../../policy/only-table.ts";
import { namedColumns } from "../../policy/parse/named-columns.ts";
import { isPattern, parsePattern } from "../../policy/pattern.ts";
import { pipeEnds } from "../pipe-ends.ts";
import { readOnePolicy } from "../read-policy.ts";
import { jsonProgress } from "../show/plain-progress.ts";
import { printJson } from "../show/print-json.ts";
import { DUMP_FORMATS, type PipeDumpCommandOptions, pipeDumpCommand } from "./pipe-dump-command.ts";

export interface PipeOptions extends PipeDumpCommandOptions {
  /** The policy's table, for formats that hold one. */
  readonly table?: string | undefined;
  /** False where rows begin with the first line: the columns are those of the policy, in its order. */
  readonly header?: boolean | undefined;
}

/** `standin pipe`: a dump, or, as csv or jsonl, one table from standard input to standard output, by one table of the policy. Its source and target are not looked at. */
export async function pipeCommand(options: PipeOptions, signal: AbortSignal): Promise<void> {
  if (DUMP_FORMATS.includes(options.format)) return pipeDumpCommand(options, signal);
  const endsOf = pipeEnds(options.format);
  refuseNoHeader(options);
  refuseDumpOptions(options);
  // Neither end is a place of the policy's, so no variable of theirs has to be set.
  const { policy } = await readOnePolicy(options, "none");
  const table = chooseTable(policy, options.table);
  const key = await resolveMaskingKey(undefined, process.env, policy.keyVariable);
  const ends = await endsOf(table, namedColumns(policy)[table] ?? [], options.header !== false);
  // Rows are on standard output: what machines read about the run goes to standard error.
  const { onProgress } = options.json ? jsonProgress(process.stderr) : { onProgress: () => {} };
  const report = await run(ends, onlyTable(policy, table), {
    key,
    signal,
    onProgress,
    batchSize: {},
    // Whoever writes into the pipe sets the pace.
    pace: new Pace(),
    lock: null,
    verify: null,
    spread: null,
    classes: CLASSES_BY_NAME,
  });
  if (options.json) printJson("report", report, process.stderr);
}

function chooseTable({ tables }: Policy, wanted: string | undefined): string {
  const copied = Object.keys(tables).filter((name) => typeof tables[name] !== "string");
  const names = copied.filter((name) => !isPattern(name));
  if (wanted === undefined && names.length === 1) return names[0]!;
  if (wanted !== undefined && copied.some((name) => name === wanted || parsePattern(name)?.matches(wanted))) return wanted;
  const message = wanted === undefined ? "The policy has several tables." : `The policy has no table ${wanted}.`;
  throw new StandinError("TABLE_UNKNOWN", message, { hint: `Choose one with --table: ${copied.join(", ")}.` });
}

function refuseNoHeader({ format, header }: PipeOptions): void {
  if (header !== false || format === "csv") return;
  throw new StandinError("OPTION_INVALID", `--no-header is for csv, and the format is ${format}.`, {
    hint: "Leave it out: the lines name their columns themselves.",
  });
}

function refuseDumpOptions({ format, schema, lock }: PipeOptions): void {
  if (schema === undefined && lock === undefined) return;
  const option = schema === undefined ? "--lock" : "--schema";
  throw new StandinError("OPTION_INVALID", `${option} is for dumps, and the format is ${format}.`, {
    hint: `Leave it out, or use --format ${DUMP_FORMATS.join(" or ")}.`,
  });
}
