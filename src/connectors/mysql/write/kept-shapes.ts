import xxhash from "xxhash-wasm";
import type { RunMark, TableToWrite } from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import type { MysqlClient } from "../mysql-client.ts";
import type { MysqlDefinition } from "../mysql-definition.ts";
import { quoteName, quoteText } from "../mysql-sql.ts";
import type { KeptRun } from "./kept-run.ts";
import type { StagedUnit } from "./staging.ts";

/** What a run is that keeps what it stages for these tables, with fingerprints of how they are made. */
export async function describeKept(client: MysqlClient, mark: RunMark, { tables, definition }: StagedUnit): Promise<KeptRun> {
  const shapeOf = await readShapes(
    client,
    tables.map(({ name }) => name),
    definition,
  );
  return {
    mark: { ...mark, createsTables: definition !== null },
    tables: tables.map(({ name, staging }) => ({ name, staging, shape: shapeOf.get(name)! })),
    others: definition === null ? null : await fingerprint(others(definition)),
  };
}

/** Throws RESUME_REFUSED where rows are staged for other tables than are written now, or tables were altered: what is staged would publish them as they were. */
export async function refuseOtherTables(
  client: MysqlClient,
  kept: KeptRun,
  toWrite: readonly TableToWrite[],
  there: ReadonlySet<string>,
  definition: MysqlDefinition | null,
): Promise<void> {
  const names = toWrite.map(({ table }) => table.ref.name);
  const staged = new Set(kept.tables.map(({ name }) => name));
  const [unstaged] = names.filter((name) => !staged.has(name));
  if (unstaged !== undefined) throw refused(`The unfinished run does not write ${unstaged}`, unstaged);
  if (staged.size > names.length) throw refused("The unfinished run writes more tables than this one");
  const isNew = kept.others !== null;
  const [odd] = names.filter((name) => there.has(name) === isNew);
  if (odd !== undefined)
    throw refused(isNew ? `The target has had no ${odd}, and has one now` : `The target no longer has ${odd}`, odd);
  if (isNew && definition === null)
    throw refused("The unfinished run made the target's tables, and they can no longer be described");
  if (isNew && kept.others !== (await fingerprint(others(definition!))))
    throw refused("The source's sequences or routines are others than the unfinished run made");
  const shapeOf = await readShapes(client, names, isNew ? definition : null);
  const altered = kept.tables.find(({ name, shape }) => shapeOf.get(name) !== shape)?.name;
  if (altered !== undefined) throw refused(`${altered} was altered after rows were staged for it`, altered);
}

/** Throws where an engine could not take the rows of a broken shard back. */
export async function refuseNoTransactions(
  client: MysqlClient,
  { tables }: StagedUnit,
  toWrite: readonly TableToWrite[],
): Promise<void> {
  const names = tables.map(({ staging }) => quoteText(staging)).join(", ");
  const rows = await client.query(
    `SELECT t.TABLE_NAME, t.ENGINE
       FROM information_schema.TABLES t JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
      WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME IN (${names}) AND e.TRANSACTIONS <> 'YES'
      ORDER BY t.TABLE_NAME LIMIT 1`,
  );
  if (rows.length === 0) return;
  const [[staging, engine]] = rows as [[string, string]];
  const { name } = tables.find((table) => table.staging === staging)!;
  const { table } = toWrite.find((one) => one.table.ref.name === name)!;
  throw new StandinError(
    "TARGET_MISMATCH",
    `${tableName(table.ref)} is a table of ${engine}, which has no transactions to keep a shard by.`,
    {
      table: tableName(table.ref),
      hint: "Give the table ENGINE=InnoDB, or run without keeping shards.",
    },
  );
}

export function refused(what: string, table?: string): StandinError {
  return new StandinError("RESUME_REFUSED", `${what}.`, { table, hint: "Begin anew, without resuming." });
}

/** How each table is made, but for the number that AUTO_INCREMENT has reached. */
async function readShapes(
  client: MysqlClient,
  names: readonly string[],
  definition: MysqlDefinition | null,
): Promise<ReadonlyMap<string, string>> {
  const shapes = new Map<string, string>();
  for (const name of names) {
    const sql =
      definition === null
        ? (await client.query(`SHOW CREATE TABLE ${quoteName(name)}`))[0]![1]!
        : definition.tables.find((table) => table.name === name)?.sql;
    if (sql !== undefined) shapes.set(name, await fingerprint(sql.replace(/(\n\).*?) AUTO_INCREMENT=\d+/, "$1")));
  }
  return shapes;
}

/** A sequence counts by its name alone: it moves on. */
function others({ sequences, routines }: MysqlDefinition): string {
  return JSON.stringify([sequences.map(({ name }) => name), routines.map(({ name, sql, sqlMode }) => [name, sql, sqlMode])]);
}

/** A checksum (XXH64), and no protection. */
async function fingerprint(text: string): Promise<string> {
  const { h64ToString } = await xxhash();
  return `xxh64:${h64ToString(text)}`;
}
