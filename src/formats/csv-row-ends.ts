import type { CsvDialect } from "./csv-dialect.ts";

const LF = 0x0a;
const CR = 0x0d;
const BACKSLASH = 0x5c;

/**
 * Finds where rows end in bytes that come piece after piece. It follows the quotes and nothing else, so it tells the truth as far as the rows are what the
 * scanner reads: in a file that is malformed, up to the row that is.
 */
export interface RowEnds {
  /** Follows the quotes through `bytes[from, to)`. */
  skip(bytes: Buffer, from: number, to: number): void;
  /** Follows them on to the next row's end, and gives the position behind it; -1 where `bytes` end first. */
  next(bytes: Buffer, from: number): number;
}

export function createRowEnds({ quote: character, escape: style, terminator }: CsvDialect): RowEnds {
  const quote = character === null ? -1 : character.charCodeAt(0);
  const isBackslash = style === "backslash";
  const rowEnd = terminator === "\r" ? CR : LF;
  let isQuoted = false;
  /** The next byte stands behind a backslash. */
  let isEscaped = false;

  const follow = (bytes: Buffer, from: number, to: number, end: number): number => {
    for (let position = from; position < to; position++) {
      const byte = bytes[position]!;
      if (isEscaped) isEscaped = false;
      else if (byte === quote) isQuoted = !isQuoted;
      else if (isQuoted) isEscaped = isBackslash && byte === BACKSLASH;
      else if (byte === end) return position + 1;
    }
    return -1;
  };

  return {
    skip(bytes, from, to) {
      if (quote < 0) return;
      if (isBackslash) follow(bytes, from, to, -1);
      // A quote that is written twice closes and opens again: whether their number is odd tells all.
      else if (hasOdd(bytes, from, to, quote)) isQuoted = !isQuoted;
    },
    next: (bytes, from) => follow(bytes, from, bytes.length, rowEnd),
  };
}

/** Whether `byte` occurs an odd number of times in `bytes[from, to)`. */
function hasOdd(bytes: Buffer, from: number, to: number, byte: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const pattern = byte * 0x01010101;
  let position = from;
  // Four bytes at a time: a word's bytes that are `byte` leave a high bit each, and exclusive-or keeps whether the bits are odd in number.
  let marks = 0;
  for (const lastWord = to - 3; position < lastWord; position += 4) {
    const rest = view.getUint32(position, true) ^ pattern;
    marks ^= ~(((rest & 0x7f7f7f7f) + 0x7f7f7f7f) | rest | 0x7f7f7f7f);
  }
  marks ^= marks >>> 16;
  marks ^= marks >>> 8;
  let isOdd = (marks & 0x80) !== 0;
  for (; position < to; position++) if (bytes[position] === byte) isOdd = !isOdd;
  return isOdd;
}
