import { randomBytes } from "node:crypto";
import type { MysqlClient } from "../mysql-client.ts";
import { MysqlFailure } from "../mysql-errors.ts";
import { quoteName } from "../mysql-sql.ts";
import type { StagedTable } from "./staging.ts";
import { OUR_PREFIX } from "./staging-names.ts";

/** A check as SHOW CREATE TABLE writes it, on a line of its own. */
const CHECK_LINE = /^( {2}CONSTRAINT )`((?:[^`]|``)*)`( CHECK .*?)(,?)$/gm;
const DUPLICATE_CHECK = 3822;

interface NamedCheck {
  readonly name: string;
  /** Everything behind its name. */
  readonly text: string;
}

/**
 * How tables get the names of their checks, once they are published and the old tables are gone: MySQL has one of each name in a database, and gives a table's twin names
 * of its own. Such a table is built anew, as an enforced check is to be seen to hold. MariaDB's checks have their table's names alone, and keep them.
 */
export async function nameChecks(
  client: MysqlClient,
  tables: readonly StagedTable[],
  createStatements: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const checked = new Set(
    (
      await client.query(
        "SELECT DISTINCT TABLE_NAME FROM information_schema.TABLE_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE() AND CONSTRAINT_TYPE = 'CHECK'",
      )
    ).map(([name]) => name),
  );
  const statements: string[] = [];
  for (const { name, staging } of tables) {
    if (!checked.has(staging)) continue;
    const wanted = checksOf(createStatements.get(name) ?? (await showCreate(client, name)));
    const given = checksOf(await showCreate(client, staging)).map((check) => ({ ...check, name: renamed(check, staging, name) }));
    const changes = renames(given, wanted);
    if (changes.length > 0) statements.push(`ALTER TABLE ${quoteName(name)} ${changes.join(", ")}`);
  }
  return statements;
}

/** Makes a table by its statement; where its checks' names are taken, with others. */
export async function createWithChecks(client: MysqlClient, sql: string): Promise<void> {
  try {
    await client.execute(sql);
  } catch (error) {
    if (!(error instanceof MysqlFailure) || error.errno !== DUPLICATE_CHECK) throw error;
    const run = randomBytes(4).toString("hex");
    let count = 0;
    await client.execute(
      sql.replace(CHECK_LINE, (_, start, _name, text, end) => {
        return `${start}${quoteName(`${OUR_PREFIX}check_${run}_${++count}`)}${text}${end}`;
      }),
    );
  }
}

function renames(given: readonly NamedCheck[], wanted: readonly NamedCheck[]): readonly string[] {
  const is = (one: NamedCheck) => (other: NamedCheck) => one.name === other.name && one.text === other.text;
  const surplus = given.filter((check) => !wanted.some(is(check)));
  const missing = wanted.filter((check) => !given.some(is(check)));
  const texts = (checks: readonly NamedCheck[]) => JSON.stringify(checks.map(({ text }) => text).sort());
  // What is checked is not to change: what cannot be told for the same keeps the names that it has.
  if (texts(surplus) !== texts(missing)) return [];
  return [
    ...surplus.map(({ name }) => `DROP CHECK ${quoteName(name)}`),
    ...missing.map(({ name, text }) => `ADD CONSTRAINT ${quoteName(name)}${text}`),
  ];
}

/** A name that the server gave begins with the table's, and goes on doing so. */
function renamed({ name }: NamedCheck, staging: string, table: string): string {
  return name.startsWith(`${staging}_chk_`) ? table + name.slice(staging.length) : name;
}

function checksOf(sql: string): NamedCheck[] {
  return [...sql.matchAll(CHECK_LINE)].map(([, , name, text]) => ({ name: name!.replaceAll("``", "`"), text: text! }));
}

async function showCreate(client: MysqlClient, table: string): Promise<string> {
  const [row] = await client.query(`SHOW CREATE TABLE ${quoteName(table)}`);
  return row![1]!;
}
