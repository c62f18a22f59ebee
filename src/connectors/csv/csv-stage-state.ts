import { constants } from "node:fs";
import { type FileHandle, open, readdir, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { RunMark, StagedShard } from "../../contracts.ts";
import { writeFailed } from "../file-bytes.ts";
import { syncFolder } from "../publish-files.ts";

/** A table as the state knows it. */
export interface StagedTable {
  readonly table: string;
  /** The name that its file is to get, in the folder. */
  readonly file: string;
  /** A fingerprint of how its file is written: dialect, packing, header. */
  readonly form: string;
}

/** A shard that is on the disk, and where its file ended then. */
export interface KeptShard extends StagedShard {
  readonly length: number;
}

export interface RunState {
  readonly mark: RunMark;
  readonly tables: readonly StagedTable[];
  readonly shards: readonly KeptShard[];
  /** Every shard is in, and the files are about to get their names: from here on the run is done, and whoever comes finishes it. */
  readonly isPublishing: boolean;
}

const NAME = /^\.standin-state-([\w-]+)\.jsonl(?:\.new)?$/;

export const statePath = (folder: string, runId: string): string => join(folder, `.standin-state-${runId}.jsonl`);

/** Where a state is written before it takes the place of the former one. */
export const freshPath = (folder: string, runId: string): string => `${statePath(folder, runId)}.new`;

/** The runs that have left a state in a folder, which may not exist. */
export async function statesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return [...new Set(names.flatMap((name) => NAME.exec(name)?.[1] ?? []))];
}

/** What a state says, null where its beginning cannot be read. What stands behind a line that cannot be read was not finished. */
export async function readState(folder: string, runId: string): Promise<RunState | null> {
  const text = await readFile(statePath(folder, runId), "utf8").catch(() => "");
  const [head, ...lines] = text.split("\n").slice(0, -1).map(parse);
  if (!isHead(head) || head.mark.runId !== runId) return null;
  const end = lines.findIndex((line) => !isShard(line));
  const shards = (end < 0 ? lines : lines.slice(0, end)) as unknown as KeptShard[];
  return { ...head, shards, isPublishing: end >= 0 && isPublishing(lines[end]) };
}

/**
 * The file that tells what a run has staged: its mark and tables, then a line for each shard. A line counts once it is whole and on the disk, so a kill between two
 * bytes leaves what was there before; to write all shards anew for each would take longer the more there are. Names, counts and checksums: no cell value.
 */
export class StateFile {
  readonly #path: string;
  readonly #fresh: string;
  readonly #folder: string;
  #handle: FileHandle | null = null;
  #length = 0;

  constructor(folder: string, runId: string) {
    this.#folder = folder;
    this.#path = statePath(folder, runId);
    this.#fresh = freshPath(folder, runId);
  }

  /** Replaces what the file says, at one moment. */
  async rewrite({ mark, tables, shards }: Omit<RunState, "isPublishing">): Promise<void> {
    await this.close();
    const bytes = Buffer.from([{ mark, tables }, ...shards].map((line) => `${JSON.stringify(line)}\n`).join(""));
    await this.#doing(async () => {
      await unlink(this.#fresh).catch(() => {});
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
      this.#handle = await open(this.#fresh, flags, 0o600);
      await this.#handle.writeFile(bytes);
      await this.#handle.sync();
      await rename(this.#fresh, this.#path);
      await syncFolder(this.#folder);
    });
    this.#length = bytes.length;
  }

  add(shard: KeptShard): Promise<void> {
    return this.#append(shard);
  }

  /** Says that the run is done. Gives what takes the word back. */
  async publish(): Promise<() => Promise<void>> {
    const before = this.#length;
    await this.#append(PUBLISHING);
    return async () => {
      await this.#cut(before);
      await this.#handle?.sync();
    };
  }

  async close(): Promise<void> {
    await this.#handle?.close().catch(() => {});
    this.#handle = null;
  }

  async remove(): Promise<void> {
    await this.close();
    await this.#doing(() => unlink(this.#path));
  }

  async #append(line: object): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    try {
      await this.#doing(async () => {
        await this.#handle!.write(bytes, 0, bytes.length, this.#length);
        await this.#handle!.datasync();
      });
    } catch (error) {
      await this.#cut(this.#length).catch(() => {});
      throw error;
    }
    this.#length += bytes.length;
  }

  async #cut(length: number): Promise<void> {
    await this.#handle?.truncate(length);
    this.#length = length;
  }

  async #doing(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      throw writeFailed(this.#path, error);
    }
  }
}

const PUBLISHING = { publishing: true };

type Line = Readonly<Record<string, unknown>>;

function parse(line: string): Line {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}

const hasTexts = (line: Line, ...names: string[]) => names.every((name) => typeof line[name] === "string");
const hasCounts = (line: Line, ...names: string[]) => names.every((name) => Number.isSafeInteger(line[name]));

function isHead(line: Line | undefined): line is Line & Pick<RunState, "mark" | "tables"> {
  const mark = Object(line?.mark) as Line;
  return (
    hasTexts(mark, "runId", "version", "planFingerprint") &&
    hasCounts(mark, "shardBytes") &&
    Array.isArray(line?.tables) &&
    line.tables.every((table) => hasTexts(Object(table), "table", "file", "form"))
  );
}

const isShard = (line: Line) => hasTexts(line, "table", "shard", "checksum") && hasCounts(line, "rows", "length");
const isPublishing = (line: Line | undefined) => line?.publishing === true;
