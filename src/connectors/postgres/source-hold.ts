import type { TableToWrite } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import type { CatalogTable } from "./postgres-catalog.ts";
import { type PostgresClient, queryJson } from "./postgres-client.ts";
import { quoteTable } from "./postgres-sql.ts";

/** A table to read, with what the catalog knows of it. */
export interface TableToHold {
  readonly wanted: TableToWrite;
  readonly found: CatalogTable;
}

interface AccessRow {
  readonly oid: string;
  /** Row-level security would hide rows from this role. */
  readonly hidesRows: boolean;
  readonly isUsable: boolean;
  readonly unreadable: readonly string[];
}

/** $1: `[{ oid, columns }]`. */
const ACCESS = `
  SELECT pg_catalog.json_build_object(
           'oid', w.oid, 'hidesRows', pg_catalog.row_security_active(w.oid::pg_catalog.oid),
           'isUsable', pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE'),
           'unreadable', (SELECT COALESCE(pg_catalog.json_agg(n.name), '[]'::json)
                            FROM pg_catalog.json_array_elements_text(w.columns) n (name)
                           WHERE NOT pg_catalog.has_column_privilege(c.oid, n.name, 'SELECT')))::text
    FROM pg_catalog.json_to_recordset($1::text::json) w (oid text, columns json)
    JOIN pg_catalog.pg_class c ON c.oid = w.oid::pg_catalog.oid`;

/**
 * Tables whose rows lie in another file than in the snapshot's time: TRUNCATE and the ALTER TABLEs that rewrite are not kept out by a snapshot, which
 * then sees an empty table. $1: oids as a JSON array.
 */
const REWRITTEN = `
  SELECT w.oid
    FROM pg_catalog.json_array_elements_text($1::text::json) w (oid)
   WHERE EXISTS (
     SELECT FROM (SELECT w.oid::pg_catalog.oid AS relid
                   UNION SELECT p.relid FROM pg_catalog.pg_partition_tree(w.oid::pg_catalog.oid) p) t
       JOIN pg_catalog.pg_class c ON c.oid = t.relid
      WHERE c.relkind = 'r' AND c.relfilenode <> pg_catalog.pg_relation_filenode(c.oid))`;

/** Who waits longer than this for a table finds a migration under way. */
const LOCK_TIMEOUT = "60s";

/**
 * Locks the tables as a reader does, until the transaction ends, and makes sure that the snapshot still sees their rows. Where something cannot be
 * read, that is told instead.
 */
export async function holdTables(client: PostgresClient, tables: readonly TableToHold[]): Promise<readonly Finding[]> {
  if (tables.length === 0) return [];
  const byOid = new Map(tables.map((one) => [one.found.oid, one]));
  const wanted = tables.map(({ wanted, found }) => ({ oid: found.oid, columns: wanted.columns.map(({ name }) => name) }));
  const access = new Map((await queryJson<AccessRow>(client, ACCESS, [JSON.stringify(wanted)])).map((row) => [row.oid, row]));
  const denied = tables.flatMap((one) => denials(access.get(one.found.oid), one));
  if (denied.length > 0) return denied;

  await client.query("SELECT pg_catalog.set_config('lock_timeout', $1::text, true)", [LOCK_TIMEOUT]);
  // Not LOCK TABLE, which wants a privilege on the whole table. LIMIT 0 reads no row, and still locks every partition.
  await client.script(
    tables
      .map(({ found }) => `SELECT FROM ${found.isPartitioned ? "" : "ONLY "}${quoteTable(found.table.ref)} LIMIT 0`)
      .join(";\n"),
  );
  await client.query("SELECT pg_catalog.set_config('lock_timeout', '0', true)");
  const rewritten = await client.query(REWRITTEN, [JSON.stringify([...byOid.keys()])]);
  return rewritten.map(([oid]) => rewrittenTable(byOid.get(oid!)!));
}

function denials(access: AccessRow | undefined, { wanted }: TableToHold): readonly Finding[] {
  // Dropped since the snapshot: locking it will tell.
  if (access === undefined) return [];
  const { hidesRows, isUsable, unreadable } = access;
  const name = tableName(wanted.table.ref);
  const denial = (message: string, hint: string): Finding => ({
    code: "PRIVILEGE_MISSING",
    severity: "error",
    message,
    table: name,
    hint,
  });
  const findings: Finding[] = [];
  if (!isUsable) findings.push(denial(`The source's role may not use the schema of ${name}.`, "GRANT USAGE on the schema."));
  if (unreadable.length > 0) {
    const what = unreadable.length === wanted.columns.length ? name : `${name} (${unreadable.join(", ")})`;
    findings.push(denial(`The source's role may not read ${what}.`, "GRANT SELECT on the table."));
  }
  if (hidesRows) {
    findings.push(
      denial(
        `Row-level security hides rows of ${name} from the source's role.`,
        "Use a role with BYPASSRLS, or the table's owner.",
      ),
    );
  }
  return findings;
}

function rewrittenTable({ wanted }: TableToHold): Finding {
  const name = tableName(wanted.table.ref);
  return {
    code: "SOURCE_FAILED",
    severity: "error",
    message: `${name} was emptied or rewritten while the run began.`,
    table: name,
    hint: "Run again when the source's migration is over.",
  };
}
