import { readdir, stat, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { writeFailed } from "../file-bytes.ts";
import { publishRest } from "../publish-files.ts";
import { DROPPED_UNFINISHED } from "../unfinished-run.ts";
import { freshPath, type KeptShard, type RunState, readState, statePath, statesIn } from "./csv-stage-state.ts";

/** What a file is called until it gets its name. */
export const partialName = (final: string, runId: string): string => `${final}.partial-${runId}`;

export interface LeftRuns {
  /** The run that can be gone on with. */
  readonly left: RunState | null;
  /** Whether there was one that had but to give its files their names, and now has. */
  readonly isDone: boolean;
}

/** Looks for runs that have broken off in a folder. One that was killed while its files got their names is finished. */
export async function lookForRuns(folder: string): Promise<LeftRuns> {
  let left: RunState | null = null;
  let isDone = false;
  for (const runId of await statesIn(folder)) {
    const state = await readState(folder, runId);
    if (state === null) continue;
    if (!state.isPublishing) {
      left ??= state;
      continue;
    }
    await publishRest(
      state.tables.map(({ file }) => readyFile(folder, file, runId)),
      folder,
      runId,
    ).catch((error) => {
      throw writeFailed(folder, error);
    });
    await remove(statePath(folder, runId));
    isDone = true;
  }
  return { left, isDone };
}

/** Takes away what runs have left that have broken off. Resolves with notes. */
export async function dropRuns(folder: string): Promise<readonly string[]> {
  const { isDone } = await lookForRuns(folder);
  const runs = await statesIn(folder);
  for (const runId of runs) {
    const endings = [partialName("", runId), basename(freshPath(folder, runId))];
    const names = (await readdir(folder)).filter((name) => endings.some((ending) => name.endsWith(ending)));
    for (const name of names) await remove(join(folder, name));
    // The state last: it tells whose files these are.
    await remove(statePath(folder, runId));
  }
  return [
    ...(isDone ? ["gave the files of a run that was killed in its last step their names"] : []),
    ...(runs.length > 0 ? [DROPPED_UNFINISHED] : []),
  ];
}

/** The shards whose rows their files still hold, in the order of the files. */
export async function shardsOnDisk(folder: string, { mark, tables, shards }: RunState): Promise<readonly KeptShard[]> {
  const kept: KeptShard[] = [];
  for (const { table, file } of tables) {
    const { size } = await stat(readyFile(folder, file, mark.runId).partial).catch(() => ({ size: 0 }));
    const own = shards.filter((shard) => shard.table === table);
    const gone = own.findIndex(({ length }) => length > size);
    kept.push(...(gone < 0 ? own : own.slice(0, gone)));
  }
  return kept;
}

/** A name from a state stays in its folder, whatever it says. */
function readyFile(folder: string, file: string, runId: string) {
  const final = join(folder, basename(file));
  return { final, partial: partialName(final, runId) };
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch((error) => {
    if (error.code !== "ENOENT") throw writeFailed(path, error);
  });
}
