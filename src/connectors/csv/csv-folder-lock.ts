import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, link, readFile, rename, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isStandinError } from "../../errors.ts";
import { anotherRun } from "../database-errors.ts";
import { writeFailed } from "../file-bytes.ts";

/** Whoever holds a folder says so again this often, for those on other machines. */
const BEAT_MILLISECONDS = 15_000;
/** One of another machine who has been silent for so long is gone. */
const SILENT_MILLISECONDS = 120_000;

/** Held by the one run that keeps its shards in a folder. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of the one run that keeps its shards in a folder: a file that names the process. Throws SINK_FAILED where another run has it. Node knows no lock
 * that ends with its process, so a file of a process that is gone is taken away: a run that was killed keeps nobody out.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, ".standin-lock");
  const own = `${path}-${randomBytes(6).toString("hex")}`;
  const holder = JSON.stringify({ pid: process.pid, host: hostname(), started: await startOf(process.pid), file: own });
  try {
    await writeFile(own, holder, { flag: "wx", mode: 0o600 });
    for (;;) {
      if (await takeName(own, path)) break;
      const held = await readFile(path, "utf8").catch(() => null);
      if (held === null) continue;
      if (await isAlive(held, path, own)) throw anotherRun();
      if (!(await takeAway(path, held, own))) throw anotherRun();
    }
  } catch (error) {
    throw isStandinError(error) ? error : writeFailed(folder, error);
  } finally {
    await unlink(own).catch(() => {});
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, BEAT_MILLISECONDS).unref();
  return {
    async release() {
      clearInterval(beat);
      if ((await readFile(path, "utf8").catch(() => null)) === holder) await unlink(path).catch(() => {});
    },
  };
}

/** Gives the file its second name, which one alone can get. Where a file system knows no second names, the name gets a copy. */
async function takeName(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path).catch((error) => {
      if (error.code === "EEXIST") throw error;
      return copyFile(own, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === "EEXIST") return false;
    throw error;
  }
}

/** Takes away the file of one who is gone, where it is still that file: another run may have been faster. */
async function takeAway(path: string, held: string, own: string): Promise<boolean> {
  const dead = `${own}-dead`;
  await rename(path, dead).catch(() => {});
  const taken = await readFile(dead, "utf8").catch(() => null);
  if (taken !== null && taken !== held) await takeName(dead, path);
  await unlink(dead).catch(() => {});
  return taken === null || taken === held;
}

async function isAlive(held: string, path: string, own: string): Promise<boolean> {
  const { pid, host, started } = parse(held);
  if (typeof pid === "number" && host === hostname()) return isRunning(pid) && (await startOf(pid)) === started;
  const [theirs, ours] = await Promise.all([path, own].map((file) => stat(file).catch(() => null)));
  // By the file system's clock for both.
  return theirs != null && ours != null && ours.mtimeMs - theirs.mtimeMs < SILENT_MILLISECONDS;
}

function parse(held: string): { readonly pid?: unknown; readonly host?: unknown; readonly started?: unknown } {
  try {
    return Object(JSON.parse(held));
  } catch {
    return {};
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // There is one, of another user.
    return (error as { code?: unknown }).code === "EPERM";
  }
}

/** When a process began, where the system tells: a number of its own that another process has now is no longer that process. */
async function startOf(pid: number): Promise<string | null> {
  const told = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  // Behind the command's name, which may hold anything, the twentieth field.
  return told?.slice(told.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}
