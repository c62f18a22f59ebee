import type { InPlaceReport } from "../../in-place/in-place-report.ts";
import { maskInPlace } from "../../mask-in-place.ts";
import { counted, duration } from "../../written-numbers.ts";
import { type PolicyOptions, readLockBeside, readOnePolicy } from "../read-policy.ts";
import { paintFor } from "../show/paint.ts";
import { problemLines } from "../show/print-error.ts";
import { printJson } from "../show/print-json.ts";
import { showProgress } from "../show/show-progress.ts";

export interface MaskCommandOptions extends PolicyOptions {
  readonly lock?: string | undefined;
  readonly resume?: boolean | undefined;
  readonly clean?: boolean | undefined;
}

/** `standin mask`. Where a lock lies beside the policy, nothing is masked that differs from it. */
export async function maskCommand(options: MaskCommandOptions, signal: AbortSignal): Promise<void> {
  const { resume, clean } = options;
  const { policy, file } = await readOnePolicy(options, "target");
  const lock = options.lock ?? (await readLockBeside(file, options));
  const progress = showProgress(options);
  let report: InPlaceReport;
  try {
    report = await maskInPlace(policy, { signal, lock, resume, clean, onProgress: progress.onProgress });
  } finally {
    progress.end();
  }
  if (options.json) printJson("report", report);
  else process.stdout.write(`${reportLines(report).join("\n")}\n`);
}

function reportLines({
  rows,
  tables,
  milliseconds,
  keyFingerprint,
  planFingerprint,
  warnings,
  isCleaned,
  cleaning,
  stays,
}: InPlaceReport) {
  const paint = paintFor(process.stdout);
  const key = keyFingerprint === null ? "" : `key ${keyFingerprint} · `;
  return [
    ...problemLines(warnings, undefined, process.stdout),
    `${paint("green", "✓")} ${counted(rows, "row")} of ${counted(tables.length, "table")} masked in place in ${duration(milliseconds)}.`,
    paint("dim", `  ${key}plan ${planFingerprint}`),
    "Former values stay where no UPDATE reaches them:",
    ...stays.flatMap(({ where, remedy }) => [`  ${paint("yellow", "!")} ${where}`, `      ${paint("cyan", "→")} ${remedy}`]),
    ...(isCleaned
      ? ["Done by --clean: each table's VACUUM FULL or OPTIMIZE, and ANALYZE."]
      : ["Statements for the tables:", ...cleaning.map((sql) => `  ${sql};`)]),
  ];
}
