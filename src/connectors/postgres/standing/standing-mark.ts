import type { Mark } from "../../../standing-database.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { readIdentity } from "../postgres-session.ts";

/** The schema that holds the mark, and a run's notes while there is one. */
export const OUR_SCHEMA = "_standin";

/**
 * What the mark must say: the server's system identifier and timeline, the database's oid and name, and the schema's oid, which a dump does not carry. So neither a dump
 * nor a restored backup of a marked database is marked.
 */
async function ownText(client: PostgresClient): Promise<string> {
  const identity = await readIdentity(client);
  const [[rest]] = (await client.query(`
    SELECT pg_catalog.concat_ws('/', pg_catalog.current_database(), (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = '${OUR_SCHEMA}'),
             CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_checkpoint()', 'EXECUTE')
                  THEN (SELECT timeline_id::text FROM pg_catalog.pg_control_checkpoint()) ELSE '-' END)`)) as [[string]];
  return `standin: not production, ${identity}/${rest}`;
}

export async function readMark(client: PostgresClient): Promise<Mark> {
  const rows = await client.query(
    `SELECT pg_catalog.obj_description(oid, 'pg_namespace') FROM pg_catalog.pg_namespace WHERE nspname = '${OUR_SCHEMA}'`,
  );
  const text = rows[0]?.[0] ?? null;
  if (text === null) return "none";
  return text === (await ownText(client)) ? "own" : "foreign";
}

export async function setMark(client: PostgresClient): Promise<void> {
  await client.script(`CREATE SCHEMA IF NOT EXISTS ${OUR_SCHEMA}`);
  await client.script(`COMMENT ON SCHEMA ${OUR_SCHEMA} IS '${(await ownText(client)).replaceAll("'", "''")}'`);
}

/** Takes the notes of a run along. */
export async function removeMark(client: PostgresClient): Promise<void> {
  await client.script(`DROP TABLE IF EXISTS ${OUR_SCHEMA}.notes; DROP SCHEMA IF EXISTS ${OUR_SCHEMA}`);
}
