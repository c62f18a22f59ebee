/** How much there is to copy, null where nobody knows. */
export interface Estimates {
  readonly rowEstimate: number | null;
  /** Bytes to read, of sources that know them (files). */
  readonly byteEstimate: number | null;
}

/** What a run tells while it goes on. Names and counts only. */
export type ProgressEvent =
  | ({ readonly type: "planned"; readonly tables: number } & Estimates)
  | { readonly type: "note"; readonly message: string }
  | ({ readonly type: "table-started"; readonly table: string } & Estimates)
  /** The rows of one batch, and the bytes that they came in, 0 where they came in none. */
  | { readonly type: "rows"; readonly table: string; readonly rows: number; readonly bytes: number }
  | { readonly type: "table-finished"; readonly table: string; readonly rows: number; readonly milliseconds: number }
  | { readonly type: "publishing" }
  | { readonly type: "finished"; readonly rows: number; readonly milliseconds: number };

export type OnProgress = (event: ProgressEvent) => void;
