import type { Finding } from "../../../errors.ts";
import type { MysqlClient } from "../mysql-client.ts";

/** What staging tables take: they are made, filled, altered, renamed and dropped beside the target's own. */
const NEEDED = ["SELECT", "INSERT", "DELETE", "CREATE", "DROP", "ALTER"];

/** Privileges on all databases or on this one, whose name a grant may give as a pattern. Those of one table do not reach a staging table. */
const PRIVILEGES = `
  SELECT PRIVILEGE_TYPE
    FROM (SELECT GRANTEE, PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES
           UNION ALL
          SELECT GRANTEE, PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES WHERE DATABASE() LIKE TABLE_SCHEMA) p
   WHERE GRANTEE IN (CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), ''''))`;

/**
 * Every privilege on the database that the target's user lacks, at once. What only some tables ask for (the definers of triggers, routines) is told by the
 * rehearsal on the staging tables.
 */
export async function checkTargetAccess(client: MysqlClient): Promise<readonly Finding[]> {
  // What a role brings is not listed under the user's name: there the rehearsal has the word.
  const [[role]] = (await client.query("SELECT COALESCE(CURRENT_ROLE(), 'NONE')")) as [[string]];
  if (role !== "NONE") return [];
  const given = new Set((await client.query(PRIVILEGES)).map(([privilege]) => privilege));
  const missing = NEEDED.filter((privilege) => !given.has(privilege));
  if (missing.length === 0) return [];
  return [
    {
      code: "PRIVILEGE_MISSING",
      severity: "error",
      message: `The target's user lacks ${missing.join(", ")} on the target's database, where the new tables are made.`,
      hint: `GRANT ${missing.join(", ")} on the whole database, not on its tables one by one.`,
    },
  ];
}
