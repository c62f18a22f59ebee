import type { ColumnKind } from "../src/contracts.ts";

export interface LabelledColumn {
  readonly table: string;
  readonly name: string;
  readonly kind?: ColumnKind;
  readonly beside?: readonly string[];
  readonly label: string | null;
  readonly values: readonly (string | null)[];
}
export const LABELLED_COLUMNS: readonly LabelledColumn[] = [];
