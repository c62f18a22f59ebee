/** What comes along over one relation: all of its rows, none, or some. */
export type SubsetRelation =
  | "all"
  | "none"
  | {
      /** Most rows that one row brings over this relation. Which ones is drawn by the key. @default no bound */
      readonly max?: number | undefined;
      /** Only rows that meet this: `created_at > '2026-01-01'`. @default every row */
      readonly where?: string | undefined;
    };

/** A key of a row, as the source writes it: `42`, or by column where the key has several: `{ order_id: 7, line: 2 }`. */
export type SubsetKey = string | number | bigint | { readonly [column: string]: string | number | bigint };

/** Which rows of a table are chosen, and what they bring. */
export interface SubsetTable {
  /** Share of the rows in percent, above 0 and up to 100: drawn by the key, so that a larger share holds every smaller one. @default no draw */
  readonly percent?: number | undefined;
  /** So many rows at most, of those that the rest allows: drawn by the key. @default no bound */
  readonly rows?: number | undefined;
  /** Rows that meet a condition: `country = 'DE' and created_at > '2026-01-01'`. @default every row */
  readonly where?: string | undefined;
  /** Rows by their keys, whatever else is said: a list, or the path of a file with one key on each line. @default none */
  readonly keep?: readonly SubsetKey[] | string | undefined;
  /** The column or columns that rows are drawn and kept by: rows that are equal in them share one fate. @default the primary key */
  readonly by?: string | readonly string[] | undefined;
  /**
   * What the chosen rows bring of the tables that point to them, by relation: a table's name, `orders.customer_id`, or the name of a foreign key.
   * @default all of them, but for those of the same table
   */
  readonly children?: "all" | "none" | { readonly [relation: string]: SubsetRelation } | undefined;
}

/** Copies a part of the source whose references all hold, by table. `"all"` copies a table whole and brings none of its children. */
export type SubsetPolicy = { readonly [table: string]: SubsetTable | "all" };
