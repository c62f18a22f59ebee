import type { ForeignKeyDefinition } from "../../../formats/mysql/mysql-foreign-key.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { MysqlFailure } from "../mysql-errors.ts";
import { quoteName, quoteNames, quoteText } from "../mysql-sql.ts";
import { nameChecks } from "./check-names.ts";
import { addForeignKey, dropForeignKey, keepIndexes, type StandsFor } from "./foreign-keys.ts";
import { DROP_KEPT } from "./kept-run.ts";
import { readOurs, type StagedUnit, standsFor } from "./staging.ts";
import { AFTERMATH_TABLE, interimNames, isStaging, MADE_TABLE } from "./staging-names.ts";
import { createTrigger, inSqlMode, type TriggerDefinition } from "./triggers.ts";

/** A key or trigger that goes public under an interim name, because the old table's holds the real one. */
export interface Renaming<Definition> {
  readonly definition: Definition;
  readonly interim: string;
}

/** What goes public and is not yet as it is to be. */
export interface Published {
  readonly foreignKeys: readonly Renaming<ForeignKeyDefinition>[];
  readonly triggers: readonly Renaming<TriggerDefinition>[];
  /** The run kept its shards, of which it needs nothing any more. */
  readonly isKept: boolean;
}

interface Step {
  readonly sql: string;
  /** Null for the pinned one. */
  readonly sqlMode: string | null;
}

const TABLE = quoteName(AFTERMATH_TABLE);
const CREATE_VIEW = "CREATE OR REPLACE ";
const asNamed: StandsFor = (table) => table;

/**
 * Writes down, in the target, what is left to do once the tables are swapped: drop the old ones, give keys and triggers their own names back, move
 * sequences on, make the views of a target that was empty. So whoever comes next can finish what a lost connection left. Names, definitions and the sequences' next numbers: nothing
 * else of the rows is among them.
 */
export async function writeAftermath(
  client: MysqlClient,
  unit: StagedUnit,
  { foreignKeys, triggers, isKept }: Published,
): Promise<void> {
  const steps: Step[] = [];
  const add = (...statements: string[]) => steps.push(...statements.map((sql) => ({ sql, sqlMode: null })));
  const nextName = interimNames();
  for (const key of unit.incomingKeys) {
    // It follows the old table, and its name is taken until it goes.
    const interim = nextName();
    add(...(await keepIndexes(client, key.table)));
    add(addForeignKey(key, interim, asNamed), dropForeignKey(key.table, key.name));
    add(addForeignKey(key, key.name, asNamed), dropForeignKey(key.table, interim));
  }
  add(`DROP TABLE IF EXISTS ${quoteNames(unit.tables.map(({ retired }) => retired))}`);
  if (isKept) add(DROP_KEPT);
  const made = new Map(unit.definition?.tables.map(({ name, sql }) => [name, sql]));
  add(...(await nameChecks(client, unit.tables, made)));
  for (const { definition, interim } of foreignKeys) {
    add(addForeignKey(definition, definition.name, asNamed), dropForeignKey(definition.table, interim));
  }
  for (const { definition, interim } of triggers) {
    add(`DROP TRIGGER ${quoteName(interim)}`);
    steps.push({ sql: createTrigger(definition, definition.name, definition.table), sqlMode: definition.sqlMode });
  }
  for (const { sequence, table, column } of unit.sequences) {
    const [[last]] = (await client.query(`SELECT MAX(${quoteName(column)}) FROM ${quoteName(standsFor(unit)(table))}`)) as [
      [string | null],
    ];
    // SETVAL takes a literal alone, and never leads back.
    if (last !== null && /^-?\d+$/.test(last)) add(`DO SETVAL(${quoteName(sequence)}, ${last})`);
  }
  if (unit.definition !== null) add(`DROP TABLE IF EXISTS ${quoteName(MADE_TABLE)}`);
  // So that it may be done twice.
  add(...(unit.definition?.views ?? []).map(({ sql }) => sql.replace(/^CREATE /, CREATE_VIEW)));
  await client.execute(
    `CREATE TABLE ${TABLE} (step int PRIMARY KEY, statement longtext NOT NULL, sql_mode text) ENGINE=InnoDB CHARACTER SET utf8mb4`,
  );
  const rows = steps.map(
    ({ sql, sqlMode }, step) => `(${step}, ${quoteText(sql)}, ${sqlMode === null ? "NULL" : quoteText(sqlMode)})`,
  );
  await client.execute(`INSERT INTO ${TABLE} VALUES ${rows.join(", ")}`);
}

/** Where a run, this one or another, was cut off. */
export type Interrupted = "before the swap" | "after the swap" | null;

export async function findInterrupted(client: MysqlClient): Promise<Interrupted> {
  const names = await readOurs(client);
  if (names.some(isStaging)) return "before the swap";
  return names.includes(AFTERMATH_TABLE) ? "after the swap" : null;
}

/**
 * Does what is written down, one statement after the other. A step that an interrupted run did, and could not strike out, is found done. Views may read
 * views: each round makes those whose sources are there.
 */
export async function finishAftermath(client: MysqlClient): Promise<void> {
  await client.execute("SET SESSION foreign_key_checks = 0");
  let steps = (await client.query(`SELECT step, statement, sql_mode FROM ${TABLE} ORDER BY step`)) as [
    string,
    string,
    string | null,
  ][];
  while (steps.length > 0) {
    const waiting: typeof steps = [];
    let failure: unknown;
    for (const [index, [step, sql, sqlMode]] of steps.entries()) {
      try {
        if (sqlMode === null) await client.execute(sql);
        else await inSqlMode(client, sqlMode, () => client.execute(sql));
      } catch (error) {
        if (sql.startsWith(CREATE_VIEW) && error instanceof MysqlFailure) {
          waiting.push([step, sql, sqlMode]);
          failure = error;
          continue;
        }
        if (index > 0 || !saysDone(error)) throw error;
      }
      await client.execute(`DELETE FROM ${TABLE} WHERE step = ${step}`);
    }
    if (waiting.length === steps.length) throw failure;
    steps = waiting;
  }
  await client.execute(`DROP TABLE ${TABLE}`);
  await client.execute("SET SESSION foreign_key_checks = 1");
}

/** Duplicate key or trigger, nothing to drop, no index or check of the name: what a step says that comes for the second time. */
function saysDone(error: unknown): boolean {
  return error instanceof MysqlFailure && [1091, 1176, 1359, 1360, 1826, 3821].includes(error.errno);
}
