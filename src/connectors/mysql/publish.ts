import { brokenReference } from "../database-errors.ts";
import {
  addForeignKey,
  dropForeignKey,
  type ForeignKeyDefinition,
  isBroken,
  keepIndexes,
  type StandsFor,
} from "./foreign-keys.ts";
import type { MysqlClient } from "./mysql-client.ts";
import type { CreateStatement } from "./mysql-definition.ts";
import { MysqlFailure } from "./mysql-errors.ts";
import { quoteName, quoteNames } from "./mysql-sql.ts";
import { type StagedUnit, standsFor } from "./staging.ts";
import { interimNames } from "./staging-names.ts";
import { createTrigger, inSqlMode, type TriggerDefinition } from "./triggers.ts";

/** A key or trigger that goes public under an interim name, because the old table's holds the real one. */
interface Renaming<Definition> {
  readonly definition: Definition;
  readonly interim: string;
}

/** What is left to do once the tables are swapped. */
export interface Aftermath {
  readonly foreignKeys: readonly Renaming<ForeignKeyDefinition>[];
  readonly triggers: readonly Renaming<TriggerDefinition>[];
}

const asNamed: StandsFor = (table) => table;

/** Checks every foreign key over the new rows, then hangs keys and triggers onto the staging tables: the swap publishes them with the rows. */
export async function prepareSwap(client: MysqlClient, unit: StagedUnit): Promise<Aftermath> {
  const during = standsFor(unit);
  for (const key of [...unit.foreignKeys, ...unit.incomingKeys]) {
    if (await isBroken(client, key, during)) throw brokenReference(key.table, key.name, key.referencedTable);
  }
  const nextName = interimNames();
  const isNew = unit.definition !== null;
  const name = <Definition extends { readonly name: string }>(definition: Definition): Renaming<Definition> => ({
    definition,
    interim: isNew ? definition.name : nextName(),
  });
  const foreignKeys = unit.foreignKeys.map(name);
  const triggers = unit.triggers.map(name);
  // They have just been checked, once and by index.
  await client.execute("SET SESSION foreign_key_checks = 0");
  for (const { definition, interim } of foreignKeys) await client.execute(addForeignKey(definition, interim, during));
  for (const { definition, interim } of triggers) await createTrigger(client, definition, interim, during(definition.table));
  for (const routine of unit.definition?.routines ?? []) await create(client, routine, unit.made);
  return isNew ? { foreignKeys: [], triggers: [] } : { foreignKeys, triggers };
}

/** The moment of publishing: one statement, which readers see as a whole. */
export async function swapTables(client: MysqlClient, { tables, definition, made }: StagedUnit): Promise<void> {
  const away = definition === null ? tables.map(({ name, retired }) => `${quoteName(name)} TO ${quoteName(retired)}`) : [];
  const home = tables.map(({ name, staging }) => `${quoteName(staging)} TO ${quoteName(name)}`);
  await client.execute(`RENAME TABLE ${[...away, ...home].join(", ")}`);
  made.push(...(definition?.tables ?? []));
}

/** Drops the old tables and gives keys and triggers their own names back. No key is missing at any time in between. */
export async function tidyUp(client: MysqlClient, unit: StagedUnit, aftermath: Aftermath): Promise<void> {
  const nextName = interimNames();
  for (const key of unit.incomingKeys) {
    // It followed the old table, and its name is taken until it goes.
    const interim = nextName();
    await keepIndexes(client, key.table);
    await client.execute(addForeignKey(key, interim, asNamed));
    await client.execute(dropForeignKey(key.table, key.name));
    await client.execute(addForeignKey(key, key.name, asNamed));
    await client.execute(dropForeignKey(key.table, interim));
  }
  if (unit.definition === null) await client.execute(`DROP TABLE ${quoteNames(unit.tables.map(({ retired }) => retired))}`);
  for (const { definition, interim } of aftermath.foreignKeys) {
    await client.execute(addForeignKey(definition, definition.name, asNamed));
    await client.execute(dropForeignKey(definition.table, interim));
  }
  for (const { definition, interim } of aftermath.triggers) {
    await client.execute(`DROP TRIGGER ${quoteName(interim)}`);
    await createTrigger(client, definition, definition.name, definition.table);
  }
  await createViews(client, unit.definition?.views ?? [], unit.made);
  await client.execute("SET SESSION foreign_key_checks = 1");
}

/** Takes back what a run made on a target that was empty, and nothing that was there before. */
export async function dropMade(client: MysqlClient, { made }: StagedUnit): Promise<void> {
  await client.execute("SET SESSION foreign_key_checks = 0");
  for (const { kind, name } of made.toReversed()) await client.execute(`DROP ${kind} IF EXISTS ${quoteName(name)}`);
}

/** Views may read views: each round makes those whose sources are there. */
async function createViews(client: MysqlClient, views: readonly CreateStatement[], made: CreateStatement[]): Promise<void> {
  let waiting = views;
  while (waiting.length > 0) {
    const failed: CreateStatement[] = [];
    let failure: unknown;
    for (const view of waiting) {
      try {
        await create(client, view, made);
      } catch (error) {
        if (!(error instanceof MysqlFailure)) throw error;
        failed.push(view);
        failure = error;
      }
    }
    if (failed.length === waiting.length) throw failure;
    waiting = failed;
  }
}

async function create(client: MysqlClient, statement: CreateStatement, made: CreateStatement[]): Promise<void> {
  const { sql, sqlMode } = statement;
  if (sqlMode === null) await client.execute(sql);
  else await inSqlMode(client, sqlMode, () => client.execute(sql));
  made.push(statement);
}
