import { deletedRows, type Report } from "../../pipeline/report.ts";
import { amount, counted, duration } from "../../written-numbers.ts";
import type { RunCommandOptions } from "../commands/run-command.ts";
import { paintFor } from "./paint.ts";
import { problemLines } from "./print-error.ts";
import { printJson } from "./print-json.ts";
import { subsetText } from "./subset-lines.ts";
import { verifyLines, writtenLines } from "./verify-lines.ts";

/** Says what a run did: a line of JSON for machines, a few lines for people. */
export function printReport(report: Report, options: RunCommandOptions): void {
  if (options.json) {
    printJson("report", report);
    return;
  }
  const paint = paintFor(process.stdout);
  const columns = report.tables.flatMap((table) => table.columns);
  const masked = columns.filter(({ transform }) => transform !== "keep" && transform !== "generated").length;
  const lines = [
    ...problemLines(report.warnings, undefined, process.stdout),
    `${paint("green", "✓")} ${counted(report.rows, report.isIncremental ? "changed row" : "row")} of ${counted(report.tables.length, "table")} in ${duration(report.milliseconds)}, ${amount(masked)} of ${counted(columns.length, "column")} masked.`,
  ];
  const deleted = deletedRows(report);
  if (deleted > 0) lines.push(`  ${counted(deleted, "row")} that the source no longer holds deleted.`);
  for (const [name, { rows, tables }] of Object.entries(report.databases ?? {}))
    lines.push(paint("dim", `  ${name}: ${counted(rows, "row")} of ${counted(tables.length, "table")}`));
  if (report.subset) lines.push(paint("dim", `  ${subsetText(report.subset)}`));
  const key = report.keyFingerprint === null ? "" : `key ${report.keyFingerprint} · `;
  lines.push(paint("dim", `  ${key}plan ${report.planFingerprint}`));
  if (report.verification === null) lines.push(...writtenLines(options.report, paint));
  else lines.push(...verifyLines(report.verification, true, options, process.stdout));
  process.stdout.write(`${lines.join("\n")}\n`);
}
