import { StandinError } from "../../../errors.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { quoteName, quoteText } from "../mysql-sql.ts";

/** A trigger with all that it takes to make it anew. */
export interface TriggerDefinition {
  readonly table: string;
  readonly name: string;
  readonly timing: string;
  readonly event: string;
  readonly body: string;
  readonly sqlMode: string;
  /** `user@host`; null where whoever makes it becomes its definer. */
  readonly definer: string | null;
}

const TRIGGERS = `
  SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, SQL_MODE, DEFINER
    FROM information_schema.TRIGGERS
   WHERE TRIGGER_SCHEMA = DATABASE()
   ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER`;

/** Every trigger of the session's database, in the order in which they fire. */
export async function readTriggers(client: MysqlClient): Promise<TriggerDefinition[]> {
  const triggers: TriggerDefinition[] = [];
  for (const row of await client.query(TRIGGERS)) {
    const [table, name, timing, event, sqlMode, definer] = row as [string, string, string, string, string, string];
    // The catalog's own column for the body has lost its backslashes.
    const [created] = await client.query(`SHOW CREATE TRIGGER ${quoteName(name)}`);
    triggers.push({ table, name, timing, event, body: bodyOf(created?.[2] ?? "", name), sqlMode, definer });
  }
  return triggers;
}

const SPACE = "(?:\\s|/\\*[\\s\\S]*?\\*/|--\\s[^\\n]*\\n|#[^\\n]*\\n)+";
const NAME = '(?:`(?:[^`]|``)*`|"(?:[^"]|"")*"|[\\w$\\u0080-\\uffff]+)';
/** What a trigger's statement starts with, up to its body (MySQL manual, CREATE TRIGGER). */
const HEAD = new RegExp(
  [
    `^CREATE${SPACE}(?:OR${SPACE}REPLACE${SPACE})?(?:DEFINER\\s*=\\s*${NAME}(?:\\s*@\\s*${NAME})?${SPACE})?`,
    `TRIGGER${SPACE}(?:IF${SPACE}NOT${SPACE}EXISTS${SPACE})?${NAME}(?:\\s*\\.\\s*${NAME})?`,
    `${SPACE}(?:BEFORE|AFTER)${SPACE}(?:INSERT|UPDATE|DELETE)${SPACE}ON${SPACE}${NAME}(?:\\s*\\.\\s*${NAME})?`,
    `${SPACE}FOR${SPACE}EACH${SPACE}ROW${SPACE}(?:(?:FOLLOWS|PRECEDES)${SPACE}${NAME}${SPACE})?`,
  ].join(""),
  "i",
);

function bodyOf(statement: string, name: string): string {
  const head = HEAD.exec(statement);
  if (head !== null) return statement.slice(head[0].length);
  throw new StandinError("PRIVILEGE_MISSING", `It cannot be seen how the trigger ${name} is made.`, {
    hint: "GRANT TRIGGER on the database's tables.",
  });
}

/** Makes a trigger under a name on a table. To be run in the sql_mode that its body was written in. */
export function createTrigger({ timing, event, body, definer }: TriggerDefinition, name: string, table: string): string {
  const as = definer === null ? "" : `DEFINER = ${quoteDefiner(definer)} `;
  return `CREATE ${as}TRIGGER ${quoteName(name)} ${timing} ${event} ON ${quoteName(table)} FOR EACH ROW ${body}`;
}

/** Runs a step in another sql_mode than the pinned one. */
export async function inSqlMode(client: MysqlClient, mode: string, step: () => Promise<unknown>): Promise<void> {
  await client.execute("SET @standin_sql_mode = @@SESSION.sql_mode");
  await client.execute(`SET SESSION sql_mode = ${quoteText(mode)}`);
  try {
    await step();
  } finally {
    if (!client.isLost) await client.execute("SET SESSION sql_mode = @standin_sql_mode");
  }
}

function quoteDefiner(definer: string): string {
  const at = definer.lastIndexOf("@");
  return at < 0 ? quoteName(definer) : `${quoteName(definer.slice(0, at))}@${quoteName(definer.slice(at + 1))}`;
}
