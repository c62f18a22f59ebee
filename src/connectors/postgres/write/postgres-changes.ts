import type { ChangeSink, ChangingTable, DeletedRows, TableToWrite, TableWriter } from "../../../contracts.ts";
import { type Finding, isStandinError, StandinError } from "../../../errors.ts";
import { quoteName, quoteTable } from "../../../formats/postgres/postgres-quotes.ts";
import { isSameTable, tableName } from "../../../table-ref.ts";
import { counted } from "../../../written-numbers.ts";
import { missingTables } from "../../database-errors.ts";
import { stillTaken } from "../../deleted-rows.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import { fromPostgresError, PostgresFailure } from "../postgres-errors.ts";
import { beginWriting } from "../postgres-session.ts";
import { copyInStatement } from "../postgres-sql.ts";
import { lockOut, namingLocks } from "./lock-holders.ts";
import { PostgresDeletes } from "./postgres-deletes.ts";
import type { PostgresEnd } from "./postgres-end.ts";
import { keepMark, readKeptMark, refuseNoMark } from "./postgres-kept-mark.ts";
import { PostgresWriter } from "./postgres-writer.ts";
import { withoutRules } from "./rewrite-rules.ts";
import { matchTables, readTarget, staleViews, type TargetTables, takeOver } from "./target-tables.ts";

const UNIQUE_VIOLATION = "23505";

interface StagedChanges {
  readonly wanted: ChangingTable;
  readonly found: CatalogTable;
  /** A temporary table of the session, which goes with the transaction. */
  readonly staged: string;
}

/** Takes changed rows into temporary tables, and from there over their former selves: foreign keys and triggers are out of the way meanwhile, as in a whole run. */
export class PostgresChanges implements ChangeSink {
  readonly #end: PostgresEnd;
  #staged: readonly StagedChanges[] | null = null;
  #mark: string | null = null;
  #deletes: PostgresDeletes | null = null;
  #keyWriter: PostgresWriter | null = null;

  constructor(end: PostgresEnd) {
    this.#end = end;
  }

  get isUnderWay(): boolean {
    return this.#staged !== null;
  }

  readMark(): Promise<string | null> {
    return this.#asking("reading the last run's mark", () => readKeptMark(this.#end.client));
  }

  async check(): Promise<readonly Finding[]> {
    await this.#asking("reading its privileges", () => refuseNoMark(this.#end.client));
    return [];
  }

  leave(mark: string): void {
    this.#mark = mark;
  }

  begin(tables: readonly ChangingTable[], signal: AbortSignal): Promise<{ readonly notes: readonly string[] }> {
    const { client } = this.#end;
    this.#end.stopOn(signal);
    return namingLocks(this.#end, tables, "preparing the target", async () => {
      await beginWriting(client);
      await lockOut(client);
      const found = matchTables(tables, await readTarget(this.#end));
      if (found.length === 0) throw missingTables(tables);
      this.#staged = tables.map((wanted, index) => ({ wanted, found: found[index]!, staged: `standin_changed_${index + 1}` }));
      for (const { wanted, found, staged } of this.#staged) {
        await client.script(
          `CREATE TEMPORARY TABLE ${staged} (LIKE ${quoteTable(found.table.ref)} INCLUDING STORAGE) ON COMMIT DROP`,
        );
        const written = new Set(wanted.columns.map(({ name }) => name));
        const others = found.table.columns.filter(({ name }) => !written.has(name));
        for (const { name } of others) await client.script(`ALTER TABLE pg_temp.${staged} DROP COLUMN ${quoteName(name)}`);
      }
      this.#deletes = await PostgresDeletes.begin(client, this.#staged);
      return { notes: await staleViews(client, found) };
    });
  }

  async keys(wanted: ChangingTable): Promise<TableWriter> {
    const name = tableName(wanted.table.ref);
    const columns = wanted.key!.map((key) => wanted.columns.find((column) => column.name === key)!);
    const { ref, onEnd } = this.#deletes!.keysRef(wanted);
    const statement = copyInStatement(ref, columns);
    const copy = await this.#end.doing(`comparing keys of ${name}`, () => this.#end.client.copyIn(statement), name);
    const writer = new PostgresWriter(copy, { table: wanted.table, columns });
    this.#keyWriter = writer;
    return {
      write: (batch) => writer.write(batch),
      async end() {
        const rows = await writer.end();
        onEnd();
        return rows;
      },
    };
  }

  get deleted(): readonly DeletedRows[] {
    return this.#deletes?.deleted ?? [];
  }

  /** Where rows of a table go until they are published. */
  stagedRef({ table }: TableToWrite) {
    const { staged } = this.#staged!.find(({ wanted }) => isSameTable(wanted.table.ref, table.ref))!;
    return { schema: "pg_temp", name: staged };
  }

  /** Puts the rows into their tables. What comes after them, the caller does as for whole tables. */
  publish(): Promise<TargetTables> {
    const { client } = this.#end;
    const staged = this.#staged!;
    const toWrite = staged.map(({ wanted }) => wanted);
    return namingLocks(this.#end, toWrite, "writing what changed", async () => {
      const tables = staged.map(({ found }) => found);
      const obstacles = await takeOver(client, tables, { keepsRows: true });
      await withoutRules(client, tables, ["INSERT", "DELETE"], async () => {
        await this.#deletes!.deleteRows();
        for (const one of staged) await this.#write(one);
        await this.#deletes!.refuseMissing();
      });
      return { toWrite, tables, obstacles, definition: null };
    });
  }

  /** To be called in the transaction that publishes, of whole tables too. */
  keepMark(): Promise<void> {
    return this.#end.doing("leaving its mark", () => keepMark(this.#end.client, this.#mark));
  }

  forget(): void {
    this.#staged = null;
  }

  /** Ends keys that are half sent, for the rollback that follows. */
  async abort(): Promise<void> {
    await this.#keyWriter?.abort();
  }

  async #write({ wanted, found, staged }: StagedChanges): Promise<void> {
    const { client } = this.#end;
    const name = tableName(wanted.table.ref);
    const only = found.isPartitioned ? "" : "ONLY ";
    const target = quoteTable(found.table.ref);
    const columns = wanted.columns.map((column) => quoteName(column.name)).join(", ");
    await client.script(`ANALYZE pg_temp.${staged}`);
    if (wanted.key === null) await client.script(`TRUNCATE ${only}${target}`);
    else {
      const isSame = wanted.key.map((column) => `t.${quoteName(column)} = c.${quoteName(column)}`).join(" AND ");
      await client.script(`DELETE FROM ${only}${target} t USING pg_temp.${staged} c WHERE ${isSame}`);
    }
    try {
      const [[staging, moved]] = (await client.query(`
        WITH moved AS (INSERT INTO ${target} ${columns === "" ? "" : `(${columns})`} OVERRIDING SYSTEM VALUE
                       SELECT ${columns} FROM pg_temp.${staged} RETURNING 1)
        SELECT (SELECT pg_catalog.count(*) FROM pg_temp.${staged})::text, (SELECT pg_catalog.count(*) FROM moved)::text`)) as [
        [string, string],
      ];
      if (staging !== moved)
        throw new StandinError("COUNT_MISMATCH", `${name}: ${counted(Number(staging), "row")} came, and ${moved} are in.`, {
          table: name,
        });
    } catch (error) {
      throw withHint(error, name);
    }
  }

  #asking<Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer> {
    const { client } = this.#end;
    return this.#end.doing(what, async () => {
      await beginWriting(client);
      try {
        return await ask();
      } finally {
        await client.script("ROLLBACK");
      }
    });
  }
}

function withHint(error: unknown, table: string): unknown {
  if (!(error instanceof PostgresFailure) || error.sqlState !== UNIQUE_VIOLATION) return error;
  const told = fromPostgresError(error, "target", `writing ${table}`, table);
  return isStandinError(told) ? stillTaken(told) : told;
}
