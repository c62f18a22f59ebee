/** What a run tells while it goes on. Names and counts only. */
export type ProgressEvent =
  | { readonly type: "planned"; readonly tables: number; readonly rowEstimate: number | null }
  | { readonly type: "note"; readonly message: string }
  | { readonly type: "table-started"; readonly table: string; readonly rowEstimate: number | null }
  | { readonly type: "rows"; readonly table: string; readonly rows: number }
  | { readonly type: "table-finished"; readonly table: string; readonly rows: number; readonly milliseconds: number }
  | { readonly type: "publishing" }
  | { readonly type: "finished"; readonly rows: number; readonly milliseconds: number };

export type OnProgress = (event: ProgressEvent) => void;
