import { StandinError } from "../../../errors.ts";
import type { PostgresClient } from "../postgres-client.ts";

/** What to do where a run cannot be gone on with. */
export const BEGIN_ANEW = "Begin anew with `standin run --resumable`, which drops what was left.";

/** The schema in the target that holds the rows and the records of a run that keeps its shards. */
export const STAGING = "standin_staging";

/** What the schema's comment says of it: a schema of the same name without it is somebody else's. A dump carries it, as it carries the rows. */
const COMMENT = "standin: the rows of a run that is not finished";

/** A condition on a row of pg_namespace under the given alias: that it is not our staging. */
export const isNotStaging = (namespace: string): string =>
  `(${namespace}.nspname <> '${STAGING}' OR pg_catalog.obj_description(${namespace}.oid, 'pg_namespace') IS DISTINCT FROM '${COMMENT}')`;

/** Whether the target has our staging. */
export async function hasStaging(client: PostgresClient): Promise<boolean> {
  const rows = await client.query(`
    SELECT pg_catalog.pg_has_role(n.nspowner, 'USAGE')::text
      FROM pg_catalog.pg_namespace n WHERE n.nspname = '${STAGING}' AND NOT ${isNotStaging("n")}`);
  if (rows.length > 0 && rows[0]![0] !== "true") {
    throw new StandinError(
      "PRIVILEGE_MISSING",
      "The target holds the rows of an unfinished run, and its role does not own them.",
      {
        hint: `Use the role that the unfinished run had, or drop the schema ${STAGING}.`,
      },
    );
  }
  return rows.length > 0;
}

/** Throws where a staging could not be made: what has its name is somebody else's, or the role may make no schema. */
export async function refuseNoRoom(client: PostgresClient): Promise<void> {
  const strangers = await client.query(
    `SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = '${STAGING}' AND ${isNotStaging("n")}`,
  );
  if (strangers.length > 0) {
    throw new StandinError("TARGET_MISMATCH", `The target has a schema ${STAGING} that is not standin's.`, {
      hint: "Rename the schema, or run without `resumable`.",
    });
  }
  const rows = await client.query(
    "SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')::text, pg_catalog.quote_ident(pg_catalog.current_database())",
  );
  const [[isAllowed, database]] = rows as [[string, string]];
  if (isAllowed !== "true") {
    throw new StandinError("PRIVILEGE_MISSING", "The target's role may not make the schema that keeps shards.", {
      hint: `GRANT CREATE ON DATABASE ${database} to the role, or run without resumable.`,
    });
  }
}

export async function createStaging(client: PostgresClient): Promise<void> {
  await client.script(`CREATE SCHEMA ${STAGING}; COMMENT ON SCHEMA ${STAGING} IS '${COMMENT}'`);
}

/** With every row and record in it. */
export async function dropStaging(client: PostgresClient): Promise<void> {
  await client.script(`DROP SCHEMA ${STAGING} CASCADE`);
}
