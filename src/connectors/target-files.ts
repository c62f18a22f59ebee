import { lstat, mkdir, realpath } from "node:fs/promises";
import type { TableToWrite } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import { tableName } from "../table-ref.ts";
import { writeFailed } from "./file-bytes.ts";

/** The file that a table is to be. */
export interface TargetFile {
  readonly toWrite: TableToWrite;
  readonly final: string;
  /** The file that its rows come from, null where they come from elsewhere. */
  readonly source: string | null;
}

/** Makes the folder, once it is known that no file in it stands in the way of these. */
export async function prepareFolder(folder: string, targets: readonly TargetFile[]): Promise<void> {
  for (const target of targets) await refuseOwnSource(target);
  refuseSharedNames(targets);
  for (const target of targets) await refuseFolder(target);
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw writeFailed(folder, error);
  });
}

/** A table's name as a file's name that cannot leave the folder. */
export function fileName(name: string, isGzip: boolean): string {
  const harmless = name.replace(/[/\\\0]/g, "_").replace(/^\.+/, "_");
  const isPacked = /\.gz$/i.test(harmless);
  if (isGzip === isPacked) return harmless;
  return isGzip ? `${harmless}.gz` : harmless.replace(/\.gz$/i, "");
}

/** Files of several folders can be the source: the target's folder may be one of them, under another name too. */
async function refuseOwnSource({ toWrite: { table }, final, source }: TargetFile): Promise<void> {
  if (source === null) return;
  const [from, to] = await Promise.all([source, final].map((path) => realpath(path).catch(() => null)));
  if (from === null || from !== to) return;
  throw new StandinError("SOURCE_IS_TARGET", `${source} would be overwritten: it is in the target's folder.`, {
    table: tableName(table.ref),
    file: source,
    hint: "Point the target to another folder.",
  });
}

/** A folder of a file's name would be moved out of the way with everything in it. */
async function refuseFolder({ toWrite: { table }, final }: TargetFile): Promise<void> {
  const found = await lstat(final).catch(() => null);
  if (found === null || !found.isDirectory()) return;
  throw new StandinError("TARGET_UNREACHABLE", `${final} is a folder, where a file is to be written.`, {
    table: tableName(table.ref),
    file: final,
    hint: "Move it elsewhere, or point the target to another folder.",
  });
}

/** Names that differ in what no file's name can hold would be one file; on some systems, so would names that differ in case. */
function refuseSharedNames(targets: readonly TargetFile[]): void {
  const files = new Map<string, string>();
  for (const { toWrite, final } of targets) {
    const name = tableName(toWrite.table.ref);
    const other = files.get(final.toLowerCase());
    if (other !== undefined) {
      throw new StandinError("LOCATION_INVALID", `The tables ${other} and ${name} would both be the file ${final}.`, {
        table: name,
        hint: "Copy one of them to another folder.",
      });
    }
    files.set(final.toLowerCase(), name);
  }
}
