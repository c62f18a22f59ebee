import type { Column, ColumnKind, SystemName } from "../contracts.ts";
import type { Condition } from "./condition.ts";
import { callFunction } from "./sql-functions.ts";
import { likePattern, regexpPattern } from "./sql-patterns.ts";

/** What an expression gives: NULL as null, and undefined where nobody can tell without a server. */
export type SqlValue = string | number | bigint | boolean | null | undefined;

/** The columns that a condition is asked about: of any other it cannot tell. */
export interface Subject {
  readonly columns: readonly Column[];
  readonly system: SystemName;
  /** Texts are ordered by their code units. @default they are not: a server's order is its collation's word */
  readonly ordersText?: true;
  /** Whether texts are compared without regard to case. @default where one of the columns is */
  readonly ignoresCase?: boolean;
}

/** The cells of those columns by name. */
type Cells = Readonly<Record<string, string | null>>;

/** Whether a row meets a condition, as a CHECK asks: `false` is a refusal, NULL is not. Undefined where it cannot be told. */
export function meets(condition: Condition, subject: Subject, cells: Cells): boolean | undefined {
  const result = truthIn(condition, subject, cells);
  return result === undefined ? undefined : result !== false;
}

/** What a condition is in a row: true, false, or NULL. Undefined where it cannot be told. */
export function truthIn(condition: Condition, subject: Subject, cells: Cells): boolean | null | undefined {
  return truthOf(evaluate(condition, subject, cells));
}

function evaluate(condition: Condition, subject: Subject, cells: Cells): SqlValue {
  const of = (part: Condition) => evaluate(part, subject, cells);
  const isCaseless = subject.ignoresCase ?? subject.columns.some(({ ignoresCase }) => ignoresCase);
  switch (condition.type) {
    case "literal":
      return condition.value;
    case "column": {
      const column = subject.columns.find(({ name }) => name === condition.name);
      const cell = cells[condition.name];
      return column === undefined || cell === undefined ? undefined : typed(cell, column);
    }
    case "not": {
      const truth = truthOf(of(condition.of));
      return typeof truth === "boolean" ? !truth : truth;
    }
    case "and":
      return connect(truthOf(of(condition.left)), truthOf(of(condition.right)), false);
    case "or":
      return connect(truthOf(of(condition.left)), truthOf(of(condition.right)), true);
    case "isNull": {
      const found = of(condition.of);
      return found === undefined ? undefined : found === null;
    }
    case "compare":
      return compare(condition.operator, of(condition.left), of(condition.right), isCaseless, subject.ordersText);
    case "in":
      return condition.list.reduce<SqlValue>(
        (found, item) => connect(truthOf(found), truthOf(compare("=", of(condition.of), of(item), isCaseless)), true),
        false,
      );
    case "like":
    case "regexp": {
      const [text, pattern] = [of(condition.of), of(condition.pattern)];
      if (text === undefined || pattern === undefined) return undefined;
      if (text === null || pattern === null) return null;
      const ignoresCase = condition.ignoresCase || isCaseless;
      const made =
        condition.type === "like" ? likePattern(String(pattern), ignoresCase) : regexpPattern(String(pattern), ignoresCase);
      return made?.test(String(text));
    }
    case "arithmetic":
      return calculate(condition.operator, of(condition.left), of(condition.right));
    case "cast":
      return cast(of(condition.of), condition.to);
    case "call":
      return callFunction(condition.name, condition.parameters.map(of), subject.system);
    case "array":
      return undefined;
  }
}

const NUMERIC: readonly ColumnKind[] = ["integer", "decimal", "float"];

function typed(value: string | null, { kind, isPadded }: Column): SqlValue {
  if (value === null) return null;
  if (NUMERIC.includes(kind)) return exactNumber(value);
  if (kind === "boolean") return /^(t|true|1)$/i.test(value);
  return isPadded ? value.trimEnd() : value;
}

/** A whole number that a double would round stays whole. */
export function exactNumber(text: string): number | bigint | undefined {
  const number = numberOf(text);
  return number === undefined || Math.abs(number) <= Number.MAX_SAFE_INTEGER || !/^\s*-?\d+\s*$/.test(text)
    ? number
    : BigInt(text);
}

function numberOf(text: string): number | undefined {
  const number = Number(text);
  return text.trim() === "" || Number.isNaN(number) ? undefined : number;
}

function truthOf(value: SqlValue): boolean | null | undefined {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  return typeof value === "number" ? value !== 0 : undefined;
}

/** AND and OR of three values, where `decisive` alone decides; what cannot be told stays so unless the other side decides. */
function connect(
  left: boolean | null | undefined,
  right: boolean | null | undefined,
  decisive: boolean,
): boolean | null | undefined {
  if (left === decisive || right === decisive) return decisive;
  if (left === undefined || right === undefined) return undefined;
  return left === null || right === null ? null : !decisive;
}

function compare(operator: string, left: SqlValue, right: SqlValue, isCaseless: boolean, ordersText = false): SqlValue {
  if (left === undefined || right === undefined) return undefined;
  if (left === null || right === null) return null;
  const order = orderOf(left, right, isCaseless, ordersText || operator === "=" || operator === "<>");
  if (order === undefined) return undefined;
  switch (operator) {
    case "=":
      return order === 0;
    case "<>":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    default:
      return order >= 0;
  }
}

const ISO_DATE = /^\d{4}-\d\d-\d\d/;

type Known = string | number | bigint | boolean;

function orderOf(left: Known, right: Known, isCaseless: boolean, ordersText: boolean): number | undefined {
  if (typeof left === "string" && typeof right === "string") {
    const [one, other] = isCaseless ? [left.toLowerCase(), right.toLowerCase()] : [left, right];
    if (one === other) return 0;
    // How texts are sorted is the collation's word; dates sort as they are written.
    if (!ordersText && !(ISO_DATE.test(left) && ISO_DATE.test(right))) return undefined;
    return one < other ? -1 : 1;
  }
  const [one, other] = [left, right].map((side) =>
    typeof side === "string" ? exactNumber(side) : typeof side === "boolean" ? Number(side) : side,
  );
  if (one === undefined || other === undefined) return undefined;
  return one < other ? -1 : one > other ? 1 : 0;
}

function calculate(operator: string, left: SqlValue, right: SqlValue): SqlValue {
  if (left === undefined || right === undefined) return undefined;
  if (left === null || right === null) return null;
  // A double would round it.
  if (typeof left === "bigint" || typeof right === "bigint") return undefined;
  if (operator === "||") return typeof left === "string" && typeof right === "string" ? left + right : undefined;
  const [one, other] = [left, right].map((side) => (typeof side === "string" ? numberOf(side) : Number(side)));
  if (one === undefined || other === undefined) return undefined;
  if (operator === "+") return one + other;
  if (operator === "-") return one - other;
  if (operator === "*") return one * other;
  // Whole numbers divide in another way, and which they are is not known here.
  return operator === "%" && other !== 0 ? one % other : undefined;
}

function cast(value: SqlValue, to: string): SqlValue {
  if (value === null || value === undefined) return value;
  if (/^(text|varchar|character varying|bpchar|citext|date|timestamp.*|name)$/.test(to))
    return typeof value === "string" ? value : undefined;
  if (/^(numeric|decimal|integer|int|int2|int4|int8|bigint|smallint|double precision|real)$/.test(to))
    return typeof value === "string"
      ? exactNumber(value)
      : typeof value === "number" || typeof value === "bigint"
        ? value
        : undefined;
  // An enum's or a domain's own name: the text stays.
  return typeof value === "string" ? value : undefined;
}
