import type { SchemaDefinition, TableToWrite } from "../../../contracts.ts";
import { counted } from "../../../written-numbers.ts";
import { missingTables } from "../../database-errors.ts";
import { type Catalog, type CatalogTable, readCatalog } from "../postgres-catalog.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { asBrokenReference } from "../postgres-errors.ts";
import type { PostgresEnd } from "./postgres-end.ts";
import { clearTheWay, type Obstacles, restoreObstacles } from "./target-obstacles.ts";
import { advanceSequences } from "./target-sequences.ts";
import { dependentViews, refreshViews } from "./target-views.ts";

/** The tables of a run, and what must be done for them before they are published. */
export interface TargetTables {
  readonly toWrite: readonly TableToWrite[];
  readonly tables: readonly CatalogTable[];
  readonly obstacles: Obstacles | null;
  /** Set where the tables are new. */
  readonly definition: SchemaDefinition | null;
}

/** Reads the target's catalog in the transaction under way. */
export function readTarget({ client, schemas }: PostgresEnd): Promise<Catalog> {
  return readCatalog(client, { schemas, countsRows: false });
}

/** The target's tables for those to write, or none where it has none of them. */
export function matchTables(toWrite: readonly TableToWrite[], catalog: Catalog): readonly CatalogTable[] {
  const found = toWrite.map(({ table }) => catalog.find(table.ref));
  const matched = found.filter((table) => table !== undefined);
  if (matched.length > 0 && matched.length < found.length)
    throw missingTables(toWrite.filter((_, index) => found[index] === undefined));
  return matched;
}

/** Empties tables that are there, or has them keep their rows, for the transaction under way. */
export async function takeOver(
  client: PostgresClient,
  tables: readonly CatalogTable[],
  { keepsRows = false }: { readonly keepsRows?: boolean } = {},
): Promise<Obstacles> {
  const obstacles = await clearTheWay(client, tables, keepsRows);
  // Deferred checks would be pending on the tables when their foreign keys come back, which PostgreSQL refuses.
  await client.script("SET CONSTRAINTS ALL IMMEDIATE");
  return obstacles;
}

/** Makes tables that the target lacks. Resolves with a note. */
export async function createTables(
  client: PostgresClient,
  definition: SchemaDefinition,
  readTarget: () => Promise<Catalog>,
): Promise<{ readonly catalog: Catalog; readonly note: string }> {
  for (const script of definition.beforeRows) await client.script(script);
  const catalog = await readTarget();
  return { catalog, note: `created ${counted(catalog.schema.tables.length, "table")}` };
}

/** What comes after the rows: constraints and triggers, sequences, views. */
export async function putTogether(client: PostgresClient, { tables, obstacles, definition }: TargetTables): Promise<void> {
  try {
    for (const script of definition?.afterRows ?? []) await client.script(script);
    if (obstacles !== null) await restoreObstacles(client, obstacles);
  } catch (error) {
    throw asBrokenReference(error);
  }
  await advanceSequences(client, tables);
  await refreshViews(client, await dependentViews(client, tables), definition !== null);
}

/** Notes of the views that will go on showing the rows of before. */
export async function staleViews(client: PostgresClient, tables: readonly CatalogTable[]): Promise<string[]> {
  const views = await dependentViews(client, tables);
  return views
    .filter(({ isOurs, isPopulated }) => isPopulated && !isOurs)
    .map(({ name }) => `materialized view ${name} is not refreshed: it belongs to another role`);
}
