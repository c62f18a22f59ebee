/** What a source or sink reads from or writes to. `mysql` is MariaDB as well, `memory` objects of a program. */
export type SystemName = "postgres" | "mysql" | "csv" | "jsonl" | "parquet" | "sqlite" | "memory";

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

/** A column as the server's catalog, or a file's header, describes it: what the plan holds a rule against. */
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

/** A table with its columns, keys, references and conditions, as the plan needs them. */
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

/** The tables of a source or a target, without any row: what `Source.schema()` gives. */
export interface DataSchema {
  readonly system: SystemName;
  readonly tables: readonly Table[];
}
