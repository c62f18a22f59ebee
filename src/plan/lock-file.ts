import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { StandinError } from "../errors.ts";
import type { Lock, LockedTable } from "./lock.ts";
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
export async function requireLock(file: string): Promise<Lock> {
  const lock = await readLock(file);
  if (lock !== null) return lock;
  throw new StandinError("LOCK_MISSING", `There is no lock ${file}.`, {
    file,
    hint: "Write it with npx standin check --write, and commit it.",
  });
}

/** Reads a lock. Null where there is no such file; throws LOCK_INVALID for one that is not as `standin check --write` left it. */
export async function readLock(file: string): Promise<Lock | null> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new StandinError("LOCK_INVALID", `The lock ${file} cannot be read (${error.code}).`, { file });
  });
  if (text === null) return null;
  const lock = parsed(text);
  if (lock === null || !(await isWhole(lock).catch(() => false)))
    throw new StandinError("LOCK_INVALID", `${file} is not a lock, or was changed by hand or by a merge.`, {
      file,
      hint: "Take the committed one back, or write it anew: npx standin check --write.",
    });
  return lock;
}

function parsed(text: string): Lock | null {
  try {
    const lock = JSON.parse(text.replace(/^\uFEFF/, "")) as Partial<Lock> | null;
    const isOurs = lock?.version === 1 && Array.isArray(lock.tables) && Array.isArray(lock.notCopied) && Array.isArray(lock.left);
    return isOurs ? (lock as Lock) : null;
  } catch {
    return null;
  }
}

/** Writes a lock: one line a column, so that a diff shows what changed and nothing else. */
export async function writeLock(file: string, lock: Lock): Promise<void> {
  await writeFile(file, lockText(lock)).catch((error: NodeJS.ErrnoException) => {
    throw new StandinError("LOCK_INVALID", `The lock ${file} cannot be written (${error.code}).`, { file });
  });
}

/** A lock as its file holds it. */
export function lockText(lock: Lock): string {
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
