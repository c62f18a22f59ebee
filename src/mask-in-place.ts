import { connectStanding } from "./connect.ts";
import { StandinError } from "./errors.ts";
import { markDatabase, unmarkDatabase } from "./in-place/database-mark.ts";
import type { InPlaceReport } from "./in-place/in-place-report.ts";
import { maskStanding } from "./in-place/mask-standing.ts";
import { type KeyProvider, resolveMaskingKey } from "./keys/masking-key.ts";
import type { OnProgress } from "./pipeline/progress.ts";
import type { Lock } from "./plan/locks/lock.ts";
import type { LockOfDatabases } from "./plan/locks/lock-of-databases.ts";
import { parseOne } from "./policy/databases-of.ts";
import type { Policy } from "./policy/define-policy.ts";
import { classesFor, lockFor, lockFrom } from "./refresh.ts";
import { untilAborted } from "./until-aborted.ts";

/** What `maskInPlace` goes by. */
export interface MaskInPlaceOptions {
  /** The secret, as for `refresh`. @default the environment variable that the policy's `keyVariable` names, else STANDIN_KEY */
  readonly key?: KeyProvider | undefined;
  /** Stops the run. What is masked stays masked; `resume` goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each event of the run, in order. */
  readonly onProgress?: OnProgress | undefined;
  /** Which of the policy's environments to take. @default what the policy says outside of them */
  readonly environment?: string | undefined;
  /** Which of the policy's databases, where it has several. */
  readonly database?: string | undefined;
  /** What `standin check --write` wrote, or its file, as for `refresh`. @default nothing is compared */
  readonly lock?: Lock | LockOfDatabases | string | undefined;
  /** Goes on with a run that was cut off. @default false: such a database is refused */
  readonly resume?: boolean | undefined;
  /** Also takes former values out of the tables' files and the planner's statistics: VACUUM FULL or OPTIMIZE, and ANALYZE. @default false */
  readonly clean?: boolean | undefined;
  /** Most rows of a batch. @default as many as make some megabytes */
  readonly batchRows?: number | undefined;
}

/**
 * Masks the policy's target where it stands: for those who restore a backup first. The source is not used.
 *
 * Refuses a database that `markNonProduction` did not mark. Not all or nothing: a run that fails leaves rows masked and rows not; run it again with `resume`. Former values
 * stay in logs, backups and free space, as the report's `stays` lists.
 */
export async function maskInPlace(policy: Policy, options: MaskInPlaceOptions = {}): Promise<InPlaceReport> {
  const { signal = new AbortController().signal, onProgress = () => {}, resume = false, clean = false, batchRows } = options;
  const checked = parseOne(policy, options);
  if (typeof checked.target === "object") throw noUrl();
  refuseSource(checked);
  const given = await lockFrom(options.lock);
  const lock = given && lockFor(given, options.database);
  const key = await untilAborted(resolveMaskingKey(options.key, process.env, checked.keyVariable), signal);
  const classes = await classesFor(checked);
  return maskStanding(await connectStanding(checked.target), checked, {
    key,
    signal,
    onProgress,
    lock,
    classes,
    resume,
    clean,
    batchRows,
  });
}

/**
 * Marks a database as none of production, in the database itself: `maskInPlace` overwrites no other. The mark counts for this one database of this one server: not for a
 * copy, and not for a database that takes its place.
 */
export async function markNonProduction(url: string, signal: AbortSignal = new AbortController().signal): Promise<void> {
  const database = await connectStanding(url);
  try {
    await database.open(signal);
    await database.lockOut();
    await markDatabase(database);
  } finally {
    await database.close();
  }
}

/** Takes the mark away. Resolves with statements that put back keys which a run that was cut off had taken off; mostly none. */
export async function unmarkNonProduction(
  url: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly string[]> {
  const database = await connectStanding(url);
  try {
    await database.open(signal);
    await database.lockOut();
    return await unmarkDatabase(database);
  } finally {
    await database.close();
  }
}

/** What a policy copies from is production: a mark on it was a mistake, or the variables are exchanged. */
function refuseSource({ source, target }: Policy): void {
  if (typeof source !== "string" || typeof target !== "string" || placeOf(source) !== placeOf(target)) return;
  throw new StandinError("SOURCE_IS_TARGET", "The database to be masked in place is the one that the policy copies from.", {
    hint: "Set target to the restored backup. Is the mark on production? npx standin mark --remove <url>.",
  });
}

/** Server and database of a URL, whoever connects and however. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, hostname, port, pathname } = new URL(url);
  const isPostgres = protocol.startsWith("postgres");
  return [isPostgres ? "postgres" : "mysql", hostname, port || (isPostgres ? "5432" : "3306"), pathname].join(" ");
}

function noUrl(): StandinError {
  return new StandinError("LOCATION_INVALID", "A database is masked in place by its URL, and the policy's target is a sink.", {
    hint: "Set target to postgres://… or mysql://….",
  });
}
