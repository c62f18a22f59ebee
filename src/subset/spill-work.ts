import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { pickRows } from "../batch/pick-rows.ts";
import type { DrawKey, ReadOptions, RowBatch, SelectionGraph, SelectionWay, SelectionWork, Shard, Source } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import { createColumnPrf } from "../keys/column-prf.ts";
import { WHOLE_TABLE } from "../shard.ts";
import { tableName } from "../table-ref.ts";
import { eachPair, type NumberedKeys, type ParentKeys } from "./key-lists.ts";
import { RowMarks } from "./row-marks.ts";
import { type ScannedTable, type SpillOptions, scanTable } from "./scan-parts.ts";
import { TableScan } from "./scan-table.ts";
import { SpillFile } from "./spill-file.ts";
import { parentKeyOf, type WeighedGraph, weighKeys } from "./weighed-keys.ts";

/**
 * Works a selection out by reading: the columns that references and conditions are made of once, for the keys, and the tables a second time, for the rows. Keys go into a spill file as
 * hashes under a passing key, sorted there; in memory stays a bit for each row. The source must give its rows in the same order both times.
 */
export async function spillWork(
  source: Source,
  graph: SelectionGraph,
  draw: DrawKey,
  options: SpillOptions,
): Promise<SelectionWork> {
  const file = new SpillFile();
  try {
    const weighed = await weighKeys(source, graph);
    const tools = { graph: weighed, file, draw, prf: createColumnPrf(randomBytes(32)) };
    const scans: (ScannedTable | null)[] = [];
    for (const [index, { part, table }] of graph.tables.entries()) {
      if (part === "whole") {
        scans.push(null);
        continue;
      }
      const scan = new TableScan(index, tools);
      scans.push({ scan, parts: await scanTable(source, table, scan, options) });
      scan.end();
    }
    const edges = await numberEdges(
      weighed,
      scans.map((one) => one?.scan ?? null),
      options.signal,
    );
    return new SpillWork(source, graph, scans, file, edges, options);
  } catch (error) {
    file.close();
    throw error;
  }
}

interface NumberedEdge {
  readonly parents: ParentKeys;
  readonly all: NumberedKeys;
  readonly brought: NumberedKeys;
}

/** Sorts the keys of every edge and numbers them. What else the process has to do comes between two lists. */
async function numberEdges(
  graph: WeighedGraph,
  scans: readonly (TableScan | null)[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, NumberedEdge>> {
  const parents = new Map<string, ParentKeys>();
  const edges = new Map<number, NumberedEdge>();
  for (const scan of scans)
    for (const [key, list] of scan?.parents ?? []) {
      await setImmediate(undefined, { signal });
      parents.set(key, list.asParents());
    }
  for (const scan of scans)
    for (const [edge, { all, brought }] of scan?.edges ?? []) {
      await setImmediate(undefined, { signal });
      const own = parents.get(parentKeyOf(graph, edge))!;
      const numbered = all.among(own);
      const { max } = graph.edges[edge]!.children;
      edges.set(edge, { parents: own, all: numbered, brought: brought === null ? numbered : brought.among(own, max) });
    }
  return edges;
}

class SpillWork implements SelectionWork {
  readonly by = "spill files";
  readonly #source: Source;
  readonly #graph: SelectionGraph;
  readonly #scans: readonly (ScannedTable | null)[];
  readonly #file: SpillFile;
  readonly #edges: ReadonlyMap<number, NumberedEdge>;
  readonly #options: SpillOptions;
  /** Rows that come; of a following table, rows that do not. */
  readonly #marks: readonly RowMarks[];

  constructor(
    source: Source,
    graph: SelectionGraph,
    scans: readonly (ScannedTable | null)[],
    file: SpillFile,
    edges: ReadonlyMap<number, NumberedEdge>,
    options: SpillOptions,
  ) {
    this.#source = source;
    this.#graph = graph;
    this.#scans = scans;
    this.#file = file;
    this.#edges = edges;
    this.#options = options;
    this.#marks = graph.tables.map(() => new RowMarks());
  }

  async seed(table: number): Promise<number> {
    const marks = this.#marks[table]!;
    const { chosen, rows } = this.#scans[table]!.scan;
    const before = marks.count;
    const { isAll } = this.#graph.tables[table]!;
    for (let row = 0; row < rows; row++) if (isAll || chosen.has(row)) marks.add(row);
    return marks.count - before;
  }

  async bring(edge: number, way: SelectionWay): Promise<number> {
    const { from, to } = this.#graph.edges[edge]!;
    const { parents, all, brought } = this.#edges.get(edge)!;
    const isStart = this.#startOf(way, way === "parents" ? from : to);
    const end = this.#marks[way === "parents" ? to : from]!;
    const [starts, ends] = way === "parents" ? [all, parents] : [parents, way === "children" ? brought : all];
    const keys = new RowMarks();
    eachPair(this.#file, starts, (key, row) => {
      if (isStart(row)) keys.add(key);
    });
    const before = end.count;
    eachPair(this.#file, ends, (key, row) => {
      if (keys.has(key)) end.add(row);
    });
    return end.count - before;
  }

  async unkept(table: number): Promise<number> {
    return this.#scans[table]!.scan.unkept;
  }

  async total(table: number): Promise<number | null> {
    return this.#scans[table]?.scan.rows ?? null;
  }

  cut(table: number): readonly Shard[] | null {
    return this.#options.cut === undefined ? null : (this.#scans[table]?.parts.shards ?? null);
  }

  async *read(index: number, options: ReadOptions): AsyncGenerator<RowBatch> {
    const { table, part } = this.#graph.tables[index]!;
    if (part === "whole") {
      yield* this.#source.read(table, options);
      return;
    }
    const marks = this.#marks[index]!;
    const isWanted = part === "reached";
    const { shard = WHOLE_TABLE, firstRow: given = 0 } = options;
    const range = this.#scans[index]!.parts.find(shard);
    if (range === null) throw new TypeError("Rows of a part that was not counted cannot be told.");
    let [at, picked] = [range.firstRow, given];
    // What is left out is read as well. Rows that are given count once more for whoever takes them: slower than allowed, never faster.
    for await (const batch of this.#options.over(this.#source.read(table, { ...options, firstRow: range.firstRow }))) {
      const rows: number[] = [];
      for (let row = 0; row < batch.rowCount; row++) if (marks.has(at + row) === isWanted) rows.push(row);
      at += batch.rowCount;
      if (rows.length > 0) yield pickRows(batch, rows, picked);
      else batch.release?.();
      picked += rows.length;
    }
    if (at !== range.firstRow + range.rows) throw changed(tableName(table.ref));
  }

  async close(): Promise<void> {
    this.#file.close();
  }

  /** Whether a row leads on: one that is there, or one that is left out. */
  #startOf(way: SelectionWay, table: number): (row: number) => boolean {
    const marks = this.#marks[table]!;
    if (way !== "left-out" || this.#graph.tables[table]!.part === "following") return (row) => marks.has(row);
    return (row) => !marks.has(row);
  }
}

function changed(table: string): StandinError {
  return new StandinError("SOURCE_FAILED", `${table} has other rows than when the subset was worked out.`, {
    table,
    hint: "Run again while nobody writes to the source's files, or to its tables without transactions.",
  });
}
