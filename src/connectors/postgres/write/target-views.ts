import type { CatalogTable } from "../postgres-catalog.ts";
import { type PostgresClient, queryJson } from "../postgres-client.ts";

export interface DependentView {
  /** The quoted name. */
  readonly name: string;
  readonly isPopulated: boolean;
  readonly isOurs: boolean;
}

/** Materialized views over the tables, each behind those it reads. */
const DEPENDENTS = `
  WITH RECURSIVE dependents AS (
    SELECT o::pg_catalog.oid AS relation, 0 AS depth FROM pg_catalog.json_array_elements_text($1::text::json) o
     UNION
    SELECT r.ev_class, s.depth + 1
      FROM dependents s
      JOIN pg_catalog.pg_depend d ON d.refobjid = s.relation AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
       AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
      JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_class <> s.relation)
  SELECT pg_catalog.json_build_object(
           'name', pg_catalog.format('%I.%I', n.nspname, c.relname), 'isPopulated', c.relispopulated,
           'isOurs', pg_catalog.pg_has_role(c.relowner, 'USAGE'))::text
    FROM (SELECT relation, pg_catalog.max(depth) AS depth FROM dependents GROUP BY relation) s
    JOIN pg_catalog.pg_class c ON c.oid = s.relation AND c.relkind = 'm'
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   ORDER BY s.depth, n.nspname, c.relname`;

/** The materialized views that show rows of the tables, in the order to refresh them. */
export function dependentViews(client: PostgresClient, tables: readonly CatalogTable[]): Promise<DependentView[]> {
  return queryJson<DependentView>(client, DEPENDENTS, [JSON.stringify(tables.map(({ oid }) => oid))]);
}

/** Refreshes what held rows before: in a target made by us, that is every view. */
export async function refreshViews(client: PostgresClient, views: readonly DependentView[], isNew: boolean): Promise<void> {
  for (const { name, isPopulated, isOurs } of views) {
    if (isOurs && (isPopulated || isNew)) await client.script(`REFRESH MATERIALIZED VIEW ${name}`);
  }
}
