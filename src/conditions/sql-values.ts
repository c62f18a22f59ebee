import { calculateExactly, compareNumbers, ExactDecimal, exactNumber, isExact, type SqlNumber } from "./exact-number.ts";

/** What an expression gives: NULL as null, and undefined where nobody can tell without a server. */
export type SqlValue = string | SqlNumber | boolean | null | undefined;

/** A value as a truth. */
export function truthOf(value: SqlValue): boolean | null | undefined {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  if (value instanceof ExactDecimal) return value.units !== 0n;
  return typeof value === "string" ? undefined : Number(value) !== 0;
}

/** AND and OR of three values, where `decisive` alone decides; what cannot be told stays so unless the other side decides. */
export function connect(
  left: boolean | null | undefined,
  right: boolean | null | undefined,
  decisive: boolean,
): boolean | null | undefined {
  if (left === decisive || right === decisive) return decisive;
  if (left === undefined || right === undefined) return undefined;
  return left === null || right === null ? null : !decisive;
}

/** A comparison by its operator. `ordersText`: texts are ordered by their code units, where a server would go by its collation. */
export function compare(operator: string, left: SqlValue, right: SqlValue, isCaseless: boolean, ordersText = false): SqlValue {
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

type Known = string | SqlNumber | boolean;

function orderOf(left: Known, right: Known, isCaseless: boolean, ordersText: boolean): number | undefined {
  if (typeof left === "string" && typeof right === "string") {
    const [one, other] = isCaseless ? [left.toLowerCase(), right.toLowerCase()] : [left, right];
    if (one === other) return 0;
    // How texts are sorted is the collation's word; dates sort as they are written.
    if (!ordersText && !(ISO_DATE.test(left) && ISO_DATE.test(right))) return undefined;
    return one < other ? -1 : 1;
  }
  const isOfTruth = typeof left === "boolean" || typeof right === "boolean";
  const [one, other] = [numberIn(left, isOfTruth), numberIn(right, isOfTruth)];
  if (one === undefined || other === undefined) return undefined;
  return compareNumbers(one, other);
}

const TRUE = /^(?:t|true|y|yes|on|1)$/i;
const FALSE = /^(?:f|false|n|no|off|0)$/i;

/** A side of a comparison as a number. Beside a truth a text is one too, in the words that PostgreSQL knows. */
function numberIn(side: Known, isOfTruth: boolean): SqlNumber | undefined {
  if (typeof side === "boolean") return Number(side);
  if (typeof side !== "string") return side;
  if (isOfTruth) return TRUE.test(side) ? 1 : FALSE.test(side) ? 0 : undefined;
  return exactNumber(side);
}

/** What an operator of arithmetic gives, or `||`. */
export function calculate(operator: string, left: SqlValue, right: SqlValue): SqlValue {
  if (left === undefined || right === undefined) return undefined;
  if (left === null || right === null) return null;
  if (operator === "||") return typeof left === "string" && typeof right === "string" ? left + right : undefined;
  const [one, other] = [left, right].map((side) => (typeof side === "boolean" ? Number(side) : numberIn(side, false)));
  if (one === undefined || other === undefined) return undefined;
  // A double would round it.
  if (isExact(one) || isExact(other)) return calculateExactly(operator, one, other);
  if (operator === "+") return one + other;
  if (operator === "-") return one - other;
  if (operator === "*") return one * other;
  // Whole numbers divide in another way, and which they are is not known here.
  return operator === "%" && other !== 0 ? one % other : undefined;
}

/** A value as another type, by the type's name in SQL. */
export function cast(value: SqlValue, to: string): SqlValue {
  if (value === null || value === undefined) return value;
  if (/^(text|varchar|character varying|bpchar|citext|date|timestamp.*|name)$/.test(to))
    return typeof value === "string" ? value : undefined;
  if (/^(double precision|real)$/.test(to)) {
    const number = cast(value, "numeric");
    return isExact(number) ? Number(number) : number;
  }
  if (/^(numeric|decimal|integer|int|int2|int4|int8|bigint|smallint)$/.test(to))
    return typeof value === "string" ? exactNumber(value) : typeof value === "boolean" ? undefined : value;
  // An enum's or a domain's own name: the text stays.
  return typeof value === "string" ? value : undefined;
}
