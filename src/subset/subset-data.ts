import { createHash } from "node:crypto";
import type { SelectionGraph } from "../contracts.ts";
import { tableName } from "../table-ref.ts";

/**
 * What a policy says of a subset, as a lock and a fingerprint hold it: tables and relations in the order of their names. Keys of keep lists are values, so they stand here
 * by a checksum.
 */
export function subsetData({ tables, edges }: SelectionGraph): readonly (readonly [of: string, words: object])[] {
  const ofTables = tables.flatMap(({ table, seed, isAll, part }): [string, object][] => {
    const name = tableName(table.ref);
    if (isAll) return [[name, { all: true }]];
    if (seed === null) return [[name, { part }]];
    const { where, percent, rows, keep, by } = seed;
    const ofKeep = keep.length === 0 ? null : checksum(keep);
    return [[name, { where: plain(where), percent, rows, keep: ofKeep, by: by.map((column) => column.name) }]];
  });
  const ofEdges = edges.map(({ name, from, to, children: { come, where, max, by } }): [string, object] => {
    const ends = `${tableName(tables[from]!.table.ref)} → ${tableName(tables[to]!.table.ref)} ${name}`;
    return [ends, { come, where: plain(where), max, by: by.map((column) => column.name) }];
  });
  return [...ofTables, ...ofEdges].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
}

/** Whether rows are drawn, so that a key is needed to say which. */
export function drawsRows({ tables, edges }: SelectionGraph): boolean {
  const isDrawn = tables.some(({ seed }) => seed !== null && (seed.rows !== null || (seed.percent ?? 100) < 100));
  return isDrawn || edges.some(({ children }) => children.max !== null);
}

/** A tree of a condition may hold numbers that JSON does not know. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, part) => (typeof part === "bigint" ? String(part) : part)));
}

function checksum(keys: readonly (readonly string[])[]): string {
  const lines = keys.map((key) => JSON.stringify(key)).sort();
  return `sha256:${createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 16)}`;
}
