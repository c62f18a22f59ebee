import { tokensOf } from "../../conditions/condition-tokens.ts";
import type { ColumnExpression } from "../../contracts.ts";
import type { LockedExpression } from "./lock.ts";

/**
 * Keeps an SQL expression as the columns that it reads and a checksum of the rest: what stands in quotes there may be somebody's data. Columns enter the checksum by
 * their place among those read, so one that is renamed makes no other expression.
 */
export function lockExpression({ text, columns }: ColumnExpression, checksum: (text: string) => string): LockedExpression {
  const tokens = tokensOf(text)?.map(({ kind, text }) => {
    const place = kind === "name" || kind === "word" ? columns.indexOf(text) : -1;
    return place < 0 ? [kind, text] : ["column", place];
  });
  return { reads: columns, text: checksum(JSON.stringify(tokens ?? text)) };
}
