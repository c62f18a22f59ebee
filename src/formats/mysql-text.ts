import type { ByteBatch } from "../batch/byte-batch.ts";
import type { ByteWriter } from "../batch/byte-writer.ts";
import type { WritableFormat } from "../batch/cell-format.ts";

const BACKSLASH = 0x5c;
const UPPER_N = 0x4e;

/**
 * The letter behind the backslash for each byte that is escaped, 0 for all others. With the quote among them, a cell's bytes can stand in a LOAD DATA
 * file as well as between the quotes of an SQL text.
 */
export const ESCAPE_LETTERS = new Uint8Array(256);
const CHARACTERS: Readonly<Record<string, string>> = { "0": "\0", t: "\t", n: "\n", "\\": "\\", "'": "'" };
for (const [letter, character] of Object.entries(CHARACTERS)) ESCAPE_LETTERS[character.charCodeAt(0)] = letter.charCodeAt(0);

/** MySQL's file format of LOAD DATA with its default terminators: tab between cells, newline behind rows, backslash escapes, `\N` for NULL. */
export const mysqlText: WritableFormat = {
  id: "mysql-text",
  delimiter: Uint8Array.of(0x09),
  terminator: Uint8Array.of(0x0a),

  decodeColumn(batch, column) {
    const { bytes, starts, ends, columnCount, rowCount } = batch;
    const values = new Array<string | null>(rowCount);
    for (let row = 0, cell = column; row < rowCount; row++, cell += columnCount) {
      const start = starts[cell]!;
      const end = ends[cell]!;
      let isPlain = true;
      for (let index = start; index < end; index++) {
        const byte = bytes[index]!;
        if (byte >= 0x80 || byte === BACKSLASH) {
          isPlain = false;
          break;
        }
      }
      values[row] = isPlain ? batch.ascii(start, end) : decodeEscaped(batch, start, end);
    }
    return values;
  },

  writeCell(writer, value) {
    if (value === null) {
      writer.byte(BACKSLASH);
      writer.byte(UPPER_N);
      return;
    }
    writer.reserve(value.length * 3);
    const { bytes } = writer;
    let position = writer.position;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code >= 0x80 || ESCAPE_LETTERS[code] !== 0) {
        writer.position = position;
        writeEscaped(writer, value.slice(index));
        return;
      }
      bytes[position++] = code;
    }
    writer.position = position;
  },
};

function decodeEscaped({ bytes }: ByteBatch, start: number, end: number): string | null {
  if (end - start === 2 && bytes[start] === BACKSLASH && bytes[start + 1] === UPPER_N) return null;
  const text = bytes.toString("utf8", start, end);
  return text.includes("\\") ? text.replace(/\\([\s\S])/g, (_, letter: string) => CHARACTERS[letter] ?? letter) : text;
}

function writeEscaped(writer: ByteWriter, value: string): void {
  writer.text(value.replace(/[\0\t\n\\']/g, (character) => `\\${String.fromCharCode(ESCAPE_LETTERS[character.charCodeAt(0)]!)}`));
}
