import type { TableToWrite } from "../../../contracts.ts";
import type { Finding } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import type { Side } from "../../database-errors.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { MysqlFailure } from "../mysql-errors.ts";
import { quoteName, quoteNames } from "../mysql-sql.ts";

/** No privilege on the table (1142) or on a column (1143). */
const DENIED = [1142, 1143];
/** Altered, or gone, since the snapshot. */
const CHANGED = [1146, 1054, 1412];

/**
 * Reads no row of each table, which holds it against ALTER, DROP and TRUNCATE until the transaction ends, where there is one. Where something cannot be read, that is told
 * instead.
 */
export async function holdTables(client: MysqlClient, tables: readonly TableToWrite[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { table, columns } of tables) {
    const name = tableName(table.ref);
    const names = quoteNames(columns.map((column) => column.name));
    try {
      await client.query(`SELECT ${names} FROM ${quoteName(table.ref.name)} LIMIT 0`);
    } catch (error) {
      if (!(error instanceof MysqlFailure)) throw error;
      if (DENIED.includes(error.errno)) findings.push(denied(name, client.side));
      else if (CHANGED.includes(error.errno)) findings.push(changed(name));
      else throw error;
    }
  }
  return findings;
}

const denied = (table: string, side: Side): Finding => ({
  code: "PRIVILEGE_MISSING",
  severity: "error",
  message: `The ${side}'s user may not read ${table}, or not all of its columns.`,
  table,
  hint: "GRANT SELECT on the table.",
});

const changed = (table: string): Finding => ({
  code: "SOURCE_FAILED",
  severity: "error",
  message: `${table} was changed while the run began.`,
  table,
  hint: "Run again when the source's migration is over.",
});
