import type { TableToWrite } from "../../../contracts.ts";
import type { Finding } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { quoteText } from "../mysql-sql.ts";

/** Those of the tables whose engines have no transactions (MyISAM, Aria, MEMORY): the snapshot does not hold their rows, and each statement sees those of its own moment. */
export async function findWithoutSnapshot(client: MysqlClient, tables: readonly TableToWrite[]): Promise<readonly Finding[]> {
  if (tables.length === 0) return [];
  const names = new Map(tables.map(({ table }) => [table.ref.name, tableName(table.ref)]));
  const rows = (await client.query(
    `SELECT t.TABLE_NAME, t.ENGINE
       FROM information_schema.TABLES t JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
      WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME IN (${[...names.keys()].map(quoteText).join(", ")}) AND e.TRANSACTIONS <> 'YES'
      ORDER BY t.TABLE_NAME`,
  )) as [string, string][];
  return rows.map(([name, engine]): Finding => {
    const table = names.get(name)!;
    return {
      ...{ code: "SNAPSHOT_MISSING", severity: "warning", table },
      message: `The source's ${table} is of ${engine}, which has no snapshot: its rows are those of the moment at which they are read, and each further read sees another.`,
      hint: `Let nobody write to it meanwhile, or ALTER TABLE ${table} ENGINE=InnoDB. Workers and resumable runs read it in parts, their verification and a subset once more.`,
    };
  });
}
