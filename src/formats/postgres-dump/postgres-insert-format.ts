import type { ByteBatch } from "../../batch/byte-batch.ts";
import type { ByteWriter } from "../../batch/byte-writer.ts";
import type { WritableFormat } from "../../batch/cell-format.ts";

const QUOTE = 0x27;
const UPPER_B = 0x42;
const UPPER_E = 0x45;
const NOT_ASCII = 0x80;

const ESCAPES = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;
const LETTERS: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/**
 * Literals of the VALUES that pg_dump writes under --inserts: `'…'`, `E'…'`, `B'…'`, numbers, `true`, NULL, and DEFAULT, which reads as NULL. What a mask
 * sees is the same text as in COPY.
 */
export const postgresInsertFormat: WritableFormat = {
  id: "postgres-insert",
  delimiter: Buffer.from(", "),
  terminator: Buffer.from(";\n"),

  decodeColumn(batch, column) {
    const { bytes, starts, ends, columnCount, rowCount } = batch;
    const values = new Array<string | null>(rowCount);
    for (let row = 0, cell = column; row < rowCount; row++, cell += columnCount) {
      const start = starts[cell]!;
      values[row] =
        bytes[start] === QUOTE ? decodeText(batch, start + 1, ends[cell]! - 1) : decodeOther(batch, start, ends[cell]!);
    }
    return values;
  },

  writeCell(writer, value, original, start) {
    if (value === null) return writer.text("NULL");
    const first = original === null ? QUOTE : original[start]!;
    if (first === QUOTE || (first | 0x20) === 0x65) return writeText(writer, value);
    if ((first | 0x20) === 0x62 && /^[01]*$/.test(value)) return writer.text(`B'${value}'`);
    if (((first | 0x20) === 0x74 || (first | 0x20) === 0x66) && (value === "t" || value === "f"))
      return writer.text(value === "t" ? "true" : "false");
    // Behind NULL may be a text column, which would read 007 as 7.
    if (isNumeric(first) && /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(value)) return writer.text(value);
    writeText(writer, value);
  },
};

const isNumeric = (byte: number): boolean => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x2b && byte <= 0x2e);

function decodeText(batch: ByteBatch, start: number, end: number): string {
  const { bytes } = batch;
  for (let index = start; index < end; index++) {
    const byte = bytes[index]!;
    if (byte >= NOT_ASCII || byte === QUOTE) return bytes.toString("utf8", start, end).replaceAll("''", "'");
  }
  return batch.ascii(start, end);
}

function decodeOther(batch: ByteBatch, start: number, end: number): string | null {
  const first = batch.bytes[start]! & ~0x20;
  const hasQuote = batch.bytes[start + 1] === QUOTE;
  if (first === UPPER_B && hasQuote) return batch.ascii(start + 2, end - 1);
  if (first === UPPER_E && hasQuote) return decodeEscaped(batch.bytes.toString("utf8", start + 2, end - 1));
  const word = batch.ascii(start, end);
  switch (word.toLowerCase()) {
    case "null":
    case "default":
      return null;
    case "true":
      return "t";
    case "false":
      return "f";
    default:
      return word;
  }
}

/** SQL text with escapes (PostgreSQL manual 4.1.2.2), its quotes taken off. */
function decodeEscaped(text: string): string {
  return text
    .replaceAll("''", "'")
    .replace(ESCAPES, (_, octal?: string, hex?: string, unicode?: string, long?: string, letter?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      if (letter !== undefined) return LETTERS[letter] ?? letter;
      const code = Number.parseInt((hex ?? unicode ?? long)!, 16);
      return code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
    });
}

/** Between quotes, with those in it doubled: nothing else means anything there while standard_conforming_strings is on, as we saw to. */
function writeText(writer: ByteWriter, value: string): void {
  writer.reserve(value.length * 3 + 2);
  writer.byte(QUOTE);
  writer.text(value.includes("'") ? value.replaceAll("'", "''") : value);
  writer.byte(QUOTE);
}
