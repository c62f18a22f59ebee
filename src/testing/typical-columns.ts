import { bareColumn } from "../bare-column.ts";
import type { Column, ColumnKind, ColumnValues } from "../contracts.ts";

/** A column as a source might describe it, with values as that source would write them. */
export interface TypicalColumn {
  readonly column: Column;
  readonly values: ColumnValues;
}

/** Enough for two outputs of less than 20 bits to meet. */
const MANY = 2000;

const numbered = (write: (number: number) => string): string[] => Array.from({ length: MANY }, (_, index) => write(index));

/** A column of this kind, but for what is said. */
export function typicalColumn(kind: ColumnKind, given: Partial<Column> = {}): Column {
  return bareColumn("masked", kind, given);
}

const integerColumn = (type: string, bits: bigint) =>
  typicalColumn("integer", { type, range: { min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n } });

const NAMES = [
  "Jane",
  "ana",
  "BO",
  "Zoë",
  "Ærøskøbing",
  "Ольга",
  "Ελένη",
  "李小龍",
  "O'Brien",
  "Jean-Luc",
  "x",
  "é",
  "🙂",
  "👩‍👩‍👧",
];

const TEXTS = [
  ...NAMES,
  "Jane Doe",
  "jane@acme.com",
  "4111111111111111",
  "4111-1111-1111-1111",
  "5555 5555 5555 4444",
  "DE89 3704 0044 0532 0130 00",
  "+49 30 901820",
  "10",
  "007",
  "250.00",
  "-3",
  "1987-03-14",
  "1987-03-14 12:30:00",
  "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
  '{"a": 1}',
  "",
  " ",
  "--",
  "a,b;c\td",
  "two\nlines",
  'say "no"',
  "\\N",
  "NULL",
  "***",
];

const texts = [
  ...TEXTS,
  "A long one. ".repeat(50),
  ...numbered((number) => `User ${number}, ${10_000 + number * 7} Main St`),
  null,
];

const DAYS = numbered((number) => new Date(Date.UTC(1900, 0, 1 + number * 17)).toISOString().slice(0, 10));

/** Columns as PostgreSQL, MySQL and CSV have them, at least one of each kind. */
const TYPICAL: readonly TypicalColumn[] = [
  { column: typicalColumn("text"), values: texts },
  {
    column: typicalColumn("text", { type: "character varying(40)", maxLength: 40 }),
    values: texts.map((value) => (value === null ? null : [...value].slice(0, 40).join(""))),
  },
  {
    column: typicalColumn("text", { type: "character(12)", maxLength: 12, isPadded: true }),
    values: ["Jane        ", "12          ", "            ", "abcdefghijkl", null],
  },
  {
    column: integerColumn("integer", 32n),
    values: ["0", "1", "-1", "9", "2147483647", "-2147483648", ...numbered((number) => String(10 + number * 1_000_003)), null],
  },
  {
    column: integerColumn("smallint", 16n),
    values: ["0", "32767", "-32768", ...numbered((number) => String(number * 16 + 3)), null],
  },
  {
    column: integerColumn("bigint", 64n),
    values: [
      "0",
      "17",
      "120",
      "9223372036854775807",
      "-9223372036854775808",
      ...numbered((number) => String(2n ** 40n + BigInt(number))),
      null,
    ],
  },
  { column: typicalColumn("integer"), values: ["0", "-0", "+7", "42", ...numbered((number) => String(number * 31 + 100)), null] },
  {
    column: typicalColumn("decimal", { type: "numeric(10,2)" }),
    values: ["0.00", "0.01", "-0.01", "99999999.99", "-99999999.99", "NaN", ...numbered((number) => `${number + 1}.50`), null],
  },
  {
    column: typicalColumn("decimal", { type: "numeric" }),
    values: ["1", "0.000000000000000000001", `${"9".repeat(60)}.5`, "250.10", null],
  },
  {
    column: typicalColumn("float", { type: "double precision" }),
    values: ["0", "1.5", "-0.25", "1e+100", "5e-324", "NaN", "Infinity", "-Infinity", null],
  },
  { column: typicalColumn("boolean"), values: ["t", "f", null] },
  { column: typicalColumn("boolean", { type: "tinyint(1)" }), values: ["1", "0", null] },
  {
    column: typicalColumn("date"),
    values: ["0001-01-01", "2000-02-29", "9999-12-31", "infinity", "-infinity", "0044-03-15 BC", "10000-01-01", ...DAYS, null],
  },
  {
    column: typicalColumn("timestamp", { type: "timestamp with time zone" }),
    values: [
      "infinity",
      "0044-03-15 12:00:00+00 BC",
      "1969-12-31 23:59:59.999999+05:30",
      ...DAYS.map((day) => `${day} 08:15:00+00`),
      null,
    ],
  },
  { column: typicalColumn("time"), values: ["00:00:00", "23:59:59.999999", "12:30:00+02", null] },
  { column: typicalColumn("interval"), values: ["1 day", "-2 mons +3 days 04:05:06", null] },
  {
    column: typicalColumn("uuid"),
    values: numbered((number) => `3f2504e0-4f89-41d3-9a0c-${number.toString(16).padStart(12, "0")}`),
  },
  { column: typicalColumn("json", { type: "jsonb" }), values: ['{"a": [1, null, "x"]}', "[]", '"text"', "17", "null", null] },
  { column: typicalColumn("xml"), values: ["<a>1</a>", null] },
  { column: typicalColumn("bytes", { type: "bytea" }), values: ["\\x", "\\x00ff10", null] },
  { column: typicalColumn("enum", { labels: ["red", "green", "blue"] }), values: ["red", "green", "blue", null] },
  { column: typicalColumn("array", { type: "text[]" }), values: ["{}", '{a,"b c",NULL}', null] },
  { column: typicalColumn("network", { type: "inet" }), values: ["192.0.2.1", "2001:db8::/32", null] },
  { column: typicalColumn("other", { type: "point" }), values: ["(1,2)", null] },
];

/** Few rows would be refused by what needs a window of them. */
const FEWEST_ROWS = 64;

/** The typical columns of a kind. Some values occur more than once. */
export function typicalColumns(kind: ColumnKind): readonly TypicalColumn[] {
  return TYPICAL.filter(({ column }) => column.kind === kind).map(({ column, values }) => {
    const rows = Math.max(values.length + 5, FEWEST_ROWS);
    return { column, values: Array.from({ length: rows }, (_, row) => values[row % values.length]!) };
  });
}
