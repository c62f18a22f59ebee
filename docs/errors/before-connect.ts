import type { Advice } from "./advice.ts";

/** Codes that refuse a run for where it reads and writes, and for what was agreed before. */
export const PLACES_AND_LOCKS = {
  SOURCE_IS_TARGET: {
    cause: "Source and target are the same database or folder, by the server's own identity, whatever the URLs say.",
    remedy: "Point the target elsewhere. Behind a proxy or an alias, check which server each URL reaches.",
  },
  SYSTEMS_UNSUPPORTED: {
    cause: "Values would change between these two systems, for instance from PostgreSQL to MySQL.",
    remedy: "Use a target of the same system, or files.",
  },
  LOCATION_INVALID: {
    cause: "The source or target is missing, is no URL or path that standin reads, or can only be read or only be written.",
    remedy:
      "Write `postgres://user:password@host:port/database`, `mysql://…` or a path. A variable that is not set counts as none.",
  },
  FILE_EXISTS: {
    cause: "A command would write over a file that it did not write.",
    remedy: "Name another with `--output`, or move the file away.",
  },
  ORIGINALS_EXPOSED: {
    cause: "`preview` and `reveal` show production data, and standard output is no terminal.",
    remedy: "Use `preview --json` for the masked rows alone, or say `--originals-may-leave-the-terminal`.",
  },
  REVEAL_REFUSED: {
    cause: "The policy's `reveal` does not name the column, or its mask has no way back.",
    remedy: "Add it under `reveal` if it may be; what has a way back is marked in the [table of masks](../masks.md#promises).",
  },
  AUDIT_FAILED: {
    cause: "The file that every `reveal` is written down in cannot be written, so nothing is revealed.",
    remedy: "Look at the path under `reveal` → `audit`, and at its folder's rights.",
  },
  DRIVER_MISSING: {
    cause:
      "A package or program that this task needs is not installed: a driver, `pg_dump` (to describe a source for an empty target), `@opentelemetry/api`.",
    remedy: "Install what the message names; for `pg_dump` at least the version of the server.",
  },
  SOURCE_UNREACHABLE: {
    cause: "Nothing answers at the source's address, it refused the login, or there is no such file.",
    remedy:
      "Try the same URL with `psql` or `mysql` from the same machine; check host, port, database, password, TLS and firewall.",
  },
  TARGET_UNREACHABLE: {
    cause: "The same, of the target; or its folder cannot be written.",
    remedy: "As above. A folder has to be one, and writable.",
  },
  QUEUE_UNREACHABLE: {
    cause: "The Redis or PostgreSQL behind `--queue` does not answer, or BullMQ may not make its tables there.",
    remedy: "Try the URL with `redis-cli -u` or `psql` from the same machine. Redis has to be 6.2 or later.",
  },
  PRIVILEGE_MISSING: {
    cause:
      "The role may not read a table, row-level security hides rows from it, or it may not write, make or own what the target needs.",
    remedy:
      "The hint has the GRANT. Reading takes SELECT (and BYPASSRLS under row-level security); writing takes the tables' owner on PostgreSQL.",
  },
  SNAPSHOT_MISSING: {
    cause:
      "A table of the MySQL source is of an engine without transactions (MyISAM, Aria, MEMORY), so its rows are those of the moment at which they are read, and others at a second read.",
    remedy:
      "Let nobody write to the table while the run reads, or give it InnoDB. A warning; where threads or a run that is kept are verified with `--warnings-as-errors`, a refusal.",
  },
  LOCK_MISMATCH: {
    cause: "Schema, policy, key or the version of faker are not as the committed lock has them.",
    remedy: "`npx standin check` lists the differences. Decide about each, then `npx standin check --write` and commit.",
  },
  LOCK_MISSING: {
    cause: "`--lock` or `lock` names a file that is not there.",
    remedy: "Write it with `npx standin check --write`, and commit it.",
  },
  LOCK_INVALID: {
    cause: "The lock was changed by hand or by a merge, or cannot be read or written.",
    remedy: "Take the committed one back, or write it anew: `npx standin check --write`. Never merge two locks by hand.",
  },
  MARK_MISSING: {
    cause:
      "`standin mask` masks where it stands, and the database is not marked as none of production, or the mark came along with a copy.",
    remedy: "Make sure which database it is, then `npx standin mark <url>`. See [in place](../in-place.md#the-mark).",
  },
  IN_PLACE_UNSUPPORTED: {
    cause: "In place, a table has no key that stays, or a trigger or rule that would see former values.",
    remedy: "The hint says how to set it aside, or use `standin run` into another database.",
  },
  UNFINISHED: {
    cause: "A run in place was cut off here, and some rows are masked; or there is none to go on with.",
    remedy:
      "Go on with `standin mask --resume` under the same key and policy. After a restore: `standin mark --remove`, `standin mark`, and mask again.",
  },
  INCREMENT_REFUSED: {
    cause:
      "The target has no mark of a run with this key, policy, schema and version, or a table of `incremental` cannot be refreshed by its changes.",
    remedy: "Run the whole once, without `--incremental`; or change what the message names under `incremental`.",
  },
  RESUME_REFUSED: {
    cause: "There is no unfinished run in the target, or key, policy, schema or version differ from when it began.",
    remedy: "Go on as it was begun, or begin anew with `--resumable`.",
  },
} as const satisfies Record<string, Advice>;
