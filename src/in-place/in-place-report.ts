import type { SystemName } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import type { TableReport } from "../pipeline/report.ts";
import type { Remainder } from "./what-stays.ts";

/** What a run in place did, and what it could not do. Holds names, counts and fingerprints: no cell value. */
export interface InPlaceReport {
  readonly system: SystemName;
  /** Tables with masked columns. Rows that an earlier part of the run masked count too. */
  readonly tables: readonly TableReport[];
  readonly rows: number;
  readonly milliseconds: number;
  readonly keyFingerprint: string | null;
  readonly planFingerprint: string;
  readonly warnings: readonly Finding[];
  /** Whether `cleaning` was run. */
  readonly isCleaned: boolean;
  /** Statements that take former values out of tables' files and the planner's statistics. */
  readonly cleaning: readonly string[];
  /** Where former values stay all the same, and what to do about it. */
  readonly stays: readonly Remainder[];
}
