import type { RunMark } from "../../../contracts.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { quoteName, quoteText } from "../mysql-sql.ts";
import { createRecords, forgetTable } from "./shard-places.ts";
import { RUN_TABLE, SHARDS_TABLE } from "./staging-names.ts";

/** Where the rows of one table are. */
export interface KeptTable {
  readonly name: string;
  readonly staging: string;
  /** Fingerprint of how the table was made that its rows are staged for. */
  readonly shape: string;
}

/** What is kept of a run beside its rows: names and fingerprints. */
export interface KeptRun {
  readonly mark: RunMark;
  readonly tables: readonly KeptTable[];
  /** Fingerprint of what else the run made on a target that was empty, null where it was not. */
  readonly others: string | null;
}

const RUN = quoteName(RUN_TABLE);
const SHARDS = quoteName(SHARDS_TABLE);

/** Writes down that what is staged is to be gone on with. From here on it is. */
export async function createKept(client: MysqlClient, kept: KeptRun): Promise<void> {
  await createRecords(client);
  await client.execute(
    `CREATE TABLE ${RUN} (id tinyint PRIMARY KEY, state longtext NOT NULL) ENGINE=InnoDB CHARACTER SET utf8mb4`,
  );
  await writeState(client, kept);
}

const writeState = (client: MysqlClient, kept: KeptRun) =>
  client.execute(`INSERT INTO ${RUN} VALUES (1, ${quoteText(JSON.stringify(kept))})`);

/** Whether there is anything of a run that keeps its shards. */
export async function hasKept(client: MysqlClient): Promise<boolean> {
  return (await countTables(client, [RUN_TABLE])) === 1;
}

/** What an unfinished run has left, null where there is nothing or not all of it. */
export async function readKept(client: MysqlClient): Promise<KeptRun | null> {
  if ((await countTables(client, [RUN_TABLE, SHARDS_TABLE])) < 2) return null;
  const [row] = await client.query(`SELECT state FROM ${RUN}`);
  if (row === undefined) return null;
  const kept = JSON.parse(row[0]!) as KeptRun;
  const staged = kept.tables.map(({ staging }) => staging);
  return (await countTables(client, staged)) === staged.length ? kept : null;
}

/** Has a table begin anew in the staging that `kept` names: its records go in the same moment. */
export async function forgetRecords(client: MysqlClient, kept: KeptRun, table: string): Promise<void> {
  await client.execute("START TRANSACTION");
  // An UPDATE would take a privilege that nothing else takes.
  await client.execute(`DELETE FROM ${RUN}`);
  await writeState(client, kept);
  await forgetTable(client, table);
  await client.execute("COMMIT");
}

/** For whatever is left to do once the tables are published. */
export const DROP_KEPT = `DROP TABLE IF EXISTS ${RUN}, ${SHARDS}`;

async function countTables(client: MysqlClient, names: readonly string[]): Promise<number> {
  if (names.length === 0) return 0;
  const [[count]] = (await client.query(
    `SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${names.map(quoteText).join(", ")})`,
  )) as [[string]];
  return Number(count);
}
