import type { MysqlClient } from "./mysql-client.ts";
import { quoteName, quoteText } from "./mysql-sql.ts";

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
  SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT, SQL_MODE, DEFINER
    FROM information_schema.TRIGGERS
   WHERE TRIGGER_SCHEMA = DATABASE()
   ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER`;

/** Every trigger of the session's database, in the order in which they fire. */
export async function readTriggers(client: MysqlClient): Promise<TriggerDefinition[]> {
  const rows = (await client.query(TRIGGERS)) as [string, string, string, string, string, string, string][];
  return rows.map(([table, name, timing, event, body, sqlMode, definer]) => ({
    table,
    name,
    timing,
    event,
    body,
    sqlMode,
    definer,
  }));
}

/** Makes a trigger under a name on a table. Its body is read in the sql_mode that it was written in. */
export async function createTrigger(client: MysqlClient, trigger: TriggerDefinition, name: string, table: string): Promise<void> {
  const { timing, event, body, definer } = trigger;
  const as = definer === null ? "" : `DEFINER = ${quoteDefiner(definer)} `;
  await inSqlMode(client, trigger.sqlMode, () =>
    client.execute(`CREATE ${as}TRIGGER ${quoteName(name)} ${timing} ${event} ON ${quoteName(table)} FOR EACH ROW ${body}`),
  );
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
