import type { TableToWrite } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { MysqlFailure } from "../mysql-errors.ts";
import { quoteName, quoteNames, quoteText } from "../mysql-sql.ts";
import { readOurs } from "./staging.ts";
import { isSlot, OUR_PREFIX, slotName, stagingOfSlot } from "./staging-names.ts";

/** The order in which rows came into a slot's table. */
export const ROW = quoteName(`${OUR_PREFIX}row`);

const TOO_WIDE = 1118;

/**
 * Makes the table that one session's rows for a staging table wait in, where it is not there: the same columns, as they are, and no index, check or counter of numbers.
 * So no session waits for another one's rows, and the rows of a shard lie together. Ends the transaction under way, as every statement does that makes a table.
 */
export async function createSlot(
  client: MysqlClient,
  staging: string,
  slot: number,
  { table, columns }: TableToWrite,
): Promise<string> {
  const name = slotName(staging, slot);
  const written = quoteNames(columns.map((column) => column.name));
  try {
    await client.execute(
      `CREATE TABLE IF NOT EXISTS ${quoteName(name)} (${ROW} bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB
       AS SELECT ${written} FROM ${quoteName(staging)} LIMIT 0`,
    );
  } catch (error) {
    if (!(error instanceof MysqlFailure) || error.errno !== TOO_WIDE) throw error;
    throw new StandinError("TARGET_MISMATCH", `A row of ${tableName(table.ref)} has no room for a number beside it.`, {
      table: tableName(table.ref),
      hint: "Run it on one machine, with --workers: `standin run --workers 8`.",
    });
  }
  return name;
}

/** The number of the last row, 0 where there is none. */
export async function lastRow(client: MysqlClient, slotTable: string): Promise<number> {
  const [[last]] = (await client.query(`SELECT COALESCE(MAX(${ROW}), 0) FROM ${quoteName(slotTable)}`)) as [[string]];
  return Number(last);
}

/** Drops the slots of staging tables, or those of all others. */
export async function dropSlots(client: MysqlClient, which: "of" | "of others than", stagings: readonly string[]): Promise<void> {
  const chosen = new Set(stagings);
  const slots = (await readOurs(client)).filter(isSlot);
  const names = slots.filter((name) => chosen.has(stagingOfSlot(name)) === (which === "of"));
  if (names.length > 0) await client.execute(`DROP TABLE IF EXISTS ${quoteNames(names)}`);
}

/** Whether nothing but the order in which they came tells where the table's rows lie. */
export async function isKeyless(client: MysqlClient, table: string): Promise<boolean> {
  const rows = await client.query(
    `SELECT 1 FROM information_schema.STATISTICS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${quoteText(table)} AND INDEX_NAME = 'PRIMARY' LIMIT 1`,
  );
  return rows.length === 0;
}
