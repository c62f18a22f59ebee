import { ByteWriter } from "../../../batch/byte-writer.ts";

/** How a cell is written in SQL: a quoted text, a literal of bytes, or a text read as a number. */
export type CellStyle = "text" | "hex" | "number";

/** A statement ends at the row that reaches either bound: larger ones are slower, and servers limit their size. */
const MAX_ROWS = 1000;
const MAX_BYTES = 512 * 1024;

const TAB = 0x09;
const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;
const UPPER_N = 0x4e;
const LOWER_X = 0x78;

const BEFORE: Readonly<Record<CellStyle, Buffer>> = {
  text: Buffer.from("'"),
  hex: Buffer.from("X'"),
  number: Buffer.from("CAST('"),
};
const AFTER: Readonly<Record<CellStyle, Buffer>> = {
  text: Buffer.from("'"),
  hex: Buffer.from("'"),
  number: Buffer.from("' AS UNSIGNED)"),
};
const NULL = Buffer.from("NULL");

/**
 * Turns whole rows of LOAD DATA text into lists of SQL values. The cells' escapes are those of SQL texts, so their bytes stay as they are. `behind` is what every row
 * ends with, in SQL.
 */
export function* valuesOf(text: Buffer, styles: readonly CellStyle[], behind = ""): Generator<string> {
  const last = Buffer.from(behind);
  const writer = new ByteWriter(MAX_BYTES);
  let rows = 0;
  let column = 0;
  for (let start = 0; start < text.length; ) {
    let end = start;
    while (text[end] !== TAB && text[end] !== NEWLINE) end++;
    writer.byte(column === 0 ? 0x28 : 0x2c);
    writeValue(writer, text, start, end, styles[column]!);
    column++;
    if (text[end] === NEWLINE) {
      writer.copy(last, 0, last.length);
      writer.byte(0x29);
      column = 0;
      rows++;
      const isLast = end + 1 === text.length;
      if (rows === MAX_ROWS || writer.position >= MAX_BYTES || isLast) {
        yield writer.bytes.toString("utf8", 0, writer.position);
        writer.position = 0;
        rows = 0;
      } else writer.byte(0x2c);
    }
    start = end + 1;
  }
}

function writeValue(writer: ByteWriter, text: Buffer, start: number, end: number, style: CellStyle): void {
  if (end - start === 2 && text[start] === BACKSLASH && text[start + 1] === UPPER_N) {
    writer.copy(NULL, 0, NULL.length);
    return;
  }
  // Bytes come as an escaped `\x` and digits; text without it stands for its own bytes.
  const isBytes = style === "hex" && text[start] === BACKSLASH && text[start + 1] === BACKSLASH && text[start + 2] === LOWER_X;
  const as = style === "hex" && !isBytes ? "text" : style;
  writer.copy(BEFORE[as], 0, BEFORE[as].length);
  writer.copy(text, isBytes ? start + 3 : start, end);
  writer.copy(AFTER[as], 0, AFTER[as].length);
}
