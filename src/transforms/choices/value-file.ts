import { readFile } from "node:fs/promises";
import { StandinError } from "../../errors.ts";
import { type LocalFile, locationOf, writtenPath } from "../../local-file.ts";
import { counted } from "../../written-numbers.ts";

/** One value out of a file, null for JSON's null. */
type Cell = string | null;

/** A file of CSV (with a header) or JSON as rows of named cells. */
interface FileTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

type Refuse = (what: string, hint: string) => StandinError;

/** The values of one column of a file: of a CSV with a header, or of a list in JSON, of values or of objects. */
export async function readChoices(file: string | LocalFile, column: string | undefined): Promise<readonly string[]> {
  const refuse = refusalOf(file);
  const { header, rows } = await readTable(file, refuse);
  const index = positionOf(header, column, 0, refuse);
  const cells = rows.map((row) => row[index] ?? null).filter((cell) => cell !== null && cell !== "");
  if (cells.length === 0) throw refuse("holds no value", "Put at least one value in it.");
  return cells as readonly string[];
}

/** Pairs of a file: two columns of a CSV with a header, an object in JSON, or a list of objects. */
export async function readPairs(
  file: string | LocalFile,
  from: string | undefined,
  to: string | undefined,
): Promise<readonly (readonly [string, Cell])[]> {
  const refuse = refusalOf(file);
  const { header, rows } = await readTable(file, refuse);
  const first = positionOf(header, from, 0, refuse);
  const second = positionOf(header, to, 1, refuse);
  return rows.map((row, index) => {
    const key = row[first] ?? null;
    if (key === null) throw refuse(`has no value to map in row ${index + 1}`, "Take the row out.");
    return [key, row[second] ?? null];
  });
}

function positionOf(header: readonly string[], name: string | undefined, usual: number, refuse: Refuse): number {
  const index = name === undefined ? usual : header.indexOf(name);
  if (index >= 0 && index < header.length) return index;
  throw refuse(
    name === undefined ? `has fewer than ${counted(usual + 1, "column")}` : `has no column ${JSON.stringify(name)}`,
    "The first line of a CSV names its columns.",
  );
}

async function readTable(file: string | LocalFile, refuse: Refuse): Promise<FileTable> {
  const bytes = await readFile(locationOf(file)).catch(() => {
    throw refuse(
      "cannot be read",
      "A path in a policy of YAML or JSON is relative to the policy, one in code to the working directory.",
    );
  });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refuse("is not a text in UTF-8", "Save it in UTF-8.");
  }
  return /\.json$/i.test(writtenPath(file)) ? tableOfJson(text, refuse) : await tableOfCsv(text, refuse);
}

async function tableOfCsv(text: string, refuse: Refuse): Promise<FileTable> {
  const { parse } = await import("csv-parse/sync");
  let lines: string[][];
  try {
    lines = parse(text, { skip_empty_lines: true });
  } catch {
    // The parser's message quotes the line.
    throw refuse("is malformed", "Every line needs as many fields as the first, and quotes in pairs.");
  }
  const [header, ...rows] = lines;
  if (header === undefined) throw refuse("is empty", "The first line of a CSV names its columns.");
  return { header, rows };
}

function tableOfJson(text: string, refuse: Refuse): FileTable {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw refuse("is malformed", "It must be JSON.");
  }
  const cellOf = (value: unknown): Cell => {
    if (value === null || value === undefined) return null;
    if (typeof value === "object")
      throw refuse("holds something other than text, numbers, true, false and null", "Write plain values.");
    return String(value);
  };
  if (!Array.isArray(data)) {
    if (typeof data !== "object" || data === null) throw refuse("is neither a list nor an object", "Write a list or an object.");
    return { header: ["from", "to"], rows: Object.entries(data).map(([from, to]) => [from, cellOf(to)]) };
  }
  const [sample] = data;
  if (typeof sample !== "object" || sample === null) return { header: ["value"], rows: data.map((value) => [cellOf(value)]) };
  const header = Object.keys(sample);
  return {
    header,
    rows: data.map((row: unknown) => {
      if (typeof row !== "object" || row === null)
        throw refuse("mixes objects with other things", "Write a list of objects alike.");
      return header.map((name) => cellOf((row as { readonly [name: string]: unknown })[name]));
    }),
  };
}

function refusalOf(file: string | LocalFile): Refuse {
  const path = writtenPath(file);
  return (what, hint) => new StandinError("OPTION_INVALID", `The file ${path} ${what}.`, { file: path, hint });
}
