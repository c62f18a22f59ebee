import type { Rule, Sink, Source } from "../contracts.ts";

/** The decision not to copy a table at all. */
export const SKIP = "skip";

/** A decision per column, by the column's name. */
export type TablePolicy = { readonly [column: string]: Rule };

/** What the user writes: where rows come from, where they go, and what becomes of every column. */
export interface Policy {
  /** `postgres://…`, `mysql://…`, a CSV file, folder or glob; or a source made by a connector. */
  readonly source?: string | Source | undefined;
  /** The same; a folder for CSV. */
  readonly target?: string | Sink | undefined;
  /** Tables by name: `customers`, `billing.invoices`. A table that is not named is not copied; `"skip"` says so aloud. */
  readonly tables: { readonly [table: string]: TablePolicy | typeof SKIP };
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
export function definePolicy<const P extends Policy>(policy: P): P {
  return policy;
}
