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

export function createRowEnds(dialect: CsvDialect): RowEnds {
  const steps = stepsOf(dialect);
  const quote = dialect.quote?.charCodeAt(0);
  let state = OUTSIDE;
  return {
    skip(bytes, from, to) {
      if (quote === undefined) return;
      if (dialect.escape === "double") {
        // A quote that is written twice closes and opens again: whether their number is odd tells all.
        if (hasOdd(bytes, from, to, quote)) state = state === QUOTED ? OUTSIDE : QUOTED;
        return;
      }
      let next = state;
      for (let position = from; position < to; position++) next = steps[next | bytes[position]!]!;
      state = next;
    },
    next(bytes, from) {
      let next = state;
      let position = from;
      while (position < bytes.length) {
        next = steps[next | bytes[position++]!]!;
        if (next !== ENDED) continue;
        state = OUTSIDE;
        return position;
      }
      state = next;
      return -1;
    },
  };
}

/** Where a byte stands: outside of quotes, within them, behind a backslash within them, behind a row's end. Each is a place in a table of steps. */
const OUTSIDE = 0;
const QUOTED = 256;
const ESCAPED = 512;
const ENDED = 768;

/** The state that each byte leads to from each state: a look-up costs less than the branches it stands for. */
function stepsOf({ quote, escape: style, terminator }: CsvDialect): Uint16Array {
  const steps = new Uint16Array(1024);
  steps.fill(QUOTED, QUOTED, ENDED);
  for (const outside of [OUTSIDE, ENDED]) {
    steps[outside | (terminator === "\r" ? CR : LF)] = ENDED;
    if (quote !== null) steps[outside | quote.charCodeAt(0)] = QUOTED;
  }
  if (style === "backslash") steps[QUOTED | BACKSLASH] = ESCAPED;
  if (quote !== null) steps[QUOTED | quote.charCodeAt(0)] = OUTSIDE;
  return steps;
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
