import type { Column } from "../contracts.ts";
import { type Condition, columnsOf } from "./condition.ts";

/** How names and texts are written in a statement. */
export interface SqlWords {
  column(name: string): string;
  text(text: string): string;
}

const ISO = /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$/;
const LOGIC = { and: "AND", or: "OR" } as const;

/**
 * A condition as PostgreSQL's SQL, where the server finds just what is found here: columns compared with constants of their kind, and what joins such comparisons. Null for all
 * else, which is then asked row by row.
 */
export function postgresCondition(condition: Condition, columns: readonly Column[], words: SqlWords): string | null {
  const known = columns.filter(({ name }) => columnsOf(condition).has(name));
  if (known.some(({ ignoresCase, isPadded }) => ignoresCase === true || isPadded)) return null;
  return written(condition, known, words);
}

function written(condition: Condition, columns: readonly Column[], words: SqlWords): string | null {
  switch (condition.type) {
    case "and":
    case "or": {
      const sides = [condition.left, condition.right].map((side) => written(side, columns, words));
      return sides.includes(null) ? null : `(${sides.join(` ${LOGIC[condition.type]} `)})`;
    }
    case "not": {
      const inner = written(condition.of, columns, words);
      return inner === null ? null : `(NOT ${inner})`;
    }
    case "isNull":
      return condition.of.type === "column" ? `(${words.column(condition.of.name)} IS NULL)` : null;
    case "compare": {
      const { left, right, operator } = condition;
      if (left.type !== "column") return null;
      const [column, constant] = [columnOf(left.name, columns), constantFor(right, columnOf(left.name, columns), words)];
      if (column === undefined || constant === null) return null;
      // How texts are sorted is a collation's word; here they are by their code points.
      const isOrdered = column.kind === "text" && operator !== "=" && operator !== "<>";
      return `(${words.column(left.name)}${isOrdered ? ' COLLATE "C"' : ""} ${operator} ${constant})`;
    }
    case "in": {
      if (condition.of.type !== "column") return null;
      const column = columnOf(condition.of.name, columns);
      const list = condition.list.map((item) => constantFor(item, column, words));
      return list.includes(null) ? null : `(${words.column(condition.of.name)} IN (${list.join(", ")}))`;
    }
    case "like": {
      const { of, pattern, ignoresCase } = condition;
      if (of.type !== "column" || columnOf(of.name, columns)?.kind !== "text" || ignoresCase) return null;
      if (pattern.type !== "literal" || typeof pattern.value !== "string") return null;
      return `(${words.column(of.name)} LIKE ${words.text(pattern.value)})`;
    }
    default:
      return null;
  }
}

const columnOf = (name: string, columns: readonly Column[]): Column | undefined => columns.find((column) => column.name === name);

/** Takes its type from the column beside it. */
function constantFor(side: Condition, column: Column | undefined, words: SqlWords): string | null {
  if (side.type !== "literal" || side.value === null || column === undefined) return null;
  const { value } = side;
  switch (column.kind) {
    case "integer":
    case "decimal":
      return typeof value === "string" || typeof value === "boolean" ? null : numberText(String(value));
    case "boolean":
      return typeof value === "boolean" ? String(value) : null;
    case "date":
    case "timestamp":
      return typeof value === "string" && ISO.test(value) && (column.kind === "timestamp" || value.length === 10)
        ? words.text(value)
        : null;
    case "text":
      return typeof value === "string" && /^(?:text|character varying)/.test(column.type) ? words.text(value) : null;
    default:
      return null;
  }
}

const numberText = (text: string): string | null => (/^-?\d+(?:\.\d+)?$/.test(text) ? text : null);
