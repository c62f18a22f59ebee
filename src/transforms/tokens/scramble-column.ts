import type { ColumnValues } from "../../contracts.ts";
import { CLASS_SHIFT, LETTER_OF } from "./letter-classes.ts";
import { MAX_LETTERS, type ShapeIndex } from "./scramble-shapes.ts";

/** A letter or digit. Marks and modifiers (́, ー, 々) are none, nor is Thai ำ: they stay with the letter before them. */
export const LETTER = /(?!\u0e33)[\p{Lu}\p{Ll}\p{Lt}\p{Lo}\p{N}]/u;

/** Code units that are held side by side, but for a longer value. */
const MAX_UNITS = 1_000_000;

/** The code units of some values, one after the other, to be changed in place. */
export interface LetterColumn {
  readonly units: Uint16Array;
  /** Where each letter stands among the units, and its rank in its class. */
  readonly places: Int32Array;
  readonly ranks: Uint16Array;
  /** The first letter of each row among all letters. */
  readonly firsts: Int32Array;
}

/** A prime whose bits are mixed (FNV): with a small factor, shapes of everyday names share a hash. */
const HASH_FACTOR = 0x01000193;

/** Units of a column that is kept for the next one: to have new memory for each takes longer than to change the letters. */
const KEPT_UNITS = 1 << 17;

let kept: LetterColumn | null = null;

/** A column for so many units and rows, whose content is left from another one. Served until the next call. */
function columnFor(units: number, rows: number): LetterColumn {
  if (kept !== null && kept.units.length >= units && kept.firsts.length >= rows) return kept;
  const size = Math.max(units, KEPT_UNITS);
  const column = {
    units: new Uint16Array(size),
    places: new Int32Array(size),
    ranks: new Uint16Array(size),
    firsts: new Int32Array(Math.max(rows, kept?.firsts.length ?? 0)),
  };
  if (size === KEPT_UNITS) kept = column;
  return column;
}

/** Changes the letters of a column: `change` does so for the values of `shapes.used`. Undefined for a value with a letter that has no class, or with too many. */
export function changeLetters(
  values: ColumnValues,
  shapes: ShapeIndex,
  change: (column: LetterColumn) => void,
): (string | null | undefined)[] {
  const masked: (string | null | undefined)[] = values.slice();
  for (let from = 0; from < values.length; ) {
    let size = 0;
    let to = from;
    do size += values[to++]?.length ?? 0;
    while (to < values.length && size + (values[to]?.length ?? 0) <= MAX_UNITS);
    changeSome(masked, from, to, size, shapes, change);
    from = to;
  }
  return masked;
}

/** Changes the values from one row to another, which have `size` units. */
function changeSome(
  values: (string | null | undefined)[],
  from: number,
  to: number,
  size: number,
  shapes: ShapeIndex,
  change: (column: LetterColumn) => void,
): void {
  const column = columnFor(size, to - from);
  const { units, places, ranks, firsts } = column;
  const all = values.slice(from, to).join("");
  const bytes = Buffer.from(units.buffer);
  bytes.write(all, "utf16le");
  const { classes } = shapes;
  shapes.begin();
  let end = 0;
  let count = 0;
  let bits = 0;
  for (let row = 0; row < to - from; row++) {
    const start = end;
    const first = count;
    firsts[row] = first;
    end += values[from + row]?.length ?? 0;
    let hash = 0;
    let difference = 0;
    let isKnown = true;
    for (let index = start; index < end; index++) {
      const code = units[index]!;
      const letter = LETTER_OF[code]!;
      bits |= code;
      if (letter >= 0) {
        const found = letter >> CLASS_SHIFT;
        difference |= classes[count - first]! ^ found;
        classes[count - first] = found;
        places[count] = index;
        ranks[count++] = letter;
        hash = Math.imul(hash ^ (found + 1), HASH_FACTOR);
      } else if (code >= 0x80 && LETTER.test(String.fromCodePoint(values[from + row]!.codePointAt(index - start)!)))
        isKnown = false;
    }
    const letters = count - first;
    if (!isKnown || letters > MAX_LETTERS) {
      values[from + row] = undefined;
      shapes.forget();
    } else if (letters > 0) shapes.add(row, start, hash, letters, difference === 0);
  }
  change(column);
  // A letter of Latin-1 stays one, so the text stays as narrow as it was.
  const text = bits < 0x100 ? latin1(units.subarray(0, end)) : bytes.toString("utf16le", 0, end * 2);
  for (const { rows, starts } of shapes.used) {
    for (let slot = 0; slot < rows.length; slot++) {
      const row = from + rows[slot]!;
      values[row] = text.slice(starts[slot]!, starts[slot]! + values[row]!.length);
    }
  }
}

function latin1(units: Uint16Array): string {
  return Buffer.from(new Uint8Array(units).buffer).toString("latin1");
}
