import { deserialize, serialize } from "node:v8";
import type { RunMark, Shard, SystemName } from "../contracts.ts";
import { StandinError, type StandinErrorCode } from "../errors.ts";
import type { Seal } from "../keys/seal.ts";
import { type ErrorData, errorToData } from "../pipeline/shards/thread-messages.ts";
import type { SourceLimits } from "../source-limits.ts";

/**
 * What lies in the queue: names, fingerprints and counts. Where shards begin and end may be values of a key, and where files lie is nobody's business: that is
 * sealed with the masking key.
 */

/** The job that all jobs of a run hang on, in a queue of the run's own. The coordinator works on it when they are done: it publishes. */
export interface RunJobData {
  readonly mark: RunMark;
  /** A `SealedRun`. */
  readonly sealed: string;
  /** Set when nothing more is to be done for the run. */
  readonly isOver?: true;
}

export interface SealedRun {
  readonly system: SystemName;
  readonly elsewhere: unknown;
  /** Of all jobs together. */
  readonly limits: SourceLimits;
}

/** What the coordinator tells again and again, as the progress of the run's job. */
export interface RunBeat {
  readonly beat: number;
  /** How many jobs share the source's limits. */
  readonly shares: number;
  /** Numbers of jobs that are among them. */
  readonly counted: readonly number[];
}

/** The name of a run's job that is one of many. */
export const jobIdOf = (runId: string, number: number): string => `${runId}.${number}`;

export const numberOfJob = (jobId: string): number => Number(/\d+$/.exec(jobId)?.[0] ?? Number.NaN);

/** Some shards of one table, in order. */
export interface ShardsJobData {
  readonly runId: string;
  readonly runQueue: string;
  /** Position in the plan, for the coordinator. */
  readonly position: number;
  readonly table: string;
  readonly shards: readonly string[];
  /** Their ranges. */
  readonly sealed: string;
}

export interface ShardsJobProgress {
  readonly rows: number;
  readonly bytes: number;
  /** Why a worker gave the job back undone. */
  readonly refused?: string;
}

export interface ShardsJobResult {
  readonly position: number;
  readonly rows: number;
}

export const sealed = (seal: Seal, value: unknown): string => seal.close(serialize(value));

export function opened<Value>(seal: Seal, text: string): Value {
  return deserialize(seal.open(text)) as Value;
}

export function shardsOf(seal: Seal, { shards, sealed: text }: ShardsJobData): readonly Shard[] {
  const ranges = opened<readonly unknown[]>(seal, text);
  return shards.map((id, index) => ({ id, range: ranges[index] }));
}

/** An error as the text that BullMQ keeps: a sentence for people, and below it the rest for the coordinator. Of one that is not ours, its kind alone. */
export function failureText(error: unknown): string {
  const data = errorToData(error);
  return `${"code" in data ? data.message : `The worker failed (${data.name}).`}\n${JSON.stringify(data)}`;
}

export function failureOf(text: string): StandinError {
  const [message = "", json] = text.split("\n");
  const data = parsed(json);
  if (data !== null && "code" in data) return new StandinError(data.code, data.message, data.details);
  // A text of BullMQ's own: of a job that stood still too often.
  const told = data === null ? `A job failed in the queue: ${message.replace(/\.$/, "").slice(0, 100)}.` : message;
  return new StandinError("WORKER_FAILED", told, { hint: "See the workers' logs." });
}

function parsed(json: string | undefined): ErrorData | null {
  try {
    return json === undefined ? null : (JSON.parse(json) as ErrorData);
  } catch {
    return null;
  }
}

/** What may go better at another moment, or on another machine. */
const PASSING: readonly StandinErrorCode[] = ["CONNECTION_LOST", "PEER_SILENT", "SOURCE_UNREACHABLE", "TARGET_UNREACHABLE"];

export function isPassing(error: unknown): boolean {
  return error instanceof StandinError && PASSING.includes(error.code);
}
