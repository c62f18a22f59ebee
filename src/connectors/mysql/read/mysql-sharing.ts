import type { TableToWrite, Unshared } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import type { SourceLimits } from "../../../source-limits.ts";
import { aborted } from "../../database-errors.ts";
import { failureOf } from "../../failure-of.ts";
import { MysqlFailure } from "../mysql-errors.ts";
import { renewSnapshot } from "../mysql-session.ts";
import type { MysqlEnd, MysqlOptions } from "../write/mysql-end.ts";
import { holdTables } from "./hold-tables.ts";
import { mysqlReader, type ReaderParts } from "./mysql-reader.ts";
import { SnapshotWindow } from "./snapshot-window.ts";

/** Whose snapshot is to be shared, and with how many. */
export interface Sharing {
  readonly end: MysqlEnd;
  readonly options: MysqlOptions;
  readonly limits: SourceLimits;
  readonly tables: readonly TableToWrite[];
  readonly readers: number;
  readonly signal: AbortSignal;
}

/** What readers join by, and the moment in which they may. */
export interface Shared {
  readonly parts: ReaderParts;
  readonly window: SnapshotWindow;
}

const DENIED = [1044, 1142, 1143, 1227];
const LOCK_WAIT = 1205;

/** Has the source's session begin anew in a window, which stays open for its readers. Where there can be none, the session stays in the snapshot that it has. */
export async function shareSnapshot(sharing: Sharing): Promise<Shared | Unshared> {
  const { options, limits, readers, signal } = sharing;
  const { connections = Number.POSITIVE_INFINITY, statementSeconds } = limits;
  if (connections < readers + 2) {
    const needed = `${readers} readers need ${readers + 2} sessions on the source while they begin`;
    return { unshared: `${needed}, and sourceLimits → connections allows ${connections}.` };
  }
  if (await isCluster(sharing.end)) {
    return {
      unshared:
        "The source is a node of a Galera cluster, where a lock on its tables does not hold off the other nodes' writers.",
    };
  }
  const window = new SnapshotWindow(options);
  const { url, silenceSeconds } = options;
  const parts = { url, silenceSeconds, statementSeconds, windowName: window.name };
  try {
    const failure = await failureOf(signal, async () => {
      await window.open(signal);
      await tryToJoin(parts, readers, signal);
    });
    const unshared =
      failure === null ? await shut(sharing, window) : `${readers} readers cannot join the source: ${failure.message}`;
    if (unshared === null) return { parts, window };
    await window.close();
    return { unshared };
  } catch (error) {
    await window.close();
    throw error;
  }
}

/**
 * Keeps writers off the tables, and has the source's session begin anew. That has held the tables until then, and the lock holds them from then on, so no table is
 * another than the one that was planned for. Returns why the tables cannot be locked.
 */
async function shut({ end, tables, signal }: Sharing, window: SnapshotWindow): Promise<string | null> {
  await end.doing("holding its tables", () => hold(end, tables));
  try {
    await window.shut(tables);
  } catch (error) {
    if (signal.aborted) throw aborted();
    if (error instanceof MysqlFailure) return whyNotLocked(error);
    throw error;
  }
  await end.doing("beginning the snapshot", async () => {
    await renewSnapshot(end.client);
    await hold(end, tables);
  });
  return null;
}

async function hold({ client }: MysqlEnd, tables: readonly TableToWrite[]): Promise<void> {
  const findings = await holdTables(client, tables);
  const [first] = findings;
  if (first !== undefined) throw new StandinError(first.code, first.message, { table: first.table, hint: first.hint, findings });
}

function whyNotLocked({ errno }: MysqlFailure): string {
  if (DENIED.includes(errno))
    return "The source's user lacks LOCK TABLES on the source's database, and so its readers cannot begin at one moment.";
  if (errno === LOCK_WAIT)
    return "The source's tables were written to without a pause, and so its readers could not begin at one moment.";
  return `The source's server does not lock its tables (error ${errno}), and so its readers cannot begin at one moment.`;
}

/** MariaDB tells of no cluster as of one that is not connected. */
async function isCluster(end: MysqlEnd): Promise<boolean> {
  const rows = await end.doing("asking for its cluster", () => end.client.query("SHOW GLOBAL STATUS LIKE 'wsrep_connected'"));
  return rows.some(([, value]) => value === "ON");
}

/** Shows that there is room for so many sessions, and that the URL leads them all to one server. */
async function tryToJoin(parts: ReaderParts, readers: number, signal: AbortSignal): Promise<void> {
  const trials = Array.from({ length: readers }, () => mysqlReader(parts));
  const results = await Promise.allSettled(trials.map((trial) => trial.open(signal)));
  await Promise.all(trials.map((trial) => trial.close()));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
