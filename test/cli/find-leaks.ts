import { connectSource } from "../../src/connect.ts";
import { tableName } from "../../src/table-ref.ts";

type Row = Readonly<Record<string, string | null>>;

interface ReadTable {
  readonly key: readonly string[];
  readonly rows: readonly Row[];
}

/** Every row of a place, by the name of its table: what standin reads, the values as the place writes them. */
export async function readTables(place: string): Promise<ReadonlyMap<string, ReadTable>> {
  const source = await connectSource(place);
  const { signal } = new AbortController();
  try {
    await source.open(signal);
    const found = new Map<string, ReadTable>();
    for (const table of (await source.schema()).tables) {
      const columns = table.columns.filter(({ isGenerated }) => !isGenerated);
      const rows: Row[] = [];
      for await (const batch of source.read(table, { columns, batchSize: {}, signal })) {
        const values = columns.map((_, index) => batch.column(index));
        for (let row = 0; row < batch.rowCount; row++)
          rows.push(Object.fromEntries(columns.map(({ name }, index) => [name, values[index]![row]!])));
      }
      found.set(tableName(table.ref), { key: table.uniqueKeys.find(({ isPrimary }) => isPrimary)?.columns ?? [], rows });
    }
    return found;
  } finally {
    await source.close();
  }
}

type Tables = ReadonlyMap<string, ReadTable>;

/** A stand-in may be somebody's real name by chance: first names are few. */
const BY_CHANCE = 0.05;

/** Columns, `table.column`, in whose rows the target has what the source has. */
export function findUnmasked(source: Tables, target: Tables, columns: readonly string[]): readonly string[] {
  return columns.flatMap((name) => {
    const [before, after] = [cellsByKey(source, name), cellsByKey(target, name)];
    const filled = [...before].filter(([, value]) => value !== null && value !== "");
    const same = filled.filter(([key, value]) => after.get(key) === value).length;
    return same > BY_CHANCE * filled.length ? [`${name}: ${same} of ${filled.length}`] : [];
  });
}

/** One column by its row's key, or by the row's place where there is none. */
function cellsByKey(tables: Tables, name: string): ReadonlyMap<string, string | null> {
  const { key, rows, column } = columnAt(tables, name);
  return new Map(
    rows.map((row, index) => [key.length === 0 ? String(index) : key.map((one) => row[one]).join("\0"), row[column] ?? null]),
  );
}

/**
 * Where in the whole target a full name, mail address, phone number or address of the source stands, alone or inside of something longer. Single words are not
 * looked for: they are words of other texts too, and stand-ins share them.
 */
export function findRepeated(source: Tables, target: Tables, columns: readonly string[]): readonly string[] {
  const haystack = textsOf(target);
  return columns.flatMap((name) => {
    const { rows, column } = columnAt(source, name);
    const telling = new Set(rows.map((row) => row[column]?.toLowerCase() ?? "").filter((value) => TELLING.test(value)));
    return [...haystack].flatMap(([place, text]) => {
      const count = [...telling].filter((value) => text.includes(value)).length;
      return count > 0 ? [`${count} of ${name} in ${place}`] : [];
    });
  });
}

/** Eight characters and more, of which one is no letter. */
const TELLING = /^(?=.*[\s@\d]).{8,}$/s;

/** Numbers and times, which no name, number or address hides in. */
const BARE = /^(?:-?\d{1,6}(?:\.\d+)?|["[(]*\d{4}-\d\d-\d\d[ T"].*)$/;

function textsOf(tables: Tables): ReadonlyMap<string, string> {
  const cells = new Map<string, Set<string>>();
  for (const [table, { rows }] of tables) {
    for (const row of rows) {
      for (const [column, value] of Object.entries(row)) {
        if (value === null || BARE.test(value)) continue;
        const place = `${table}.${column}`;
        if (!cells.has(place)) cells.set(place, new Set());
        cells.get(place)!.add(value.toLowerCase());
      }
    }
  }
  return new Map([...cells].map(([place, values]) => [place, [...values].join("\0")]));
}

/** People of the source, by first and last name together, that are in the target's same table. */
export function findPeople(source: Tables, target: Tables): readonly string[] {
  return [...source.keys()].flatMap((table) => {
    const before = new Set(fullNames(source.get(table)!));
    return fullNames(target.get(table)!).some((name) => before.has(name)) ? [table] : [];
  });
}

function fullNames({ rows }: ReadTable): readonly string[] {
  const columnOf = (word: string) => Object.keys(rows[0] ?? {}).find((name) => name.toLowerCase().replace("_", "") === word);
  const [first, last] = [columnOf("firstname"), columnOf("lastname")];
  if (first === undefined || last === undefined) return [];
  return rows.map((row) => `${row[first]} ${row[last]}`.toLowerCase());
}

function columnAt(tables: Tables, name: string) {
  const [table, column] = [name.slice(0, name.lastIndexOf(".")), name.slice(name.lastIndexOf(".") + 1)];
  return { ...tables.get(table)!, column };
}
