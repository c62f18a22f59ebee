import type { Column } from "../../../contracts.ts";
import type { MysqlClient } from "../mysql-client.ts";

/** Data truncated: also what the server says of an ENUM's error value. */
const TRUNCATED = 1265;

export interface RowWarning {
  readonly errno: number;
  readonly column: string | undefined;
  /** The row of the statement, from 1. */
  readonly row: number | undefined;
}

/**
 * What the last statement was warned of, null where that is no more than `expected` error values of ENUMs. Of the message only a column's name and a
 * row's number are kept: the rest may quote a value.
 */
export async function findWarning(client: MysqlClient, columns: readonly Column[], expected: number): Promise<RowWarning | null> {
  // To select @@warning_count would empty MySQL's list.
  const [[count]] = (await client.query("SHOW COUNT(*) WARNINGS")) as [[string]];
  if (Number(count) === expected) return null;
  const warnings = await client.query("SHOW WARNINGS");
  const enums = new Set(columns.filter(({ kind }) => kind === "enum").map(({ name }) => name));
  const found = warnings.map(([, errno, message]) => ({ errno: Number(errno), ...placeOf(message!, columns) }));
  const other = found.find(({ errno, column }) => errno !== TRUNCATED || column === undefined || !enums.has(column));
  return other ?? found[0] ?? { errno: TRUNCATED, column: undefined, row: undefined };
}

function placeOf(message: string, columns: readonly Column[]): Omit<RowWarning, "errno"> {
  const [, name, row] = /for column (?:`[^`]*`\.`[^`]*`\.)?[`']([^`']+)[`'](?: at row (\d{1,15}))?$/.exec(message) ?? [];
  const column = columns.find((one) => one.name === name)?.name;
  const line = row ?? /at row (\d{1,15})$/.exec(message)?.[1];
  return { column, row: line === undefined ? undefined : Number(line) };
}
