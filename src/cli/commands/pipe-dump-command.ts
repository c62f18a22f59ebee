import { CLASSES_BY_NAME } from "../../discover/classes-by-name.ts";
import { StandinError } from "../../errors.ts";
import { resolveMaskingKey } from "../../keys/masking-key.ts";
import { pipeDump } from "../../pipeline/dump/pipe-dump.ts";
import type { OnProgress } from "../../pipeline/progress.ts";
import { requireLock } from "../../plan/locks/lock-file.ts";
import { lockOfOne } from "../../plan/locks/lock-of-databases.ts";
import { inertText } from "../../policy/parse/written-name.ts";
import { type PolicyOptions, readLockBeside, readOnePolicy } from "../read-policy.ts";
import { paintFor } from "../show/paint.ts";
import { jsonProgress } from "../show/plain-progress.ts";
import { printJson } from "../show/print-json.ts";

export interface PipeDumpCommandOptions extends PolicyOptions {
  readonly format: string;
  /** A dump of the schema alone. */
  readonly schema?: string | undefined;
  readonly lock?: string | undefined;
  /** Refused: a dump has many. */
  readonly table?: string | undefined;
}

/** The formats of `standin pipe` that hold many tables, with what makes their schema's dump. */
export const DUMP_FORMATS = ["pg_dump", "mysqldump"];

/**
 * `standin pipe --format pg_dump` (or mysqldump): a dump from standard input to standard output, each table by its rules. The policy's source and target are not
 * looked at.
 */
export async function pipeDumpCommand(options: PipeDumpCommandOptions, signal: AbortSignal): Promise<void> {
  if (options.table !== undefined) throw tableGiven();
  const { policy, file } = await readOnePolicy(options, "none");
  const key = await resolveMaskingKey(undefined, process.env, policy.keyVariable);
  const given = options.lock === undefined ? await readLockBeside(file, options) : lockOfOne(await requireLock(options.lock));
  const { dumpFormatNamed, DumpStreamOutput, readDumpSchema, readStdin } = await import("../../connectors/dump/index.ts");
  const format = dumpFormatNamed(options.format)!;
  const schema = options.schema === undefined ? null : await readDumpSchema(options.schema, format, signal);
  const output = new DumpStreamOutput(process.stdout, signal);
  // Rows are on standard output: what is told about the run goes to standard error.
  const onProgress = options.json ? jsonProgress(process.stderr).onProgress : notesOnly;
  try {
    const pipe = { format, input: readStdin(signal), output, schema };
    const report = await pipeDump(pipe, policy, { key, signal, onProgress, lock: given ?? null, classes: CLASSES_BY_NAME });
    if (options.json) printJson("report", report, process.stderr);
  } finally {
    output.close();
  }
}

function tableGiven(): StandinError {
  return new StandinError("OPTION_INVALID", "--table is for formats that hold one table, and a dump names its own.", {
    hint: "Leave it out. What is not to be copied is said in the policy: tables: { audit: skip }.",
  });
}

/** For people: what is worth knowing, and nothing of what goes well. */
const notesOnly: OnProgress = (event) => {
  const paint = paintFor(process.stderr);
  if (event.type === "note") process.stderr.write(`${inertText(event.message)}\n`);
  if (event.type === "warning") process.stderr.write(`${paint("yellow", "!")} ${inertText(event.finding.message)}\n`);
};
