import { brokenReference } from "../../database-errors.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { quoteName, quoteNames } from "../mysql-sql.ts";
import { type Renaming, writeAftermath } from "./aftermath.ts";
import { addForeignKey, dropForeignKey, isBroken, readForeignKeys } from "./foreign-keys.ts";
import { dropMarks } from "./kept-marks.ts";
import { readOurs, type StagedUnit, standsFor } from "./staging.ts";
import { AFTERMATH_TABLE, interimNames, isStaging } from "./staging-names.ts";
import { createTrigger, inSqlMode, readTriggers } from "./triggers.ts";

/** Checks every foreign key over the new rows, then hangs keys and triggers onto the staging tables: the swap publishes them with the rows. */
export async function prepareSwap(client: MysqlClient, unit: StagedUnit, isKept = false): Promise<void> {
  const during = standsFor(unit);
  for (const key of [...unit.foreignKeys, ...unit.incomingKeys]) {
    if (await isBroken(client, key, during)) throw brokenReference(key.table, key.name, key.referencedTable);
  }
  if (isKept) {
    await dropMarks(
      client,
      unit.tables.map(({ staging }) => staging),
    );
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
  for (const { definition, interim } of triggers) {
    await inSqlMode(client, definition.sqlMode, () =>
      client.execute(createTrigger(definition, interim, during(definition.table))),
    );
  }
  await writeAftermath(client, unit, { foreignKeys: isNew ? [] : foreignKeys, triggers: isNew ? [] : triggers, isKept });
}

/** Takes off what hangs on staging tables since a run that keeps its shards broke off while it published them, and whatever else it did not get to drop. */
export async function undoPrepared(client: MysqlClient, staged: readonly string[]): Promise<void> {
  const isStaged = new Set(staged);
  await client.execute(`DROP TABLE IF EXISTS ${quoteName(AFTERMATH_TABLE)}`);
  await client.execute("SET SESSION foreign_key_checks = 0");
  for (const { table, name } of await readForeignKeys(client)) {
    if (isStaged.has(table)) await client.execute(dropForeignKey(table, name));
  }
  for (const { table, name } of await readTriggers(client)) {
    if (isStaged.has(table)) await client.execute(`DROP TRIGGER ${quoteName(name)}`);
  }
  const strays = (await readOurs(client)).filter((name) => isStaging(name) && !isStaged.has(name));
  if (strays.length > 0) await client.execute(`DROP TABLE ${quoteNames(strays)}`);
  await client.execute("SET SESSION foreign_key_checks = 1");
}

/** The moment of publishing: one statement, which readers see as a whole. */
export async function swapTables(client: MysqlClient, { tables, definition, made }: StagedUnit): Promise<void> {
  const away = definition === null ? tables.map(({ name, retired }) => `${quoteName(name)} TO ${quoteName(retired)}`) : [];
  const home = tables.map(({ name, staging }) => `${quoteName(staging)} TO ${quoteName(name)}`);
  // Whether a statement was done that the connection did not outlive, nobody knows: what may be there is there to be taken back.
  made.push(...(definition?.tables ?? []), ...(definition?.views ?? []));
  await client.execute(`RENAME TABLE ${[...away, ...home].join(", ")}`);
}

/** Takes back what a run made on a target that was empty, and nothing that was there before. */
export async function dropMade(client: MysqlClient, { made }: StagedUnit): Promise<void> {
  await client.execute("SET SESSION foreign_key_checks = 0");
  for (const { kind, name } of made.toReversed()) await client.execute(`DROP ${kind} IF EXISTS ${quoteName(name)}`);
}
