import type { ProgressEvent } from "../../pipeline/progress.ts";
import { amount, counted, duration } from "../../written-numbers.ts";
import { paintFor } from "./paint.ts";
import { finishedLine, PAUSED } from "./plain-progress.ts";
import { ProgressMeter, type Reading } from "./progress-meter.ts";
import type { ShownProgress } from "./show-progress.ts";

const BAR_WIDTH = 20;
const WIDEST_NAME = 20;
const NARROWEST_NAME = 12;
/** A redraw costs more than a batch; more than ten a second nobody sees. */
const REDRAW_MILLISECONDS = 100;

/**
 * Two live lines, of the table under way and of the whole run; a table that is done leaves a line above them.
 *
 * ```
 * ✓ customers                          400,000 rows     2.1 s  186,133/s
 *   orders                ████████░░░░░░░░░░░░  40%  160,000 rows  90,000/s  2.6 s left
 *   total (2/2)           ██████████████░░░░░░  70%  560,000 rows  210,000/s  1.1 s left
 * ```
 */
export function liveProgress(output: NodeJS.WriteStream): ShownProgress {
  const meter = new ProgressMeter();
  const paint = paintFor(output);
  let drawnLines = 0;
  let drawnAt = 0;
  const clear = () => {
    if (drawnLines > 0) output.write(`\r${drawnLines > 1 ? `\x1b[${drawnLines - 1}A` : ""}\x1b[0J`);
    drawnLines = 0;
  };
  const draw = (lines: readonly string[]) => {
    clear();
    // A line that wraps would be two when it is taken away.
    output.write(lines.map((line) => fitted(line, widthOf(output))).join("\n"));
    drawnLines = lines.length;
    drawnAt = performance.now();
  };
  const drawMeter = () => {
    const lines: (readonly [name: string, progress: string])[] = [[meter.table, progressText(meter.current())]];
    if (meter.tables > 1) lines.push([`total (${meter.position}/${meter.tables})`, progressText(meter.all())]);
    // In a narrow terminal the names give way, not the numbers.
    const room = widthOf(output) - 4 - Math.max(...lines.map(([, progress]) => progress.length));
    const width = Math.max(NARROWEST_NAME, Math.min(WIDEST_NAME, room));
    draw(lines.map(([name, progress]) => `  ${fitted(name, width).padEnd(width)}  ${progress}`));
  };
  const onProgress = (event: ProgressEvent) => {
    meter.take(event);
    switch (event.type) {
      case "planned":
        // Locks of others may be waited for here.
        draw(["  preparing the target …"]);
        break;
      case "note":
        clear();
        output.write(`${paint("dim", event.message)}\n`);
        break;
      case "paused":
        draw([`  ${PAUSED}`]);
        break;
      case "table-started":
      case "resumed":
        drawMeter();
        break;
      case "rows":
        if (performance.now() - drawnAt > REDRAW_MILLISECONDS) drawMeter();
        break;
      case "table-finished":
        clear();
        output.write(`${paint("green", "✓")} ${finishedLine(event)}\n`);
        break;
      case "verifying":
        draw([`  looking through the copy: ${event.table} …`]);
        break;
      case "publishing":
        draw(["  publishing: constraints, sequences, commit …"]);
        break;
    }
  };
  return { onProgress, end: clear };
}

function progressText({ rows, expected, rowsPerSecond, millisecondsLeft }: Reading): string {
  const parts = [];
  if (expected !== null && expected > 0) {
    const share = Math.min(rows / expected, 1);
    const filled = Math.round(share * BAR_WIDTH);
    parts.push(`${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${`${Math.floor(share * 100)}%`.padStart(4)}`);
  }
  parts.push(counted(rows, "row"));
  if (rowsPerSecond > 0) parts.push(`${amount(rowsPerSecond)}/s`);
  if (millisecondsLeft !== null) parts.push(`${duration(millisecondsLeft)} left`);
  return parts.join("  ");
}

/** A pipe that says it is a terminal may not know its width. */
function widthOf({ columns }: NodeJS.WriteStream): number {
  return columns !== undefined && columns > 0 ? columns : 80;
}

function fitted(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
