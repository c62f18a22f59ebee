import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { StandinError } from "../../errors.ts";
import type { Lock, LockedTable } from "./lock.ts";
import { isOfDatabases, type LockOfDatabases, lockOfOne } from "./lock-of-databases.ts";
import { isWhole } from "./lock-plan.ts";

/**
 * Where the lock of a policy is: `standin.policy.ts` has `standin.lock.json` beside it, `shop.policy.yaml` has `shop.lock.json`, and each environment one of
 * its own, `standin.test.lock.json`.
 */
export function lockFileOf(policyFile: string, environment?: string): string {
  const name = basename(policyFile, extname(policyFile)).replace(/\.policy$/, "");
  return join(dirname(policyFile), `${name}${environment === undefined ? "" : `.${environment}`}.lock.json`);
}

/** Reads a lock that must be there. Throws LOCK_MISSING. */
export async function requireLock(file: string): Promise<Lock | LockOfDatabases> {
  const lock = await readAnyLock(file);
  if (lock !== null) return lock;
  throw new StandinError("LOCK_MISSING", `There is no lock ${file}.`, {
    file,
    hint: "Write it with npx standin check --write, and commit it.",
  });
}

/**
 * Reads the lock of a policy with one source. Null where there is no such file; throws LOCK_INVALID for one that is not as `standin check --write` left it, and
 * LOCK_MISMATCH for one of several databases.
 */
export async function readLock(file: string): Promise<Lock | null> {
  const lock = await readAnyLock(file);
  return lock === null ? null : lockOfOne(lock);
}

/** Reads a lock, of one source or of several databases. Null where there is no such file; throws LOCK_INVALID. */
export async function readAnyLock(file: string): Promise<Lock | LockOfDatabases | null> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new StandinError("LOCK_INVALID", `The lock ${file} cannot be read (${error.code}).`, { file });
  });
  if (text === null) return null;
  const lock = parsed(text);
  if (lock === null || !(await areWhole(lock).catch(() => false)))
    throw new StandinError("LOCK_INVALID", `${file} is not a lock, or was changed by hand or by a merge.`, {
      file,
      hint: "Take the committed one back, or write it anew: npx standin check --write.",
    });
  return lock;
}

function parsed(text: string): Lock | LockOfDatabases | null {
  try {
    const lock = JSON.parse(text.replace(/^\uFEFF/, "")) as (Partial<Lock> & Partial<LockOfDatabases>) | null;
    if (lock?.version !== 1) return null;
    const { databases } = lock;
    const locks = databases === undefined ? [lock] : Object.values(databases);
    return locks.every(isLock) ? (lock as Lock | LockOfDatabases) : null;
  } catch {
    return null;
  }
}

const isLock = ({ version, tables, notCopied, left }: Partial<Lock>): boolean =>
  version === 1 && Array.isArray(tables) && Array.isArray(notCopied) && Array.isArray(left);

async function areWhole(lock: Lock | LockOfDatabases): Promise<boolean> {
  for (const one of isOfDatabases(lock) ? Object.values(lock.databases) : [lock]) if (!(await isWhole(one))) return false;
  return true;
}

/** Writes a lock: one line a column, so that a diff shows what changed and nothing else. */
export async function writeLock(file: string, lock: Lock | LockOfDatabases): Promise<void> {
  await writeFile(file, lockText(lock)).catch((error: NodeJS.ErrnoException) => {
    throw new StandinError("LOCK_INVALID", `The lock ${file} cannot be written (${error.code}).`, { file });
  });
}

/** A lock as its file holds it. */
export function lockText(lock: Lock | LockOfDatabases): string {
  if (isOfDatabases(lock)) {
    const parts = Object.entries(lock.databases).map(
      ([name, one]) => `    ${JSON.stringify(name)}: ${lockText(one).trimEnd().replaceAll("\n", "\n    ")}`,
    );
    return `{\n  "version": 1,\n  "databases": {\n${parts.join(",\n")}\n  }\n}\n`;
  }
  const { tables, ...head } = lock;
  const lines = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${oneLine(value)},`);
  return ["{", ...lines, `  "tables": ${list(tables.map(tableText), "  ")}`, "}", ""].join("\n");
}

function tableText({ table, columns, keys, references, checks }: LockedTable): string {
  const lines = [
    `"table": ${JSON.stringify(table)}`,
    ...Object.entries({ columns, keys, references, checks }).map(
      ([name, items]) => `"${name}": ${list(items.map(oneLine), "      ")}`,
    ),
  ];
  return `{\n${lines.map((line) => `      ${line}`).join(",\n")}\n    }`;
}

function list(items: readonly string[], indent: string): string {
  return items.length === 0 ? "[]" : `[\n${items.map((item) => `${indent}  ${item}`).join(",\n")}\n${indent}]`;
}

/** JSON on one line, with the spaces that make it readable. */
function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null || value instanceof Date) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${oneLine(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
