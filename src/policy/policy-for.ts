import type { Rule } from "../contracts.ts";
import type { Policy, TablePolicy } from "./define-policy.ts";

/** Tables and their columns as types: what `standin types` writes. */
export type SchemaShape = { readonly [table: string]: { readonly [column: string]: string } };

/** A name that holds `*` or stands between slashes: it may match columns that no type knows. */
type PatternName = `${string}*${string}` | `/${string}/` | `/${string}/i`;

/** `"skip"` and its like. */
type WholeTable = Exclude<Policy["tables"][string], TablePolicy>;

// Mapped types, as the bundler of the declarations drops a type that an index signature alone names.
type ColumnsOf<Columns> = { readonly [Column in keyof Columns]?: Rule } & { readonly [Pattern in PatternName]: Rule };

/** A policy that names the tables and columns of one schema and no others. */
export interface PolicyFor<Schema extends SchemaShape> extends Omit<Policy, "tables"> {
  readonly tables: { readonly [Table in keyof Schema]?: ColumnsOf<Schema[Table]> | WholeTable } & {
    readonly [Pattern in PatternName]: TablePolicy | WholeTable;
  };
}
