import { type Condition, childrenOf } from "../../conditions/condition.ts";
import { parseCondition } from "../../conditions/parse-condition.ts";
import type { CheckConstraint, Column, ColumnKind } from "../../contracts.ts";
import { isLonger } from "./character-set.ts";
import { regexpSamples } from "./regexp-samples.ts";

/** Made-up values of each kind, on which masks are tried before the first row: nobody's, and of many forms. */
const VALUES: Partial<Record<ColumnKind, readonly string[]>> = {
  text: [
    "a",
    "Ab",
    "JANE",
    "jane",
    "Jane Doe",
    "jane.doe@example.com",
    "https://example.com/a",
    "+49 30 1234567",
    "12",
    "12345",
    "4111111111111111",
    "AB-1029",
    "2020-02-28",
    "n/a",
  ],
  integer: ["0", "1", "-1", "7", "42", "1999", "100000"],
  decimal: ["0", "1", "-1", "0.5", "12.5", "99", "1999"],
  float: ["0", "1", "-1.5", "0.5", "12.5", "1999"],
  boolean: ["t", "f"],
  date: ["1970-01-01", "1985-06-15", "2020-02-28"],
  time: ["00:00:00", "12:30:15"],
  timestamp: ["1985-06-15 12:30:15", "2020-02-28 23:59:59"],
  interval: ["1 day"],
  uuid: ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "9b2fd9b1-7cd4-4b8a-8f2e-2c1f7a0e8d11"],
  json: ['{"name": "Jane"}', "[1, 2]", '"text"'],
  bytes: ["\\x00ff"],
  network: ["192.0.2.7"],
};

/** So many that a fake shows the letters of its language. */
const MANY_TEXTS = Array.from({ length: 300 }, (_, index) => `n${index}`);

/** Longest text that is made up to fill a column. */
const LONGEST = 70_000;

/** Values to try a column's mask on: general ones, such as fill the column, and such as its checks speak of. */
export function trialValues(column: Column, checks: readonly CheckConstraint[]): readonly string[] {
  const values = new Set(column.labels ?? VALUES[column.kind] ?? []);
  for (const filling of fillings(column)) values.add(filling);
  if (column.charset !== undefined) for (const value of MANY_TEXTS) values.add(value);
  for (const { expression } of checks) {
    const condition = parseCondition(expression);
    if (condition !== null) for (const value of mentioned(condition, column)) values.add(value);
  }
  return [...values].filter((value) => fits(value, column));
}

function fillings(column: Column): readonly string[] {
  const { kind, maxLength, maxBytes } = column;
  const size = maxLength ?? maxBytes ?? null;
  if (kind === "text" && size !== null && size <= LONGEST)
    return ["x".repeat(size), "Ab1 ".repeat(Math.ceil(size / 4)).slice(0, size)];
  const digits = decimalDigits(column);
  if (kind !== "decimal" || digits === null) return [];
  const { whole, scale } = digits;
  return [`${"9".repeat(Math.max(whole, 1))}${scale > 0 ? `.${"9".repeat(scale)}` : ""}`];
}

/** Digits before and behind the point of `numeric(10,2)`, null where the type sets no bound. */
export function decimalDigits({ type, baseType = type }: Column): { readonly whole: number; readonly scale: number } | null {
  const [, precision, scale = "0"] = /^(?:numeric|decimal)\((\d+)(?:,\s*(-?\d+))?\)/i.exec(baseType) ?? [];
  return precision === undefined ? null : { whole: Number(precision) - Number(scale), scale: Number(scale) };
}

function mentioned(condition: Condition, column: Column): readonly string[] {
  const found: string[] = [];
  walk(condition, (part) => {
    if (part.type === "literal" && typeof part.value === "string") found.push(part.value);
    if (part.type === "literal" && typeof part.value === "number") found.push(...around(part.value, column.kind));
    if ((part.type === "like" || part.type === "regexp") && patternOf(part.pattern) !== null) {
      const pattern = patternOf(part.pattern)!;
      const written = [pattern.replaceAll("%", "ab").replaceAll("_", "b"), pattern.replaceAll("%", "").replaceAll("_", "7")];
      found.push(...(part.type === "like" ? written : regexpSamples(pattern)));
    }
  });
  return found;
}

function around(number: number, kind: ColumnKind): readonly string[] {
  if (kind !== "text") return [number - 1, number, number + 1].map(String);
  if (!Number.isInteger(number) || number < 1 || number > 1000) return [];
  return [number, number + 1, number - 1].flatMap((length) => ["x".repeat(length), "7".repeat(length), "Q".repeat(length)]);
}

function patternOf(condition: Condition): string | null {
  if (condition.type === "cast") return patternOf(condition.of);
  return condition.type === "literal" && typeof condition.value === "string" ? condition.value : null;
}

function walk(condition: Condition, visit: (part: Condition) => void): void {
  visit(condition);
  for (const child of childrenOf(condition)) walk(child, visit);
}

function fits(value: string, { maxLength, range, kind }: Column): boolean {
  if (maxLength !== null && isLonger(value, maxLength)) return false;
  if (kind === "integer" && !/^-?\d+$/.test(value)) return false;
  return range === null || kind !== "integer" || (BigInt(value) >= range.min && BigInt(value) <= range.max);
}
