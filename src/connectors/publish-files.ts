import { link, lstat, open, rename, unlink } from "node:fs/promises";

/** A file that is whole, and the name that it is to get. */
export interface ReadyFile {
  readonly partial: string;
  readonly final: string;
}

/**
 * Gives the files their names, all of them or none: former ones keep a second name until the last is in its place, and what fails half way is turned
 * back. Each name holds the old file or the new one at any moment, also for who looks after a kill.
 */
export async function publishFiles(files: readonly ReadyFile[], folder: string, run: string): Promise<void> {
  const done: { readonly from: string; readonly to: string }[] = [];
  const aside: string[] = [];
  try {
    for (const { partial, final } of files) {
      if (await exists(final)) {
        const former = formerName(final, run);
        await nameTwice(final, former);
        done.push({ from: final, to: former });
        aside.push(former);
      }
      await rename(partial, final);
      done.push({ from: partial, to: final });
    }
    await syncFolder(folder);
  } catch (error) {
    for (const { from, to } of done.reverse()) await rename(to, from).catch(() => {});
    throw error;
  }
  for (const former of aside) await unlink(former).catch(() => {});
}

/** Goes on with files of which some have got their names before a kill. */
export async function publishRest(files: readonly ReadyFile[], folder: string, run: string): Promise<void> {
  const rest: ReadyFile[] = [];
  for (const file of files) if (await exists(file.partial)) rest.push(file);
  await publishFiles(rest, folder, run);
  for (const { final } of files) await unlink(formerName(final, run)).catch(() => {});
}

const formerName = (final: string, run: string): string => `${final}.former-${run}`;

/** Where a file system knows no second names, the file moves. */
async function nameTwice(path: string, other: string): Promise<void> {
  await link(path, other).catch(() => rename(path, other));
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Makes the renames last through a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
