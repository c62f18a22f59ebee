import type { SystemName } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import type { Anonymity } from "./anonymity.ts";
import type { ColumnShape, Drift } from "./column-profile.ts";
import type { Shapes } from "./number-sample.ts";

/** Values of a masked column of the source that were found in a column of the copy. */
export interface Leak {
  readonly table: string;
  readonly column: string;
  /** The column of the source whose values they are, `customers.email`. */
  readonly of: string;
  readonly cells: number;
  /** Share of the column's cells that are not NULL. */
  readonly share: number;
  /** Ordinals of some of the rows as they were read, from 1. */
  readonly rows: readonly number[];
  /** So few in a column that is masked itself that a stand-in may have met a real value. */
  readonly mayBeChance: boolean;
}

/** One column before and after. */
export interface ColumnFidelity {
  readonly column: string;
  readonly transform: string;
  /** Whether equal values became equal ones: who compares cells sees which are equal, and how often the most frequent comes. */
  readonly isDeterministic: boolean;
  /** Share of the copy's different values that are real ones, of the source's column, in whatever rows. */
  readonly realShare: number;
  /** Share of the masked cells that hold the value that they had. Null for a column that is kept, and where source and copy cannot be matched row by row: behind the run. */
  readonly unchangedShare: number | null;
  readonly source: ColumnShape;
  readonly target: ColumnShape;
  /** Null for columns that hold neither numbers nor dates. */
  readonly drift: Drift | null;
  /** Distributions before and after: of numbers and dates, else of lengths. Null where there is nothing. */
  readonly shapes: Shapes | null;
}

/** A copied table before and after. */
export interface TableVerification {
  readonly table: string;
  readonly sourceRows: number;
  readonly targetRows: number;
  readonly columns: readonly ColumnFidelity[];
  /** Null where the policy names no quasi-identifiers of the table. */
  readonly anonymity: Anonymity | null;
}

/** What was looked at, to know what a result without findings is worth. */
export interface VerificationScope {
  /** Different texts of masked columns that were looked for. */
  readonly watched: number;
  /** One of so many was looked for: 1 is all of them. */
  readonly every: number;
  /** Cells of the copy that were searched, also of kept columns and tables that were not copied. */
  readonly cells: number;
  readonly keys: number;
  readonly references: number;
}

/** Evidence about a copy. Names, counts and shares: no cell value. */
export interface Verification {
  /** "several" where the policy has several databases; names of tables then begin with theirs. */
  readonly source: SystemName | "several";
  readonly target: SystemName | "several";
  readonly tables: readonly TableVerification[];
  readonly leaks: readonly Leak[];
  readonly scope: VerificationScope;
  /** What is wrong (errors) and what is worth a look (warnings). */
  readonly findings: readonly Finding[];
  /** Tells what was done to each column, as the report of a run does. */
  readonly planFingerprint: string;
  readonly milliseconds: number;
}
