import type { SharedSnapshot, Unshared } from "../../../contracts.ts";
import type { StandinError } from "../../../errors.ts";
import type { SourceLimits } from "../../../source-limits.ts";
import { failureOf } from "../../failure-of.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import { beginSnapshot } from "../postgres-session.ts";
import { crowdedLocks } from "../write/lock-room.ts";
import { PostgresEnd, type PostgresOptions } from "../write/postgres-end.ts";
import { postgresReader, type ReaderParts, readInstant } from "./postgres-reader.ts";

/** Whose snapshot is to be shared, and with how many. */
export interface Sharing {
  readonly end: PostgresEnd;
  readonly options: PostgresOptions;
  readonly limits: SourceLimits;
  readonly tables: readonly CatalogTable[];
  readonly readers: number;
  readonly signal: AbortSignal;
}

/** Exports the snapshot of the source's transaction, once as many sessions as there will be readers have shown that they can join it. */
export async function shareSnapshot(sharing: Sharing): Promise<SharedSnapshot | Unshared> {
  const { end, options, limits, tables, readers, signal } = sharing;
  const { url, silenceSeconds } = options;
  if (url === undefined) return { unshared: "The source reads by a session that the caller made, and nobody else can join it." };
  const { connections = Number.POSITIVE_INFINITY, statementSeconds } = limits;
  if (connections < 1 + readers) {
    const needed = `${readers} readers need ${1 + readers} sessions on the source`;
    return { unshared: `${needed}, and sourceLimits → connections allows ${connections}.` };
  }
  if (await end.doing("asking for its process", () => end.isPooled())) {
    return { unshared: "A connection pooler stands before the source, and its sessions are not the run's own." };
  }
  const crowded = await end.doing("asking for its locks", () => crowdedLocks(end.client, tables, readers));
  if (crowded !== null) return { unshared: crowded };
  const refusal = await tryToExport(options, signal);
  if (refusal !== null) return { unshared: `The source's snapshot cannot be shared: ${refusal}` };
  const parts = await end.doing("exporting its snapshot", async (): Promise<ReaderParts> => {
    const [[exportedId]] = (await end.client.query("SELECT pg_catalog.pg_export_snapshot()")) as [[string]];
    const instant = await readInstant(end.client);
    const locked = tables.map(({ table, isPartitioned }) => ({ ref: table.ref, isPartitioned }));
    return { url, silenceSeconds, statementSeconds, exportedId, instant, tables: locked };
  });
  const failure = await tryToJoin(parts, readers, signal);
  if (failure === null) {
    const { exportedId, instant, tables } = parts;
    return { system: "postgres", reader: parts, elsewhere: { exportedId, instant, tables } };
  }
  return { unshared: `${readers} readers cannot join the source's snapshot: ${failure.message}` };
}

/** Why a snapshot cannot be exported: tried by another session, as the refusal would end the source's transaction. */
async function tryToExport(options: PostgresOptions, signal: AbortSignal): Promise<string | null> {
  const trial = new PostgresEnd("source", options);
  const failure = await failureOf(signal, async () => {
    await trial.open(signal);
    await trial.doing("exporting a snapshot", async () => {
      await beginSnapshot(trial.client);
      await trial.client.query("SELECT pg_catalog.pg_export_snapshot()");
    });
  }).finally(() => trial.close());
  return failure?.message ?? null;
}

/** Why not all of the readers can join: no room for so many sessions, or a URL that leads to more than one server. */
async function tryToJoin(parts: ReaderParts, readers: number, signal: AbortSignal): Promise<StandinError | null> {
  const trials = Array.from({ length: readers }, () => postgresReader(parts));
  try {
    const failures = await Promise.all(trials.map((trial) => failureOf(signal, () => trial.open(signal))));
    return failures.find((failure) => failure !== null) ?? null;
  } finally {
    await Promise.all(trials.map((trial) => trial.close()));
  }
}
