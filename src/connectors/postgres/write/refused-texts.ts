import type { StandIn, TableRef } from "../../../contracts.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { PostgresFailure } from "../postgres-errors.ts";
import { quoteTable } from "../postgres-sql.ts";

/** Data exceptions, and what the input function of an extension's type calls a syntax error. */
const NO_VALUE = /^22|^42601$/;

/**
 * Those of the texts that the target's columns do not take. The row's type is asked, not a cast: that would cut what is too long, as no load does. Inside a
 * transaction; writes nothing.
 */
export async function refusedTexts(
  client: PostgresClient,
  standIns: readonly StandIn[],
  typeIn: (table: TableRef, column: string) => string | undefined,
): Promise<readonly StandIn[]> {
  const refused: StandIn[] = [];
  for (const standIn of standIns) {
    const { table, column, text } = standIn;
    const type = typeIn(table, column.name);
    if (type === undefined) continue;
    await client.script("SAVEPOINT asked");
    try {
      // A document's text would be taken for a string within a document.
      if (/^jsonb?$/.test(type)) await client.query(`SELECT $1::text::pg_catalog.${type} IS NULL`, [text]);
      else {
        const row = JSON.stringify({ [column.name]: text });
        await client.query(`SELECT pg_catalog.json_populate_record(NULL::${quoteTable(table)}, $1::json) IS NULL`, [row]);
      }
    } catch (error) {
      // Other refusals, of a domain's check or another column's NOT NULL, are told by other means.
      if (!(error instanceof PostgresFailure)) throw error;
      if (NO_VALUE.test(error.sqlState)) refused.push(standIn);
    }
    await client.script("ROLLBACK TO asked");
  }
  return refused;
}
