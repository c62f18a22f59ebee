import type { ByteBatch } from "../batch/byte-batch.ts";
import type { ByteWriter } from "../batch/byte-writer.ts";
import type { WritableFormat } from "../batch/cell-format.ts";

const BACKSLASH = 0x5c;
const UPPER_N = 0x4e;

/** The letter behind the backslash for each byte that COPY's text form escapes, 0 for all others. */
const ESCAPE_LETTERS = new Uint8Array(128);
for (const [character, letter] of [
  ["\b", "b"],
  ["\t", "t"],
  ["\n", "n"],
  ["\v", "v"],
  ["\f", "f"],
  ["\r", "r"],
  ["\\", "\\"],
] as const) {
  ESCAPE_LETTERS[character.charCodeAt(0)] = letter.charCodeAt(0);
}

const UNESCAPED: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", v: "\v", f: "\f", r: "\r" };

/** Text form of PostgreSQL's COPY: tab between cells, newline behind rows, backslash escapes, `\N` for NULL (PostgreSQL manual, COPY, "Text Format"). */
export const copyFormat: WritableFormat = {
  id: "copy-text",
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
    writer.reserve(value.length * 3 + 1);
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
  if (!text.includes("\\")) return text;
  return text.replace(/\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|[\s\S])/g, (_, code: string) => {
    // The server itself writes letters only; octal and hexadecimal bytes are allowed in what others made.
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return UNESCAPED[code] ?? code;
  });
}

function writeEscaped(writer: ByteWriter, value: string): void {
  writer.text(
    value.replace(/[\b\t\n\v\f\r\\]/g, (character) => `\\${String.fromCharCode(ESCAPE_LETTERS[character.charCodeAt(0)]!)}`),
  );
}
