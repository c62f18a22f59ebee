import type { CheckConstraint, Column, ColumnExpression, ForeignKey, Table, UniqueKey } from "../../contracts.ts";
import { columnsRead } from "../columns-read.ts";
import { kindOf, labelsOf, rangeOf, TIMESTAMP_SECONDS } from "./mysql-kinds.ts";
import { standardTexts } from "./standard-texts.ts";

/** Character sets that hold every character. */
const UNICODE = ["utf8mb4", "utf16", "utf16le", "utf32", "binary"];

/** Rows of the catalog's queries about one table, the table's name first: what the statements of a dump say is brought into the same form. */
export type CatalogRows = readonly (readonly (string | null)[])[];

export interface TableRows {
  /** Name, type's name, type, YES or NO, longest text, EXTRA, whether there is a default, expression, character set, whether letters' case is told apart. */
  readonly columns: CatalogRows;
  /** Unique keys: name, column, prefix. */
  readonly keys: CatalogRows;
  /** Name, column, other database, table and column pointed to. */
  readonly foreignKeys: CatalogRows;
  /** Name and condition. */
  readonly checks: CatalogRows;
  readonly rowEstimate: number | null;
}

/** What a table's rows in the catalog say of it. */
export function tableOf(name: string, isMariaDb: boolean, rows: TableRows): Table {
  const names = rows.columns.map(([, column]) => column!);
  const caseless = new Set(rows.columns.filter((row) => row.at(-1) === "1").map(([, column]) => column!));
  const conditions = rows.checks.map((row) => toCheck(row, names));
  // MySQL has a type for JSON; MariaDB's is a text with a check.
  const documents = new Set(isMariaDb ? conditions.filter(isJsonCheck).map(({ columns: [column] }) => column!) : []);
  return {
    ref: { schema: null, name },
    columns: rows.columns.map((row) => toColumn(row, documents, names)),
    uniqueKeys: toUniqueKeys(rows.keys, caseless),
    foreignKeys: toForeignKeys(rows.foreignKeys),
    checks: conditions.filter((check) => !isJsonCheck(check)),
    rowEstimate: rows.rowEstimate,
  };
}

function toCheck([, name, clause]: readonly (string | null)[], names: readonly string[]): CheckConstraint {
  const expression = standardTexts(clause!);
  return { name: name!, expression, columns: columnsRead(expression, names) };
}

/** The name may stand without quotes in a dump. */
const isJsonCheck = ({ expression, columns: [column] }: CheckConstraint): boolean =>
  column !== undefined && jsonChecks(column).includes(expression.replace(/^\((.*)\)$/, "$1"));

const jsonChecks = (column: string): string[] => [`json_valid(\`${column.replaceAll("`", "``")}\`)`, `json_valid(${column})`];

function toColumn(row: readonly (string | null)[], documents: ReadonlySet<string>, names: readonly string[]): Column {
  const [, name, dataType, type, nullable, maxLength, extra, hasDefault, computedBy, charset, isCaseful] = row as [
    string,
    string,
    string,
    string,
    string,
    string | null,
    string,
    string,
    string | null,
    string | null,
    string | null,
  ];
  const kind = documents.has(name) ? "json" : kindOf(dataType);
  const isText = kind === "text" && maxLength !== null;
  return {
    name,
    type,
    kind,
    nullable: nullable === "YES",
    maxLength: isText && Number(maxLength) < 2 ** 24 - 1 ? Number(maxLength) : null,
    ...(isText && /text$/.test(dataType) && { maxBytes: Number(maxLength) }),
    ...(charset !== null && !UNICODE.includes(charset) && { charset }),
    ...(charset !== null && isCaseful !== "1" && { ignoresCase: true }),
    isPadded: false,
    range: rangeOf(dataType, type),
    ...(dataType === "timestamp" && { secondRange: TIMESTAMP_SECONDS }),
    labels: labelsOf(type),
    // MySQL writes DEFAULT_GENERATED for a default, which is another thing.
    isGenerated: /\bGENERATED\b/i.test(extra),
    ...(computedBy !== null && { computedBy: computation(computedBy, names) }),
    hasDefault: hasDefault === "1" || /auto_increment/i.test(extra),
  };
}

function computation(expression: string, names: readonly string[]): ColumnExpression {
  const text = standardTexts(expression);
  return { text, columns: columnsRead(text, names) };
}

/** A key over the start of a column, or one that compares without case, promises less than equality does, so it counts as partial. */
function toUniqueKeys(rows: CatalogRows, caseless: ReadonlySet<string>): UniqueKey[] {
  const keys = new Map<string, CatalogRows>();
  for (const row of rows) keys.set(row[1]!, [...(keys.get(row[1]!) ?? []), row]);
  return [...keys].map(([name, parts]) => {
    const names = parts.map(([, , column]) => column).filter((column) => column !== null && column !== undefined);
    const prefixes = parts.filter(([, , , start]) => start !== null).map(([, , column, start]) => [column!, Number(start)]);
    const ignoresCase = names.filter((column) => caseless.has(column));
    return {
      name,
      // A key over an expression says nothing that could be told by columns.
      columns: names.length === parts.length ? names : [],
      isPrimary: name === "PRIMARY",
      isPartial: prefixes.length > 0 || ignoresCase.length > 0,
      ...(ignoresCase.length > 0 && { ignoresCase }),
      ...(prefixes.length > 0 && { prefixes: Object.fromEntries(prefixes) }),
    };
  });
}

function toForeignKeys(rows: CatalogRows): ForeignKey[] {
  const keys = new Map<string, ForeignKey & { columns: string[]; referencedColumns: string[] }>();
  for (const [, name, column, schema, table, referenced] of rows) {
    const key = keys.get(name!) ?? {
      name: name!,
      columns: [],
      references: { schema: schema!, name: table! },
      referencedColumns: [],
    };
    key.columns.push(column!);
    key.referencedColumns.push(referenced!);
    keys.set(name!, key);
  }
  return [...keys.values()];
}
