import type { Finding } from "../../../errors.ts";
import type { Obstacle, StandingTable } from "../../../standing-database.ts";
import { tableName } from "../../../table-ref.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import { type PostgresClient, queryJson } from "../postgres-client.ts";
import { TREE } from "../write/target-obstacles.ts";

/** A table that is masked, and where the catalog has it. */
export interface Standing {
  readonly wanted: StandingTable;
  readonly found: CatalogTable;
}

const oids = (tables: readonly Standing[]): string => JSON.stringify(tables.map(({ found }) => found.oid));

/** Unique keys, EXCLUDEs and foreign keys over masked columns, those first that must go first. $1: {oid: [masked columns]}. */
const OBSTACLES = `
  WITH masked AS (
    SELECT a.attrelid AS relation, a.attnum AS number
      FROM pg_catalog.json_each($1::text::json) t (oid, columns)
     CROSS JOIN LATERAL pg_catalog.json_array_elements_text(t.columns) c (name)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid::pg_catalog.oid AND a.attname = c.name),
  constraints AS (
    SELECT f.oid, f.conname AS name, f.conrelid AS relation, f.contype = 'f' AS is_foreign, f.conindid
      FROM pg_catalog.pg_constraint f
     WHERE f.conparentid = 0 AND f.contype IN ('p', 'u', 'x', 'f')
       AND EXISTS (SELECT FROM masked m
                    WHERE (f.conrelid = m.relation AND m.number = ANY (f.conkey))
                       OR (f.confrelid = m.relation AND m.number = ANY (f.confkey))
                       OR (f.contype = 'x' AND EXISTS (
                             SELECT FROM pg_catalog.pg_depend d
                              WHERE d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.objid = f.oid
                                AND d.refobjid = m.relation AND d.refobjsubid = m.number)))),
  indexes AS (
    SELECT DISTINCT i.indexrelid AS oid, c.relname AS name, i.indrelid AS relation
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = i.indexrelid
      JOIN masked m ON m.relation = d.refobjid AND m.number = d.refobjsubid
     WHERE i.indisunique AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint f WHERE f.conindid = i.indexrelid AND f.contype <> 'f')),
  -- What an index is beside its definition, which goes with it: said again behind it.
  said AS (
    SELECT i.indexrelid AS oid, pg_catalog.concat(
             CASE WHEN d.text IS NOT NULL THEN pg_catalog.format('; COMMENT ON INDEX %I.%I IS %L', n.nspname, c.relname, d.text) END,
             CASE WHEN i.indisclustered THEN pg_catalog.format('; ALTER TABLE %I.%I CLUSTER ON %I', n.nspname, t.relname, c.relname) END,
             CASE WHEN i.indisreplident
                  THEN pg_catalog.format('; ALTER TABLE %I.%I REPLICA IDENTITY USING INDEX %I', n.nspname, t.relname, c.relname) END) AS more
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
     CROSS JOIN LATERAL (SELECT pg_catalog.obj_description(c.oid, 'pg_class') AS text) d
     WHERE i.indexrelid IN (SELECT oid FROM indexes UNION SELECT conindid FROM constraints WHERE NOT is_foreign))
  SELECT pg_catalog.json_build_object('name', o.name, 'drop', o.drop, 'add', o.add, 'isThere', o.there)::text
    FROM (
      SELECT pg_catalog.format('%s.%I', r.name, c.name) AS name, CASE WHEN c.is_foreign THEN 0 ELSE 1 END AS rank,
             pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', r.name, c.name) AS drop,
             pg_catalog.concat(
               pg_catalog.format('ALTER TABLE %s ADD CONSTRAINT %I %s', r.name, c.name, pg_catalog.pg_get_constraintdef(c.oid)),
               CASE WHEN pg_catalog.obj_description(c.oid, 'pg_constraint') IS NOT NULL
                    THEN pg_catalog.format('; COMMENT ON CONSTRAINT %I ON %s IS %L', c.name, r.name, pg_catalog.obj_description(c.oid, 'pg_constraint')) END,
               CASE WHEN NOT c.is_foreign THEN (SELECT more FROM said WHERE said.oid = c.conindid) END) AS add,
             pg_catalog.format('SELECT 1 FROM pg_catalog.pg_constraint WHERE conrelid = %s AND conname = %L', c.relation, c.name) AS there
        FROM constraints c JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, t.relname) AS name
          FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace WHERE t.oid = c.relation) r ON true
       UNION ALL
      SELECT pg_catalog.format('%I.%I', n.nspname, i.name), 2,
             pg_catalog.format('DROP INDEX IF EXISTS %I.%I', n.nspname, i.name),
             pg_catalog.concat(pg_catalog.pg_get_indexdef(i.oid), (SELECT more FROM said WHERE said.oid = i.oid)),
             pg_catalog.format('SELECT 1 FROM pg_catalog.pg_class WHERE relnamespace = %s AND relname = %L', n.oid, i.name)
        FROM indexes i JOIN pg_catalog.pg_class t ON t.oid = i.relation
        JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace) o
   ORDER BY o.rank, o.name`;

export function findObstacles(client: PostgresClient, tables: readonly Standing[]): Promise<Obstacle[]> {
  const masked = tables.map(({ wanted, found }) => [found.oid, wanted.masked.map((index) => wanted.columns[index]!.name)]);
  return queryJson<Obstacle>(client, OBSTACLES, [JSON.stringify(Object.fromEntries(masked))]);
}

/** What fires on an UPDATE, and what the role lacks. $1: oids as a JSON array. */
const HINDRANCES = `
  WITH ${TREE}
  SELECT pg_catalog.json_build_object('oid', h.oid::text, 'what', h.what, 'name', h.name)::text
    FROM (
      SELECT t.tgrelid AS oid, 'trigger' AS what, t.tgname AS name FROM pg_catalog.pg_trigger t JOIN tree ON tree.oid = t.tgrelid
       WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgtype & 16 <> 0
       UNION ALL
      SELECT r.ev_class, 'rule', r.rulename FROM pg_catalog.pg_rewrite r JOIN tree ON tree.oid = r.ev_class
       WHERE r.ev_type = '2' AND r.ev_enabled <> 'D'
       UNION ALL
      SELECT w.oid, 'write', '' FROM written w
       WHERE NOT (pg_catalog.has_table_privilege(w.oid, 'SELECT') AND pg_catalog.has_table_privilege(w.oid, 'UPDATE'))
       UNION ALL
      SELECT w.oid, 'security', '' FROM written w WHERE pg_catalog.row_security_active(w.oid)) h
   ORDER BY 1`;

interface HindranceRow {
  readonly oid: string;
  readonly what: "trigger" | "rule" | "write" | "security";
  readonly name: string;
}

export async function findHindrances(client: PostgresClient, tables: readonly Standing[]): Promise<readonly Finding[]> {
  const names = new Map(tables.map(({ found }) => [found.oid, tableName(found.table.ref)]));
  const rows = await queryJson<HindranceRow>(client, HINDRANCES, [oids(tables)]);
  return rows.map(({ oid, what, name }): Finding => {
    const table = names.get(oid) ?? "a partition";
    const [code, message, hint] = describe(what, name, table);
    return { code, severity: "error", message, table, hint };
  });
}

function describe(what: HindranceRow["what"], name: string, table: string): readonly [Finding["code"], string, string] {
  switch (what) {
    case "trigger":
      return [
        "IN_PLACE_UNSUPPORTED",
        `The trigger ${name} on ${table} would fire for every masked row, and see its former values.`,
        "ALTER TABLE … DISABLE TRIGGER it, mask, and enable it again.",
      ];
    case "rule":
      return [
        "IN_PLACE_UNSUPPORTED",
        `The rule ${name} on ${table} rewrites its updates.`,
        "ALTER TABLE … DISABLE RULE it, and enable it again.",
      ];
    case "write":
      return ["PRIVILEGE_MISSING", `The role may not read and update ${table}.`, "Use the role that owns the database's tables."];
    case "security":
      return [
        "PRIVILEGE_MISSING",
        `Row-level security would hide rows of ${table} from the role.`,
        "Use a role with BYPASSRLS, or take FORCE ROW LEVEL SECURITY off.",
      ];
  }
}
