import { styleText } from "node:util";
import type { Report } from "../pipeline/report.ts";
import { amount, duration } from "./numbers.ts";
import { type CliContext, findingLines } from "./print-error.ts";

/** Says what a run did: JSON on standard output for machines, a few lines for people. */
export function printReport(report: Report, { json }: CliContext): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const masked = report.tables.reduce(
    (sum, { columns }) => sum + columns.filter(({ transform }) => transform !== "keep" && transform !== "generated").length,
    0,
  );
  const tables = report.tables.length === 1 ? "1 table" : `${report.tables.length} tables`;
  const lines = [
    ...report.warnings.flatMap(findingLines),
    `${styleText("green", "✓")} ${amount(report.rows)} rows of ${tables} in ${duration(report.milliseconds)}, ${masked} columns masked.`,
  ];
  if (report.keyFingerprint !== null) lines.push(styleText("dim", `  key ${report.keyFingerprint}`));
  process.stdout.write(`${lines.join("\n")}\n`);
}
