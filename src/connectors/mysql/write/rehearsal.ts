import type { MysqlClient } from "../mysql-client.ts";
import { quoteName } from "../mysql-sql.ts";
import { addForeignKey, dropForeignKey } from "./foreign-keys.ts";
import { type StagedUnit, standsFor } from "./staging.ts";
import { interimNames, PROBE } from "./staging-names.ts";
import { createTrigger, inSqlMode } from "./triggers.ts";

/**
 * Makes on the empty staging tables, and takes away again, what the end of the run will make on the full ones: a key to each table, a trigger of each
 * definer, a view; and swaps one with itself. So a privilege that the target's user lacks is missed before the first row, and not behind the last.
 */
export async function rehearse(client: MysqlClient, unit: StagedUnit): Promise<void> {
  const during = standsFor(unit);
  const nextName = interimNames();
  const isStaged = new Set(unit.tables.map(({ name }) => name));
  const keys = unit.foreignKeys.filter((key) => key.referencedSchema === null && isStaged.has(key.referencedTable));
  await client.execute("SET SESSION foreign_key_checks = 0");
  for (const key of oneOfEach(keys, ({ referencedTable }) => referencedTable)) {
    const name = nextName();
    await client.execute(addForeignKey(key, name, during));
    await client.execute(dropForeignKey(during(key.table), name));
  }
  for (const trigger of oneOfEach(unit.triggers, ({ definer }) => definer)) {
    const name = nextName();
    await inSqlMode(client, trigger.sqlMode, () => client.execute(createTrigger(trigger, name, during(trigger.table))));
    await client.execute(`DROP TRIGGER ${quoteName(name)}`);
  }
  const probe = quoteName(PROBE);
  const [first] = unit.tables.map(({ staging }) => quoteName(staging));
  if (first !== undefined) {
    await client.execute(`RENAME TABLE ${first} TO ${probe}, ${probe} TO ${first}`);
    await client.execute(`DELETE FROM ${first}`);
  }
  if (unit.definition !== null && unit.definition.views.length > 0) {
    await client.execute(`CREATE OR REPLACE VIEW ${probe} AS SELECT 1 AS one`);
    await client.execute(`DROP VIEW ${probe}`);
  }
  await client.execute("SET SESSION foreign_key_checks = 1");
}

function oneOfEach<Item>(items: readonly Item[], nameOf: (item: Item) => string | null): Iterable<Item> {
  return new Map(items.map((item) => [nameOf(item), item])).values();
}
