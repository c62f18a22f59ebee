import type { Column, ColumnKind, TableRef } from "./data-schema.ts";
import type { OptionsSpec } from "./option-spec.ts";
import type { ColumnValues, RowBatch } from "./row-batch.ts";

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
  /** Aborts when the run is stopped: for calls that are on their way then. */
  readonly signal: AbortSignal;
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

/**
 * A mask for a column: what it takes, what it promises, its options, and how it is made ready for one column.
 * `defineTransform` of `standin/transforms` makes one.
 */
export interface Transform {
  readonly name: string;
  readonly technique: Technique;
  readonly accepts: readonly ColumnKind[];
  /** In words, for the docs and for errors: which values of these kinds it cannot handle, so that `onUnsupported` decides. Null, and absent, where there are none. */
  readonly unsupported?: string | null;
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
  /** In fewer rows than these it can handle none of them. Absent: one is enough. */
  readonly fewestRows?: number;
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
