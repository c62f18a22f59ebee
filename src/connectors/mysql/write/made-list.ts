import { StandinError } from "../../../errors.ts";
import type { MysqlClient } from "../mysql-client.ts";
import type { CreateStatement, MysqlDefinition } from "../mysql-definition.ts";
import { quoteName, quoteText } from "../mysql-sql.ts";
import { MADE_TABLE } from "./staging-names.ts";

const TABLE = quoteName(MADE_TABLE);
const KINDS = ["SEQUENCE", "PROCEDURE", "FUNCTION"];

/**
 * Writes down, in a target that was empty, what is going to be made under its own name before the tables are published: sequences and routines. So the
 * next run can take back what one that was cut off left behind. Refuses where such a name, or a view's, is taken: that is the user's own.
 */
export async function listMade(client: MysqlClient, definition: MysqlDefinition): Promise<void> {
  const { sequences, routines, views } = definition;
  await refuseTaken(client, [...sequences, ...routines, ...views]);
  const rows = [...sequences, ...routines].map(({ kind, name }, place) => `(${place}, ${quoteText(kind)}, ${quoteText(name)})`);
  if (rows.length === 0) return;
  await client.execute(
    `CREATE TABLE ${TABLE} (place int PRIMARY KEY, kind varchar(20), name varchar(64)) ENGINE=InnoDB CHARACTER SET utf8mb4`,
  );
  await client.execute(`INSERT INTO ${TABLE} VALUES ${rows.join(", ")}`);
}

/**
 * Takes back what an interrupted run had listed, as far as it came: to drop what is not there needs a privilege as well. To be called before the list itself
 * is dropped, and not once the tables are published.
 */
export async function dropListed(client: MysqlClient): Promise<void> {
  const isTaken = await readTaken(client);
  for (const [kind, name] of (await client.query(`SELECT kind, name FROM ${TABLE}`)) as [CreateStatement["kind"], string][]) {
    if (KINDS.includes(kind) && isTaken({ kind, name })) await client.execute(`DROP ${kind} IF EXISTS ${quoteName(name)}`);
  }
}

async function refuseTaken(client: MysqlClient, wanted: readonly CreateStatement[]): Promise<void> {
  const found = wanted.find(await readTaken(client));
  if (found === undefined) return;
  throw new StandinError(
    "SINK_FAILED",
    `The target has no table, but a ${found.kind.toLowerCase()} ${found.name} as the source does.`,
    {
      hint: "Drop it, or point to an empty database.",
    },
  );
}

/** Which names are taken. Sequences and views share theirs with tables. */
async function readTaken(client: MysqlClient): Promise<(one: Pick<CreateStatement, "kind" | "name">) => boolean> {
  const rows = (await client.query(
    `SELECT 'TABLE', TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
      UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()`,
  )) as [string, string][];
  // Servers differ in whether case counts in a name.
  const nameOf = (kind: string, name: string) => `${kind} ${name.toLowerCase()}`;
  const taken = new Set(rows.map(([kind, name]) => nameOf(kind, name)));
  return ({ kind, name }) => taken.has(nameOf(kind === "VIEW" || kind === "SEQUENCE" ? "TABLE" : kind, name));
}
