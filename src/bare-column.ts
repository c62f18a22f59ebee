import type { Column, ColumnKind } from "./data-schema.ts";

/** A column of which no more is known than what it holds: values that may be missing, without a bound. */
export function bareColumn(name: string, kind: ColumnKind, given: Partial<Column> = {}): Column {
  return {
    name,
    type: kind,
    kind,
    nullable: true,
    maxLength: null,
    isPadded: false,
    range: null,
    labels: null,
    isGenerated: false,
    hasDefault: false,
    ...given,
  };
}
