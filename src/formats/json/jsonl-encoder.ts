import type { ByteWriter } from "../../batch/byte-writer.ts";
import type { Column, ColumnKind, ColumnValues, RowBatch } from "../../contracts.ts";
import { booleanLiteral, documentLiteral, literalOf, numberLiteral, stringLike } from "./json-literals.ts";
import { JsonlBatch } from "./jsonl-batch.ts";
import { ABSENT } from "./jsonl-rows.ts";

/** Appends batches as JSON Lines: rows that came in it are copied to the byte, but for the masked cells. */
export function jsonlRows(columns: readonly Column[]): (batch: RowBatch, writer: ByteWriter) => void {
  const kinds = columns.map(({ kind }) => kind);
  const names = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  return (batch, writer) => {
    if (batch instanceof JsonlBatch && batch.isWhole) spliceRows(batch, kinds, names, writer);
    else rewriteRows(batch, kinds, names, writer);
  };
}

/** A column that somebody masked. */
interface Masked {
  /** Which cell of each row it is. */
  readonly cell: number;
  readonly kind: ColumnKind;
  readonly name: string;
  readonly originals: ColumnValues;
  readonly values: ColumnValues;
}

function spliceRows(batch: JsonlBatch, kinds: readonly ColumnKind[], names: readonly string[], writer: ByteWriter): void {
  const { bytes, starts, ends, columnCount, from, to } = batch.rows;
  const masked: Masked[] = [];
  for (const [index, kind] of kinds.entries()) {
    const values = batch.replacement(index);
    if (values !== undefined)
      masked.push({ cell: batch.cellOf(index), kind, name: names[index]!, originals: batch.column(index), values });
  }
  let copied = from;
  const changed: Masked[] = [];
  for (let row = 0; row < batch.rowCount; row++) {
    const base = row * columnCount;
    changed.length = 0;
    for (const one of masked) {
      // An unchanged value (NULL, a fixed point) keeps the very bytes it came in.
      if (one.values[row] === one.originals[row]) continue;
      // Lines need not all have their names in one order; most have.
      const start = starts[base + one.cell]!;
      let place = changed.length;
      while (place > 0 && starts[base + changed[place - 1]!.cell]! > start) place--;
      changed.splice(place, 0, one);
    }
    for (const one of changed) {
      const start = starts[base + one.cell]!;
      if (start === ABSENT) continue;
      const end = ends[base + one.cell]!;
      writer.copy(bytes, copied, start);
      writer.text(replaced(one.values[row]!, one.kind, bytes, start, end));
      copied = end;
    }
    // A mask gave a value to a row that lacks the name: it comes last.
    const close = ends[base]!;
    // ABSENT is less than every place: where none is absent, the first is not.
    if (changed.length === 0 || starts[base + changed[0]!.cell] !== ABSENT) continue;
    writer.copy(bytes, copied, close);
    let comma = isEmptyObject(bytes, starts[base]!, close) ? "" : ",";
    for (const { name, values, kind, cell } of changed) {
      if (starts[base + cell] !== ABSENT) break;
      writer.text(`${comma}${name}${literalOf(values[row]!, kind)}`);
      comma = ",";
    }
    copied = close;
  }
  writer.copy(bytes, copied, to);
}

function isEmptyObject(bytes: Buffer, open: number, close: number): boolean {
  for (let at = open + 1; at < close; at++) if (bytes[at]! > 0x20) return false;
  return true;
}

/** A masked cell in place of the literal `bytes[start, end)`: a string for a string, a number for a number where it is one. */
function replaced(value: string | null, kind: ColumnKind, bytes: Buffer, start: number, end: number): string {
  if (value === null) return "null";
  switch (bytes[start]) {
    case 0x22:
      return kind === "json" ? documentLiteral(value) : stringLike(value, bytes, start, end);
    case 0x7b:
    case 0x5b:
      return documentLiteral(value);
    case 0x74:
    case 0x66:
      return booleanLiteral(value);
    case 0x6e:
      return literalOf(value, kind);
    default:
      return numberLiteral(value);
  }
}

/** Writes every cell anew: rows that came from another kind of system, or without some of their columns. */
function rewriteRows(batch: RowBatch, kinds: readonly ColumnKind[], names: readonly string[], writer: ByteWriter): void {
  const columns = kinds.map((_, index) => batch.replacement(index) ?? batch.column(index));
  for (let row = 0; row < batch.rowCount; row++) {
    let line = "{";
    for (let index = 0; index < columns.length; index++) {
      const value = columns[index]![row]!;
      line += `${index > 0 ? "," : ""}${names[index]}${value === null ? "null" : literalOf(value, kinds[index]!)}`;
    }
    writer.text(`${line}}\n`);
  }
}
