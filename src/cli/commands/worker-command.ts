import type { WorkerEvent } from "../../bullmq/index.ts";
import { type QueueOptions, queueOf } from "../queue-options.ts";
import { type PolicyOptions, readOnePolicy } from "../read-policy.ts";
import { logLine } from "../show/log-line.ts";
import type { CliContext } from "../show/print-error.ts";
import { printJson } from "../show/print-json.ts";

export interface WorkerCommandOptions extends PolicyOptions, QueueOptions {
  readonly concurrency?: number | undefined;
}

/** `standin worker`: works on shards until a signal asks it to end, and then finishes those under work. */
export async function workerCommand(options: WorkerCommandOptions, signal: AbortSignal): Promise<void> {
  const queue = queueOf({ queue: true, ...options })!;
  const { policy } = await readOnePolicy(options);
  const { startWorker } = await import("../../bullmq/index.ts");
  const onEvent = tellOf(options);
  const worker = await startWorker(policy, { queue, concurrency: options.concurrency, signal, onEvent });
  const { jobs, rows } = await worker.ended;
  if (options.log === "json") logLine("info", "ended", { jobs, rows });
  else if (options.json) printJson("ended", { jobs, rows });
  else process.stderr.write(`Ended: ${jobs} jobs, ${rows} rows.\n`);
}

function tellOf({ log, json }: CliContext): (event: WorkerEvent) => void {
  if (log === "json") return ({ type, ...fields }) => logLine(type === "failed" ? "error" : "info", type, fields);
  if (json) return ({ type, ...fields }) => printJson(type, fields);
  return (event) => process.stderr.write(`${sentence(event)}\n`);
}

function sentence(event: WorkerEvent): string {
  switch (event.type) {
    case "listening":
      return `Listening to the queue ${event.queue}. SIGTERM ends it when its jobs are done.`;
    case "done":
      return `${event.table}: ${event.rows} rows in ${event.shards} shards`;
    case "failed":
      return `${event.table}: ${event.message}`;
    case "stopped":
      return `${event.table}: the run is over`;
  }
}
