import type { Rule, Sink, Source } from "../contracts.ts";
import type { SourceLimits } from "../source-limits.ts";
import type { DataClass } from "./class-names.ts";
import type { IncrementalPolicy } from "./incremental-policy.ts";
import type { PolicyFor, SchemaShape } from "./policy-for.ts";
import type { PresetName } from "./presets.ts";
import type { SubsetPolicy } from "./subset-policy.ts";

/** The decision not to copy a table at all. */
export const SKIP = "skip";

/** A reference that no foreign key declares. Its column takes the rule, and so the mapping, of the column that it points to. */
export interface Reference {
  /** The column that points, with its table: `orders.customer_email`. */
  readonly from: string;
  /** The column that it points to: `customers.email`. */
  readonly to: string;
  /**
   * The rows that it holds for, by the text of other columns: `{ subject_type: "Post" }`. A column with several such references takes in each row the rule of the
   * one that holds; a row that none holds for takes the column's own rule, and stops the run where it has none.
   */
  readonly when?: Readonly<Record<string, string>> | undefined;
}

/** The decision to leave a table of the target as it is, though rows of copied tables may point to it or be pointed to from it. */
export const LEAVE = "leave";

/** A decision per column, by the column's name or by a pattern of names: `email`, `*_at`, `/_ip$/`. */
export type TablePolicy = { readonly [column: string]: Rule };

/** Decisions by table, by the table's name or by a pattern of names: `customers`, `billing.invoices`, `audit_*`. */
export type TablesPolicy = { readonly [table: string]: TablePolicy | typeof SKIP | typeof LEAVE };

/**
 * One of several databases: where its rows come from and go to, and what becomes of them. What the policy says outside of `databases` (columns, when, classes, presets,
 * sourceLimits) holds for each, and what a database says itself wins over it.
 */
export interface DatabasePolicy extends Omit<EnvironmentPolicy, "keyVariable" | "databases"> {
  /** Allows `standin reveal` for some of its columns. @default no original is ever given back */
  readonly reveal?: RevealPolicy | undefined;
  /** What a verification of its copy goes by. */
  readonly verify?: VerifyPolicy | undefined;
}

/** What may be said of one environment. Column by column it wins over what the policy says outside of it. */
export interface EnvironmentPolicy {
  /** `postgres://…`, `mysql://…`; a CSV file, folder or glob; `*.jsonl`, `*.parquet`, `app.db`, `prod.sql`; or a source made by a connector. */
  readonly source?: string | Source | undefined;
  /** The same; a folder for CSV. */
  readonly target?: string | Sink | undefined;
  /** The environment variable that holds the key. @default "STANDIN_KEY" */
  readonly keyVariable?: string | undefined;
  /** What a run may ask of its source: rows and megabytes a second, sessions, seconds of a statement. @default no limits */
  readonly sourceLimits?: SourceLimits | undefined;
  /** A table that nothing names is not copied; `"skip"` says so aloud, and so does `"leave"`, which lets references to and from its rows in the target be. A name beats a pattern, and a narrower pattern a wider one. */
  readonly tables?: TablesPolicy | undefined;
  /** References that no foreign key declares: from a column to the one that it points to, whose rule it takes. */
  readonly references?: readonly Reference[] | undefined;
  /**
   * How rows are told that changed since the last run, by table: `{ orders: { changedBy: "updated_at" } }`, or `"xmin"` on PostgreSQL. With it `standin run --incremental` reads
   * those alone and writes them over their former selves. Rows that were deleted stay, unless `deletes` says otherwise.
   */
  readonly incremental?: IncrementalPolicy | undefined;
  /**
   * Copies a part of the rows: those that are chosen here, their children, and the parents of all of them, so that every reference holds. @default every row of every
   * copied table
   */
  readonly subset?: SubsetPolicy | undefined;
  /** Rules for columns of every copied table that no rule under `tables` decides, by a pattern of `table.column`: `"*.email"`, `"/_ip$/"`. */
  readonly columns?: { readonly [pattern: string]: Rule } | undefined;
  /** Rules for columns that nothing above decides, by what their names say that they hold: `email`, `phone`, `iban`. */
  readonly when?: { readonly [Class in DataClass]?: Rule } | undefined;
  /**
   * What columns hold where their names do not say it, or say it wrongly, by `table.column` or a pattern of it: `{ "users.nick": "userName", "*.city_id": "none" }`.
   * `when` and `presets` go by it.
   */
  readonly classes?: { readonly [column: string]: DataClass | "none" } | undefined;
  /** Texts to read the policy by: their advice comes as warnings. Not a claim of compliance. */
  readonly presets?: readonly PresetName[] | undefined;
  /**
   * Several sources, each with its target, by names of yours: one key, one plan, and a run that publishes all or none. In place of `source`, `target` and `tables`. References
   * between them name the database too: `{ from: "billing.invoices.customer_id", to: "shop.customers.id" }`.
   */
  readonly databases?: { readonly [name: string]: DatabasePolicy } | undefined;
}

/** A policy of several databases, which has no tables outside of them. */
export interface PolicyOfDatabases extends Omit<Policy, "source" | "target" | "tables" | "reveal" | "verify"> {
  readonly databases: { readonly [name: string]: DatabasePolicy };
}

/** Whose originals may be asked for with the key. */
export interface RevealPolicy {
  /** Columns by their names, `customers.card`: no patterns. */
  readonly columns: readonly string[];
  /** The file that every request is written down in before it is answered: a line of JSON, and never a value. In YAML and JSON relative to the policy. */
  readonly audit: string;
}

/** What makes people of a table findable, and what must not be learned of them. */
export interface AnonymityPolicy {
  /** Columns by which somebody could know a person: postcode, birth year, gender. */
  readonly quasiIdentifiers: readonly string[];
  /** Columns that nobody should be able to tell of a person. @default none */
  readonly sensitive?: readonly string[] | undefined;
  /** Least rows of a class of equal quasi-identifiers (k-anonymity). @default 5 */
  readonly k?: number | undefined;
  /** Least different texts of each sensitive column in a class (l-diversity). @default 2 */
  readonly l?: number | undefined;
}

/** What `standin verify` is to know. */
export interface VerifyPolicy {
  /** Columns of the copy that may hold values of masked columns, `audit_log.actor`: no patterns. */
  readonly allow?: readonly string[] | undefined;
  /** By table of the copy: whose risk of being told apart is counted. */
  readonly anonymity?: { readonly [table: string]: AnonymityPolicy } | undefined;
}

/** What the user writes: where rows come from, where they go, and what becomes of every column. */
export interface Policy extends EnvironmentPolicy {
  /**
   * Modules whose transforms (made by `defineTransform`) this policy can name: `./masks.ts`, a package. They are code, and run when the policy's file is read, as the
   * command does. A policy in code imports such a module and calls its transforms instead.
   */
  readonly plugins?: readonly string[] | string | undefined;
  readonly tables: TablesPolicy;
  /** Allows `standin reveal` for some columns. @default no original is ever given back */
  readonly reveal?: RevealPolicy | undefined;
  /** What a verification of the copy goes by. @default nothing is allowed to leak, and no table's risk is counted */
  readonly verify?: VerifyPolicy | undefined;
  /** What is different in each environment, chosen by `--env test` or `refresh(policy, { environment: "test" })`. */
  readonly environments?: { readonly [name: string]: EnvironmentPolicy } | undefined;
}

/**
 * Gives back the policy that it got, with its types checked: the form for `standin.policy.ts`.
 *
 * @example
 * export default definePolicy({
 *   source: process.env.PROD_URL,
 *   target: process.env.STAGING_URL,
 *   tables: { customers: { id: keep(), email: fake("internet.email"), notes: redact() } },
 * });
 */
export function definePolicy<const P extends Policy>(policy: P): P;
/** The same for a policy of several databases. */
export function definePolicy(policy: PolicyOfDatabases): Policy;
/**
 * The same for one schema, as `standin types` writes it: a table or column that the schema does not have is a compile error.
 *
 * @example
 * import type { Schema } from "./standin.types.d.ts";
 * export default definePolicy<Schema>({ tables: { customers: { id: keep() } } });
 */
export function definePolicy<Schema extends SchemaShape>(policy: PolicyFor<Schema>): Policy;
export function definePolicy<P>(policy: P): P {
  return policy;
}
