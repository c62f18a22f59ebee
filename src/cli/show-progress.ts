import { styleText } from "node:util";
import type { OnProgress, ProgressEvent } from "../pipeline/progress.ts";
import { amount, duration } from "./numbers.ts";

const BAR_WIDTH = 20;
/** A redraw costs more than a batch; more than ten a second nobody sees. */
const REDRAW_MILLISECONDS = 100;

export interface ShownProgress {
  readonly onProgress: OnProgress;
  /** Takes the live line away. */
  end(): void;
}

/** Shows a run's progress: a live line with a bar on a terminal, plain lines elsewhere, nothing where machines read. */
export function showProgress(output: NodeJS.WriteStream, isQuiet: boolean): ShownProgress {
  if (isQuiet) return { onProgress: () => {}, end: () => {} };
  return output.isTTY ? liveProgress(output) : plainProgress(output);
}

function plainProgress(output: NodeJS.WritableStream): ShownProgress {
  const onProgress = (event: ProgressEvent) => {
    if (event.type === "note") output.write(`${event.message}\n`);
    if (event.type === "table-finished") output.write(`${finishedLine(event)}\n`);
  };
  return { onProgress, end: () => {} };
}

function liveProgress(output: NodeJS.WriteStream): ShownProgress {
  const current = { table: "", rows: 0, estimate: null as number | null, started: 0 };
  let drawn = 0;
  let total = 0;
  const clear = () => output.write("\r\x1b[2K");
  const draw = (line: string) => {
    const width = output.columns ?? 80;
    output.write(`\r\x1b[2K${line.length > width ? line.slice(0, width - 1) : line}`);
    drawn = performance.now();
  };
  const onProgress = (event: ProgressEvent) => {
    switch (event.type) {
      case "note":
        clear();
        output.write(`${styleText("dim", event.message)}\n`);
        break;
      case "table-started":
        Object.assign(current, { table: event.table, rows: 0, estimate: event.rowEstimate, started: performance.now() });
        draw(progressLine(current, total));
        break;
      case "rows":
        current.rows += event.rows;
        total += event.rows;
        if (performance.now() - drawn > REDRAW_MILLISECONDS) draw(progressLine(current, total));
        break;
      case "table-finished":
        clear();
        output.write(`${styleText("green", "✓")} ${finishedLine(event)}\n`);
        break;
      case "publishing":
        draw("publishing: constraints, sequences, commit …");
        break;
    }
  };
  return { onProgress, end: clear };
}

interface Current {
  readonly table: string;
  readonly rows: number;
  readonly estimate: number | null;
  readonly started: number;
}

/** `orders  ████████░░░░░░░░░░░░  40%  12,000 rows  90,000/s  0.2 s left  (31,000 in all)` */
function progressLine({ table, rows, estimate, started }: Current, total: number): string {
  const seconds = (performance.now() - started) / 1000;
  const speed = seconds > 0 ? rows / seconds : 0;
  const parts = [table.padEnd(20)];
  if (estimate !== null && estimate > 0) {
    const share = Math.min(rows / estimate, 1);
    const filled = Math.round(share * BAR_WIDTH);
    parts.push("█".repeat(filled) + "░".repeat(BAR_WIDTH - filled), `${Math.floor(share * 100)}%`.padStart(4));
  }
  parts.push(`${amount(rows)} rows`, `${amount(speed)}/s`);
  if (estimate !== null && speed > 0 && estimate > rows) parts.push(`${duration(((estimate - rows) / speed) * 1000)} left`);
  parts.push(`(${amount(total)} in all)`);
  return parts.join("  ");
}

function finishedLine({ table, rows, milliseconds }: Extract<ProgressEvent, { type: "table-finished" }>): string {
  const speed = milliseconds > 0 ? `  ${amount((rows / milliseconds) * 1000)}/s` : "";
  return `${table.padEnd(28)} ${amount(rows).padStart(12)} rows  ${duration(milliseconds).padStart(8)}${speed}`;
}
