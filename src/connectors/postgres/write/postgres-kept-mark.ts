import { StandinError } from "../../../errors.ts";
import type { PostgresClient } from "../postgres-client.ts";

/** The schema in a target that holds where the last run left off, sealed. */
export const MARK_SCHEMA = "_standin_mark";

const TABLE = `${MARK_SCHEMA}.sealed`;

async function hasMark(client: PostgresClient): Promise<boolean> {
  const rows = await client.query(`SELECT pg_catalog.to_regclass('${TABLE}')::text`);
  return rows[0]![0] !== null;
}

export async function readKeptMark(client: PostgresClient): Promise<string | null> {
  if (!(await hasMark(client))) return null;
  const rows = await client.query(`SELECT mark FROM ${TABLE}`);
  return rows[0]?.[0] ?? null;
}

/** Leaves a mark, or none, in the transaction under way. */
export async function keepMark(client: PostgresClient, mark: string | null): Promise<void> {
  const isThere = await hasMark(client);
  if (mark === null) {
    if (isThere) await client.script(`DROP SCHEMA ${MARK_SCHEMA} CASCADE`);
    return;
  }
  if (!isThere) await client.script(`CREATE SCHEMA IF NOT EXISTS ${MARK_SCHEMA}; CREATE TABLE ${TABLE} (mark text NOT NULL)`);
  await client.script(`DELETE FROM ${TABLE}`);
  await client.query(`INSERT INTO ${TABLE} VALUES ($1)`, [mark]);
}

/** Throws where the target's role could not leave a mark. */
export async function refuseNoMark(client: PostgresClient): Promise<void> {
  const [[isThere, mayMake, database]] = (await client.query(`
    SELECT (pg_catalog.to_regclass('${TABLE}') IS NOT NULL)::text,
           pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')::text,
           pg_catalog.quote_ident(pg_catalog.current_database())`)) as [[string, string, string]];
  if (isThere === "true" || mayMake === "true") return;
  throw new StandinError(
    "PRIVILEGE_MISSING",
    "The target's role may not make the schema that an incremental policy leaves its mark in.",
    {
      hint: `GRANT CREATE ON DATABASE ${database} to the role, or take \`incremental\` out.`,
    },
  );
}
