import type { Column, ColumnKind } from "../contracts.ts";
import { patternProblem } from "../pattern-form.ts";
import { type Condition, childrenOf, columnsOf } from "./condition.ts";
import { type RowCells, readyTruth, type Subject } from "./evaluate-condition.ts";
import { readCondition } from "./parse-condition.ts";
import { isSqlFunction, sqlFunctionNames } from "./sql-functions.ts";
import { likePattern, regexpPattern } from "./sql-patterns.ts";

/** The column that a condition's `value` stands for: the one that is masked. No column has this name. */
export const OWN_VALUE = "";

/** A condition of a policy, ready to be asked, or why it is none. */
export type ReadRowCondition = { readonly condition: Condition } | { readonly problem: string };

/**
 * Reads a condition of a policy: `country = 'DE' and value ~ '^07'`. It speaks the part of SQL that CHECKs are understood in, three-valued as there; `value`
 * is the value to mask, any other name a column of the row, and `"value"` a column that is called so.
 */
export function readRowCondition(text: string): ReadRowCondition {
  const read = readRowsCondition(text);
  return "condition" in read ? { condition: withOwnValue(read.condition) } : read;
}

/** The same of a condition that chooses rows of a table: every name in it is a column's. */
export function readRowsCondition(text: string): ReadRowCondition {
  const read = readCondition(text);
  if (typeof read === "number")
    return { problem: read >= text.length ? "ends too early" : `is not understood at character ${read + 1}` };
  const problem = problemIn(read);
  return problem === null ? { condition: read } : { problem };
}

/** The other columns that it looks at. */
export function otherColumnsOf(condition: Condition): readonly string[] {
  return [...columnsOf(condition)].filter((name) => name !== OWN_VALUE);
}

/** Asks a condition of a row: true, false, null where SQL would give NULL, undefined where the values do not go together. */
export type RowVerdict = (cells: RowCells) => boolean | null | undefined;

/** Makes ready to ask a condition, once per column. `others` are the columns that it looks at beside its own; cells come in this order, the own one first. */
export function rowVerdict(condition: Condition, own: Column, others: readonly Column[]): RowVerdict {
  const columns = [{ ...own, name: OWN_VALUE }, ...others];
  const ignoresCase = columns.some((column) => column.ignoresCase);
  const subject: Subject = { columns: columns.map(comparable), system: "memory", ordersText: true, ignoresCase };
  return readyTruth(condition, subject);
}

/** MySQL has no type for truth: its columns of it hold 0 and 1, which any condition can compare. */
const TEXTUAL: readonly ColumnKind[] = ["text", "integer", "decimal", "float", "boolean"];

/** Dates, identifiers and the like are compared as they are written. */
function comparable(column: Column): Column {
  return TEXTUAL.includes(column.kind) ? column : { ...column, kind: "text" };
}

function withOwnValue(condition: Condition): Condition {
  if (condition.type === "literal") return condition;
  if (condition.type === "column")
    return condition.isQuoted !== true && condition.name.toLowerCase() === "value"
      ? { ...condition, name: OWN_VALUE }
      : condition;
  const copy: Record<string, unknown> = { ...condition };
  for (const [part, held] of Object.entries(copy)) {
    if (Array.isArray(held)) copy[part] = held.map(withOwnValue);
    else if (typeof held === "object" && held !== null) copy[part] = withOwnValue(held as Condition);
  }
  return copy as Condition;
}

/** What could never be told in any row: a mistake of whoever wrote it. */
function problemIn(condition: Condition): string | null {
  switch (condition.type) {
    case "call":
      if (!isSqlFunction(condition.name))
        return `calls ${condition.name}, which is none of ${[...sqlFunctionNames()].sort().join(", ")}`;
      if (condition.name === "regexp_like") return patternIn(condition.parameters[1], "regexp", false);
      break;
    case "like":
    case "regexp": {
      const problem = patternIn(condition.pattern, condition.type, condition.ignoresCase);
      if (problem !== null) return problem;
      break;
    }
    case "arithmetic":
      if (condition.operator === "/") return "divides, which servers do in different ways";
      break;
    case "array":
      return "holds an array outside of = ANY (…)";
  }
  return (
    childrenOf(condition)
      .map(problemIn)
      .find((problem) => problem !== null) ?? null
  );
}

function patternIn(pattern: Condition | undefined, type: "like" | "regexp", ignoresCase: boolean): string | null {
  if (pattern?.type !== "literal" || typeof pattern.value !== "string") return "has a pattern that is no text in quotes";
  if (type === "like") return likePattern(pattern.value, ignoresCase) && null;
  const problem = patternProblem(pattern.value);
  if (problem !== null) return `has a pattern that ${problem}`;
  return regexpPattern(pattern.value, ignoresCase) === undefined
    ? "has a pattern that JavaScript reads otherwise than SQL"
    : null;
}
