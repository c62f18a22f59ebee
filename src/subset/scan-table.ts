import type { Column, ColumnValues, DrawKey, RowBatch, SelectionEdge, SelectionTable } from "../contracts.ts";
import { drawBound } from "../draw-bound.ts";
import type { ColumnPrf } from "../keys/column-prf.ts";
import { RowDraw } from "./draw-rows.ts";
import { comparedText, hashKeys } from "./key-hash.ts";
import { KeyList } from "./key-lists.ts";
import { RowMarks } from "./row-marks.ts";
import { rowsVerdict } from "./rows-verdict.ts";
import type { SpillFile } from "./spill-file.ts";
import { comparedParts, parentKeyOf, type WeighedEdge, type WeighedGraph } from "./weighed-keys.ts";

/** Records that all lists of one table may hold in memory together. */
const MOST_RECORDS = 3_000_000;

/** What a selection needs to know of all tables. */
export interface ScanTools {
  readonly graph: WeighedGraph;
  readonly file: SpillFile;
  readonly prf: ColumnPrf;
  readonly draw: DrawKey;
}

/** The children of an edge, by key: all, and those alone that may be brought by a parent, where some may not. */
export interface EdgeLists {
  readonly all: KeyList;
  readonly brought: KeyList | null;
}

/** Takes from the rows of one table what a selection needs of them: keys as hashes, and which rows the table's own words choose. */
export class TableScan {
  readonly columns: readonly Column[];
  /** Columns of which the server's weights are read, behind `columns`. */
  readonly weights: readonly Column[];
  readonly chosen = new RowMarks();
  readonly edges = new Map<number, EdgeLists>();
  readonly parents = new Map<string, KeyList>();
  readonly #visitors: ((batch: ColumnsOf, rowCount: number, firstRow: number) => void)[] = [];
  readonly #tools: ScanTools;
  readonly #needed = new Set<Column>();
  readonly #weighed = new Set<Column>();
  readonly #keepKeys = new Set<string>();
  #endSeed = () => {};
  #rows = 0;

  constructor(index: number, tools: ScanTools) {
    this.#tools = tools;
    const { graph } = tools;
    const table = graph.tables[index]!;
    const isUsed = ({ from, to }: SelectionEdge) => graph.tables[from]!.part !== "whole" && graph.tables[to]!.part !== "whole";
    const used = [...graph.edges.entries()].filter(([, edge]) => isUsed(edge));
    const from = used.filter(([, edge]) => edge.from === index);
    const to = [...new Map(used.filter(([, edge]) => edge.to === index).map(([edge]) => [parentKeyOf(graph, edge), edge]))];
    const lists = from.length * 2 + to.length + 1;
    const capacity = Math.floor(MOST_RECORDS / lists);
    if (table.seed !== null) this.#visitSeed(table, capacity);
    for (const [edge] of from) this.#visitChildren(edge, capacity);
    for (const [key, edge] of to) this.#visitParents(key, graph.edges[edge]!, capacity);
    const columns = table.table.columns.filter((column) => this.#needed.has(column));
    this.weights = [...this.#weighed];
    // Rows without a column could not be counted.
    this.columns = columns.length > 0 ? columns : table.table.columns.filter(({ isGenerated }) => !isGenerated).slice(0, 1);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Keys of the keep list that have been in no row. */
  get unkept(): number {
    return this.#keepKeys.size;
  }

  add(batch: RowBatch): void {
    const places = new Map(this.columns.map((column, place) => [column, place]));
    const weights = new Map(this.weights.map((column, place) => [column, this.columns.length + place]));
    const columnOf: ColumnsOf = (columns, isWeighed = []) =>
      columns.map((column, part) => batch.column((isWeighed[part] ? weights : places).get(column)!));
    for (const visit of this.#visitors) visit(columnOf, batch.rowCount, this.#rows);
    this.#rows += batch.rowCount;
  }

  end(): void {
    this.#endSeed();
  }

  #need(columns: readonly Column[], isWeighed: readonly boolean[] = []): void {
    for (const [part, column] of columns.entries()) (isWeighed[part] ? this.#weighed : this.#needed).add(column);
  }

  #visitSeed({ table, seed }: SelectionTable, capacity: number): void {
    const { where, percent, rows: most, keep, draws, by } = seed!;
    const verdict = where === null ? null : rowsVerdict(where, table);
    const bound = percent === null ? null : drawBound(percent);
    const [boundHigh, boundLow] = bound === null ? [0, 0] : [Number(`0x${bound.slice(0, 8)}`), Number(`0x${bound.slice(8)}`)];
    const draw = new RowDraw(this.#tools.draw);
    const drawn = most === null ? null : new KeyList(this.#tools.file, capacity);
    const compared = by.map((column) => comparedText(column));
    const keyOf = (parts: readonly (string | null)[]) =>
      JSON.stringify(parts.map((part, index) => (part === null ? null : compared[index]!(part))));
    const kept = new Set(keep.map(keyOf));
    for (const key of kept) this.#keepKeys.add(key);
    const isDrawn = bound !== null || drawn !== null;
    this.#need([...(verdict?.columns ?? []), ...(isDrawn || kept.size > 0 ? by : [])]);
    this.#visitors.push((columnsOf, rowCount, firstRow) => {
      const cells = verdict === null ? [] : columnsOf(verdict.columns);
      const keys = isDrawn || kept.size > 0 ? columnsOf(by) : [];
      const messages = drawnTexts(by, keys);
      for (let row = 0; row < rowCount; row++) {
        if (kept.size > 0) {
          const key = keyOf(keys.map((part) => part[row]!));
          if (kept.has(key)) {
            this.#keepKeys.delete(key);
            this.chosen.add(firstRow + row);
          }
        }
        if (!draws || (verdict !== null && !verdict.meets(cells, row, firstRow + row))) continue;
        if (isDrawn) draw.take(messages, row);
        if (bound !== null && !(draw.high < boundHigh || (draw.high === boundHigh && draw.low < boundLow))) continue;
        if (drawn === null) this.chosen.add(firstRow + row);
        else drawn.add(draw.high, draw.low, firstRow + row);
      }
    });
    this.#endSeed = () => {
      for (const row of drawn?.least(most!) ?? []) this.chosen.add(row);
    };
  }

  #visitChildren(index: number, capacity: number): void {
    const { graph, file, prf } = this.#tools;
    const { columns, when, children, from, referencedColumns, isWeighed } = graph.edges[index]!;
    const { table } = graph.tables[from]!;
    const { where, max, by } = children;
    const verdict = where === null ? null : rowsVerdict(where, table);
    const isLimited = children.come && (verdict !== null || max !== null);
    const lists = { all: new KeyList(file, capacity), brought: isLimited ? new KeyList(file, capacity, max !== null) : null };
    this.edges.set(index, lists);
    const holds = holdsWhen(when, table.columns);
    const compared = comparedParts(columns, referencedColumns, isWeighed);
    const draw = new RowDraw(this.#tools.draw);
    this.#need(columns, isWeighed);
    this.#need([...holds.columns, ...(isLimited ? [...by, ...(verdict?.columns ?? [])] : [])]);
    this.#visitors.push((columnsOf, rowCount, firstRow) => {
      const { words, isNull } = hashKeys(prf, compared, columnsOf(columns, isWeighed));
      const conditions = columnsOf(holds.columns);
      const cells = isLimited && verdict !== null ? columnsOf(verdict.columns) : [];
      const keys = isLimited ? drawnTexts(by, columnsOf(by)) : [];
      for (let row = 0; row < rowCount; row++) {
        if (isNull(row) || !holds.in(conditions, row)) continue;
        const [high, low] = [words[row * 4]!, words[row * 4 + 1]!];
        lists.all.add(high, low, firstRow + row);
        if (lists.brought === null || (verdict !== null && !verdict.meets(cells, row, firstRow + row))) continue;
        if (max === null) lists.brought.add(high, low, firstRow + row);
        else {
          draw.take(keys, row);
          lists.brought.addDrawn(high, low, firstRow + row, draw.high, draw.low);
        }
      }
    });
  }

  #visitParents(key: string, { columns, referencedColumns, isWeighed }: WeighedEdge, capacity: number): void {
    const { file, prf } = this.#tools;
    const list = new KeyList(file, capacity);
    this.parents.set(key, list);
    const compared = comparedParts(referencedColumns, columns, isWeighed);
    this.#need(referencedColumns, isWeighed);
    this.#visitors.push((columnsOf, rowCount, firstRow) => {
      const { words, isNull } = hashKeys(prf, compared, columnsOf(referencedColumns, isWeighed));
      for (let row = 0; row < rowCount; row++) if (!isNull(row)) list.add(words[row * 4]!, words[row * 4 + 1]!, firstRow + row);
    });
  }
}

type ColumnsOf = (columns: readonly Column[], isWeighed?: readonly boolean[]) => readonly ColumnValues[];

/** Padding is the server's: a draw goes by what was written. */
function drawnTexts(by: readonly Column[], parts: readonly ColumnValues[]): readonly ColumnValues[] {
  return parts.map((part, index) => (by[index]!.isPadded ? part.map((text) => text?.replace(/ +$/, "") ?? null) : part));
}

function holdsWhen(when: SelectionEdge["when"], all: readonly Column[]) {
  const wanted = Object.entries(when ?? {});
  return {
    columns: wanted.map(([name]) => all.find((column) => column.name === name)!),
    in: (cells: readonly ColumnValues[], row: number) => wanted.every(([, text], index) => cells[index]![row] === text),
  };
}
