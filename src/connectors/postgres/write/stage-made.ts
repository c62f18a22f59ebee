import type { TableRef } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { isSameTable } from "../../../table-ref.ts";
import type { Catalog } from "../postgres-catalog.ts";
import { type PostgresClient, queryJson } from "../postgres-client.ts";
import { PostgresFailure } from "../postgres-errors.ts";
import { hasStaging, STAGING } from "./stage-schema.ts";

/** Something that a run made in an empty target: a table, or what tables need, such as a type. */
export interface MadeObject {
  /** As DROP names it. */
  readonly kind: string;
  /** Its qualified, quoted name. */
  readonly identity: string;
  /** The table, null where it is something else. */
  readonly table: TableRef | null;
}

/**
 * What the transaction under way has made, the newest first, and nothing that goes with something else (a sequence with its column). Whatever stands by
 * itself has a row of its own among the dependencies, but for schemas.
 */
const MADE = `
  WITH fresh AS (
    SELECT d.classid, d.objid
      FROM pg_catalog.pg_depend d
     WHERE d.xmin::text::bigint = pg_catalog.txid_current() & 4294967295
       -- Before PostgreSQL 15 a computed column goes with the functions that it calls, and its table does not.
       AND d.objsubid = 0
       -- A partitioned table depends on its own columns.
       AND NOT (d.refclassid = d.classid AND d.refobjid = d.objid)
     GROUP BY d.classid, d.objid HAVING pg_catalog.bool_and(d.deptype = 'n')
     UNION
    SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid
      FROM pg_catalog.pg_namespace n WHERE n.xmin::text::bigint = pg_catalog.txid_current() & 4294967295)
  SELECT pg_catalog.json_build_object(
           'kind', i.type, 'identity', i.identity,
           'table', CASE WHEN c.relkind IN ('r', 'p') THEN pg_catalog.json_build_object('schema', n.nspname, 'name', c.relname) END)::text
    FROM fresh f
   CROSS JOIN LATERAL pg_catalog.pg_identify_object(f.classid, f.objid, 0) i
    LEFT JOIN pg_catalog.pg_class c ON f.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = f.objid
    LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE i.type IN ('table', 'view', 'materialized view', 'sequence', 'foreign table', 'type', 'function', 'procedure', 'aggregate', 'operator',
                    'operator class', 'operator family', 'cast', 'collation', 'conversion', 'text search configuration', 'text search dictionary',
                    'text search parser', 'text search template', 'language', 'server', 'extension', 'schema')
   ORDER BY f.objid DESC`;

/** To be asked in the transaction that ran the definition. */
export function readFresh(client: PostgresClient): Promise<MadeObject[]> {
  return queryJson<MadeObject>(client, MADE);
}

export async function keepMade(client: PostgresClient, made: readonly MadeObject[]): Promise<void> {
  await client.script(`CREATE TABLE ${STAGING}.made (position integer PRIMARY KEY, object text NOT NULL)`);
  await client.query(
    `INSERT INTO ${STAGING}.made SELECT o.position, o.object::text
       FROM pg_catalog.json_array_elements($1::text::json) WITH ORDINALITY o (object, position)`,
    [JSON.stringify(made)],
  );
}

/** What the run that is staged has made. */
export async function readMade(client: PostgresClient): Promise<readonly MadeObject[]> {
  if (!(await hasStaging(client))) return [];
  const there = await client.query(`SELECT FROM pg_catalog.pg_tables WHERE schemaname = '${STAGING}' AND tablename = 'made'`);
  return there.length === 0 ? [] : queryJson<MadeObject>(client, `SELECT object FROM ${STAGING}.made ORDER BY position`);
}

/** The target without the tables that an unfinished run has made: they are not the target's until it is finished. */
export function withoutMade(catalog: Catalog, made: readonly MadeObject[]): Catalog {
  const isMade = (ref: TableRef) => made.some(({ table }) => table !== null && isSameTable(table, ref));
  const tables = catalog.schema.tables.filter(({ ref }) => !isMade(ref));
  return { schema: { ...catalog.schema, tables }, find: (ref) => (isMade(ref) ? undefined : catalog.find(ref)) };
}

/** Drops what an unfinished run has made. Throws where it is in use by now: rows, or something of somebody else's that hangs on it. */
export async function dropMade(client: PostgresClient, made: readonly MadeObject[]): Promise<void> {
  for (const { kind, identity, table } of made) {
    if (table !== null) await refuseRows(client, identity);
    await client.script(`DROP ${kind} IF EXISTS ${identity}`).catch((error: unknown) => {
      throw error instanceof PostgresFailure && error.sqlState === "2BP01" ? inUse(identity, "something else needs it") : error;
    });
  }
}

async function refuseRows(client: PostgresClient, table: string): Promise<void> {
  const [[isThere]] = (await client.query("SELECT (pg_catalog.to_regclass($1) IS NOT NULL)::text", [table])) as [[string]];
  if (isThere !== "true") return;
  await client.script(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  const rows = await client.query(`SELECT FROM ${table} LIMIT 1`);
  if (rows.length > 0) throw inUse(table, "it holds rows now");
}

function inUse(identity: string, why: string): StandinError {
  return new StandinError("TARGET_MISMATCH", `An unfinished run made ${identity}, which cannot be taken away: ${why}.`, {
    hint: "Resume that run, or empty the target yourself.",
  });
}
