import type { ByteBatch } from "../batch/byte-batch.ts";
import type { ByteWriter } from "../batch/byte-writer.ts";
import type { CellFormat, WritableFormat } from "../batch/cell-format.ts";

const BACKSLASH = 0x5c;
const UPPER_N = 0x4e;
const NOT_ASCII = 0x80;
/** Bytes of a cell that are decoded at once where it is read part by part: V8 soon takes the room of short texts back. */
const PART_BYTES = 32 * 1024;
/** An escape and a character have four bytes at most. */
const LONGEST = 4;

/** What is escaped, and how it is read back. */
export interface Escapes {
  readonly id: string;
  /** The letter behind the backslash for each character that is written with one. */
  readonly letters: Readonly<Record<string, string>>;
  /** What stands behind a backslash, and what it means. */
  readonly pattern: RegExp;
  meaning(code: string): string;
}

/** A format whose long cells can be read part by part. */
export interface PartedFormat extends WritableFormat {
  /** The text of a cell that is not NULL. */
  textParts(bytes: Buffer, start: number, end: number): Iterable<string>;
}

export const hasTextParts = (format: CellFormat): format is PartedFormat => "textParts" in format;

/** The letter behind the backslash for each byte that is escaped, 0 for all others. */
export function escapeLetters(letters: Readonly<Record<string, string>>): Uint8Array {
  const table = new Uint8Array(256);
  for (const [character, letter] of Object.entries(letters)) table[character.charCodeAt(0)] = letter.charCodeAt(0);
  return table;
}

/** A format of lines: tab between cells, newline behind rows, backslash escapes, `\N` for NULL. */
export function backslashText({ id, letters, pattern, meaning }: Escapes): PartedFormat {
  const table = escapeLetters(letters);
  const escaped = new RegExp(`[${Object.keys(letters).map(escapedForClass).join("")}]`, "g");

  return {
    id,
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
          if (byte >= NOT_ASCII || byte === BACKSLASH) {
            isPlain = false;
            break;
          }
        }
        values[row] = isPlain ? batch.ascii(start, end) : decodeEscaped(batch, start, end);
      }
      return values;
    },

    *textParts(bytes, start, end) {
      for (let from = start; from < end; ) {
        const to = partEnd(bytes, from, end);
        yield unescaped(bytes.toString("utf8", from, to));
        from = to;
      }
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
        if (code >= NOT_ASCII || table[code] !== 0) {
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
    return unescaped(bytes.toString("utf8", start, end));
  }

  function unescaped(text: string): string {
    return text.includes("\\") ? text.replace(pattern, (_, code: string) => meaning(code)) : text;
  }

  function writeEscaped(writer: ByteWriter, value: string): void {
    writer.text(value.replace(escaped, (character) => `\\${letters[character]}`));
  }
}

/** Where a part may end that begins at `from`: within no character and no escape. */
function partEnd(bytes: Buffer, from: number, end: number): number {
  let to = from + PART_BYTES;
  if (to >= end) return end;
  while ((bytes[to]! & 0xc0) === NOT_ASCII && to > from + LONGEST) to--;
  for (let at = to - 1; at > to - LONGEST; at--) {
    if (bytes[at] !== BACKSLASH) continue;
    let run = at;
    while (run > from && bytes[run - 1] === BACKSLASH) run--;
    // Every second backslash of a run is what the one before stands for.
    if ((at - run) % 2 === 0) return at;
    break;
  }
  return to;
}

const escapedForClass = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
