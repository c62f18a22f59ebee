import { ByteWriter } from "../../batch/byte-writer.ts";
import { StandinError } from "../../errors.ts";
import { RowCollector } from "../row-collector.ts";

const TAB = 0x09;
const NEWLINE = 0x0a;
const QUOTE = 0x27;
const BACKSLASH = 0x5c;
const UPPER_N = 0x4e;
const NOT_ASCII = 0x80;
const BEFORE_BYTES = Buffer.from("_binary '");
const NULL = Buffer.from("NULL");

/**
 * Turns what `mysqldump --tab` (SELECT … INTO OUTFILE, with its usual terminators) writes of a table into the values of an INSERT. Its escapes are those of SQL's
 * texts, so that bytes stay as they are; those that are not ASCII are in their column's own character set, and marked as bytes.
 */
export async function* valuesOfTab(chunks: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  const collector = new RowCollector({});
  const writer = new ByteWriter(2 * collector.maxBytes);
  let isFirst = true;
  let wanted = collector.maxBytes;
  const take = () => {
    const { bytes, length } = collector;
    let end = 0;
    for (let next = rowEnd(bytes, end, length); next >= 0; next = rowEnd(bytes, end, length)) {
      writer.text(isFirst ? "(" : ",\n(");
      writeRow(writer, bytes, end, next);
      writer.text(")");
      isFirst = false;
      end = next + 1;
    }
    wanted = end === 0 ? length * 2 : collector.maxBytes;
    if (end > 0) collector.carry(end);
    return writer.take();
  };
  for await (const chunk of chunks) {
    collector.append(chunk);
    if (collector.length >= wanted) yield take();
  }
  yield take();
  if (collector.length > 0) {
    throw new StandinError("DUMP_INVALID", `${path} ends in the middle of a row.`, { file: path, hint: "Make the dump again." });
  }
}

/** Where the row that begins at `from` ends; -1 where that is still to come. */
function rowEnd(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === NEWLINE) return at;
  }
  return -1;
}

function writeRow(writer: ByteWriter, bytes: Buffer, from: number, to: number): void {
  let start = from;
  for (let at = from; at <= to; at++) {
    if (at < to && bytes[at] === BACKSLASH) at++;
    else if (at === to || bytes[at] === TAB) {
      if (start > from) writer.text(",");
      writeCell(writer, bytes, start, at);
      start = at + 1;
    }
  }
}

function writeCell(writer: ByteWriter, bytes: Buffer, start: number, end: number): void {
  if (end - start === 2 && bytes[start] === BACKSLASH && bytes[start + 1] === UPPER_N) {
    writer.copy(NULL, 0, NULL.length);
    return;
  }
  const isAscii = !bytes.subarray(start, end).some((byte) => byte >= NOT_ASCII);
  if (isAscii) writer.byte(QUOTE);
  else writer.copy(BEFORE_BYTES, 0, BEFORE_BYTES.length);
  let copied = start;
  for (let at = start; at < end; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === QUOTE) {
      writer.copy(bytes, copied, at);
      writer.byte(QUOTE);
      copied = at;
    }
  }
  writer.copy(bytes, copied, end);
  writer.byte(QUOTE);
}
