import type { Source, Table } from "../../src/contracts.ts";
import type { ExamRow } from "../../src/testing/index.ts";

const ODD = ["", null, 'say "no"', "two\nlines", "a,b;c", "tab\there", "\\N", "\\", "NULL", " padded ", "Zoë 🙂", "'; --"];

/** What a note may be, where notes point somewhere. */
export const NOTES: readonly string[] = ODD.filter((note) => note !== null);

/** Rows of people (id, name, note) that are hard to copy: NULL and empty strings, quotes, line breaks, escapes. */
export const PEOPLE: readonly ExamRow[] = Array.from({ length: 40 }, (_, index) => [
  String(index + 1),
  `Person ${index}`,
  ODD[index % ODD.length]!,
]);

/** A note that points nowhere, where notes point to `NOTES`. */
export const NOWHERE: readonly ExamRow[] = [...PEOPLE.slice(0, 9), ["1001", "Person nowhere", "nowhere"]];

/** The table of people as a source describes it. */
export async function tableOf(source: Source): Promise<Table> {
  try {
    await source.open(new AbortController().signal);
    return (await source.schema()).tables.find(({ ref }) => ref.name === "people")!;
  } finally {
    await source.close();
  }
}
