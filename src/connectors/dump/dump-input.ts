import { spawn } from "node:child_process";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isStandinError, StandinError } from "../../errors.ts";
import type { DumpFormat } from "../../formats/dump-format.ts";
import { peekBytes } from "../peek-bytes.ts";
import { type BytesFile, readFileBytes, refuseChanged } from "../read-file.ts";
import { isArchive, SNIFF_BYTES, sniffDump } from "./dump-formats.ts";
import { isTabFolder, tabInput } from "./tab-folder.ts";

/** A dump that lies in files. */
export interface DumpInput {
  readonly path: string;
  readonly format: DumpFormat;
  /** Whether it can be read from its middle on. */
  readonly canSeek: boolean;
  /** Bytes of the dump, null where they are known only once it is unpacked. */
  readonly size: number | null;
  /** The dump's text from byte `from` on, which is 0 where it cannot be sought. */
  bytes(signal: AbortSignal, from?: number): AsyncIterable<Uint8Array>;
}

/** Finds out what kind of dump lies at a path: plain, packed by gzip, or an archive of pg_dump, which pg_restore turns into a plain one. */
export async function openDump(path: string): Promise<DumpInput> {
  const found = await stat(path).catch((error: { code?: unknown }) => {
    throw unreadable(path, error.code === "ENOENT" ? "does not exist" : `cannot be read (${String(error.code)})`);
  });
  if (found.isDirectory()) {
    if (await isTabFolder(path)) return tabInput(path);
    if (!(await isArchiveFolder(path))) throw unreadable(path, "is a folder, and none of pg_dump's or mysqldump --tab's");
    return archiveInput(path);
  }
  if (!found.isFile()) throw unreadable(path, "is no file: dumps are read more than once");
  const start = await firstBytes(path);
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  if (isArchive(start)) return archiveInput(path);
  const file: BytesFile = { path, isGzip, size: found.size, modified: found.mtimeMs };
  const first = isGzip ? await firstUnpacked(file) : start;
  if (isGzip && isArchive(first))
    throw unreadable(path, "is an archive of pg_dump inside gzip: unpack it first, it is packed by itself");
  return {
    path,
    format: sniffDump(first, path),
    canSeek: !isGzip,
    size: isGzip ? null : found.size,
    bytes: (signal, from = 0) => readFileBytes(file, signal, { from, to: Number.POSITIVE_INFINITY }),
  };
}

/** Whether a folder is an archive of pg_dump's in the directory format. */
export function isArchiveFolder(path: string): Promise<boolean> {
  return stat(join(path, "toc.dat")).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function firstUnpacked(file: BytesFile): Promise<Uint8Array> {
  const [first, all] = await peekBytes(readFileBytes(file, new AbortController().signal), SNIFF_BYTES);
  await all[Symbol.asyncIterator]().return?.();
  return first;
}

async function archiveInput(path: string): Promise<DumpInput> {
  const { postgresDump } = await import("../../formats/postgres-dump/postgres-dump.ts");
  const files = await filesOf(path);
  async function* bytes(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (const file of files) await refuseChanged(file);
    yield* unpackArchive(path, signal);
    for (const file of files) await refuseChanged(file);
  }
  return { path, format: postgresDump, canSeek: false, size: null, bytes };
}

/** The files of an archive as they are now: itself, or all in its folder. */
async function filesOf(path: string): Promise<readonly BytesFile[]> {
  const { size, mtimeMs } = await stat(path);
  const names = await readdir(path).catch(() => null);
  if (names === null) return [{ path, isGzip: false, size, modified: mtimeMs }];
  return (await Promise.all(names.map((name) => filesOf(join(path, name))))).flat();
}

/** The text of an archive, by the installed pg_restore. Ends only when pg_restore said that it was the end. */
async function* unpackArchive(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { STANDIN_KEY: _key, ...env } = process.env;
  // A path that begins with a dash is no option of pg_restore's.
  const child = spawn("pg_restore", ["-f", "-", "--", path], { env: { ...env, LC_ALL: "C" }, stdio: ["ignore", "pipe", "pipe"] });
  const stop = () => child.kill("SIGKILL");
  signal.addEventListener("abort", stop);
  let complaint = "";
  child.stderr.on("data", (bytes: Buffer) => {
    complaint = (complaint + bytes).slice(0, 10_000);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", () => reject(missing()));
    child.on("close", resolve);
  });
  ended.catch(() => {});
  try {
    for await (const chunk of child.stdout) {
      signal.throwIfAborted();
      yield chunk as Uint8Array;
    }
    const status = await ended;
    signal.throwIfAborted();
    if (status !== 0) throw restoreFailed(path, status, complaint);
  } catch (error) {
    if (isStandinError(error) || signal.aborted) throw error;
    throw restoreFailed(path, null, complaint);
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

function missing(): StandinError {
  return new StandinError("DRIVER_MISSING", "pg_restore, which unpacks archives of pg_dump, is not installed.", {
    hint: "Install the PostgreSQL client programs, or dump in the plain format.",
  });
}

function restoreFailed(path: string, status: number | null, complaint: string): StandinError {
  const isNewer = complaint.includes("unsupported version");
  return new StandinError("SOURCE_FAILED", `pg_restore could not unpack ${path} (exit code ${status}).`, {
    file: path,
    hint: isNewer
      ? "The archive is of a newer pg_dump: install that version's client programs."
      : "Run pg_restore -f /dev/null on it to see why.",
  });
}

function unreadable(path: string, what: string): StandinError {
  return new StandinError("SOURCE_UNREACHABLE", `${path} ${what}.`, { file: path });
}
