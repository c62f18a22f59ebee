import type { RunMark, SchemaDefinition, TableToWrite } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import { missingTables } from "../../database-errors.ts";
import { DROPPED_UNFINISHED } from "../../unfinished-run.ts";
import type { PostgresClient } from "../postgres-client.ts";
import type { PostgresEnd } from "./postgres-end.ts";
import { dropMade, keepMade, readFresh, readMade } from "./stage-made.ts";
import { type Arrangement, moveRows } from "./stage-move.ts";
import { createRecords, findStaged, readLeft } from "./stage-records.ts";
import { BEGIN_ANEW, createStaging, dropStaging, hasStaging, refuseNoRoom } from "./stage-schema.ts";
import { createStaged, refuseChanged, type TableToStage } from "./stage-tables.ts";
import { createTables, matchTables, readTarget, staleViews, type TargetTables, takeOver } from "./target-tables.ts";

/** A run that keeps its shards, and the tables that they are of. Each step below is one transaction, which its caller begins and ends. */
export interface StagedRun {
  readonly tables: readonly TableToStage[];
  /** Set where the run made the target's tables. */
  readonly definition: SchemaDefinition | null;
  readonly notes: readonly string[];
}

/** Makes the staging in place of whatever was left, and the target's tables where it has none of them. */
export async function beginStaging(
  end: PostgresEnd,
  toWrite: readonly TableToWrite[],
  definition: SchemaDefinition | null,
  mark: RunMark,
): Promise<StagedRun> {
  const { client } = end;
  await refuseNoRoom(client);
  const notes = [...(await dropLeft(client))];
  let catalog = await readTarget(end);
  const isNew = matchTables(toWrite, catalog).length === 0;
  if (isNew) {
    if (definition === null) throw missingTables(toWrite);
    const created = await createTables(client, definition, () => readTarget(end));
    catalog = created.catalog;
    notes.push(created.note);
  }
  const made = isNew ? await readFresh(client) : [];
  const found = matchTables(toWrite, catalog);
  const tables = toWrite.map((wanted, index): TableToStage => ({ number: index + 1, wanted, found: found[index]! }));
  const names = tables.map(({ number, found: { table } }) => ({ number, schema: table.ref.schema!, name: table.ref.name }));
  await createStaging(client);
  await createRecords(client, { ...mark, createsTables: isNew }, names);
  await keepMade(client, made);
  await createStaged(client, tables);
  return { tables, definition: isNew ? definition : null, notes: [...notes, ...(await staleViews(client, found))] };
}

/** Finds what was left, and the same tables as it was left for. Throws RESUME_REFUSED. */
export async function resumeStaging(
  end: PostgresEnd,
  toWrite: readonly TableToWrite[],
  definition: SchemaDefinition | null,
): Promise<StagedRun> {
  const { client } = end;
  const left = await readLeft(client);
  if (left === null) throw refused("There is no unfinished run to go on with");
  const { createsTables } = left.mark;
  if (createsTables && definition === null)
    throw refused("The unfinished run made the target's tables, and the source no longer describes them");
  const catalog = await readTarget(end);
  const tables = toWrite.map((wanted): TableToStage => {
    const staged = findStaged(left.tables, wanted);
    const found = catalog.find(wanted.table.ref);
    const name = tableName(wanted.table.ref);
    if (staged === undefined) throw refused(`The unfinished run does not write ${name}`);
    if (found === undefined) throw refused(`The target no longer has ${name}`);
    return { number: staged.number, wanted, found };
  });
  if (tables.length < left.tables.length) throw refused("The unfinished run writes more tables");
  await refuseChanged(client, tables);
  const notes = await staleViews(
    client,
    tables.map(({ found }) => found),
  );
  return { tables, definition: createsTables ? definition : null, notes };
}

/** Empties the target's own tables, moves the staged rows there, and takes the staging away: all but what comes after the rows. */
export async function unstage(
  end: PostgresEnd,
  { tables, definition }: StagedRun,
  arrangement: Arrangement,
): Promise<TargetTables> {
  const { client } = end;
  // Rows come out in the order in which they are stored, also where somebody else reads the table.
  await client.query("SELECT pg_catalog.set_config('synchronize_seqscans', 'off', true)");
  const toWrite = tables.map(({ wanted }) => wanted);
  const found = matchTables(toWrite, await readTarget(end));
  if (found.length === 0) throw missingTables(toWrite);
  const obstacles = await takeOver(client, found);
  const now = tables.map((table, index) => ({ ...table, found: found[index]! }));
  await refuseChanged(client, now);
  await moveRows(client, now, arrangement);
  await dropStaging(client);
  return { toWrite, tables: found, obstacles, definition };
}

/** Drops what a run that broke off has left. Resolves with a note, where there was something. */
export async function dropLeft(client: PostgresClient): Promise<readonly string[]> {
  if (!(await hasStaging(client))) return [];
  const made = await readMade(client);
  await dropStaging(client);
  await dropMade(client, made);
  return [DROPPED_UNFINISHED];
}

function refused(what: string): StandinError {
  return new StandinError("RESUME_REFUSED", `${what}.`, { hint: BEGIN_ANEW });
}
