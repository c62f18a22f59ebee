import type { SystemName } from "../contracts.ts";
import type { Finding, StandinError } from "../errors.ts";
import type { Verification } from "../verify/verification.ts";

/** How much there is to copy, null where nobody knows. */
export interface Estimates {
  readonly rowEstimate: number | null;
  /** Bytes to read, of sources that know them (files). */
  readonly byteEstimate: number | null;
}

/** What a run tells while it goes on. Names and counts only. */
export type ProgressEvent =
  /** The first event, of a name for the run that no other has. */
  | { readonly type: "started"; readonly runId: string }
  | ({
      readonly type: "planned";
      readonly source: SystemName | "several";
      readonly target: SystemName | "several";
      readonly tables: number;
    } & Estimates)
  | { readonly type: "warning"; readonly finding: Finding }
  | { readonly type: "note"; readonly message: string }
  | ({ readonly type: "table-started"; readonly table: string } & Estimates)
  /** The rows of one batch, and the bytes that they came in, 0 where they came in none. */
  | { readonly type: "rows"; readonly table: string; readonly rows: number; readonly bytes: number }
  | { readonly type: "table-finished"; readonly table: string; readonly rows: number; readonly milliseconds: number }
  /** Nothing is read, until `resumed`. */
  | { readonly type: "paused" }
  | { readonly type: "resumed"; readonly milliseconds: number }
  /** A table of the copy is looked through, before it is published. */
  | { readonly type: "verifying"; readonly table: string }
  /** What was found there, also where the copy is not published for it. */
  | { readonly type: "verified"; readonly verification: Verification; readonly database?: string }
  | { readonly type: "publishing" }
  /** The last event: one of these two. What a listener throws at it changes nothing any more. */
  | { readonly type: "finished"; readonly rows: number; readonly milliseconds: number }
  | { readonly type: "failed"; readonly error: StandinError; readonly milliseconds: number };

/** Called with each event of a run, in order. What it throws stops the run. */
export type OnProgress = (event: ProgressEvent) => void;
