/**
 * The contracts between the rooms: what a source gives, what a sink takes, what a transform is.
 * Read this file first. It holds types alone.
 */

import type { Finding } from "./errors.ts";
import type { OptionsSpec } from "./option-spec.ts";

// ── Tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export type SystemName = "postgres" | "mysql" | "csv" | "memory";

/** Names a table. `schema` is null where the system has none (CSV, memory, and MySQL, whose schema is the database itself). */
export interface TableRef {
  readonly schema: string | null;
  readonly name: string;
}

/** What a column holds, seen from the masks: transforms accept kinds, not server types. */
export type ColumnKind =
  | "text"
  | "integer"
  | "decimal"
  | "float"
  | "boolean"
  | "date"
  | "time"
  | "timestamp"
  | "interval"
  | "uuid"
  | "json"
  | "xml"
  | "bytes"
  | "enum"
  | "array"
  | "network"
  | "other";

export interface Column {
  readonly name: string;
  /** The server's full name of the type, `character varying(50)`; `text` for CSV. */
  readonly type: string;
  /** The type under a domain (PostgreSQL), `numeric(10,2)`; absent where `type` is it. */
  readonly baseType?: string;
  readonly kind: ColumnKind;
  readonly nullable: boolean;
  /** Longest text in characters (code points), null where the type has no bound. */
  readonly maxLength: number | null;
  /** Longest text in bytes, where the type counts bytes (MySQL's TEXT types). */
  readonly maxBytes?: number | null;
  /** The character set, where the column does not hold all of Unicode (MySQL's latin1, utf8mb3). */
  readonly charset?: string;
  /** Set where the column's collation compares without regard to case. */
  readonly ignoresCase?: boolean;
  /** Whether the type pads with trailing spaces that mean nothing (PostgreSQL `char(n)`). */
  readonly isPadded: boolean;
  /** Smallest and largest value of an integer type, null for other kinds. */
  readonly range: { readonly min: bigint; readonly max: bigint } | null;
  /** First and last second from 1970 in UTC, where a type of timestamps holds fewer than can be written (MySQL's `timestamp`). */
  readonly secondRange?: { readonly min: number; readonly max: number };
  /** Labels of an enum or set type, in order. */
  readonly labels: readonly string[] | null;
  /** The fields of a composite (row) type, or of the rows in an array of one, in the order in which a value has them; absent for other types. */
  readonly fields?: readonly RowField[];
  /** The server computes it (GENERATED … AS): it is neither read nor written. */
  readonly isGenerated: boolean;
  /** How the server computes a generated column, where the connector knows. */
  readonly computedBy?: ColumnExpression | null;
  /** Filled by the server where an INSERT leaves it out: identity, serial, AUTO_INCREMENT, default. */
  readonly hasDefault: boolean;
}

/** A field of a composite type. */
export interface RowField {
  readonly name: string;
  /** The server's full name of its type. */
  readonly type: string;
}

/** An expression as its server writes it, and the columns that it reads. */
export interface ColumnExpression {
  readonly text: string;
  readonly columns: readonly string[];
}

export interface UniqueKey {
  readonly name: string;
  /** Names of the key's columns; empty where the key is over an expression. */
  readonly columns: readonly string[];
  readonly isPrimary: boolean;
  /** True where the key holds for some rows only (a WHERE) or compares other than by equality (EXCLUDE, case-insensitive). */
  readonly isPartial: boolean;
  /** Columns that are compared without regard to case (citext, `_ci` collations, `lower(…)`). */
  readonly ignoresCase?: readonly string[];
  /** Set for an EXCLUDE: its columns that are compared other than by equality. */
  readonly overlaps?: readonly string[];
  /** Columns of which the start counts alone, with how many characters of it. */
  readonly prefixes?: Readonly<Record<string, number>>;
  /** NULL is equal to NULL (PostgreSQL's NULLS NOT DISTINCT). */
  readonly nullsNotDistinct?: boolean;
  /** The expressions among its parts; `columns` is empty then. */
  readonly expressions?: ColumnExpression;
  /** The columns among the parts of a key over expressions. */
  readonly plainColumns?: readonly string[];
  /** The WHERE: the key holds for the rows that meet it. */
  readonly predicate?: ColumnExpression;
}

/** A condition that the server holds every row to. */
export interface CheckConstraint {
  readonly name: string;
  /** The columns that it reads. */
  readonly columns: readonly string[];
  /** As the server writes it. A domain's condition reads its column by name, as all others do. */
  readonly expression: string;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly references: TableRef;
  /** Same length and order as `columns`. */
  readonly referencedColumns: readonly string[];
}

export interface Table {
  readonly ref: TableRef;
  readonly columns: readonly Column[];
  readonly uniqueKeys: readonly UniqueKey[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Conditions that hold for each row; absent where the connector reads none. */
  readonly checks?: readonly CheckConstraint[];
  /** What the partitions hold, as a condition of every row; absent where some partition takes any row. */
  readonly partitionBounds?: CheckConstraint;
  /** The server's or the connector's guess, null where it has none. For progress bars and birthday bounds. */
  readonly rowEstimate: number | null;
  /** Bytes to read, where the connector knows them (CSV files). For progress bars. */
  readonly byteEstimate?: number | null;
}

export interface DataSchema {
  readonly system: SystemName;
  readonly tables: readonly Table[];
}

// ── Rows ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One column of a batch as text, NULL as null. */
export type ColumnValues = readonly (string | null)[];

/** Rows of one table, as the source wrote them. Cells are reached by column; unmasked cells stay bytes. */
export interface RowBatch {
  readonly table: TableRef;
  readonly rowCount: number;
  /** Ordinal of the first row in its table, from 0. */
  readonly firstRow: number;
  /** The ordinal, from 0, of a row in its table; absent where rows count on from `firstRow`. */
  ordinalOf?(index: number): number;
  /** Bytes that the rows came in, where they came in bytes. For progress bars. */
  readonly byteCount?: number;
  /** The text of one column as the source wrote it, NULL as null. Decoded on first use; masks never change it. */
  column(index: number): ColumnValues;
  /** Sets what the sink will write for one column. */
  replace(index: number, values: ColumnValues): void;
  /** What `replace` set, undefined where the column goes as it came. */
  replacement(index: number): ColumnValues | undefined;
  /** Rows from `from` up to, not including, `to`. Replacements do not carry over: slice first, then mask. */
  slice(from: number, to: number): RowBatch;
  /** Gives the batch's memory back to whoever made it: nothing of the batch may be used afterwards. Optional, and called at most once. */
  release?(): void;
}

/** Where a batch ends: at the row that reaches either bound. */
export interface BatchSize {
  /** @default 10_000 */
  readonly maxRows?: number | undefined;
  /** @default 256 KiB; one row may be larger */
  readonly maxBytes?: number | undefined;
}

// ── Connectors ──────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ReadOptions {
  /** The columns to read, in this order: position in a batch = position in this list. Never a generated one. */
  readonly columns: readonly Column[];
  readonly batchSize: BatchSize;
  readonly signal: AbortSignal;
}

export interface SampleOptions {
  /** The columns to look at, in this order. Never a generated one. */
  readonly columns: readonly Column[];
  /** Most rows to look at. @default 1000; never more than 5000 */
  readonly rows?: number | undefined;
  readonly signal: AbortSignal;
}

/** Statements that make empty tables like the source's, and what must follow the rows (indexes, constraints, triggers). */
export interface SchemaDefinition {
  readonly beforeRows: readonly string[];
  readonly afterRows: readonly string[];
}

/**
 * Where rows come from. One snapshot serves every table: what `schema` says and what `read` gives agree.
 *
 * Life: `open` → `schema` → `hold` → (`read` | `sample`)* → `close`. `close` may come at any time, more than once, and frees everything.
 */
export interface Source {
  readonly system: SystemName;
  /** Connects, pins the session, takes the snapshot. Throws SOURCE_UNREACHABLE. */
  open(signal: AbortSignal): Promise<void>;
  /** Says which place this is, comparable with a sink's: two equal strings are one database or folder. */
  identity(): Promise<string>;
  schema(): Promise<DataSchema>;
  /**
   * Holds these tables against whatever the snapshot does not keep out (a TRUNCATE), and tells what would stop them from being read (a privilege): all
   * of it before the first row. Absent where nothing can.
   */
  hold?(tables: readonly TableToWrite[]): Promise<readonly Finding[]>;
  /**
   * Streams one table. Ends only when the system said that it was the end; throws otherwise.
   * Leaving the loop early frees the connection.
   */
  read(table: Table, options: ReadOptions): AsyncIterable<RowBatch>;
  /**
   * Looks at some rows from all over a table without reading it whole: for each column their values as text, long ones cut. Absent where rows can be read
   * once only.
   */
  sample?(table: Table, options: SampleOptions): Promise<readonly ColumnValues[]>;
  /** How to make these tables on an empty target of the same system. Absent where the source cannot tell. */
  define?(tables: readonly Table[]): Promise<SchemaDefinition>;
  close(): Promise<void>;
}

/** One table as a sink will write it. */
export interface TableToWrite {
  /** The source's table. The sink matches it to its own by name. */
  readonly table: Table;
  /** The columns that batches will hold, in this order. */
  readonly columns: readonly Column[];
}

/** A foreign key of a table that is not written to one that is, with rows behind it. */
export interface PointingRows {
  readonly from: TableRef;
  readonly key: string;
  readonly to: TableRef;
  /** The columns that it points to. */
  readonly columns: readonly string[];
}

export interface TableWriter {
  /** Takes a batch. Resolves when the writer wants the next: that is the back-pressure. The batch may not be used afterwards. */
  write(batch: RowBatch): Promise<void>;
  /** Ends the table. Resolves with the rows that the system acknowledged. */
  end(): Promise<number>;
}

/** A text of the policy's that every row of a column is to hold. */
export interface StandIn {
  readonly table: TableRef;
  readonly column: Column;
  readonly text: string;
}

/**
 * Where rows go, all or nothing: until `commit` resolves, readers of the target see it as it was; after `rollback` it is as it was.
 *
 * Life: `open` → `schema` → `begin` → (`writer` → write* → end)* → `commit` | `rollback` → `close`. `close` without `commit` rolls back.
 */
export interface Sink {
  readonly system: SystemName;
  /** Connects and pins the session. Throws TARGET_UNREACHABLE. */
  open(signal: AbortSignal): Promise<void>;
  identity(): Promise<string>;
  /** The tables that the target holds now. */
  schema(): Promise<DataSchema>;
  /** Tells what would stop these tables from being written (a privilege), before anything is. Absent where nothing can. */
  check?(tables: readonly TableToWrite[]): Promise<readonly Finding[]>;
  /** Those of these texts that the target's own columns do not hold, as the server reads them. Absent where the form of a text is all there is to know. */
  refused?(standIns: readonly StandIn[]): Promise<readonly StandIn[]>;
  /** Foreign keys of other tables whose rows, which stay, point to rows of these, which go. Absent where there are no foreign keys. */
  pointing?(tables: readonly TableToWrite[]): Promise<readonly PointingRows[]>;
  /**
   * Starts the all-or-nothing unit: takes away what stands in the rows' way (old rows, triggers, foreign keys) or creates the tables from
   * `definition` where the target has none of them. `notes` are sentences for the report ("created 15 tables").
   */
  begin(
    tables: readonly TableToWrite[],
    definition: SchemaDefinition | null,
    signal: AbortSignal,
  ): Promise<{ notes: readonly string[] }>;
  /** Opens one table of those given to `begin`. One writer at a time. */
  writer(table: TableToWrite): Promise<TableWriter>;
  /** Puts back triggers and constraints, checks foreign keys, sets sequences, and publishes. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
  close(): Promise<void>;
}

// ── Transforms ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Families of ISO/IEC 20889. "none" is `keep`. */
export type Technique = "none" | "suppression" | "substitution" | "pseudonymization" | "generalization" | "perturbation";

/**
 * Can two inputs meet in one output?
 * - `preserved`: never (a bijection).
 * - `unlikely-lost`: outputs are spread over `bits` keyed bits; the plan applies the birthday bound to the row count.
 * - `lossy`: yes.
 */
export type Uniqueness =
  | {
      readonly kind: "preserved";
      /** Set where two outputs may be equal but for case though no two inputs are: a key that ignores case would be lost. */
      readonly ignoringCase?: "lossy";
    }
  | {
      readonly kind: "unlikely-lost";
      readonly bits: number;
      /** What is left of the bits where case is ignored. @default all of them */
      readonly bitsIgnoringCase?: number;
    }
  | {
      readonly kind: "lossy";
      /** Set where every output is NULL: a key that takes NULLs for distinct never compares them. */
      readonly onlyNull?: true;
    };

/** The promises of a transform. Data: the planner refuses by them, `checkTransform` proves them, the docs print them. */
export interface Guarantees {
  /** Same key, domain and value give the same output, in any order, batch, process and system. */
  readonly deterministic: boolean;
  readonly uniqueness: Uniqueness;
  /** Whoever holds the key can get the value back. */
  readonly reversible: boolean;
  /** The output has as many characters as the input. */
  readonly preservesLength: boolean;
  /**
   * "always": no output equals its input, fixed points apart. "almost-always": as a random draw from a domain of 10^6 or more might.
   * "not-promised": it may (a constant, a shuffle of repeated values, `keep`).
   */
  readonly changesInput: "always" | "almost-always" | "not-promised";
}

/** Inputs that a transform declares to give back as they are, such as the empty string. */
export interface FixedPoints {
  /** In words, for the docs: "an empty string". */
  readonly description: string;
  /** Which values are fixed may depend on the options and the column: a fill character, an integer token. */
  isFixed(value: string, options?: RuleOptions, column?: Column): boolean;
}

/** What a transform learns of its column, once. */
export interface ColumnContext {
  readonly table: TableRef;
  readonly column: Column;
  /** Rows that the table is thought to have, null where nobody knows. */
  readonly rowEstimate: number | null;
  /** The identity space: columns of one domain map equal values to equal values. */
  readonly domain: string;
  /** A 32-byte key for this purpose in this column's domain (HKDF-SHA-256). Throws KEY_REQUIRED where the caller gave no key. */
  deriveKey(purpose: string): Uint8Array;
  /** Position in a batch, and shape, of another column of the same table. Throws COLUMN_UNKNOWN. */
  other(name: string): { readonly index: number; readonly column: Column };
  /**
   * Prepares a rule that stands in this one's options, for what `column` says that it will be given. @default a rule for this column's own values
   *
   * It takes its own domain, else the one that the rule around it names, else its transform's: `fake("internet.email")` gives the same inside of a
   * document as in a column of its own.
   */
  inner(rule: Rule, column?: Column): Promise<MaskParts>;
}

/**
 * Masks parts of a column's values: part `i` belongs to row `rows[i]` of the batch, or to row `i` where `rows` is left out. NULL stays NULL. What the rule
 * cannot handle becomes NULL or stars where its `onUnsupported` says so, and else undefined: then the rule around it cannot handle the whole value.
 */
export type MaskParts = (parts: ColumnValues, batch: RowBatch, rows?: readonly number[]) => Promise<MaskedValues>;

/** What a mask gives back: text, null for NULL, undefined for a value that it cannot handle (the policy's `onUnsupported` decides). */
export type MaskedValues = readonly (string | null | undefined)[];

/** Reads originals (its own column, and others through the batch), returns the masked column. */
export type MaskColumn = (values: ColumnValues, batch: RowBatch) => MaskedValues | Promise<MaskedValues>;

export interface Transform {
  readonly name: string;
  readonly technique: Technique;
  readonly accepts: readonly ColumnKind[];
  readonly fixedPoints: FixedPoints | null;
  /** True for a transform that decides about NULL itself (a shuffle moves it); for all others NULL stays NULL. */
  readonly seesNull: boolean;
  /** Needs the key. */
  readonly isKeyed: boolean;
  /** What it gives depends on the version of faker, so the lock keeps that. Absent: it does not. */
  readonly usesFaker?: boolean;
  /** False: whoever sees what it gives may find the value, so the plan refuses it on columns that tell of a person. @default true */
  readonly protects?: boolean;
  readonly options: OptionsSpec;
  /** The option that a bare string stands for: `{ fake: "internet.email" }`. */
  readonly shorthand: string | null;
  guarantees(options: RuleOptions, column: Column): Guarantees;
  /** Names the default domain: the transform and what it produces. */
  defaultDomain(options: RuleOptions): string;
  /** Longest output in characters for this column, null where there is no bound or the output is never longer than the input. */
  maxOutputLength(options: RuleOptions, column: Column): number | null;
  /** What every value becomes, null where that depends on the value. */
  onlyOutput(options: RuleOptions, column: Column): string | null;
  /** Size of the value domain where it is below 10^6 and the plan should say so. */
  smallDomain(options: RuleOptions, column: Column): number | null;
  /** Rows that must be seen together; 1 for value-by-value transforms. */
  windowRows(options: RuleOptions): number;
  /** Other columns of the row whose originals it reads. */
  reads(options: RuleOptions): readonly string[];
  /** Other columns of the row that it reads as they leave: masked before this one. Absent: none. */
  readsMasked?(options: RuleOptions): readonly string[];
  /** Those of the columns that it reads whose originals can be read off what it gives, and that nobody allowed it. Absent: none. */
  copiesOriginals?(options: RuleOptions): readonly string[];
  /** Rules that stand in its options, which its own `prepare` prepares. Absent: none. */
  innerRules?(options: RuleOptions): readonly Rule[];
  /** The rules one of which masks each value, where the transform itself does no more than choose. Absent, and undefined, where it does more. */
  alternatives?(options: RuleOptions): readonly Rule[] | undefined;
  /** Why a person must decide about the column before a run; null for a rule that says what becomes of it, as all but `review` do. */
  openQuestion(options: RuleOptions): string | null;
  /** Can give NULL for a value that was none. */
  givesNull(options: RuleOptions): boolean;
  /** What is wrong with these options on this column, as messages; empty where all is well. */
  checkColumn(options: RuleOptions, column: Column): readonly string[];
  /** Once per column: checks, keys, tables. */
  prepare(options: RuleOptions, context: ColumnContext): MaskColumn | Promise<MaskColumn>;
  /**
   * The way back, for whoever holds the key: from what `prepare`'s mask gave to what it was given, in canonical form. Absent where there is none. What it was
   * never given by the mask it cannot tell from what it was.
   */
  reveal?(options: RuleOptions, context: ColumnContext): MaskColumn | Promise<MaskColumn>;
}

/** Validated options with defaults filled in. Each transform knows its own shape. */
// biome-ignore lint/suspicious/noExplicitAny: the one place where the option types of all transforms meet.
export type RuleOptions = any;

/** A decision about one column: a transform with its options. What `redact({ keepLast: 4 })` returns. */
export interface Rule {
  readonly transform: Transform;
  readonly options: RuleOptions;
  /** Overrides the default domain. */
  readonly domain: string | null;
  /** What happens to a value that the transform cannot handle. @default "fail" */
  readonly onUnsupported: "fail" | "nullify" | "redact";
}
