import type { ProgressEvent } from "../../pipeline/progress.ts";
import { amount, duration } from "../../written-numbers.ts";
import { printJson } from "./print-json.ts";
import { ProgressMeter } from "./progress-meter.ts";
import type { ShownProgress } from "./show-progress.ts";

/** A log wants to see that a large table moves, not every batch of it. */
const PLAIN_MILLISECONDS = 5000;
const JSON_MILLISECONDS = 1000;
/** What a person reads who wonders why nothing moves. */
export const PAUSED = "paused: SIGUSR2 goes on";
/** The report or the error follows at once, and says more. */
const SAID_BY_THE_END: readonly ProgressEvent["type"][] = ["warning", "finished", "failed"];

/** A line for each table that is done, and one now and then within a large one. */
export function plainProgress(output: NodeJS.WritableStream): ShownProgress {
  const meter = new ProgressMeter();
  const isDue = every(PLAIN_MILLISECONDS);
  const onProgress = (event: ProgressEvent) => {
    meter.take(event);
    if (event.type === "note") output.write(`${event.message}\n`);
    if (event.type === "paused") output.write(`${PAUSED}\n`);
    if (event.type === "table-started") isDue.restart();
    if (event.type === "rows" && isDue.now()) output.write(`${underWayLine(meter)}\n`);
    if (event.type === "table-finished") output.write(`${finishedLine(event)}\n`);
  };
  return { onProgress, end: () => {} };
}

/** The events as they are, one a line; of the rows a sum, at the first batch of a table and then once a second. */
export function jsonProgress(output: NodeJS.WritableStream): ShownProgress {
  const meter = new ProgressMeter();
  const isDue = every(JSON_MILLISECONDS);
  const onProgress = (event: ProgressEvent) => {
    meter.take(event);
    if (event.type === "table-started") isDue.expire();
    if (event.type === "rows") {
      if (!isDue.now()) return;
      return printJson("rows", { table: event.table, ...roundedReading(meter) }, output);
    }
    if (!SAID_BY_THE_END.includes(event.type)) printJson(event.type, event, output);
  };
  return { onProgress, end: () => {} };
}

/** How far the table under way is, and how many rows all of them have so far. */
export function roundedReading(meter: ProgressMeter) {
  const { rows, expected, rowsPerSecond, millisecondsLeft } = meter.current();
  return {
    rows,
    rowEstimate: expected,
    rowsPerSecond: Math.round(rowsPerSecond),
    millisecondsLeft: millisecondsLeft && Math.round(millisecondsLeft),
    rowsInAll: meter.all().rows,
  };
}

/** `orders                           12,000 rows     4.2 s  90,000/s` */
export function finishedLine({ table, rows, milliseconds }: Extract<ProgressEvent, { type: "table-finished" }>): string {
  const speed = milliseconds > 0 && rows > 0 ? `  ${amount((rows / milliseconds) * 1000)}/s` : "";
  return `${table.padEnd(28)} ${amount(rows).padStart(12)} row${rows === 1 ? " " : "s"}  ${duration(milliseconds).padStart(8)}${speed}`;
}

function underWayLine(meter: ProgressMeter): string {
  const { rows, expected, rowsPerSecond, millisecondsLeft } = meter.current();
  const of = expected === null ? "" : ` of about ${amount(expected)}`;
  const left = millisecondsLeft === null ? "" : `, ${duration(millisecondsLeft)} left`;
  return `${meter.table}: ${amount(rows)}${of} row${(expected ?? rows) === 1 ? "" : "s"}, ${amount(rowsPerSecond)}/s${left}`;
}

export function every(milliseconds: number) {
  let last = Number.NEGATIVE_INFINITY;
  return {
    restart: () => {
      last = performance.now();
    },
    expire: () => {
      last = Number.NEGATIVE_INFINITY;
    },
    now: () => {
      const isDue = performance.now() - last >= milliseconds;
      if (isDue) last = performance.now();
      return isDue;
    },
  };
}
