import type { TableToWrite } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import type { ForeignKeyDefinition } from "../../../formats/mysql/mysql-foreign-key.ts";
import type { MysqlClient } from "../mysql-client.ts";
import type { CreateStatement, MysqlDefinition } from "../mysql-definition.ts";
import { quoteName, quoteNames } from "../mysql-sql.ts";
import { createWithChecks } from "./check-names.ts";
import { keepIndexes, readForeignKeys, readPointingDatabases, type StandsFor } from "./foreign-keys.ts";
import { dropListed, listMade } from "./made-list.ts";
import { readSequenceUses, type SequenceUse } from "./sequences.ts";
import { AFTERMATH_TABLE, isOurs, MADE_TABLE, nextStagingName, OUR_PREFIX, retiredName, stagingName } from "./staging-names.ts";
import { inSqlMode, readTriggers, type TriggerDefinition } from "./triggers.ts";

/** A table of the target with the one that takes its new rows. */
export interface StagedTable {
  readonly name: string;
  readonly staging: string;
  readonly retired: string;
}

/** What a run is about to publish. */
export interface StagedUnit {
  readonly tables: readonly StagedTable[];
  /** Of the tables themselves. */
  readonly foreignKeys: readonly ForeignKeyDefinition[];
  /** Of other tables, to these. */
  readonly incomingKeys: readonly ForeignKeyDefinition[];
  readonly triggers: readonly TriggerDefinition[];
  readonly sequences: readonly SequenceUse[];
  /** Set where the tables are new. */
  readonly definition: MysqlDefinition | null;
  /** What was made on a target that was empty, under its own name, in order. */
  readonly made: CreateStatement[];
}

const stage = (name: string, index: number): StagedTable => ({ name, staging: stagingName(index), retired: retiredName(index) });

export function standsFor({ tables }: Pick<StagedUnit, "tables">): StandsFor {
  const names = new Map(tables.map(({ name, staging }) => [name, staging]));
  return (table) => names.get(table) ?? table;
}

/** Makes an empty twin of each table, with its indexes and checks; no rule that would stand in the rows' way. */
export async function stageCopies(client: MysqlClient, toWrite: readonly TableToWrite[]): Promise<StagedUnit> {
  const tables = toWrite.map(({ table }, index) => stage(table.ref.name, index));
  await refuseForeignReferences(client, tables);
  await makeTwins(client, tables);
  return describeCopies(client, tables);
}

/** Makes the tables as the source has them, under the names of staging tables, the sequences that they draw from, and the routines. */
export async function stageNew(client: MysqlClient, definition: MysqlDefinition): Promise<StagedUnit> {
  const tables = definition.tables.map(({ name }, index) => stage(name, index));
  const made: CreateStatement[] = [];
  await listMade(client, definition);
  for (const statement of [...definition.sequences, ...definition.routines]) {
    const { sql, sqlMode } = statement;
    if (sqlMode === null) await client.execute(sql);
    else await inSqlMode(client, sqlMode, () => client.execute(sql));
    made.push(statement);
  }
  await makeNew(client, definition, tables);
  return describeNew(definition, tables, made);
}

/** What an unfinished run has staged, as the target's own tables are now. What else it made on a target that was empty is all there. */
export async function stagedBefore(
  client: MysqlClient,
  staged: readonly Pick<StagedTable, "name" | "staging">[],
  definition: MysqlDefinition | null,
): Promise<StagedUnit> {
  const tables = staged.map(({ name, staging }, index) => ({ ...stage(name, index), staging }));
  if (definition !== null) return describeNew(definition, tables, [...definition.sequences, ...definition.routines]);
  await refuseForeignReferences(client, tables);
  return describeCopies(client, tables);
}

/** Makes another, empty table for one's new rows. The former is there until the caller drops it. */
export async function stageAnew(client: MysqlClient, unit: StagedUnit, table: StagedTable): Promise<StagedTable> {
  const fresh = { ...table, staging: nextStagingName(unit.tables.map(({ staging }) => staging)) };
  if (unit.definition === null) await makeTwins(client, [fresh]);
  else await makeNew(client, unit.definition, [fresh]);
  return fresh;
}

async function makeTwins(client: MysqlClient, tables: readonly StagedTable[]): Promise<void> {
  const counters = new Map(
    (await client.query(
      "SELECT TABLE_NAME, AUTO_INCREMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND AUTO_INCREMENT > 1",
    )) as [string, string][],
  );
  for (const { name, staging } of tables) {
    await client.execute(`CREATE TABLE ${quoteName(staging)} LIKE ${quoteName(name)}`);
    // The counter is moved past the rows that come, and never back: a number that was given once is not given again.
    const counter = counters.get(name);
    if (counter !== undefined) await client.execute(`ALTER TABLE ${quoteName(staging)} AUTO_INCREMENT = ${counter}`);
  }
  const pointing = new Set((await readForeignKeys(client)).map(({ table }) => table));
  for (const { name, staging } of tables) {
    if (!pointing.has(name)) continue;
    for (const statement of await keepIndexes(client, staging)) await client.execute(statement);
  }
}

async function makeNew(client: MysqlClient, definition: MysqlDefinition, tables: readonly StagedTable[]): Promise<void> {
  const statements = new Map(definition.tables.map(({ name, sql }) => [name, sql]));
  for (const { name, staging } of tables) {
    const sql = statements.get(name)!;
    const start = `CREATE TABLE ${quoteName(name)}`;
    if (!sql.startsWith(start))
      throw new StandinError("SINK_FAILED", `It is not understood how the source makes ${name}.`, { table: name });
    await createWithChecks(client, `CREATE TABLE ${quoteName(staging)}${sql.slice(start.length)}`);
  }
}

async function describeCopies(client: MysqlClient, tables: readonly StagedTable[]): Promise<StagedUnit> {
  const names = new Set(tables.map(({ name }) => name));
  const keys = await readForeignKeys(client);
  return {
    tables,
    foreignKeys: keys.filter(({ table }) => names.has(table)),
    incomingKeys: keys.filter((key) => !names.has(key.table) && key.referencedSchema === null && names.has(key.referencedTable)),
    triggers: (await readTriggers(client)).filter(({ table }) => names.has(table)),
    sequences: (await readSequenceUses(client)).filter(({ table }) => names.has(table)),
    definition: null,
    made: [],
  };
}

function describeNew(definition: MysqlDefinition, tables: readonly StagedTable[], made: CreateStatement[]): StagedUnit {
  const { foreignKeys, triggers, sequenceUses } = definition;
  return { tables, foreignKeys, incomingKeys: [], triggers, sequences: sequenceUses, definition, made };
}

/** Drops what this run, or one that was interrupted before its swap, made beside the target's own tables. */
export async function dropStaging(client: MysqlClient): Promise<void> {
  const ours = (await readOurs(client)).filter(isOurs);
  if (ours.length === 0) return;
  await client.execute("SET SESSION foreign_key_checks = 0");
  if (ours.includes(MADE_TABLE)) await dropListed(client);
  // A server that dies half way may leave any end of the list. What is to follow a swap goes first: alone, it would tell of a swap that never was.
  const names = [AFTERMATH_TABLE, ...ours.filter((name) => name !== AFTERMATH_TABLE)];
  await client.execute(`DROP TABLE IF EXISTS ${quoteNames(names)}`);
  await client.execute("SET SESSION foreign_key_checks = 1");
}

/** The tables whose names a run of standin gives. */
export async function readOurs(client: MysqlClient): Promise<readonly string[]> {
  const rows = await client.query(
    `SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND LEFT(TABLE_NAME, ${OUR_PREFIX.length}) = '${OUR_PREFIX}'`,
  );
  return rows.map(([name]) => name!);
}

/** A key of another database follows the old table when that is renamed, and only that database's owner may mend it. */
async function refuseForeignReferences(client: MysqlClient, tables: readonly StagedTable[]): Promise<void> {
  const databases = await readPointingDatabases(client);
  for (const { name: table } of tables) {
    const schema = databases.get(table);
    if (schema === undefined) continue;
    throw new StandinError("SINK_FAILED", `Foreign keys of the database ${schema} point to the target's ${table}.`, {
      table,
      hint: "Drop them before the run and add them behind it, or use a target of its own.",
    });
  }
}
