import type { Condition } from "../../../conditions/condition.ts";
import { postgresCondition } from "../../../conditions/postgres-condition.ts";
import type { Column, DrawKey, SelectionEdge, SelectionGraph, SelectionSeed, Shard } from "../../../contracts.ts";
import { drawBound } from "../../../draw-bound.ts";
import { quoteName, quoteTable } from "../postgres-sql.ts";
import type { BlockRange } from "./postgres-shards.ts";

/** The statements of a selection. Rows are named by where they lie (table and ctid), which holds for as long as the snapshot does. */
export class SelectionSql {
  readonly #graph: SelectionGraph;
  readonly #draw: DrawKey;
  readonly #isPartitioned: readonly boolean[];

  constructor(graph: SelectionGraph, draw: DrawKey, isPartitioned: readonly boolean[]) {
    this.#graph = graph;
    this.#draw = draw;
    this.#isPartitioned = isPartitioned;
  }

  /** Why the server cannot find the rows: a condition that it might read otherwise than we do. */
  get problem(): string | null {
    const { tables, edges } = this.#graph;
    const ofTables = tables.map(({ seed, table }) => this.#where(seed?.where ?? null, table.columns, "t"));
    const ofEdges = edges.map(({ children, from }) => this.#where(children.where, tables[from]!.table.columns, "c"));
    return [...ofTables, ...ofEdges].includes(null) ? "a condition is asked row by row" : null;
  }

  /** One for each table of which not every row comes, and one for counts, which may take longer than a server's answer is waited for. */
  create(): readonly string[] {
    const counts = `CREATE TEMPORARY TABLE ${COUNTS} (rows int8) ON COMMIT DELETE ROWS`;
    const tables = this.#graph.tables.flatMap(({ part }, index) =>
      part === "whole"
        ? []
        : [
            `CREATE TEMPORARY TABLE ${kept(index)} (part oid NOT NULL, spot tid NOT NULL, mark int4 NOT NULL, PRIMARY KEY (part, spot)) ON COMMIT DELETE ROWS`,
          ],
    );
    return [counts, ...tables];
  }

  /** Asks whether a column has another collation than the one that it points to: the server compares such two in no statement, but for its default. Null where no text points. */
  otherCollations(): string | null {
    const attribute = (index: number, { name }: Column) =>
      `${quoteText(quoteTable(this.#graph.tables[index]!.table.ref))}::pg_catalog.regclass, ${quoteText(name)}`;
    const pairs = this.#graph.edges.flatMap(({ from, to, columns, referencedColumns }) =>
      columns.flatMap((column, part) =>
        column.kind === "text" ? [`(${attribute(from, column)}, ${attribute(to, referencedColumns[part]!)})`] : [],
      ),
    );
    if (pairs.length === 0) return null;
    const own = `'pg_catalog."default"'::pg_catalog.regcollation`;
    return `
      SELECT EXISTS (
        SELECT FROM pg_catalog.pg_attribute c, pg_catalog.pg_attribute p
         WHERE (c.attrelid, c.attname, p.attrelid, p.attname) IN (${pairs.join(", ")})
           AND c.attcollation <> p.attcollation AND ${own} NOT IN (c.attcollation, p.attcollation))`;
  }

  drop(): readonly string[] {
    const tables = this.#graph.tables.flatMap(({ part }, index) => (part === "whole" ? [] : [kept(index)]));
    return [COUNTS, ...tables].map((table) => `DROP TABLE IF EXISTS ${table}`);
  }

  seed(index: number, mark: number): string {
    const { seed, isAll, table } = this.#graph.tables[index]!;
    const from = `FROM ${this.#source(index)} t`;
    if (isAll || seed === null) return insert(index, `SELECT t.tableoid, t.ctid, ${mark} ${from}`);
    const selects = [
      ...(seed.draws ? [this.#drawn(seed, table.columns, from, mark)] : []),
      ...(seed.keep.length > 0 ? [`SELECT t.tableoid, t.ctid, ${mark} ${from} WHERE ${keptKeys(seed)}`] : []),
    ];
    return insert(index, selects.map((select) => `(${select})`).join(" UNION "));
  }

  /** Keys of a keep list that a row has. */
  found(index: number): string {
    const seed = this.#graph.tables[index]!.seed!;
    const columns = seed.by.map(({ name }) => `t.${quoteName(name)}`).join(", ");
    return `INSERT INTO ${COUNTS} SELECT pg_catalog.count(*) FROM (SELECT DISTINCT ${columns} FROM ${this.#source(index)} t WHERE ${keptKeys(seed)}) f`;
  }

  /** Marks the children, of which rows that were marked behind `seen` are parents. */
  children(edge: SelectionEdge, mark: number, seen: number): string {
    const { children, columns } = edge;
    const { columns: all } = this.#graph.tables[edge.from]!.table;
    const parents = `EXISTS (SELECT FROM ${this.#source(edge.to)} p JOIN ${kept(edge.to)} k ON k.part = p.tableoid AND k.spot = p.ctid WHERE k.mark > ${seen} AND ${points(edge)})`;
    const conditions = [...holds(edge), ...present(this.#where(children.where, all, "c")), parents].join(" AND ");
    const from = `FROM ${this.#source(edge.from)} c WHERE ${conditions}`;
    if (children.max === null) return insert(edge.from, `SELECT c.tableoid, c.ctid, ${mark} ${from}`);
    const over = `PARTITION BY ${columns.map(({ name }) => `c.${quoteName(name)}`).join(", ")} ORDER BY ${this.#drawOf(children.by, "c")}, c.tableoid, c.ctid`;
    const ranked = `SELECT c.tableoid AS part, c.ctid AS spot, pg_catalog.row_number() OVER (${over}) AS place ${from}`;
    return insert(edge.from, `SELECT r.part, r.spot, ${mark} FROM (${ranked}) r WHERE r.place <= ${children.max}`);
  }

  /** Marks the parents of rows that were marked behind `seen`. */
  parents(edge: SelectionEdge, mark: number, seen: number): string {
    const conditions = [`k.mark > ${seen}`, points(edge), ...holds(edge)].join(" AND ");
    const pointing = `SELECT FROM ${this.#source(edge.from)} c JOIN ${kept(edge.from)} k ON k.part = c.tableoid AND k.spot = c.ctid WHERE ${conditions}`;
    return insert(edge.to, `SELECT p.tableoid, p.ctid, ${mark} FROM ${this.#source(edge.to)} p WHERE EXISTS (${pointing})`);
  }

  /** Marks rows of a following table that point to what is left out. */
  leftOut(edge: SelectionEdge, mark: number, seen: number): string {
    const isFollowing = this.#graph.tables[edge.to]!.part === "following";
    const same = "k.part = p.tableoid AND k.spot = p.ctid";
    const out = isFollowing
      ? `EXISTS (SELECT FROM ${kept(edge.to)} k WHERE ${same} AND k.mark > ${seen})`
      : `NOT EXISTS (SELECT FROM ${kept(edge.to)} k WHERE ${same})`;
    const conditions = [...holds(edge), `EXISTS (SELECT FROM ${this.#source(edge.to)} p WHERE ${points(edge)} AND ${out})`].join(
      " AND ",
    );
    return insert(edge.from, `SELECT c.tableoid, c.ctid, ${mark} FROM ${this.#source(edge.from)} c WHERE ${conditions}`);
  }

  /** How many rows were marked at once. */
  marked(index: number, mark: number): string {
    return `SELECT pg_catalog.count(*)::text FROM ${kept(index)} k WHERE k.mark = ${mark}`;
  }

  analyze(index: number): string {
    return `ANALYZE ${kept(index)}`;
  }

  total(index: number): string {
    return `INSERT INTO ${COUNTS} SELECT pg_catalog.count(*) FROM ${this.#source(index)} t`;
  }

  /** The rows of a table as they come, or those of a part in the order in which they lie: what is kept of it is told by its bytes. */
  read(index: number, columns: readonly Column[], shard?: Shard): string {
    const isKept = this.#graph.tables[index]!.part === "reached" ? "EXISTS" : "NOT EXISTS";
    const list = columns.map(({ name }) => `t.${quoteName(name)}`).join(", ");
    const same = "k.part = t.tableoid AND k.spot = t.ctid";
    const range = (shard?.range ?? null) as BlockRange | null;
    const heap = range === null ? this.#source(index) : `ONLY ${quoteTable(range.heap)}`;
    const [spots, marks] = range === null ? ["", ""] : [`${within(range, "t.ctid")} AND `, ` AND ${marksWithin(range)}`];
    const rows = `SELECT ${list} FROM ${heap} t WHERE ${spots}${isKept} (SELECT FROM ${kept(index)} k WHERE ${same}${marks})`;
    return `COPY (${rows}${shard === undefined ? "" : " ORDER BY t.tableoid, t.ctid"}) TO STDOUT`;
  }

  #source(index: number): string {
    return `${this.#isPartitioned[index] ? "" : "ONLY "}${quoteTable(this.#graph.tables[index]!.table.ref)}`;
  }

  #drawn({ where, percent, rows, by }: SelectionSeed, columns: readonly Column[], from: string, mark: number): string {
    const bound = percent === null ? null : drawBound(percent);
    const conditions = [
      ...present(this.#where(where, columns, "t")),
      ...(bound === null ? [] : [`${this.#drawOf(by, "t")} < '${bound}'`]),
    ];
    const filter = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
    const most = rows === null ? "" : ` ORDER BY ${this.#drawOf(by, "t")}, t.tableoid, t.ctid LIMIT ${rows}`;
    return `SELECT t.tableoid, t.ctid, ${mark} ${from}${filter}${most}`;
  }

  /** Empty for no condition, null for one that the server is not asked. */
  #where(condition: Condition | null, columns: readonly Column[], alias: string): string | null {
    if (condition === null) return "";
    return postgresCondition(condition, columns, { column: (name) => `${alias}.${quoteName(name)}`, text: quoteText });
  }

  /** The first 64 bits of an HMAC-SHA-256 (RFC 2104) over the key of a row, as 16 digits that sort as they count. */
  #drawOf(by: readonly Column[], alias: string): string {
    const parts = by.map((column) => {
      const text = `pg_catalog.format('%s', ${alias}.${quoteName(column.name)})`;
      const written = column.isPadded ? `pg_catalog.rtrim(${text}, ' ')` : text;
      const bytes = `pg_catalog.octet_length(pg_catalog.convert_to(${written}, 'UTF8'))`;
      return `CASE WHEN ${alias}.${quoteName(column.name)} IS NULL THEN '~' ELSE ${bytes}::text || ':' || ${written} END`;
    });
    const message = `pg_catalog.convert_to(${parts.map((part) => `(${part})`).join(" || ")}, 'UTF8')`;
    const inner = `pg_catalog.sha256(${bytea(this.#draw.inner)} || ${message})`;
    return `pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(${bytea(this.#draw.outer)} || ${inner}), 'hex'), 16) COLLATE "C"`;
  }
}

/** Where counts are put. */
export const COUNTS = "pg_temp.standin_counts";

const kept = (index: number): string => `pg_temp.standin_kept_${index}`;

const insert = (index: number, select: string): string =>
  `INSERT INTO ${kept(index)} (part, spot, mark) ${select} ON CONFLICT DO NOTHING`;

const present = (condition: string | null): readonly string[] => (condition === "" || condition === null ? [] : [condition]);

/** One escape is known to a session with standard_conforming_strings. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const bytea = (bytes: Uint8Array): string => `'\\x${Buffer.from(bytes).toString("hex")}'::pg_catalog.bytea`;

const isNumeric = ({ kind }: Column): boolean => ["integer", "decimal", "float"].includes(kind);

function within({ from, to }: BlockRange, spot: string): string {
  return `${spot} >= '(${from},0)'${to === null ? "" : ` AND ${spot} < '(${to},0)'`}`;
}

/** Said of the marks as well, so that the server looks up the part's alone, and not all of them for each part. */
function marksWithin(range: BlockRange): string {
  return `k.part = ${quoteText(quoteTable(range.heap))}::pg_catalog.regclass AND ${within(range, "k.spot")}`;
}

/** The operators of citext lie in a schema that our session does not look in; it compares what this function of the server makes of a text. */
const lowered = (text: string): string => `pg_catalog.lower(${text}::pg_catalog.text COLLATE pg_catalog."default")`;

const isCitext = ({ type, baseType = type }: Column): boolean => /(^|\.)"?citext"?$/.test(baseType);

/** Types that a server does not compare are compared as they are written. */
function points({ columns, referencedColumns }: SelectionEdge): string {
  return columns
    .map((column, index) => {
      const other = referencedColumns[index]!;
      const [one, two] = [`c.${quoteName(column.name)}`, `p.${quoteName(other.name)}`];
      if (isCitext(column) || isCitext(other)) return `${lowered(two)} = ${lowered(one)}`;
      const isAlike =
        column.type === other.type ||
        (isNumeric(column) && isNumeric(other)) ||
        (column.kind === "text" && other.kind === "text");
      return isAlike ? `${two} = ${one}` : `pg_catalog.format('%s', ${two}) = pg_catalog.format('%s', ${one})`;
    })
    .join(" AND ");
}

function holds({ when, columns }: SelectionEdge): readonly string[] {
  return [
    ...columns.map(({ name }) => `c.${quoteName(name)} IS NOT NULL`),
    ...Object.entries(when ?? {}).map(([name, text]) => `pg_catalog.format('%s', c.${quoteName(name)}) = ${quoteText(text)}`),
  ];
}

function keptKeys({ by, keep }: SelectionSeed): string {
  const compared = (part: number, text: string) => (isCitext(by[part]!) ? lowered(text) : text);
  const columns = by.map(({ name }, part) => compared(part, `t.${quoteName(name)}`));
  const keys = keep.map((key) => {
    const parts = key.map((text, part) => compared(part, quoteText(text)));
    return parts.length === 1 ? parts[0]! : `(${parts.join(", ")})`;
  });
  return `${columns.length === 1 ? columns[0]! : `(${columns.join(", ")})`} IN (${keys.join(", ")})`;
}
