import type { Advice } from "./advice.ts";

/** Codes of a run that failed on its way, with the target as it was, and of what a verification found. */
export const RUN = {
  SOURCE_FAILED: {
    cause:
      "The source's server refused a statement or cancelled it, a file was changed while it was read, or readers could not share one snapshot.",
    remedy:
      "The message has the server's code. Give the URL of one server, not of several behind a balancer; raise `statementSeconds` if a limit ended it.",
  },
  SINK_FAILED: {
    cause: "The target's server refused a statement, a table was changed meanwhile, or another run writes to the same target.",
    remedy: "Keep migrations and other writers out until the run is over, and run again.",
  },
  SINK_REJECTED: {
    cause: "The target's server refused a row: a constraint, a length, a packet that is too large.",
    remedy:
      "The message names table, column, constraint and the row's ordinal, never the value. See which rule writes the column, and what the target allows.",
  },
  CONNECTION_LOST: {
    cause: "The connection to the source or target ended: a restart, an administrator, a network, a limit of time.",
    remedy: "See the server's log for who ended it, and run again. For runs of hours: `--resumable`, then `--resume`.",
  },
  PEER_SILENT: {
    cause: "A server sent nothing, or took nothing, for 60 seconds though rows were due.",
    remedy:
      "Look for a lock on the table, an overloaded server or a dead network path. `silenceSeconds` of a connector waits longer.",
  },
  FORMAT_INVALID: {
    cause:
      "A file or stream is not what its format says: a quote that is not closed, a row with too many cells, bytes of another encoding.",
    remedy:
      "The message has row and offset. Check delimiter, quote and encoding (`csvSource({ dialect })`), and whether the export was complete.",
  },
  DUMP_INVALID: {
    cause:
      "A dump holds something that its format does not allow, or that must not be in one (a command of the client, a statement out of place), or it ends too early.",
    remedy: "The message has line and byte. Dump anew with the client's own program and without its interactive options.",
  },
  VALUE_UNSUPPORTED: {
    cause: "A mask cannot handle a value, and the policy says nothing else for such values. Letting it through is not possible.",
    remedy:
      "Look at the row whose ordinal is told, at the source. Then `onUnsupported: redact` or `nullify` on the rule, or a mask that takes such values.",
  },
  TRANSFORM_FAILED: {
    cause: "A function, plug-in or service of yours threw, timed out or gave something that is no value.",
    remedy: "Its message is not shown, as it may quote a value: call it with a text of your own.",
  },
  REFERENCE_BROKEN: {
    cause: "Rows point to rows that are not in the copy: the source breaks its own reference, or a row came between.",
    remedy: "Mend the source's rows, or copy the table that is missing. `npx standin verify` counts them.",
  },
  COUNT_MISMATCH: {
    cause: "More or fewer rows arrived than were sent, or a mask gave another number of rows than it got.",
    remedy: "Look for a trigger, a rule or another writer on the target's table, and run again.",
  },
  TOO_MANY_DELETED: {
    cause:
      "An incremental run with `deletes: compare` would take out more of a table than `maxDeletedPercent` allows: the source may be another one, or empty.",
    remedy: "See whether the source is the right one. If so, raise `maxDeletedPercent`, or run the whole once.",
  },
  VERIFICATION_FAILED: {
    cause: "`run --verify` found in the finished copy what should not be there, and published nothing.",
    remedy:
      "The findings follow, by their own codes (`LEAK_FOUND`, `FIDELITY_LOST`, `ANONYMITY_LOW`). Mend the policy; running again changes nothing.",
  },
  WORKER_FAILED: {
    cause:
      "A worker thread or process ended before its work was done, mostly for want of memory; or the workers of a queue gave their jobs back, and the message says why.",
    remedy:
      "Run with fewer `--workers`, or give the machine more memory. Of a queue: give every worker the coordinator's policy, key and version.",
  },
  PUBLISHED_IN_PART: {
    cause: "Of several databases some were published before another failed. The message names which.",
    remedy: "Mend what stopped it and run again: a run makes all of them anew, under the same mapping.",
  },
  ABORTED: {
    cause: "The run was stopped: Ctrl-C, SIGTERM, an `AbortSignal`. The target is as it was (in place: some rows are masked).",
    remedy: "Run again; in place with `--resume`.",
  },
  LEAK_FOUND: {
    cause:
      "Values of a masked column are somewhere in the copy: in a kept column, a text, a document, a table that was there before.",
    remedy:
      "Mask the column that holds them, or, where they may be there, name it under `verify` → `allow`. A few hits of short values may be chance; the finding says so.",
  },
  FIDELITY_LOST: {
    cause: "The copy differs from the source where it should not: rows, NULLs or the values of kept columns.",
    remedy: "If the source has moved on since the run, run again with `--verify`, which compares within one snapshot.",
  },
  ANONYMITY_LOW: {
    cause: "Classes of equal quasi-identifiers are smaller than the policy's `k`, or their sensitive values too few.",
    remedy: "Make the columns coarser (`generalizeDate`, `bucketNumber`), redact one of them, or lower what is asked.",
  },
} as const satisfies Record<string, Advice>;
