import type { LeftRun, RunMark, StagedShard, TableToWrite } from "../../../contracts.ts";
import { isSameTable } from "../../../table-ref.ts";
import { type PostgresClient, queryJson } from "../postgres-client.ts";
import { quoteText } from "../postgres-sql.ts";
import { hasStaging, STAGING } from "./stage-schema.ts";

/** One table of a run that keeps its shards: its rows are in `t1`, `t2`, … of the staging. */
export interface StagedTable {
  readonly number: number;
  readonly schema: string;
  readonly name: string;
}

/** What a run that broke off left, with what only this connector knows of it. */
export interface LeftStaging extends LeftRun {
  readonly tables: readonly StagedTable[];
}

/** Where the rows of a shard lie. */
export interface StagedPlace {
  readonly number: number;
  /** 0 for the session that began the run; sessions that joined it have slots of their own, and in each of them tables that nobody else writes to. */
  readonly slot: number;
  /** Blocks of the slot's table. Others' rows may lie in the first and the last of them, and in between what was taken back. */
  readonly firstBlock: number;
  readonly endBlock: number;
}

/**
 * A shard's rows are those that its transaction brought, which `transaction` tells: rows need no column that says whose they are, and a COPY no time to
 * fill it.
 */
const RECORDS = `
  CREATE TABLE ${STAGING}.run (mark text NOT NULL);
  CREATE TABLE ${STAGING}.tables (number integer PRIMARY KEY, schema text NOT NULL, name text NOT NULL);
  CREATE TABLE ${STAGING}.shards (
    position bigint GENERATED ALWAYS AS IDENTITY, number integer NOT NULL, "table" text NOT NULL, shard text NOT NULL,
    rows bigint NOT NULL, checksum text NOT NULL, transaction xid NOT NULL,
    slot integer NOT NULL, first_block bigint NOT NULL, end_block bigint NOT NULL, PRIMARY KEY (number, shard))`;

export async function createRecords(client: PostgresClient, mark: RunMark, tables: readonly StagedTable[]): Promise<void> {
  await client.script(RECORDS);
  await client.query(`INSERT INTO ${STAGING}.run VALUES ($1)`, [JSON.stringify(mark)]);
  await client.query(
    `INSERT INTO ${STAGING}.tables
     SELECT number, schema, name FROM pg_catalog.json_to_recordset($1::text::json) t (number integer, schema text, name text)`,
    [JSON.stringify(tables)],
  );
}

/** What is left of a run, null where there is nothing or not all of it. */
export async function readLeft(client: PostgresClient): Promise<LeftStaging | null> {
  if (!(await hasStaging(client)) || !(await hasRelations(client, ["run", "tables", "shards"]))) return null;
  const [mark] = await queryJson<RunMark>(client, `SELECT mark FROM ${STAGING}.run`);
  if (mark === undefined) return null;
  const tables = await queryJson<StagedTable>(
    client,
    `SELECT pg_catalog.json_build_object('number', number, 'schema', schema, 'name', name)::text FROM ${STAGING}.tables ORDER BY number`,
  );
  const staged = tables.map(({ number }) => stagedName(number));
  if (!(await hasRelations(client, staged))) return null;
  const shards = await queryJson<StagedShard>(
    client,
    `SELECT pg_catalog.json_build_object('table', "table", 'shard', shard, 'rows', rows, 'checksum', checksum)::text
       FROM ${STAGING}.shards ORDER BY position`,
  );
  return { mark, tables, shards };
}

async function hasRelations(client: PostgresClient, names: readonly string[]): Promise<boolean> {
  const [[count]] = (await client.query(
    `SELECT pg_catalog.count(*)::text
       FROM pg_catalog.pg_class c
       JOIN pg_catalog.json_array_elements_text($1::text::json) n (name) ON c.relname = n.name
      WHERE c.relkind = 'r' AND c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = '${STAGING}')`,
    [JSON.stringify(names)],
  )) as [[string]];
  return Number(count) === names.length;
}

/** Keeps the record of a shard whose rows the transaction under way brings, and commits: at once, so that a process that stands still holds up nobody. */
export async function keepRecord(client: PostgresClient, place: StagedPlace, record: StagedShard): Promise<void> {
  const values = [place.number, quoteText(record.table), quoteText(record.shard), record.rows, quoteText(record.checksum)];
  const where = [place.slot, place.firstBlock, place.endBlock];
  await client.script(`
    INSERT INTO ${STAGING}.shards (number, "table", shard, rows, checksum, transaction, slot, first_block, end_block)
    VALUES (${values.join(", ")}, ${THIS_TRANSACTION}, ${where.join(", ")});
    COMMIT`);
}

/** As `xmin` of the rows that it brings. */
export const THIS_TRANSACTION = "(pg_catalog.txid_current() & 4294967295)::text::xid";

/** A shard's rows, by the transaction that brought them. */
export interface PlacedShard extends StagedPlace {
  readonly shard: string;
  readonly transaction: string;
}

/** Where the shards of each table lie, in the order in which they came. */
export function placedShards(client: PostgresClient): Promise<PlacedShard[]> {
  return queryJson<PlacedShard>(
    client,
    `SELECT pg_catalog.json_build_object('number', number, 'shard', shard, 'slot', slot, 'firstBlock', first_block, 'endBlock', end_block,
                                         'transaction', transaction::text)::text
       FROM ${STAGING}.shards ORDER BY number, position`,
  );
}

/** The rows of a shard that has a record, null where it has none. */
export async function recordedRows(client: PostgresClient, number: number, shard: string): Promise<number | null> {
  const rows = await client.query(`SELECT rows::text FROM ${STAGING}.shards WHERE number = $1::integer AND shard = $2`, [
    String(number),
    shard,
  ]);
  return rows.length === 0 ? null : Number(rows[0]![0]);
}

/** The rows that the records of each table promise, by the table's number. */
export async function promisedRows(client: PostgresClient): Promise<ReadonlyMap<number, number>> {
  const rows = await client.query(`SELECT number::text, pg_catalog.sum(rows)::text FROM ${STAGING}.shards GROUP BY number`);
  return new Map(rows.map(([number, sum]) => [Number(number), Number(sum)]));
}

/**
 * Takes shards out with their rows, and all of the table's where its rows no longer tell whose they are, as in a database that was restored from a dump.
 * Resolves with the names of those that stay.
 */
export async function discardShards(
  client: PostgresClient,
  number: number,
  shards: readonly string[],
): Promise<readonly string[]> {
  const chosen = [String(number), JSON.stringify(shards)];
  const isChosen = "number = $1::integer AND shard IN (SELECT pg_catalog.json_array_elements_text($2::text::json))";
  const [[promised]] = (await client.query(
    `SELECT COALESCE(pg_catalog.sum(rows), 0)::text FROM ${STAGING}.shards WHERE ${isChosen}`,
    chosen,
  )) as [[string]];
  const slots = await client.query(`SELECT DISTINCT slot::text FROM ${STAGING}.shards WHERE number = $1::integer`, [
    String(number),
  ]);
  const staged = slots.map(([slot]) => `${STAGING}.${stagedName(number, Number(slot))}`);
  let deleted = 0;
  for (const table of staged) {
    const [[count]] = (await client.query(
      `WITH deleted AS (
         DELETE FROM ${table} WHERE xmin IN (SELECT transaction FROM ${STAGING}.shards WHERE ${isChosen}) RETURNING 1)
       SELECT pg_catalog.count(*)::text FROM deleted`,
      chosen,
    )) as [[string]];
    deleted += Number(count);
  }
  if (deleted === Number(promised)) await client.query(`DELETE FROM ${STAGING}.shards WHERE ${isChosen}`, chosen);
  else if (staged.length > 0) {
    await client.script(`TRUNCATE ${staged.join(", ")}; DELETE FROM ${STAGING}.shards WHERE number = ${number}`);
  }
  const stay = await client.query(`SELECT shard FROM ${STAGING}.shards WHERE number = $1::integer ORDER BY position`, [
    String(number),
  ]);
  return stay.map(([shard]) => shard!);
}

/** The name of the table that holds a table's rows, those of one slot. */
export const stagedName = (number: number, slot = 0): string => (slot === 0 ? `t${number}` : `t${number}_${slot}`);

/** The staging of a table, by the records. */
export function findStaged(tables: readonly StagedTable[], { table }: TableToWrite): StagedTable | undefined {
  return tables.find(({ schema, name }) => isSameTable(table.ref, { schema, name }));
}
