import type { Column, Table } from "../contracts.ts";
import type { DataClass } from "./class-names.ts";

/** Says what a column holds: the answer to a policy's `when`. It looks at names and types, or up what was decided before; never at a row. */
export interface ClassSource {
  /** Null where the column is of no class, or the source is not sure: such a column needs a rule of its own. */
  classOf(table: Table, column: Column): DataClass | null;
}
