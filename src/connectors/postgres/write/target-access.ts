import type { Finding } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import { type PostgresClient, queryJson } from "../postgres-client.ts";
import { TREE } from "./target-obstacles.ts";
import { SEQUENCE_USES } from "./target-sequences.ts";

interface DenialRow {
  readonly oid: string;
  readonly what: "schema" | "write" | "security" | "owner" | "sequence";
  /** The quoted name of what it is about. */
  readonly name: string;
}

/** What the role lacks to empty, write and put back the tables. $1: oids as a JSON array. */
const DENIALS = `
  WITH ${TREE},
  uses AS (${SEQUENCE_USES}),
  altered AS (
    SELECT f.conrelid AS relation, CASE WHEN f.conrelid IN (SELECT oid FROM tree) THEN f.conrelid ELSE f.confrelid END AS reason
      FROM pg_catalog.pg_constraint f
     WHERE f.contype = 'f' AND f.conparentid = 0 AND (f.conrelid IN (SELECT oid FROM tree) OR f.confrelid IN (SELECT oid FROM tree))
     UNION
    SELECT t.tgrelid, t.tgrelid FROM pg_catalog.pg_trigger t JOIN tree ON tree.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'),
  denials AS (
    SELECT w.oid AS reason, 'schema' AS what, c.oid AS relation
      FROM written w JOIN pg_catalog.pg_class c ON c.oid = w.oid WHERE NOT pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')
     UNION ALL
    SELECT w.oid, 'write', w.oid FROM written w
     WHERE NOT (pg_catalog.has_table_privilege(w.oid, 'INSERT') AND pg_catalog.has_table_privilege(w.oid, 'TRUNCATE')
                AND pg_catalog.has_table_privilege(w.oid, 'SELECT'))
     UNION ALL
    SELECT w.oid, 'security', w.oid FROM written w WHERE pg_catalog.row_security_active(w.oid)
     UNION ALL
    SELECT a.reason, 'owner', a.relation FROM altered a JOIN pg_catalog.pg_class c ON c.oid = a.relation
     WHERE NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
     UNION ALL
    SELECT u.relation, 'sequence', u.sequence FROM uses u JOIN written w ON w.oid = u.relation
      JOIN pg_catalog.pg_class c ON c.oid = u.sequence
     WHERE NOT pg_catalog.pg_has_role(c.relowner, 'USAGE'))
  SELECT DISTINCT pg_catalog.json_build_object(
           'oid', COALESCE(pg_catalog.pg_partition_root(d.reason)::pg_catalog.oid, d.reason)::text, 'what', d.what,
           'name', pg_catalog.format('%I.%I', n.nspname, c.relname))::text
    FROM denials d
    JOIN pg_catalog.pg_class c ON c.oid = d.relation
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   ORDER BY 1`;

/** Every privilege that the target's role lacks for these tables, at once. */
export async function checkAccess(client: PostgresClient, tables: readonly CatalogTable[]): Promise<readonly Finding[]> {
  const names = new Map(tables.map(({ oid, table }) => [oid, tableName(table.ref)]));
  const rows = await queryJson<DenialRow>(client, DENIALS, [JSON.stringify([...names.keys()])]);
  return rows.map((row): Finding => {
    const table = names.get(row.oid);
    const [message, hint] = describe(row, table ?? row.name);
    return { code: "PRIVILEGE_MISSING", severity: "error", message, table, hint };
  });
}

function describe({ what, name }: DenialRow, table: string): readonly [message: string, hint: string] {
  switch (what) {
    case "schema":
      return [`The target's role may not use the schema of ${table}.`, "GRANT USAGE on the schema."];
    case "write":
      return [`The target's role may not empty and fill ${table}.`, "GRANT SELECT, INSERT, TRUNCATE on it, or use its owner."];
    case "security":
      return [
        `Row-level security holds for the target's role on ${table}.`,
        "Use a role with BYPASSRLS, or take FORCE ROW LEVEL SECURITY off.",
      ];
    case "owner":
      return [
        `The target's role does not own ${name}, and its foreign keys or triggers stand in the way of the rows of ${table}.`,
        "Use the role that owns the target's tables.",
      ];
    case "sequence":
      return [
        `The target's role does not own the sequence ${name}, which fills ${table}.`,
        "ALTER SEQUENCE … OWNER TO the role.",
      ];
  }
}
