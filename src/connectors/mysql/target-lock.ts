import { anotherRun } from "../database-errors.ts";
import type { MysqlClient } from "./mysql-client.ts";

/** How long the server may take to notice that a session's client is gone. */
export const SECONDS_TO_END = 60;

/** Lets one run at a time write to a database. Waits for a session that has lost its client to end. */
export async function lockOut(client: MysqlClient, seconds: number): Promise<void> {
  const [[isOurs]] = (await client.query(`SELECT GET_LOCK(CONCAT('standin/', MD5(DATABASE())), ${seconds})`)) as [[string]];
  if (isOurs !== "1") throw anotherRun();
}
