import type { ColumnExpression, Table, UniqueKey } from "../../contracts.ts";

/** How one column takes part in a unique key. */
export interface KeyPart {
  readonly column: string;
  /** Compared without regard to case. */
  readonly isCaseless: boolean;
  /** Characters of the start that count, null for all of it. */
  readonly prefix: number | null;
  /** The expression that is compared in the column's place, null for the column itself. */
  readonly expression: string | null;
  /** Compared by another operator than equality. */
  readonly isOverlap: boolean;
}

/** The columns that a key compares, directly or in expressions and generated columns. */
export function keyPartsOf(table: Table, key: UniqueKey): readonly KeyPart[] {
  const plain = (key.columns.length > 0 ? key.columns : (key.plainColumns ?? [])).flatMap((name): KeyPart[] => {
    const computedBy = table.columns.find((column) => column.name === name)?.computedBy;
    if (computedBy) return partsOf(computedBy);
    const isOverlap = key.overlaps?.includes(name) ?? false;
    const isCaseless = key.ignoresCase?.includes(name) ?? false;
    return [{ column: name, isCaseless, prefix: key.prefixes?.[name] ?? null, expression: null, isOverlap }];
  });
  if (key.expressions === undefined) return plain;
  const isOverlap = key.overlaps !== undefined;
  return [...plain, ...partsOf(key.expressions).map((part) => ({ ...part, isOverlap }))];
}

/** `lower(email)` compares the column without its case; of any other expression nobody can tell from here. */
function partsOf({ text, columns }: ColumnExpression): KeyPart[] {
  const isCaseless = columns.length === 1 && /^\(*(?:lower|upper|lcase|ucase)\([^(,]*(?:\([^(,]*\)::\w+)?\)+$/i.test(text.trim());
  const expression = isCaseless ? null : text;
  return columns.map((column) => ({ column, isCaseless, prefix: null, expression, isOverlap: false }));
}
