/** One fault that a run must withstand, and where that is shown. */
export interface Fault {
  readonly id: string;
  readonly fault: string;
  /** What the run does then. */
  readonly expected: string;
  /** Test files, each with words of its claim. Of a file in test/faults the id itself is in the claim. */
  readonly shown: Readonly<Record<string, string>>;
  /** What is not shown, and why. */
  readonly open?: string;
}

const inSuite = (id: string, ...files: string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(files.map((file) => [`test/faults/${file}.test.ts`, id]));

const suite = (id: string, fault: string, expected: string, files: readonly string[], open?: string): Fault => ({
  id,
  fault,
  expected,
  shown: inSuite(id, ...files),
  ...(open === undefined ? {} : { open }),
});

/** The servers and the network. */
export const SERVER_FAULTS: readonly Fault[] = [
  suite("F01", "the server ends the source's session at a random row", "CONNECTION_LOST, the target as it was", [
    "lost-connections",
  ]),
  suite("F02", "the server ends the target's session at a random row", "CONNECTION_LOST, the target as it was", [
    "lost-connections",
  ]),
  suite("F03", "both at once", "one error, the target as it was", ["lost-connections"]),
  suite(
    "F04",
    "the session is lost while publishing, before the server is asked or before it answers",
    'the old rows or all of the new; never "as it was" where it may be complete',
    ["interrupted-publishing"],
  ),
  suite("F05", "either line is closed (FIN) at a random byte", "an error, the target as it was", [
    "lost-connections",
    "incremental",
  ]),
  suite("F06", "either line is reset (RST) at a random byte", "an error, the target as it was", ["lost-connections"]),
  suite(
    "F07",
    "the source stalls and goes on; the run itself is slow",
    "the run goes on",
    ["silent-peer"],
    "The stall is 1.5 s of 20, not 90 of 60: the same timer.",
  ),
  suite("F08", "either end stalls for good", "PEER_SILENT within the setting", ["silent-peer"]),
  suite(
    "F09",
    "the network loses an end: every byte is taken, none answered",
    "PEER_SILENT, or unreachable",
    ["silent-peer"],
    "A target's statement without rows (a key added to a large table) may take hours, so silence is no sign there: TCP keepalive ends it, which a proxy on the same machine answers.",
  ),
  suite("F10", "50 kB a second, in segments of one byte", "the run completes", ["slow-link"]),
  suite("F11", "the server restarts (fast, immediate, killed)", "CONNECTION_LOST, the target as it was after the start", [
    "restarted-server",
  ]),
  {
    id: "F12",
    fault: "refused connection, wrong password, wrong database, TLS required, a certificate of somebody else",
    expected: "SOURCE_UNREACHABLE or TARGET_UNREACHABLE with a reason of its own; no password shown",
    shown: { ...inSuite("F12", "odd-postgres"), "test/cli/refusals.test.ts": "refuses a target that cannot be reached" },
  },
  suite("F13", "too many connections, of the server or the user", "unreachable, with that reason", ["odd-postgres", "odd-mysql"]),
  suite("F14", "time-outs of statements, locks and idle sessions on the source", "pinned for the session; the run completes", [
    "odd-postgres",
  ]),
  suite("F15", "net_write_timeout=1, wait_timeout=2 and a slow run", "pinned for the session; the run completes", ["odd-mysql"]),
  suite(
    "F16",
    "a deadlock on the target",
    "SINK_FAILED with the table, the target as it was",
    ["busy-target"],
    "The deadlock fails the run: what is in is one transaction. A resumable run goes on behind it. On MariaDB nobody else knows the tables that are written.",
  ),
  suite("F17", "somebody holds the target's tables", "SINK_FAILED after 30 s, on PostgreSQL with the table's name", [
    "busy-target",
  ]),
  suite("F18", "a standby cancels the read in conflict with its primary", "an error, the target as it was", ["odd-postgres"]),
  {
    id: "F19",
    fault: "the exporter of the snapshot dies before the workers import it",
    expected: "an error, the target as it was",
    shown: { "test/connectors/postgres-reader.test.ts": "for as long as the source is open" },
  },
  suite(
    "F20",
    "PgBouncer in transaction mode",
    "a plain run as without; workers and resumable runs are not had, and that is said",
    ["pooler"],
    "Where pgbouncer is not installed the suite is skipped.",
  ),
  suite("F21", "the source is written to during the run", "one snapshot: sums and references hold", ["changing-source"]),
  {
    id: "F22",
    fault: "migrations of the source before and during the run",
    expected: "the snapshot, or an error; a new column is never copied",
    shown: {
      ...inSuite("F22", "changing-source"),
      "test/connectors/postgres-before-rows.test.ts": "refuses a table that was emptied after the snapshot was taken",
    },
  },
  suite("F23", "a partition is attached or detached during the run", "the snapshot's rows, or an error", ["changing-source"]),
  {
    id: "F24",
    fault: "row-level security hides rows from the source's role",
    expected: "refused before the first row",
    shown: { "test/connectors/postgres-before-rows.test.ts": "tells all that the source's role may not read, at once" },
  },
  {
    id: "F25",
    fault: "privileges missing on tables, columns, sequences",
    expected: "all told before the first row",
    shown: {
      "test/connectors/postgres-before-rows.test.ts": "tells all that the target's role lacks, at once",
      "test/plan/mysql-refusals.test.ts": "is refused before a row moves: a user without %s",
    },
  },
  suite("F26", "a read-only target, a read-only source", "the target refused before a row moves, the source read", [
    "odd-postgres",
    "odd-mysql",
  ]),
  {
    id: "F27",
    fault: "the target is not empty",
    expected: "replaced as a whole, or left as it was",
    shown: { "test/faults/fault-run.ts": "a target of five events" },
  },
  {
    id: "F28",
    fault: "the target's tables differ: columns missing, narrower, of another type, NOT NULL, with other labels",
    expected: "all told before the first row",
    shown: {
      "test/plan/target-shape.test.ts": "refuses a smaller integer and a text that the target pads",
      "test/plan/postgres-refusals.test.ts": "what only the target's CHECK and key forbid",
    },
  },
  suite(
    "F29",
    "a stand-in breaks a rule of the target: unique, foreign key, CHECK, exclusion, domain, length, overflow",
    "refused, or SINK_REJECTED with names alone; the target as it was",
    ["target-rules", "failed-rows"],
  ),
  suite("F30", "a deferred rule that fails at the end", "SINK_REJECTED, the target as it was", ["target-rules"]),
  {
    id: "F31",
    fault: "triggers of the target raise, change rows, write audits",
    expected: "not fired while rows are loaded, and back afterwards",
    shown: {
      ...inSuite("F31", "target-rules"),
      "test/connectors/mysql-target.test.ts": "fires no trigger while rows are loaded, and fires them afterwards",
    },
  },
  {
    id: "F32",
    fault: "foreign keys in cycles, to their own table, composite, to a unique key, MATCH FULL",
    expected: "the same rows",
    shown: { ...inSuite("F32", "table-shapes"), "test/connectors/mysql-tables.test.ts": "a cycle of foreign keys" },
  },
  {
    id: "F33",
    fault: "the next number of sequences, identities and AUTO_INCREMENT",
    expected: "behind the rows that came",
    shown: {
      "test/end-to-end/postgres-e2e.test.ts": "postgresExaminer",
      "test/end-to-end/mysql-e2e.test.ts": "mysqlExaminer",
      "test/connectors/mysql-target.test.ts": "draws from sequences of its own, past the rows that came",
    },
  },
  {
    id: "F34",
    fault: "stored and virtual columns, identities, invisible columns, defaults of uuid",
    expected: "the same rows",
    shown: { ...inSuite("F34", "table-shapes"), "test/connectors/mysql-target.test.ts": "fills columns in the target's order" },
  },
  {
    id: "F35",
    fault: "tables without a key, with equal rows",
    expected: "as many rows as there were",
    shown: {
      ...inSuite("F35", "table-shapes"),
      "test/connectors/mysql-tables.test.ts": "no rows, no primary key, no column but the counter",
    },
  },
  suite(
    "F36",
    "a row of 200 MB, 1600 columns, no rows, no columns",
    "the same rows, or a refusal with the table's name; 200 MB from PostgreSQL to PostgreSQL or CSV within 300 MB",
    ["table-shapes", "memory"],
    "Ten million small rows and ten thousand tables are for the benchmarks.",
  ),
  {
    id: "F37",
    fault: "every type of value, in processes of several time zones",
    expected: "not one value differs",
    shown: { "test/end-to-end/type-values.test.ts": "copies 98 of 98 values as they are" },
  },
  suite(
    "F38",
    "databases in LATIN1, EUC_JP and SQL_ASCII, PGCLIENTENCODING set",
    "the same characters; bytes that are none are told with their table",
    ["encodings"],
  ),
  suite("F39", "settings that change the text of values", "the same rows", ["odd-postgres", "odd-mysql"]),
  suite("F40", "names that are made to hurt", "the same rows", ["table-shapes"]),
];

/** The process and the machine. */
export const PROCESS_FAULTS: readonly Fault[] = [
  {
    id: "P01",
    fault: "SIGTERM and SIGINT at a random row, and a second signal",
    expected: "the target put back, exit 143 or 130; at once at the second",
    shown: {
      ...inSuite("P01", "killed-process", "failed-rows"),
      "test/cli/interruptions.test.ts": "puts the target back on %s and exits %i",
    },
  },
  suite(
    "P02",
    "SIGKILL at a random moment",
    "the old rows or all of the new, and the next run puts everything right; a resumable one is gone on with and ends equal, an incremental one leaves the mark of its rows",
    ["killed-process", "incremental", "resumed", "resumed-subset", "subset-leftovers"],
    "CSV: a file beside its target, .partial-…, stays after a SIGKILL of a run that is not resumable.",
  ),
  {
    id: "P03",
    fault: "SIGKILL while the state is written",
    expected: "the old state or the new",
    shown: {
      "test/connectors/csv-stage.test.ts":
        "counts only what is on the disk, whatever the last bytes of its state and its file are",
      "test/connectors/postgres-stage-crash.test.ts": "keeps each record with its rows or neither",
    },
    open: "MySQL: a shard and its record are one transaction; no power cut is made there.",
  },
  suite("P04", "SIGSTOP and SIGCONT", "the run goes on", ["killed-process"], "Stopped for 3 s, not for minutes."),
  suite(
    "P05",
    "the disk is full at a random byte, of the target or of the keys of a subset",
    "SINK_FAILED with the file, or SOURCE_FAILED with the reason; what was there untouched",
    ["disk", "subset-leftovers"],
  ),
  suite(
    "P06",
    "no right to write, a read-only disk, few open files, a folder or a link in a file's place",
    "refused with the reason; nothing overwritten that is no file",
    ["disk"],
    "A disk that reports EIO needs a device of its own.",
  ),
  {
    id: "P07",
    fault: "the reader of stdout goes away, or is slow",
    expected: "one message, exit 2; no more is read than is taken",
    shown: { "test/cli/pipe.test.ts": "stops with one message when its reader goes away" },
  },
  suite("P08", "a heap of 96 MB and 5 GB of rows", "the run completes within 300 MB", ["memory"]),
  {
    id: "P09",
    fault:
      "a file is cut, grows, is rotated or removed while it is read; a gzip that is cut, damaged or has something behind it; a FIFO",
    expected: "an error, the target as it was; a FIFO is read by pipe",
    shown: { ...inSuite("P09", "changing-files"), "test/connectors/csv.test.ts": "refuses a pipe, which can be read but once" },
  },
  suite("P10", "another time zone, a clock that jumps", "the same bytes", ["same-output"]),
  suite(
    "P11",
    "two runs at once on one target",
    "the second is refused",
    ["busy-target"],
    "Folders of CSV files are not locked: each file is whole, of the run that published it last.",
  ),
  {
    id: "P12",
    fault: "a transform of the user's throws, rejects, gives nothing or what is no text, never answers",
    expected: "TRANSFORM_FAILED or VALUE_UNSUPPORTED with table, column and row, without the value",
    shown: {
      "test/transforms/custom.test.ts": "wraps what the function throws, at once or later, without the value",
      "test/transforms/call-service.test.ts": "aborts a call that takes too long",
    },
    open: "`custom` waits for its function for as long as it takes, until the run is stopped; `callService` has a time-out.",
  },
  suite("P13", "a transform throws on the last row of the last table", "the target as it was", ["failed-rows"]),
  {
    id: "P14",
    fault: "no key, a short one, one that is a password, one with a line end or a byte order mark",
    expected: "refused before the first row",
    shown: {
      "test/keys/masking-key.test.ts": "takes random keys without a false alarm",
      "test/cli/refusals.test.ts": "refuses $what with exit 1 and one message, and writes nothing",
    },
    open: "There are no key files. Another key than last time is refused by a lock, not by a state file.",
  },
  {
    id: "P15",
    fault: "mistakes in the policy",
    expected: "all told at once, exit 1",
    shown: {
      "test/policy/policy-mistakes.test.ts": "is told each of them in one run, with line, column and the nearest right name",
    },
  },
  {
    id: "P16",
    fault: "other processes, batch sizes, Node.js versions and numbers of workers",
    expected: "the same bytes",
    shown: {
      ...inSuite("P16", "same-output"),
      "test/end-to-end/determinism.test.ts": "at each batch size and in another process",
      "test/pipeline/workers.test.ts": "writes the very bytes that one writes",
    },
    open: "The tests run on the Node.js that is there.",
  },
  suite("P17", "a run resumed by another key, plan or version", "RESUME_REFUSED, and what is staged stays", ["resumed"]),
  suite("P18", "other languages of the system", "the same bytes", ["same-output"], "A Node.js without Intl is not tried."),
  {
    id: "P19",
    fault: "core dumps, heap snapshots, --inspect, hooks in NODE_OPTIONS",
    expected: "told below",
    shown: {},
    open: "Whoever may do that to the process reads its memory: no program can keep that out.",
  },
  {
    id: "P20",
    fault: "what is left behind after any fault",
    expected: "no file, no session, no lock",
    shown: { "test/faults/fault-run.ts": "P20", "test/faults/subset-leftovers.test.ts": "P20" },
  },
];
