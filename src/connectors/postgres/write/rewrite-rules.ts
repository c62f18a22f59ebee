import type { CatalogTable } from "../postgres-catalog.ts";
import { type PostgresClient, queryJson } from "../postgres-client.ts";

/** Statements by the numbers that `pg_rewrite.ev_type` has for them. */
const EVENTS = { INSERT: "3", DELETE: "4" } as const;

/** $1: oids as a JSON array, $2: the events' numbers, one behind the other. */
const RULES = `
  SELECT pg_catalog.json_build_object(
           'disable', pg_catalog.format('ALTER TABLE %I.%I DISABLE RULE %I', n.nspname, c.relname, r.rulename),
           'enable', pg_catalog.format('ALTER TABLE %I.%I ENABLE %sRULE %I', n.nspname, c.relname,
                       CASE r.ev_enabled WHEN 'R' THEN 'REPLICA ' WHEN 'A' THEN 'ALWAYS ' ELSE '' END, r.rulename))::text
    FROM pg_catalog.json_array_elements_text($1::text::json) o (oid)
    JOIN pg_catalog.pg_rewrite r
      ON r.ev_class = o.oid::pg_catalog.oid AND pg_catalog.strpos($2::text, r.ev_type::text) > 0 AND r.ev_enabled <> 'D'
    JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   ORDER BY n.nspname, c.relname, r.rulename`;

/** Does something while the tables' rules do not rewrite these statements. A COPY passes rules by, and needs none of it. */
export async function withoutRules(
  client: PostgresClient,
  tables: readonly CatalogTable[],
  events: readonly (keyof typeof EVENTS)[],
  work: () => Promise<void>,
): Promise<void> {
  const rules = await queryJson<{ disable: string; enable: string }>(client, RULES, [
    JSON.stringify(tables.map(({ oid }) => oid)),
    events.map((event) => EVENTS[event]).join(""),
  ]);
  for (const { disable } of rules) await client.script(disable);
  await work();
  for (const { enable } of rules) await client.script(enable);
}
