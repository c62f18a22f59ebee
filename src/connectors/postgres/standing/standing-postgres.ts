import type { Column, DataSchema, RowBatch } from "../../../contracts.ts";
import { type Finding, StandinError } from "../../../errors.ts";
import type { Mark, Note, Obstacle, StandingDatabase, StandingTable } from "../../../standing-database.ts";
import { tableName } from "../../../table-ref.ts";
import { type Catalog, type CatalogTable, readCatalog } from "../postgres-catalog.ts";
import { beginWriting, committing } from "../postgres-session.ts";
import { quoteTable } from "../postgres-sql.ts";
import { lockOutForSession } from "../write/lock-holders.ts";
import { PostgresEnd, type PostgresOptions } from "../write/postgres-end.ts";
import { dependentViews, refreshViews } from "../write/target-views.ts";
import { findLostIdentities } from "./standing-identities.ts";
import { OUR_SCHEMA, readMark, removeMark, setMark } from "./standing-mark.ts";
import { findHindrances, findObstacles, type Standing } from "./standing-obstacles.ts";
import { readRows, updateRows } from "./standing-rows.ts";

/** Masks a PostgreSQL database (12 or later) where it stands, as the owner of its tables. */
export function standingPostgres(options: PostgresOptions): StandingDatabase {
  return new StandingPostgres(options);
}

class StandingPostgres implements StandingDatabase {
  readonly system = "postgres";
  readonly #end: PostgresEnd;
  #catalog: Catalog | null = null;

  constructor(options: PostgresOptions) {
    this.#end = new PostgresEnd("target", options);
  }

  open(signal: AbortSignal): Promise<void> {
    return this.#end.open(signal);
  }

  lockOut(): Promise<void> {
    return this.#end.doing("locking out other runs", () => lockOutForSession(this.#end.client));
  }

  readMark(): Promise<Mark> {
    return this.#end.doing("reading its mark", () => readMark(this.#end.client));
  }

  setMark(): Promise<void> {
    return this.#end.doing("setting its mark", () => this.transact(() => setMark(this.#end.client)));
  }

  removeMark(): Promise<void> {
    return this.#end.doing("removing its mark", () => this.transact(() => removeMark(this.#end.client)));
  }

  async schema(): Promise<DataSchema> {
    const { client } = this.#end;
    this.#catalog = await this.#end.doing("reading its catalog", () =>
      this.transact(() => readCatalog(client, { schemas: this.#end.schemas, countsRows: true })),
    );
    const tables = this.#catalog.schema.tables.filter(({ ref }) => ref.schema !== OUR_SCHEMA);
    return { system: "postgres", tables };
  }

  canOrderBy({ kind }: Column): boolean {
    return kind !== "other";
  }

  check(tables: readonly StandingTable[]): Promise<readonly Finding[]> {
    const { client } = this.#end;
    const standing = this.#standing(tables);
    return this.#end.doing("reading its privileges", () =>
      this.transact(async () => [...(await findHindrances(client, standing)), ...(await findLostIdentities(client, standing))]),
    );
  }

  obstacles(tables: readonly StandingTable[]): Promise<readonly Obstacle[]> {
    const { client } = this.#end;
    return this.#end.doing("looking for its keys", () => this.transact(() => findObstacles(client, this.#standing(tables))));
  }

  setAside({ name, drop }: Obstacle): Promise<void> {
    return this.#end.doing(`taking ${name} off`, () => this.transact(() => this.#end.client.script(drop)));
  }

  async putBack({ name, isThere, add }: Obstacle): Promise<void> {
    const { client } = this.#end;
    await this.#end.doing(`putting ${name} back`, async () => {
      if ((await client.query(isThere)).length === 0) await this.transact(() => client.script(add));
    });
  }

  async generation(table: StandingTable): Promise<string> {
    const rows = await this.#end.client.query(
      "SELECT $1::text || '/' || COALESCE(pg_catalog.pg_relation_filenode($1::text::pg_catalog.oid), 0)",
      [this.#find(table).oid],
    );
    return rows[0]![0]!;
  }

  async notes(): Promise<readonly Note[]> {
    const { client } = this.#end;
    return this.#end.doing("reading a former run's notes", async () => {
      const there = await client.query("SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'notes'", [
        OUR_SCHEMA,
      ]);
      if (there.length === 0) return [];
      const rows = await client.query(`SELECT kind, name, body FROM ${OUR_SCHEMA}.notes ORDER BY kind, name`);
      return rows.map(([kind, name, body]) => ({ kind: kind as Note["kind"], name: name!, body: body! }));
    });
  }

  makeNotes(): Promise<void> {
    const sql = `CREATE TABLE ${OUR_SCHEMA}.notes (kind text, name text, body text NOT NULL, PRIMARY KEY (kind, name))`;
    return this.#end.doing("making a table for notes", () => this.#end.client.script(sql));
  }

  async putNote({ kind, name, body }: Note): Promise<void> {
    const sql = `INSERT INTO ${OUR_SCHEMA}.notes VALUES ($1, $2, $3) ON CONFLICT (kind, name) DO UPDATE SET body = EXCLUDED.body`;
    await this.#end.doing("writing notes", () => this.#end.client.query(sql, [kind, name, body]));
  }

  dropNotes(): Promise<void> {
    return this.#end.doing("removing its notes", () => this.#end.client.script(`DROP TABLE IF EXISTS ${OUR_SCHEMA}.notes`));
  }

  async transact<Result>(step: () => Promise<Result>): Promise<Result> {
    const { client } = this.#end;
    await beginWriting(client);
    return committing(client, step);
  }

  async countRows(table: StandingTable): Promise<number> {
    const { isPartitioned } = this.#find(table);
    const sql = `SELECT pg_catalog.count(*)::text FROM ${isPartitioned ? "" : "ONLY "}${quoteTable(table.table.ref)}`;
    const rows = await this.#doing("counting rows of", table, () => this.#end.client.query(sql));
    return Number(rows[0]![0]);
  }

  read(table: StandingTable, after: readonly string[] | null, rows: number): Promise<readonly RowBatch[]> {
    const { isPartitioned } = this.#find(table);
    return this.#doing("reading", table, () => readRows(this.#end.client, table, isPartitioned, after, rows));
  }

  update(table: StandingTable, batch: RowBatch): Promise<number> {
    const { isPartitioned } = this.#find(table);
    return this.#doing("updating", table, () => updateRows(this.#end.client, table, isPartitioned, batch));
  }

  async refreshDependents(tables: readonly StandingTable[]): Promise<void> {
    const { client } = this.#end;
    const found = tables.map((table) => this.#find(table));
    await this.#end.doing("refreshing materialized views", async () => {
      const views = await dependentViews(client, found);
      await this.transact(() => refreshViews(client, views, false));
    });
  }

  cleaning(tables: readonly StandingTable[]): readonly string[] {
    return tables.map(({ table }) => `VACUUM (FULL, ANALYZE) ${quoteTable(table.ref)}`);
  }

  run(statement: string): Promise<void> {
    return this.#end.doing("cleaning up", () => this.#end.client.script(statement));
  }

  close(): Promise<void> {
    return this.#end.close();
  }

  #doing<Result>(what: string, { table }: StandingTable, step: () => Promise<Result>): Promise<Result> {
    const name = tableName(table.ref);
    return this.#end.doing(`${what} ${name}`, step, name);
  }

  #standing(tables: readonly StandingTable[]): readonly Standing[] {
    return tables.map((wanted) => ({ wanted, found: this.#find(wanted) }));
  }

  #find({ table }: StandingTable): CatalogTable {
    const found = this.#catalog?.find(table.ref);
    if (found !== undefined) return found;
    const name = tableName(table.ref);
    throw new StandinError("TABLE_UNKNOWN", `The database has no table ${name}.`, { table: name });
  }
}
