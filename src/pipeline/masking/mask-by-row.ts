import type { ColumnValues, MaskColumn, MaskedValues } from "../../contracts.ts";

/** A mask for the rows where the columns at these positions hold these texts. */
export interface MaskBranch {
  readonly conditions: readonly { readonly index: number; readonly text: string }[];
  /** Null for rows that are kept. */
  readonly mask: MaskColumn | null;
}

/**
 * Masks each row by the first branch that holds for it: a column that points to one table in some rows and to another in others. `rest` is for all other
 * rows; without one they are unsupported values, so that none goes as it came.
 */
export function maskByRow(branches: readonly MaskBranch[], rest: MaskBranch | null): MaskColumn {
  return async (values, batch) => {
    const conditions = branches.map((branch) =>
      branch.conditions.map(({ index, text }) => ({ text, originals: batch.column(index) })),
    );
    const branchOf = (row: number): MaskBranch | null => {
      const found = conditions.findIndex((all) => all.every(({ originals, text }) => originals[row] === text));
      return found < 0 ? rest : branches[found]!;
    };
    const chosen = values.map((_, row) => branchOf(row));
    const masked: (string | null | undefined)[] = new Array(values.length).fill(undefined);
    for (const branch of [...branches, ...(rest === null ? [] : [rest])]) {
      if (!chosen.includes(branch)) continue;
      const own: ColumnValues = values.map((value, row) => (chosen[row] === branch ? value : null));
      const part: MaskedValues = branch.mask === null ? own : await branch.mask(own, batch);
      for (let row = 0; row < masked.length; row++) if (chosen[row] === branch) masked[row] = part[row];
    }
    return masked;
  };
}
