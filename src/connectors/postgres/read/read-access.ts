import type { TableToWrite } from "../../../contracts.ts";
import type { Finding } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import type { Side } from "../../database-errors.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import { type PostgresClient, queryJson } from "../postgres-client.ts";

/** A table to read, with what the catalog knows of it. */
export interface TableToRead {
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

/** Tells what of these tables the session's role may not read. */
export async function readDenials(
  client: PostgresClient,
  tables: readonly TableToRead[],
  side: Side,
): Promise<readonly Finding[]> {
  const wanted = tables.map(({ wanted, found }) => ({ oid: found.oid, columns: wanted.columns.map(({ name }) => name) }));
  const access = new Map((await queryJson<AccessRow>(client, ACCESS, [JSON.stringify(wanted)])).map((row) => [row.oid, row]));
  return tables.flatMap((one) => denials(access.get(one.found.oid), one, side));
}

function denials(access: AccessRow | undefined, { wanted }: TableToRead, side: Side): readonly Finding[] {
  // Dropped since the catalog was read: whoever reads it will be told.
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
  if (!isUsable) findings.push(denial(`The ${side}'s role may not use the schema of ${name}.`, "GRANT USAGE on the schema."));
  if (unreadable.length > 0) {
    const what = unreadable.length === wanted.columns.length ? name : `${name} (${unreadable.join(", ")})`;
    findings.push(denial(`The ${side}'s role may not read ${what}.`, "GRANT SELECT on the table."));
  }
  if (hidesRows) {
    findings.push(
      denial(
        `Row-level security hides rows of ${name} from the ${side}'s role.`,
        "Use a role with BYPASSRLS, or the table's owner.",
      ),
    );
  }
  return findings;
}
