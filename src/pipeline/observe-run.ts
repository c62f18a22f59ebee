import { randomUUID } from "node:crypto";
import { tracingChannel } from "node:diagnostics_channel";
import { isStandinError, StandinError } from "../errors.ts";
import type { OnProgress, ProgressEvent } from "./progress.ts";
import type { Report } from "./report.ts";
import { publishEvents } from "./run-channels.ts";
import { openTelemetry, type Telemetry } from "./telemetry.ts";

export interface Observers {
  /** What it throws stops the run, but for the last event. */
  readonly onProgress?: OnProgress | undefined;
  readonly telemetry?: Telemetry | true | undefined;
}

/** The context that subscribers of `tracing:standin:run:…` get, by the conventions of `TracingChannel`: `result` and `error` are added at the end. */
export interface RunTrace {
  readonly runId: string;
  readonly result?: Report;
  readonly error?: unknown;
}

const TRACE = tracingChannel("standin:run");

/** Runs with everybody told who wants to be: the caller, the channels of `node:diagnostics_channel`, OpenTelemetry. */
export async function observeRun(
  { onProgress = () => {}, telemetry }: Observers,
  run: (onProgress: OnProgress, runId: string) => Promise<Report>,
): Promise<Report> {
  const runId = randomUUID();
  const started = performance.now();
  const publish = publishEvents(runId);
  const measured = telemetry === undefined ? null : await openTelemetry(telemetry, runId);
  const tell = (event: ProgressEvent) => {
    publish(event);
    if (measured !== null) quietly(() => measured.take(event));
    if (event.type === "failed") quietly(() => onProgress(event));
    else onProgress(event);
  };
  const told = async () => {
    try {
      tell({ type: "started", runId });
      return await run(tell, runId);
    } catch (error) {
      tell({ type: "failed", error: asStandinError(error), milliseconds: Math.round(performance.now() - started) });
      throw error;
    }
  };
  const trace: RunTrace = { runId };
  const traced = () => TRACE.tracePromise(told, trace);
  return measured === null ? traced() : measured.within(traced);
}

/** Who looks on cannot make a run fail, and at its end nobody can. */
function quietly(tell: () => void): void {
  try {
    tell();
  } catch {}
}

/** Whatever is not ours may quote a value: it is told by its kind. */
function asStandinError(error: unknown): StandinError {
  if (isStandinError(error)) return error;
  return new StandinError("SOURCE_FAILED", `The run failed (${error instanceof Error ? error.name : typeof error}).`);
}
