import type { BoundsBuilder, ScannedRows } from "../row-collector.ts";
import { JsonFault, skipSpace, skipString, skipValue } from "./json-bytes.ts";
import type { JsonlKeys } from "./jsonl-keys.ts";

const LF = 0x0a;
const QUOTE = 0x22;
/** Where a cell starts that its line does not have. */
export const ABSENT = -1;

/** Hears of each member: the literal of its name, quotes included, and its value. */
export type OnMember = (nameFrom: number, nameTo: number, from: number, to: number) => void;

/** Walks the object that starts at `from` and lies in `bytes[from, end)`. Gives the place of its closing brace. Throws JsonFault. */
export function walkObject(bytes: Buffer, from: number, end: number, onMember: OnMember): number {
  if (bytes[from] !== 0x7b) throw new JsonFault("the line is no object", from);
  let at = skipSpace(bytes, from + 1);
  if (at < end && bytes[at] === 0x7d) return at;
  for (;;) {
    if (at >= end || bytes[at] !== QUOTE) throw new JsonFault("a name is missing in an object", at);
    const nameFrom = at;
    const nameTo = skipString(bytes, at, end);
    at = skipSpace(bytes, nameTo);
    if (at >= end || bytes[at] !== 0x3a) throw new JsonFault("a colon is missing in an object", at);
    const valueFrom = skipSpace(bytes, at + 1);
    const valueTo = skipValue(bytes, valueFrom, end);
    onMember(nameFrom, nameTo, valueFrom, valueTo);
    at = skipSpace(bytes, valueTo);
    if (at < end && bytes[at] === 0x7d) return at;
    if (at >= end || bytes[at] !== 0x2c) throw new JsonFault("an object is never closed", at);
    at = skipSpace(bytes, at + 1);
  }
}

/** Walks the objects in `bytes[from, to)`, one a line. Lines of white space alone are passed over. `onRow` hears of an object after its members. */
export function walkLines(
  bytes: Buffer,
  from: number,
  to: number,
  onMember: OnMember,
  onRow: (start: number, close: number) => void,
): void {
  for (let position = from; position < to; ) {
    const found = bytes.indexOf(LF, position);
    const end = found < 0 || found >= to ? to : found;
    const start = skipSpace(bytes, position);
    if (start < end) {
      const close = walkObject(bytes, start, end, onMember);
      const behind = skipSpace(bytes, close + 1);
      if (behind < end) throw new JsonFault("text stands behind the object of its line", behind);
      onRow(start, close);
    }
    position = end + 1;
  }
}

/** A name in a row that is not among the known ones, or is there twice. */
export class JsonlKeyFault {
  readonly nameFrom: number;
  readonly nameTo: number;
  /** Null for a name that is not known. */
  readonly twice: number | null;

  constructor(nameFrom: number, nameTo: number, twice: number | null) {
    this.nameFrom = nameFrom;
    this.nameTo = nameTo;
    this.twice = twice;
  }
}

/** What went wrong in which row of a scan. */
export interface FaultyRow {
  /** Rows before it in this scan. */
  readonly row: number;
  readonly fault: JsonFault | JsonlKeyFault;
}

/**
 * Finds the cells of the whole lines in `bytes[from, to)`: of each row first the object itself, from its opening to its closing brace, then the values of the
 * names in `keys`, ABSENT where a row lacks one.
 */
export function scanJsonl(
  bytes: Buffer,
  from: number,
  to: number,
  keys: JsonlKeys,
  bounds: BoundsBuilder,
): ScannedRows | FaultyRow {
  const columnCount = keys.names.length + 1;
  let rowCount = 0;
  let base = 0;
  const beginRow = () => {
    base = rowCount * columnCount;
    bounds.reserve(base + columnCount);
    bounds.starts.fill(ABSENT, base, base + columnCount);
    keys.begin();
  };
  try {
    beginRow();
    walkLines(
      bytes,
      from,
      to,
      (nameFrom, nameTo, valueFrom, valueTo) => {
        const place = keys.find(bytes, nameFrom, nameTo);
        if (place < 0) throw new JsonlKeyFault(nameFrom, nameTo, null);
        const cell = base + 1 + place;
        if (bounds.starts[cell] !== ABSENT) throw new JsonlKeyFault(nameFrom, nameTo, place);
        bounds.starts[cell] = valueFrom;
        bounds.ends[cell] = valueTo;
      },
      (start, close) => {
        bounds.starts[base] = start;
        bounds.ends[base] = close;
        rowCount++;
        beginRow();
      },
    );
  } catch (error) {
    if (error instanceof JsonFault || error instanceof JsonlKeyFault) return { row: rowCount, fault: error };
    throw error;
  }
  return { starts: bounds.starts, ends: bounds.ends, rowCount, to };
}
