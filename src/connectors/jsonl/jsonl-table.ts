import { bareColumn } from "../../bare-column.ts";
import type { ColumnKind, Table } from "../../contracts.ts";
import { dottedRef } from "../dotted-ref.ts";
import type { TableInput } from "../table-input.ts";
import type { SeenKeys } from "./jsonl-look.ts";
import type { JsonlReadOptions } from "./jsonl-options.ts";

/** What a sink needs to know of a source of JSON Lines to write its files the way they came. */
export interface JsonlTable extends Table {
  readonly jsonl: {
    /** Where the file is, null for bytes of a caller's. */
    readonly path: string | null;
    readonly isGzip: boolean;
  };
}

export function isJsonlTable(table: Table): table is JsonlTable {
  return "jsonl" in table;
}

/** `named` are the columns that a policy names, which no line may have shown. */
export function jsonlTable(
  { table, path, isGzip, size }: Omit<TableInput, "open">,
  seen: SeenKeys,
  options: JsonlReadOptions,
  named: readonly string[] = [],
): JsonlTable {
  const types = options.types?.[table] ?? {};
  const more = [...new Set([...(options.columns?.[table] ?? []), ...named])].filter((name) => !seen.has(name));
  const kinds = [...seen, ...more.map((name): [string, ColumnKind] => [name, "text"])];
  return {
    ref: dottedRef(table),
    columns: kinds.map(([name, kind]) => bareColumn(name, Object.hasOwn(types, name) ? types[name]! : kind, { type: "jsonl" })),
    uniqueKeys: [],
    foreignKeys: [],
    rowEstimate: null,
    // What is read of a packed file is more than it has.
    byteEstimate: isGzip ? null : size,
    jsonl: { path, isGzip },
  };
}
