import { CsvError, parse } from "csv-parse";
import { StandinError } from "../../errors.ts";
import { type CsvDialect, RFC_4180 } from "./csv-dialect.ts";

/** The dialect in which unusual files leave `normalizeCsv`: every field that is not NULL stands in quotes. */
export function normalizedDialect({ nulls, maxRowBytes }: CsvDialect): CsvDialect {
  return { ...RFC_4180, terminator: "\n", nulls: nulls === "none" ? "none" : "unquoted-empty", maxRowBytes };
}

/**
 * Reads the dialects that our scanner does not (comments, relaxed quotes, long delimiters, other encodings) through csv-parse, and gives them back as
 * plain CSV in UTF-8. Slower by far, and right.
 */
export async function* normalizeCsv(
  chunks: AsyncIterable<Uint8Array>,
  dialect: CsvDialect,
  file: string,
): AsyncGenerator<Uint8Array> {
  const { nulls } = dialect;
  const nullText = nulls === "none" ? null : nulls === "unquoted-empty" ? "" : nulls.text;
  const parser = parse({
    delimiter: dialect.delimiter,
    quote: dialect.quote ?? false,
    escape: dialect.escape === "backslash" ? "\\" : (dialect.quote ?? '"'),
    ...(dialect.comment === null ? {} : { comment: dialect.comment, comment_no_infix: true }),
    record_delimiter: dialect.terminator === "auto" ? ["\r\n", "\n"] : [dialect.terminator],
    relax_quotes: dialect.relaxQuotes,
    skip_empty_lines: dialect.skipEmptyLines,
    max_record_size: dialect.maxRowBytes,
    cast: (value, { quoting }) => (!quoting && value === nullText ? null : value),
  });
  const feeding = feed(parser, decodeText(chunks, dialect.encoding, file));
  let lines: string[] = [];
  try {
    for await (const record of parser as AsyncIterable<(string | null)[]>) {
      lines.push(record.map((value) => (value === null ? "" : `"${value.replaceAll('"', '""')}"`)).join(","));
      if (lines.length < 500) continue;
      yield Buffer.from(`${lines.join("\n")}\n`);
      lines = [];
    }
    await feeding;
  } catch (error) {
    throw rebuild(error, file);
  } finally {
    parser.destroy();
  }
  if (lines.length > 0) yield Buffer.from(`${lines.join("\n")}\n`);
}

async function* decodeText(chunks: AsyncIterable<Uint8Array>, encoding: string, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new StandinError("FORMAT_INVALID", `${file} is malformed: its bytes are not of the declared encoding.`, { file });
    }
  };
  for await (const chunk of chunks) yield decode(chunk);
  yield decode();
}

async function feed(parser: ReturnType<typeof parse>, texts: AsyncIterable<string>): Promise<void> {
  try {
    for await (const text of texts) {
      if (parser.destroyed) return;
      if (!parser.write(text)) await new Promise<void>((resolve) => parser.once("drain", resolve).once("close", resolve));
    }
    parser.end();
  } catch (error) {
    parser.destroy(error as Error);
  }
}

/** csv-parse quotes records and fields in its errors: only its code and line go on. What the bytes' own source threw goes on as it is. */
function rebuild(error: unknown, file: string): unknown {
  if (!(error instanceof CsvError)) return error;
  const { code, lines } = error as { code?: unknown; lines?: unknown };
  const where = typeof lines === "number" ? ` at line ${lines}` : "";
  const what = typeof code === "string" && /^[A-Z_]+$/.test(code) ? code : "no reason given";
  return new StandinError("FORMAT_INVALID", `${file} is malformed${where} (${what}).`, { file });
}
