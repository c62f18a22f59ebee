import { quoteMysql, runMysql } from "../servers/mysql-server.ts";

/** Everything that SHOW CREATE and the catalog tell of a database beside its rows, comparable with another database's. */
export async function mysqlDefinitions(url: string): Promise<Record<string, string>> {
  const database = new URL(url).pathname.slice(1);
  const found: [string, string][] = [];
  const tables = await runMysql(url, "SHOW FULL TABLES");
  for (const row of tables) {
    const [name, type] = Object.values(row) as [string, string];
    const [shown] = await runMysql(url, `SHOW CREATE TABLE ${quoteMysql(name)}`);
    const definition = String(shown!["Create Table"] ?? shown!["Create View"] ?? Object.values(shown!)[1]);
    found.push([`${type.toLowerCase()} ${name}`, type === "VIEW" ? definition : normalizeTable(definition)]);
  }
  found.push(...(await catalogRows(url, TRIGGERS)), ...(await catalogRows(url, ROUTINES)));
  return Object.fromEntries(found.map(([name, text]) => [name, text.replaceAll(`\`${database}\`.`, "")]));
}

/** The counter moves with the rows, and the order of foreign keys is the order in which they were added. */
function normalizeTable(definition: string): string {
  const lines = definition.replace(/ AUTO_INCREMENT=\d+/, "").split("\n");
  const isForeignKey = (line: string) => / FOREIGN KEY /.test(line);
  const foreignKeys = lines.filter(isForeignKey).map((line) => line.replace(/,$/, ""));
  const others = lines.filter((line) => !isForeignKey(line)).map((line) => line.replace(/,$/, ""));
  return [...others, ...foreignKeys.sort()].join("\n");
}

const TRIGGERS = `
  SELECT CONCAT('trigger ', trigger_name) AS name, event_object_table, action_timing, event_manipulation, action_order, action_statement, sql_mode, definer
    FROM information_schema.triggers WHERE trigger_schema = DATABASE()`;

const ROUTINES = `
  SELECT CONCAT(LOWER(routine_type), ' ', routine_name) AS name, dtd_identifier, routine_definition, is_deterministic, sql_data_access, security_type
    FROM information_schema.routines WHERE routine_schema = DATABASE()`;

async function catalogRows(url: string, sql: string): Promise<[string, string][]> {
  // MySQL keeps the end of the statement that came among several.
  return (await runMysql(url, sql)).map(({ name, ...rest }) => [String(name), JSON.stringify(rest).replaceAll(/;+"/g, '"')]);
}
