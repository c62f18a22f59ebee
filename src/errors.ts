/**
 * Every way in which standin refuses or fails. Callers match `error.code`; the list only grows within a major version.
 *
 * The first group is found before any row moves, the second while rows move, the third in what was copied.
 */
export type StandinErrorCode =
  // Refused before the first row.
  | "KEY_REQUIRED"
  | "KEY_INVALID"
  | "POLICY_NOT_FOUND"
  | "POLICY_INVALID"
  | "OPTION_INVALID"
  | "ENVIRONMENT_UNKNOWN"
  | "SECRET_IN_POLICY"
  | "RULE_UNMATCHED"
  | "RULE_AMBIGUOUS"
  | "KEEP_WIDE"
  | "CLASSES_UNAVAILABLE"
  | "PRESET_ADVICE"
  | "PLAN_REFUSED"
  | "TABLE_UNKNOWN"
  | "TABLE_UNSELECTED"
  | "COLUMN_UNKNOWN"
  | "COLUMN_UNCOVERED"
  | "REVIEW_NEEDED"
  | "COLUMN_GENERATED"
  | "KIND_UNSUPPORTED"
  | "NOT_NULLABLE"
  | "LENGTH_EXCEEDED"
  | "UNIQUENESS_LOST"
  | "CHECK_VIOLATED"
  | "DOMAIN_SMALL"
  | "FREQUENCY_SHOWN"
  | "PROTECTION_MISSING"
  | "TOO_FEW_ROWS"
  | "REFERENCE_CONFLICT"
  | "REFERENCE_UNSELECTED"
  | "REFERENCE_STRANDED"
  | "TARGET_MISMATCH"
  | "TARGET_TABLE_MISSING"
  | "SOURCE_IS_TARGET"
  | "SYSTEMS_UNSUPPORTED"
  | "LOCATION_INVALID"
  | "FILE_EXISTS"
  | "ORIGINALS_EXPOSED"
  | "REVEAL_REFUSED"
  | "AUDIT_FAILED"
  | "DRIVER_MISSING"
  | "SOURCE_UNREACHABLE"
  | "TARGET_UNREACHABLE"
  | "QUEUE_UNREACHABLE"
  | "PRIVILEGE_MISSING"
  | "SNAPSHOT_MISSING"
  | "LOCK_MISMATCH"
  | "LOCK_MISSING"
  | "LOCK_INVALID"
  | "MARK_MISSING"
  | "IN_PLACE_UNSUPPORTED"
  | "UNFINISHED"
  | "RESUME_REFUSED"
  | "INCREMENT_REFUSED"
  // Failed during the run.
  | "SOURCE_FAILED"
  | "SINK_FAILED"
  | "SINK_REJECTED"
  | "CONNECTION_LOST"
  | "PEER_SILENT"
  | "FORMAT_INVALID"
  | "DUMP_INVALID"
  | "VALUE_UNSUPPORTED"
  | "TRANSFORM_FAILED"
  | "REFERENCE_BROKEN"
  | "COUNT_MISMATCH"
  | "TOO_MANY_DELETED"
  | "VERIFICATION_FAILED"
  | "WORKER_FAILED"
  | "PUBLISHED_IN_PART"
  | "ABORTED"
  // Found in a copy by a verification.
  | "LEAK_FOUND"
  | "FIDELITY_LOST"
  | "ANONYMITY_LOW";

/** Where an error or a finding points to. Names and ordinals only: never a cell value. */
export interface Place {
  /** Which of the policy's databases, where it has several. */
  readonly database?: string | undefined;
  /** The table, as a policy names it. */
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  /** The row's ordinal in its table as it was read, from 1. */
  readonly row?: number | undefined;
  /** A file's path as the caller gave it. */
  readonly file?: string | undefined;
  /** Bytes from the start of the (uncompressed) file, from 0. */
  readonly offset?: number | undefined;
  /** The line of the file, from 1: where a policy says it. */
  readonly line?: number | undefined;
  /** Where in that line, from 1. (`column` is the table's.) */
  readonly columnNumber?: number | undefined;
}

/** One thing that is wrong, or worth knowing, about a policy or a plan. */
export interface Finding extends Place {
  readonly code: StandinErrorCode;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** The next step, in the imperative. */
  readonly hint?: string | undefined;
}

export interface StandinErrorDetails extends Place {
  /** The next step, in the imperative. */
  readonly hint?: string | undefined;
  /** Everything that was wrong, where several things were. */
  readonly findings?: readonly Finding[] | undefined;
}

/**
 * The one error that standin throws. Its message says what happened and where, its `hint` what to do.
 *
 * Holds no cell value, neither of the source nor masked, and no driver error as `cause`: drivers quote rows.
 */
export class StandinError extends Error {
  readonly code: StandinErrorCode;
  readonly hint: string | undefined;
  readonly database: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly row: number | undefined;
  readonly file: string | undefined;
  readonly offset: number | undefined;
  readonly line: number | undefined;
  readonly columnNumber: number | undefined;
  readonly findings: readonly Finding[];
  /** "before" the first row moved (nothing was written), or "during" the run (the target was put back). */
  phase: "before" | "during" = "before";
  /** Whether what is done is kept in the target, so that the run can be gone on with. */
  isResumable = false;
  /** Whether the copy is published all the same: what failed came behind it, and the message tells what. */
  isPublished = false;
  /** Of several databases, those that were published before another failed. */
  published: readonly string[] = [];

  constructor(code: StandinErrorCode, message: string, details: StandinErrorDetails = {}) {
    super(message);
    this.name = "StandinError";
    this.code = code;
    this.hint = details.hint;
    this.database = details.database;
    this.table = details.table;
    this.column = details.column;
    this.row = details.row;
    this.file = details.file;
    this.offset = details.offset;
    this.line = details.line;
    this.columnNumber = details.columnNumber;
    this.findings = details.findings ?? [];
  }
}

/** True for an error that standin made itself, so whose text is known to hold no value. */
export function isStandinError(error: unknown): error is StandinError {
  return error instanceof StandinError;
}
