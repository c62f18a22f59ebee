import type { ByteBatch } from "../../batch/byte-batch.ts";
import type { ByteWriter } from "../../batch/byte-writer.ts";
import type { WritableFormat } from "../../batch/cell-format.ts";
import { StandinError } from "../../errors.ts";
import type { CsvDialect } from "./csv-dialect.ts";

const BACKSLASH = 0x5c;
const NOT_ASCII = 0x80;

export interface CsvFormat extends WritableFormat {
  /** Writes a cell whose text comes in parts, twice the same. Yields behind each, for what is written to be sent on. */
  writeParts(writer: ByteWriter, parts: () => Iterable<string>): Iterable<void>;
}

/** Reads and writes the cells of a CSV dialect. A masked cell that was quoted stays quoted; others get quotes where they need them. */
export function csvFormat(dialect: CsvDialect): CsvFormat {
  const { delimiter, terminator, nulls } = dialect;
  const quote = dialect.quote === null ? -1 : dialect.quote.charCodeAt(0);
  const nullText = nulls === "none" ? null : nulls === "unquoted-empty" ? "" : nulls.text;
  const needsQuotes = quotedUnits(dialect);
  const unquote = unquoter(dialect);

  return {
    id: `csv ${JSON.stringify([delimiter, dialect.quote, dialect.escape, terminator, nulls])}`,
    delimiter: Buffer.from(delimiter),
    terminator: Buffer.from(terminator === "auto" ? "\n" : terminator),

    decodeColumn(batch, column) {
      const { bytes, starts, ends, columnCount, rowCount } = batch;
      const values = new Array<string | null>(rowCount);
      for (let row = 0, cell = column; row < rowCount; row++, cell += columnCount) {
        let start = starts[cell]!;
        let end = ends[cell]!;
        const isQuoted = bytes[start] === quote && end > start;
        if (isQuoted) {
          start++;
          end--;
        }
        let isPlain = true;
        for (let index = start; index < end; index++) {
          const byte = bytes[index]!;
          if (byte >= NOT_ASCII || byte === quote || byte === BACKSLASH) {
            isPlain = false;
            break;
          }
        }
        const text = isPlain ? batch.ascii(start, end) : decodeOdd(batch, start, end, isQuoted ? unquote : null);
        values[row] = !isQuoted && text === nullText ? null : text;
      }
      return values;
    },

    writeCell(writer, value, original, start, end) {
      if (value === null) {
        writer.text(nullText ?? "");
        return;
      }
      const wasQuoted = original !== null && end > start && original[start] === quote;
      if (wasQuoted || value === nullText || !writePlain(writer, value, needsQuotes)) writeQuoted(writer, value, dialect);
    },

    *writeParts(writer, parts) {
      let isPlain = true;
      for (const part of parts()) isPlain &&= fitsPlain(part, needsQuotes);
      const around = isPlain ? "" : quoteOf(dialect);
      writer.text(around);
      for (const part of parts()) {
        writer.text(isPlain ? part : quotedInner(part, dialect));
        yield;
      }
      writer.text(around);
    },
  };
}

function decodeOdd({ bytes }: ByteBatch, start: number, end: number, unquote: ((text: string) => string) | null): string {
  const text = bytes.toString("utf8", start, end);
  return unquote === null ? text : unquote(text);
}

/** What is to be done with the text between two quotes. */
function unquoter({ quote, escape: style }: CsvDialect): (text: string) => string {
  if (quote === null) return (text) => text;
  if (style === "backslash") return (text) => (text.includes("\\") ? text.replace(/\\(.)/gs, "$1") : text);
  const twice = quote + quote;
  return (text) => (text.includes(quote) ? text.replaceAll(twice, quote) : text);
}

/** Marks the code units that a field without quotes cannot hold; one for every code unit, as a delimiter may be no ASCII. */
function quotedUnits({ delimiter, quote }: CsvDialect): Uint8Array {
  const marked = new Uint8Array(delimiter.charCodeAt(0) < NOT_ASCII ? NOT_ASCII : 65_536);
  for (const character of [delimiter[0]!, quote ?? "", "\r", "\n"]) if (character !== "") marked[character.charCodeAt(0)] = 1;
  return marked;
}

/** Writes a field without quotes, or gives false, with nothing written, where it needs them. */
function writePlain(writer: ByteWriter, value: string, needsQuotes: Uint8Array): boolean {
  const { length } = value;
  writer.reserve(length * 3);
  const { bytes, position } = writer;
  for (let index = 0; index < length; index++) {
    const code = value.charCodeAt(index);
    if (code >= NOT_ASCII) return writeWide(writer, value, needsQuotes);
    if (needsQuotes[code] === 1) return false;
    bytes[position + index] = code;
  }
  writer.position = position + length;
  return true;
}

function writeWide(writer: ByteWriter, value: string, needsQuotes: Uint8Array): boolean {
  if (!fitsPlain(value, needsQuotes)) return false;
  writer.text(value);
  return true;
}

/** Whether a text needs no quotes. */
function fitsPlain(value: string, needsQuotes: Uint8Array): boolean {
  for (let index = 0; index < value.length; index++) if (needsQuotes[value.charCodeAt(index)] === 1) return false;
  return true;
}

function writeQuoted(writer: ByteWriter, value: string, dialect: CsvDialect): void {
  const quote = quoteOf(dialect);
  writer.text(quote + quotedInner(value, dialect) + quote);
}

function quoteOf({ quote }: CsvDialect): string {
  if (quote !== null) return quote;
  throw new StandinError(
    "FORMAT_INVALID",
    "A masked value holds a delimiter or a line break, and the CSV dialect has no quotes.",
    {
      hint: "Give the dialect a quote, or use a transform whose output is one plain word.",
    },
  );
}

/** A text as it stands between quotes. */
function quotedInner(value: string, dialect: CsvDialect): string {
  const quote = quoteOf(dialect);
  return dialect.escape === "backslash"
    ? value.replace(/[\\"']/g, (character) => (character === quote || character === "\\" ? `\\${character}` : character))
    : value.replaceAll(quote, quote + quote);
}
