import { createHash } from "node:crypto";
import type { SelectionGraph } from "../contracts.ts";
import { tableName } from "../table-ref.ts";

/** Words of a policy about the rows of a table, or about what comes along over a reference. */
export type SubsetWords = readonly [of: string, words: Readonly<Record<string, unknown>>];

/**
 * What a policy says of a subset, as a lock and a fingerprint hold it: what is not said of a table or a reference is left out. Keys of keep lists are values, so they stand
 * here by a checksum.
 */
export function subsetData({ tables, edges }: SelectionGraph): readonly SubsetWords[] {
  const ofTables = tables.flatMap(({ table, seed, isAll }): SubsetWords[] => {
    const name = tableName(table.ref);
    if (isAll) return [[name, { all: true }]];
    if (seed === null) return [];
    const { where, percent, rows, keep, by } = seed;
    const kept = keep.length === 0 ? null : checksum(keep);
    return [[name, said({ where, percent, rows, keep: kept, by: by.map((column) => column.name) })]];
  });
  const ofEdges = edges.flatMap(({ name, from, to, children: { come, where, max, by } }): SubsetWords[] => {
    const isUnsaid = come === (from !== to) && where === null && max === null;
    const ends = `${tableName(tables[from]!.table.ref)} → ${tableName(tables[to]!.table.ref)}, ${name}`;
    return isUnsaid ? [] : [[ends, said({ come, where, max, by: by.map((column) => column.name) })]];
  });
  return [...ofTables, ...ofEdges].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
}

/** Whether rows are drawn, so that a key is needed to say which. */
export function drawsRows({ tables, edges }: SelectionGraph): boolean {
  const isDrawn = tables.some(({ seed }) => seed !== null && (seed.rows !== null || (seed.percent ?? 100) < 100));
  return isDrawn || edges.some(({ children }) => children.max !== null);
}

/** Without what is not said; the tree of a condition may hold numbers that JSON does not know. */
function said(words: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const given = Object.entries(words).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0));
  return JSON.parse(JSON.stringify(Object.fromEntries(given), (_, part) => (typeof part === "bigint" ? String(part) : part)));
}

function checksum(keys: readonly (readonly string[])[]): string {
  const lines = keys.map((key) => JSON.stringify(key)).sort();
  return `sha256:${createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 16)}`;
}
