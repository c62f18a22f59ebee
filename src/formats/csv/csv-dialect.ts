import { StandinError } from "../../errors.ts";

/** How a CSV file is written. What is not said is RFC 4180 with UTF-8. */
export interface CsvDialect {
  /** Between fields. More than one character is read through csv-parse. */
  readonly delimiter: string;
  /** Around fields that hold a delimiter, a quote or a line break; null where the file has none. */
  readonly quote: '"' | "'" | null;
  /** "double": a quote inside is written twice. "backslash": with a backslash before it, as MySQL exports do. */
  readonly escape: "double" | "backslash";
  /** "auto": LF and CRLF are both line ends when reading, and LF is written. */
  readonly terminator: "auto" | "\n" | "\r\n" | "\r";
  /**
   * What stands for NULL: nothing; a field without quotes and text, as in PostgreSQL's CSV; or a word such as `\N` without quotes.
   */
  readonly nulls: "none" | "unquoted-empty" | { readonly text: string };
  /** Skips lines without any text; otherwise such a line is a row, and wrong in a file of several columns. */
  readonly skipEmptyLines: boolean;
  /** Lines that begin with it are skipped; read through csv-parse. */
  readonly comment: string | null;
  /** Takes quotes inside of unquoted fields as text; read through csv-parse. */
  readonly relaxQuotes: boolean;
  /** Any encoding that TextDecoder knows; all but utf-8 are read through csv-parse. */
  readonly encoding: string;
  /** A longer row is taken for a quote that never closes. */
  readonly maxRowBytes: number;
}

export const RFC_4180: CsvDialect = {
  delimiter: ",",
  quote: '"',
  escape: "double",
  terminator: "auto",
  nulls: "none",
  skipEmptyLines: false,
  comment: null,
  relaxQuotes: false,
  encoding: "utf-8",
  maxRowBytes: 256 * 1024 * 1024,
};

/** Fills a dialect up with RFC 4180 and refuses what cannot be told apart. */
export function csvDialect(given: Partial<CsvDialect> = {}): CsvDialect {
  const dialect = { ...RFC_4180, ...given };
  const problem = dialectProblem(dialect);
  if (problem !== null) throw new StandinError("OPTION_INVALID", `CSV dialect: ${problem}.`);
  return dialect;
}

function dialectProblem({ delimiter, quote, terminator, maxRowBytes, encoding }: CsvDialect): string | null {
  if (delimiter === "" || /[\r\n]/.test(delimiter)) return "the delimiter must be text without line breaks";
  if (delimiter === quote) return "delimiter and quote are the same";
  if (quote !== null && quote !== '"' && quote !== "'") return `quote must be ", ' or null`;
  if (!["auto", "\n", "\r\n", "\r"].includes(terminator)) return "the terminator must be auto, LF, CRLF or CR";
  if (!(maxRowBytes > 0)) return "maxRowBytes must be above 0";
  try {
    new TextDecoder(encoding);
  } catch {
    return "nobody knows the encoding";
  }
  return null;
}

/** Whether our own scanner reads the dialect; csv-parse reads the rest. */
export function isUsualDialect({ delimiter, comment, relaxQuotes, encoding }: CsvDialect): boolean {
  return (
    delimiter.length === 1 && delimiter.charCodeAt(0) < 0x80 && comment === null && !relaxQuotes && /^utf-?8$/i.test(encoding)
  );
}

/** The dialect that rows from elsewhere are written in: RFC 4180 with LF, and NULL told apart from the empty string as PostgreSQL does. */
export const WRITTEN_DIALECT: CsvDialect = { ...RFC_4180, terminator: "\n", nulls: "unquoted-empty" };
