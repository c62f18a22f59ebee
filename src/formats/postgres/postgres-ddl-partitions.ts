import type { Node, PartitionBoundSpec, PartitionSpec } from "libpg-query";
import type { DraftTable } from "./postgres-ddl-draft.ts";
import { inParentheses, listItems } from "./postgres-ddl-text.ts";
import { namesOf } from "./postgres-ddl-types.ts";
import { quoteName, quoteTable } from "./postgres-quotes.ts";

/** How a table is cut into partitions: what decides, in SQL, one after the other. */
export interface DraftCut {
  readonly isHash: boolean;
  readonly keys: readonly string[];
}

/** Writes the text of a time with zone as the catalog does. */
type AsRead = (text: string) => string;

/** `text` is what stands behind PARTITION BY. */
export function cutOf({ strategy, partParams = [] }: PartitionSpec, text: string): DraftCut {
  const items = listItems(inParentheses(text, "") ?? "");
  const keys = partParams.map((node, index) => {
    const name = "PartitionElem" in node ? node.PartitionElem.name : undefined;
    return name === undefined ? (items[index] ?? "") : quoteName(name);
  });
  return { isHash: strategy === "PARTITION_STRATEGY_HASH", keys };
}

/** What the partitions of a table hold, as a condition of every row; null where some partition takes any row, or there is none. */
export function boundsOf(root: DraftTable, tables: ReadonlyMap<string, DraftTable>, asRead: AsRead): string | null {
  const leaves: string[] = [];
  let takesAny = false;
  const walk = (table: DraftTable, around: readonly string[]) => {
    const { cut } = table;
    if (cut === null) {
      leaves.push(`(${around.join(" AND ")})`);
      return;
    }
    takesAny ||= cut.isHash;
    for (const part of tables.values()) {
      if (part.root !== quoteTable(table.ref) || part === table) continue;
      takesAny ||= part.bound === null || part.bound.is_default === true;
      walk(part, [...around, ...(part.bound === null ? [] : conditionsOf(part.bound, cut.keys, asRead))]);
    }
  };
  walk(root, []);
  return takesAny || leaves.length === 0 || root.cut === null ? null : leaves.join(" OR ");
}

function conditionsOf(
  { listdatums, lowerdatums = [], upperdatums = [] }: PartitionBoundSpec,
  keys: readonly string[],
  asRead: AsRead,
): readonly string[] {
  if (listdatums !== undefined) return [inList(keys[0]!, listdatums, asRead)];
  const isThere = keys.map((key) => `(${key} IS NOT NULL)`);
  return [...isThere, ...beyond(keys, lowerdatums, "from", asRead), ...beyond(keys, upperdatums, "to", asRead)];
}

function inList(key: string, datums: readonly Node[], asRead: AsRead): string {
  const values = datums.filter((node) => !isNull(node)).map((node) => literal(node, asRead));
  const among = values.map((value) => `(${key} = ${value})`);
  if (datums.some(isNull)) return `(${[`(${key} IS NULL)`, ...among].join(" OR ")})`;
  return `((${key} IS NOT NULL) AND (${among.join(" OR ")}))`;
}

/** A row compares with a bound key by key, the first that differs decides; MINVALUE and MAXVALUE differ from everything. */
function beyond(keys: readonly string[], datums: readonly Node[], side: "from" | "to", asRead: AsRead): readonly string[] {
  const open = side === "from" ? "minvalue" : "maxvalue";
  const found: string[] = [];
  const equal: string[] = [];
  const last = datums.length - 1;
  for (const [index, datum] of datums.entries()) {
    const key = keys[index]!;
    const edge = edgeOf(datum);
    if (edge === open) {
      // Whatever is equal so far is within, whatever comes behind.
      found.push(equal.length === 0 ? "" : `(${equal.join(" AND ")})`);
      break;
    }
    if (edge !== null) break;
    const value = literal(datum, asRead);
    const sign = side === "from" ? (index === last ? ">=" : ">") : "<";
    found.push(`(${[...equal, `(${key} ${sign} ${value})`].join(" AND ")})`);
    equal.push(`(${key} = ${value})`);
  }
  if (found.includes("")) return [];
  return found.length < 2 ? found : [`(${found.join(" OR ")})`];
}

function edgeOf(node: Node): string | null {
  return "ColumnRef" in node ? (namesOf(node.ColumnRef.fields).at(-1) ?? null) : null;
}

const isNull = (node: Node): boolean => "A_Const" in node && node.A_Const.isnull === true;

function literal(node: Node, asRead: AsRead): string {
  if ("TypeCast" in node) return literal(node.TypeCast.arg!, asRead);
  if (!("A_Const" in node)) return "NULL";
  const { sval, ival, fval, bsval, boolval } = node.A_Const;
  if (ival !== undefined) return String(ival.ival ?? 0);
  if (fval !== undefined) return fval.fval ?? "0";
  if (boolval !== undefined) return String(boolval.boolval ?? false);
  const text = sval?.sval ?? bsval?.bsval ?? "";
  return `'${asRead(text).replaceAll("'", "''")}'`;
}
