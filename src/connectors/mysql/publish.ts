import { brokenReference } from "../database-errors.ts";
import { type Renaming, writeAftermath } from "./aftermath.ts";
import { addForeignKey, isBroken } from "./foreign-keys.ts";
import type { MysqlClient } from "./mysql-client.ts";
import { quoteName } from "./mysql-sql.ts";
import { type StagedUnit, standsFor } from "./staging.ts";
import { interimNames } from "./staging-names.ts";
import { createTrigger, inSqlMode } from "./triggers.ts";

/** Checks every foreign key over the new rows, then hangs keys and triggers onto the staging tables: the swap publishes them with the rows. */
export async function prepareSwap(client: MysqlClient, unit: StagedUnit): Promise<void> {
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
  for (const { definition, interim } of triggers) {
    await inSqlMode(client, definition.sqlMode, () =>
      client.execute(createTrigger(definition, interim, during(definition.table))),
    );
  }
  await writeAftermath(client, unit, isNew ? [] : foreignKeys, isNew ? [] : triggers);
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
