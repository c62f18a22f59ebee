import type { Finding } from "../../errors.ts";
import type { ProgressEvent } from "../../pipeline/progress.ts";
import { logLine } from "./log-line.ts";
import { every, roundedReading } from "./plain-progress.ts";
import { ProgressMeter } from "./progress-meter.ts";
import type { ShownProgress } from "./show-progress.ts";

/** A log is kept: a large table is heard of now and then. */
const ROWS_MILLISECONDS = 5000;

/** A run's events as lines of a log. How it failed is told by whoever prints its error. */
export function logProgress(output: NodeJS.WritableStream): ShownProgress {
  const meter = new ProgressMeter();
  const isDue = every(ROWS_MILLISECONDS);
  let run: string | undefined;
  const log = (event: string, fields: object) => logLine("info", event, { run, ...fields }, output);
  const onProgress = (event: ProgressEvent) => {
    meter.take(event);
    const { type, ...fields } = event;
    switch (event.type) {
      case "started":
        run = event.runId;
        return log(type, {});
      case "warning":
        return logFinding(event.finding, { run }, output);
      case "rows":
        return isDue.now() ? log(type, { table: event.table, ...roundedReading(meter) }) : undefined;
      case "verified": {
        const { leaks, findings, milliseconds } = event.verification;
        return log(type, { leaks: leaks.length, findings: findings.length, milliseconds });
      }
      case "failed":
        return;
      case "table-started":
        isDue.restart();
    }
    log(type, fields);
  };
  return { onProgress, end: () => {} };
}

/** What is wrong, or worth knowing, as a line of a log. */
export function logFinding({ severity, ...finding }: Finding, fields: object, output?: NodeJS.WritableStream): void {
  logLine(severity === "error" ? "error" : "warn", "finding", { ...fields, ...finding }, output);
}
