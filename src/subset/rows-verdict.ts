import { type Condition, columnsOf } from "../conditions/condition.ts";
import { readyTruth } from "../conditions/evaluate-condition.ts";
import type { Column, ColumnKind, ColumnValues, Table } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import { tableName } from "../table-ref.ts";

const TEXTUAL: readonly ColumnKind[] = ["text", "integer", "decimal", "float", "boolean"];

/** Asks of a row whether it meets a condition. */
export interface RowsVerdict {
  readonly columns: readonly Column[];
  /** `cells` are the columns of the condition, of which `row` is meant. Throws VALUE_UNSUPPORTED where nobody can tell. */
  meets(cells: readonly ColumnValues[], row: number, ordinal: number): boolean;
}

/** Makes ready to ask a condition of the rows of a table. */
export function rowsVerdict(condition: Condition, table: Table): RowsVerdict {
  const names = columnsOf(condition);
  const columns = table.columns.filter(({ name }) => names.has(name));
  const truth = readyTruth(withWholeMoments(condition, columns), {
    columns: columns.map((column) => (TEXTUAL.includes(column.kind) ? column : { ...column, kind: "text" })),
    system: "memory",
    ordersText: true,
    ignoresCase: columns.some(({ ignoresCase }) => ignoresCase),
  });
  const cellOf = columns.map(({ kind }) => (kind === "timestamp" ? withoutZone : (cell: string | null) => cell));
  return {
    columns,
    meets(cells, row, ordinal) {
      const found = truth(cells.map((column, index) => cellOf[index]!(column[row]!)));
      if (found !== undefined) return found === true;
      throw new StandinError(
        "VALUE_UNSUPPORTED",
        `subset: the condition cannot be told of row ${ordinal + 1} of ${tableName(table.ref)}.`,
        {
          table: tableName(table.ref),
          row: ordinal + 1,
          hint: "Compare columns with what their type holds: numbers with numbers, dates with '2026-01-31'.",
        },
      );
    },
  };
}

/** Sessions are pinned to UTC, and say so behind every moment of a type with zones. */
function withoutZone(cell: string | null): string | null {
  return cell?.replace(/\+00$/, "") ?? null;
}

/** A date beside a timestamp is its first moment, as for servers: as texts, midnight would come behind its own date. */
function withWholeMoments(condition: Condition, columns: readonly Column[]): Condition {
  const isTimestamp = (side: Condition) =>
    side.type === "column" && columns.some(({ name, kind }) => name === side.name && kind === "timestamp");
  const whole = (side: Condition): Condition =>
    side.type === "literal" && typeof side.value === "string" ? { ...side, value: wholeMoment(side.value) } : side;
  switch (condition.type) {
    case "compare": {
      const { left, right } = condition;
      if (isTimestamp(left)) return { ...condition, right: whole(right) };
      return isTimestamp(right) ? { ...condition, left: whole(left) } : condition;
    }
    case "in":
      return isTimestamp(condition.of) ? { ...condition, list: condition.list.map(whole) } : condition;
    case "not":
      return { ...condition, of: withWholeMoments(condition.of, columns) };
    case "and":
    case "or":
      return {
        ...condition,
        left: withWholeMoments(condition.left, columns),
        right: withWholeMoments(condition.right, columns),
      };
    default:
      return condition;
  }
}

/** `2026-01-01` and `2026-01-01T08:30` as a server writes them. */
function wholeMoment(text: string): string {
  const [, date, hours = "00:00", seconds = ":00", fraction = ""] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?(\.\d+)?)?(?:Z|\+00(?::?00)?)?$/.exec(text) ?? [];
  return date === undefined ? text : `${date} ${hours}${seconds}${fraction.replace(/\.?0+$/, "")}`;
}
