import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { SubsetKey } from "../subset-policy.ts";
import type { Report } from "./parse-rule.ts";
import type { PolicyNode } from "./policy-node.ts";

/** Reads a keep list, which is written out or stands in a file. No message quotes one of its keys. */
export function parseKeep(node: PolicyNode | undefined, section: string, report: Report): readonly SubsetKey[] | undefined {
  if (node === undefined) return undefined;
  if (typeof node.value === "string") return keysOfFile(node.value, node, section, report);
  const items = node.items();
  if (items === null || items.length === 0) {
    report(`${section} is a list of keys, or the path of a file with one on each line.`, node.place);
    return undefined;
  }
  for (const item of items) if (!isKey(item.value)) report(`${section} holds something that is no key.`, item.place, HOW);
  return items.flatMap(({ value }) => (isKey(value) ? [value] : []));
}

const HOW = "Write a number or a text; for a key of several columns { order_id: 7, line: 2 }.";

/** A path in data is meant from the file that says it; in code from the working directory. */
function keysOfFile(path: string, { place, isData }: PolicyNode, section: string, report: Report): readonly string[] | undefined {
  const folder = isData && place.file !== undefined ? dirname(place.file) : process.cwd();
  let text: string;
  try {
    text = readFileSync(resolve(folder, path), "utf8");
  } catch {
    report(`${section}: the file ${path} cannot be read.`, place, "A path is relative to the policy that says it.");
    return undefined;
  }
  const keys = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line !== "");
  if (keys.length === 0) report(`${section}: the file ${path} holds no key.`, place);
  return keys;
}

function isKey(value: unknown): value is SubsetKey {
  if (isPart(value)) return true;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const parts = Object.values(value);
  return parts.length > 0 && parts.every(isPart);
}

/** A number beyond those that a double tells apart is another one already. */
function isPart(value: unknown): value is string | number | bigint {
  if (typeof value === "number") return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return typeof value === "string" || typeof value === "bigint";
}
