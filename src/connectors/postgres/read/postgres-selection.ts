import type {
  DrawKey,
  ReadOptions,
  RowBatch,
  SelectionEdge,
  SelectionGraph,
  SelectionWay,
  SelectionWork,
  Unselected,
} from "../../../contracts.ts";
import { StandinError } from "../../../errors.ts";
import { tableName } from "../../../table-ref.ts";
import type { Catalog, CatalogTable } from "../postgres-catalog.ts";
import { PostgresFailure } from "../postgres-errors.ts";
import type { PostgresEnd } from "../write/postgres-end.ts";
import { readTable } from "./postgres-read.ts";
import { COUNTS, SelectionSql } from "./postgres-selection-sql.ts";

/** Whose rows are to be selected. */
export interface Selecting {
  readonly end: PostgresEnd;
  readonly catalog: Catalog;
  readonly graph: SelectionGraph;
  readonly draw: DrawKey;
  /** Begins the snapshot anew, in the session that it is called in. */
  beginAnew(): Promise<void>;
}

/** Larger sets are looked at, so that the server knows how large they are. */
const WORTH_A_LOOK = 100;

/**
 * Makes the temporary tables of a selection, between two snapshots: within the read-only one nothing can be made, and temporary tables can be written to. They hold where rows
 * lie and no value. Says why not where the role may not, or the server is a replica.
 */
export async function prepareSelection({ end, catalog, graph, draw, beginAnew }: Selecting): Promise<SelectionWork | Unselected> {
  const found = graph.tables.map(({ table }) => catalog.find(table.ref));
  const sql = new SelectionSql(
    graph,
    draw,
    found.map((table) => table?.isPartitioned ?? false),
  );
  if (found.includes(undefined)) return { unselected: "a table is not in the catalog" };
  if (sql.problem !== null) return { unselected: sql.problem };
  if (await end.doing("asking for its process", () => end.isPooled()))
    return { unselected: "a connection pooler stands before the source" };
  const [[mayCreate]] = (await end.doing("asking for temporary tables", () => end.client.query(MAY_CREATE))) as [[string]];
  if (mayCreate !== "t") return { unselected: "the role may not make temporary tables, or the server is a replica" };
  const collations = sql.otherCollations();
  const [[differ]] =
    collations === null
      ? [["f"]]
      : ((await end.doing("asking for collations", () => end.client.query(collations))) as [[string]]);
  if (differ === "t") return { unselected: "a reference is between two collations" };
  return end.doing("making temporary tables", async () => {
    await end.client.script("COMMIT");
    let refusal: string | null = null;
    try {
      // One statement after the other is one transaction, so that all are there or none.
      await end.client.script(
        ["BEGIN READ WRITE", "SET LOCAL client_min_messages = error", ...sql.drop(), ...sql.create(), "COMMIT"].join(";\n"),
      );
    } catch (error) {
      if (!(error instanceof PostgresFailure)) throw error;
      refusal = `the server refused temporary tables (${error.sqlState})`;
      await end.client.script("ROLLBACK");
    }
    await beginAnew();
    return refusal === null ? new PostgresSelection(end, graph, found as CatalogTable[], sql) : { unselected: refusal };
  });
}

/** A role whose transactions are read-only by default is meant to write nothing, and may have no room of its own either. */
const MAY_CREATE = `
  SELECT NOT pg_catalog.pg_is_in_recovery()
     AND pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY')
     AND pg_catalog.current_setting('default_transaction_read_only') = 'off'
     AND pg_catalog.current_setting('server_version_num')::int4 >= 140000`;

class PostgresSelection implements SelectionWork {
  readonly by = "temporary tables";
  readonly #end: PostgresEnd;
  readonly #graph: SelectionGraph;
  readonly #tables: readonly CatalogTable[];
  readonly #sql: SelectionSql;
  /** Counts the times that rows were marked: what is new for an edge was marked behind the last time that it was gone over. */
  #mark = 0;
  readonly #seen = new Map<string, number>();

  constructor(end: PostgresEnd, graph: SelectionGraph, tables: readonly CatalogTable[], sql: SelectionSql) {
    this.#end = end;
    this.#graph = graph;
    this.#tables = tables;
    this.#sql = sql;
  }

  seed(table: number): Promise<number> {
    return this.#insert(table, (mark) => this.#sql.seed(table, mark));
  }

  bring(index: number, way: SelectionWay): Promise<number> {
    const edge = this.#graph.edges[index]!;
    const seen = this.#seen.get(`${way} ${index}`) ?? 0;
    this.#seen.set(`${way} ${index}`, this.#mark);
    return this.#insert(way === "parents" ? edge.to : edge.from, (mark) => this.#statement(edge, way, mark, seen));
  }

  async unkept(table: number): Promise<number> {
    const different = new Set(this.#graph.tables[table]!.seed!.keep.map((key) => JSON.stringify(key))).size;
    return different - (await this.#countAtLeisure(table, this.#sql.found(table)));
  }

  async total(table: number): Promise<number | null> {
    // To count what is reached by an index alone would cost more than to find it.
    return this.#graph.tables[table]!.part !== "following" ? null : this.#countAtLeisure(table, this.#sql.total(table));
  }

  cut(): null {
    return null;
  }

  read(table: number, options: ReadOptions): AsyncIterable<RowBatch> {
    const { part } = this.#graph.tables[table]!;
    const selected = part === "whole" ? undefined : this.#sql.read(table, options.columns, options.shard);
    return readTable(this.#end, this.#tables[table]!, options, selected);
  }

  /** The tables go with the session, or, of a session that is the caller's, their rows with the transaction. */
  async close(): Promise<void> {}

  #statement(edge: SelectionEdge, way: SelectionWay, mark: number, seen: number): string {
    if (way === "children") return this.#sql.children(edge, mark, seen);
    return way === "parents" ? this.#sql.parents(edge, mark, seen) : this.#sql.leftOut(edge, mark, seen);
  }

  async #insert(table: number, statement: (mark: number) => string): Promise<number> {
    const mark = ++this.#mark;
    // A script is not watched for silence: it takes as long as it takes.
    await this.#doing(table, () => this.#end.client.script(statement(mark)));
    const rows = await this.#count(table, this.#sql.marked(table, mark));
    if (rows >= WORTH_A_LOOK) await this.#doing(table, () => this.#end.client.script(this.#sql.analyze(table)));
    return rows;
  }

  /** Of a statement that puts a count where it can be asked for at once. */
  async #countAtLeisure(table: number, statement: string): Promise<number> {
    await this.#doing(table, () => this.#end.client.script(`DELETE FROM ${COUNTS}; ${statement}`));
    return this.#count(table, `SELECT rows::text FROM ${COUNTS}`);
  }

  async #count(table: number, statement: string): Promise<number> {
    const [[count]] = (await this.#doing(table, () => this.#end.client.query(statement))) as [[string]];
    return Number(count);
  }

  #doing<Result>(table: number, step: () => Promise<Result>): Promise<Result> {
    const name = tableName(this.#graph.tables[table]!.table.ref);
    return this.#end.doing(`selecting rows of ${name}`, step, name);
  }
}

/** The schema moved between two snapshots. */
export function schemaMoved(): StandinError {
  return new StandinError("SOURCE_FAILED", "The source's tables were changed while the run began.", {
    hint: "Run again when the source's migration is over.",
  });
}
