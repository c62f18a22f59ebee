import { csvSource } from "../../src/connectors/csv/index.ts";
import { MemorySink, memorySource } from "../../src/connectors/memory/index.ts";
import type { ColumnKind } from "../../src/contracts.ts";
import type { TablePolicy } from "../../src/policy/define-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { shiftDates } from "../../src/transforms/dates/shift-dates.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { addNoise } from "../../src/transforms/numbers/add-noise.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { encryptDigits } from "../../src/transforms/tokens/encrypt-digits.ts";
import { encryptText } from "../../src/transforms/tokens/encrypt-text.ts";
import { hash } from "../../src/transforms/tokens/hash.ts";
import { scramble } from "../../src/transforms/tokens/scramble.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { TEST_KEY } from "../test-key.ts";

/** A row as text, the way every system can show it. */
export type Person = Readonly<Record<string, string | null>>;

/** One column per transform. */
export const PEOPLE_RULES: TablePolicy = {
  id: keep(),
  token: tokenize(),
  number: tokenize(),
  email: fake("internet.email"),
  full_name: fake("person.fullName"),
  card: encryptDigits({ keepLast: 4 }),
  code: encryptText(),
  plate: scramble(),
  digest: hash(),
  born: shiftDates({ days: 300 }),
  seen: shiftDates({ by: "id" }),
  amount: addNoise(),
  score: addNoise({ by: "id" }),
};

/** What a database's columns say of themselves, and a caller of CSV files may. */
export const PEOPLE_KINDS: { readonly [column: string]: ColumnKind } = {
  id: "integer",
  number: "integer",
  born: "date",
  seen: "timestamp",
  amount: "decimal",
  score: "integer",
};

const NAMES = [
  "Zoë Ångström",
  "李小龙",
  'O\'Brien, "Pat"',
  "  spaced  ",
  "back\\slash",
  "tab\tand\nline",
  "Müller 😀",
  "jane doe",
];

/** Rows with what makes systems differ: NULL, the empty string, quotes, line ends, other scripts, repeated values. */
export const PEOPLE: readonly Person[] = Array.from({ length: 203 }, (_, row): Person => {
  const name = NAMES[row % NAMES.length]!;
  const isGap = row % 29 === 0;
  return {
    id: String(row + 1),
    token: isGap ? null : `${name} ${row % 50}`,
    number: String(row * row * 7919 + 1),
    email: isGap ? "" : `person${row % 90}@example.com`,
    full_name: isGap ? null : name,
    card: String(4_000_000_000_000_000n + BigInt(row) * 12_345_678_901n),
    code: `AB-${10_000 + row}-xyz`,
    plate: `M-AX ${1_000 + row}`,
    digest: isGap ? "" : name.repeat((row % 5) + 1),
    born: isGap ? null : `19${40 + (row % 60)}-0${(row % 9) + 1}-1${row % 10}`,
    seen: `2024-03-10 0${row % 10}:30:59`,
    // Ends in no zero: memory has text here, which no column's type says to be a number.
    amount: `${row % 2 === 0 ? "" : "-"}${row * 13}.${row % 10}${(row % 9) + 1}`,
    score: String((row * 37) % 1000),
  };
});

/** Where the rows are and where they go: URLs, folders, or nowhere for memory. */
export interface Route {
  readonly system: "postgres" | "mysql" | "csv" | "memory";
  readonly source: string;
  readonly target: string;
}

/** Masks the people of one system. What a memory sink got is given back, as nobody else could look at it. */
export async function maskPeople({ system, source, target }: Route, maxRows: number): Promise<readonly Person[] | null> {
  const sink = system === "memory" ? new MemorySink() : target;
  const policy = { source: sourceOf(system, source), target: sink, tables: { people: PEOPLE_RULES } };
  await refresh(policy, { key: TEST_KEY, batchSize: { maxRows } });
  if (typeof sink === "string") return null;
  return sink.tables.people!.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)])),
  );
}

function sourceOf(system: Route["system"], source: string) {
  if (system === "csv") return csvSource({ paths: source, types: { people: PEOPLE_KINDS } });
  if (system !== "memory") return source;
  // Integers as JavaScript has them, the rest as text: a decimal as a number is not exact.
  const integers = ["id", "number", "score"];
  const rows = PEOPLE.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, integers.includes(name) ? Number(value) : value])),
  );
  return memorySource({ people: rows });
}
