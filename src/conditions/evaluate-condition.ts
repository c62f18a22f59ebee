import type { Column, ColumnKind, SystemName } from "../contracts.ts";
import { type Condition, columnsOf } from "./condition.ts";
import { exactNumber, isExact, numberOf } from "./exact-number.ts";
import { callFunction } from "./sql-functions.ts";
import { likePattern, regexpPattern } from "./sql-patterns.ts";
import { calculate, cast, compare, connect, type SqlValue, truthOf } from "./sql-values.ts";

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

/** The cells of those columns in their order; undefined for one that nobody knows. */
export type RowCells = readonly (string | null | undefined)[];

/** Whether a row meets a condition, as a CHECK asks: `false` is a refusal, NULL is not. Undefined where it cannot be told. */
export function meets(condition: Condition, subject: Subject, cells: Cells): boolean | undefined {
  const result = readyTruth(condition, subject)(subject.columns.map(({ name }) => cells[name]));
  return result === undefined ? undefined : result !== false;
}

/** Makes ready to say what a condition is in a row: true, false, or NULL. Undefined where it cannot be told. */
export function readyTruth(condition: Condition, subject: Subject): (cells: RowCells) => boolean | null | undefined {
  const evaluate = ready(condition, {
    ...subject,
    ignoresCase: subject.ignoresCase ?? subject.columns.some(({ ignoresCase }) => ignoresCase),
  });
  return (cells) => truthOf(evaluate(cells));
}

type Evaluate = (cells: RowCells) => SqlValue;
type ReadySubject = Subject & { readonly ignoresCase: boolean };

const UNTOLD: Evaluate = () => undefined;

/** A condition as a function: its tree is walked once, not row by row. */
function ready(condition: Condition, subject: ReadySubject): Evaluate {
  const of = (part: Condition) => ready(part, subject);
  switch (condition.type) {
    case "literal":
      return () => condition.value;
    case "column":
      return readyCell(condition.name, subject, readerOf);
    case "not": {
      const inner = of(condition.of);
      return (cells) => {
        const truth = truthOf(inner(cells));
        return typeof truth === "boolean" ? !truth : truth;
      };
    }
    case "and":
    case "or": {
      const [left, right, decisive] = [of(condition.left), of(condition.right), condition.type === "or"];
      return (cells) => {
        const first = truthOf(left(cells));
        return first === decisive ? decisive : connect(first, truthOf(right(cells)), decisive);
      };
    }
    case "isNull": {
      const inner = of(condition.of);
      return (cells) => {
        const found = inner(cells);
        return found === undefined ? undefined : found === null;
      };
    }
    case "compare": {
      const [left, right] = [condition.left, condition.right].map((side) => asCompared(of(side), condition, subject));
      const { operator } = condition;
      return (cells) => compare(operator, left!(cells), right!(cells), subject.ignoresCase, subject.ordersText);
    }
    case "in":
      return readyList(condition, subject);
    case "like":
    case "regexp":
      return readyMatch(condition, subject);
    case "arithmetic": {
      const [left, right] = [of(condition.left), of(condition.right)];
      return (cells) => calculate(condition.operator, left(cells), right(cells));
    }
    case "cast": {
      const inner = of(condition.of);
      return (cells) => cast(inner(cells), condition.to);
    }
    case "call": {
      const [first, ...more] = condition.parameters;
      const isOfText = condition.name !== "abs" && first !== undefined;
      const parameters = isOfText ? [readyText(first, subject), ...more.map(of)] : condition.parameters.map(of);
      return (cells) =>
        callFunction(
          condition.name,
          parameters.map((parameter) => parameter(cells)),
          subject.system,
        );
    }
    case "array":
      return UNTOLD;
  }
}

type ReadCell = (cell: string) => SqlValue;

function readyCell(name: string, { columns }: Subject, readerFor: (column: Column) => ReadCell): Evaluate {
  const index = columns.findIndex((column) => column.name === name);
  if (index < 0) return UNTOLD;
  const read = readerFor(columns[index]!);
  return (cells) => {
    const cell = cells[index];
    return cell === null || cell === undefined ? cell : read(cell);
  };
}

/** What looks at the signs of a number looks at it as it is written: `1.50` ends with a zero. */
function readyText(condition: Condition, subject: ReadySubject): Evaluate {
  if (condition.type !== "column") return ready(condition, subject);
  return readyCell(condition.name, subject, ({ kind, isPadded, ...column }) =>
    kind === "decimal" || kind === "float" ? (cell) => cell : readerOf({ kind, isPadded, ...column }),
  );
}

/** Beside a column of doubles every number is one, as servers compare them. */
function asCompared(side: Evaluate, comparison: Condition, { columns }: Subject): Evaluate {
  const read = columnsOf(comparison);
  if (!columns.some(({ name, kind }) => kind === "float" && read.has(name))) return side;
  return (cells) => {
    const value = side(cells);
    return isExact(value) ? Number(value) : value;
  };
}

/** A list of texts is looked up where the value is a text too. */
function readyList(condition: Condition & { readonly type: "in" }, subject: ReadySubject): Evaluate {
  const { ignoresCase } = subject;
  const { list } = condition;
  const [of, ...items] = [condition.of, ...list].map((one) => asCompared(ready(one, subject), condition, subject)) as [
    Evaluate,
    ...Evaluate[],
  ];
  const folded = (text: string) => (ignoresCase ? text.toLowerCase() : text);
  const texts = list.flatMap((item) => (item.type === "literal" && typeof item.value === "string" ? [folded(item.value)] : []));
  const known = texts.length === list.length ? new Set(texts) : null;
  return (cells) => {
    const value = of(cells);
    if (known !== null && typeof value === "string") return known.has(folded(value));
    let found: boolean | null | undefined = false;
    for (const item of items) found = connect(found, truthOf(compare("=", value, item(cells), ignoresCase)), true);
    return found;
  };
}

function readyMatch(condition: Condition & { readonly type: "like" | "regexp" }, subject: ReadySubject): Evaluate {
  const [of, pattern] = [readyText(condition.of, subject), ready(condition.pattern, subject)];
  const ignoresCase = condition.ignoresCase || subject.ignoresCase;
  const make = condition.type === "like" ? likePattern : regexpPattern;
  const { pattern: given } = condition;
  const fixed = given.type === "literal" && typeof given.value === "string" ? make(given.value, ignoresCase) : null;
  return (cells) => {
    const text = of(cells);
    const wanted = fixed === null ? pattern(cells) : "";
    if (text === undefined || wanted === undefined) return undefined;
    if (text === null || wanted === null) return null;
    return (fixed === null ? make(String(wanted), ignoresCase) : fixed)?.test(String(text));
  };
}

const NUMERIC: readonly ColumnKind[] = ["integer", "decimal", "float"];

function readerOf({ kind, isPadded }: Column): ReadCell {
  if (NUMERIC.includes(kind)) return kind === "float" ? numberOf : exactNumber;
  // MySQL holds truth as a small number, and any number is one.
  if (kind === "boolean") return (cell) => (/^-?\d+$/.test(cell) ? Number(cell) : /^t(rue)?$/i.test(cell));
  return isPadded ? (cell) => cell.trimEnd() : (cell) => cell;
}
