import type { ColumnValues } from "../../contracts.ts";
import { CLASS_OF } from "./letter-classes.ts";

/** A letter or digit. Marks and modifiers (́, ー, 々) are none, nor is Thai ำ: they stay with the letter before them. */
export const LETTER = /(?!\u0e33)[\p{Lu}\p{Ll}\p{Lt}\p{Lo}\p{N}]/u;

/** The arithmetic of long numbers takes the square of their length: a cell of a megabyte would take hours. */
const MAX_LETTERS = 10_000;

/** Code units that are held side by side, but for a longer value. */
const MAX_UNITS = 1_000_000;

/** Values whose letters are of the same classes, in the same order. */
export interface Shape {
  /** The class of each letter. */
  readonly classes: Uint8Array;
  readonly rows: number[];
}

/** The code units of some values, one after the other, to be changed in place. */
export interface LetterColumn {
  readonly units: Uint16Array;
  /** Where each letter stands among the units, and where the letters of each row begin among these places. */
  readonly places: Int32Array;
  readonly firsts: Int32Array;
}

/** Changes the letters of a column: `change` gets the values of each shape. Undefined for a value with a letter that has no class, or with too many. */
export function changeLetters(
  values: ColumnValues,
  change: (column: LetterColumn, shape: Shape) => void,
): (string | null | undefined)[] {
  const masked: (string | null | undefined)[] = values.slice();
  for (let from = 0; from < values.length; ) {
    let size = 0;
    let to = from;
    do size += values[to++]?.length ?? 0;
    while (to < values.length && size + (values[to]?.length ?? 0) <= MAX_UNITS);
    changeSome(masked, from, to, size, change);
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
  change: (column: LetterColumn, shape: Shape) => void,
): void {
  const units = new Uint16Array(size);
  const all = values.slice(from, to).join("");
  Buffer.from(units.buffer).write(all, "utf16le");
  const column = { units, places: new Int32Array(size), firsts: new Int32Array(to - from) };
  const shapes = new ShapeIndex();
  const classes = new Uint8Array(MAX_LETTERS);
  const starts = new Int32Array(to - from);
  let end = 0;
  let places = 0;
  let bits = 0;
  for (let row = 0; row < starts.length; row++) {
    const start = end;
    starts[row] = start;
    const first = places;
    end += values[from + row]?.length ?? 0;
    let hash = 0;
    let isKnown = true;
    for (let index = start; index < end; index++) {
      const code = units[index]!;
      const found = CLASS_OF[code]!;
      bits |= code;
      if (found >= 0) {
        classes[places - first] = found;
        column.places[places++] = index;
        hash = (Math.imul(hash, 31) + found + 1) | 0;
      } else if (code >= 0x80 && LETTER.test(String.fromCodePoint(all.codePointAt(index)!))) isKnown = false;
    }
    column.firsts[row] = first;
    const letters = places - first;
    if (!isKnown || letters > MAX_LETTERS) values[from + row] = undefined;
    else if (letters > 0) shapes.add(row, hash, classes, letters);
  }
  for (const shape of shapes.all) change(column, shape);
  // A letter of Latin-1 stays one, so the text stays as narrow as it was.
  const bytes = Buffer.from((bits < 0x100 ? Uint8Array.from(units) : units).buffer);
  const text = bytes.toString(bits < 0x100 ? "latin1" : "utf16le");
  for (const { rows } of shapes.all)
    for (const row of rows) values[from + row] = text.slice(starts[row]!, starts[row]! + values[from + row]!.length);
}

/** The shapes of a column, found by a hash of their classes: a text to name each value's shape would take longer than all the rest. */
class ShapeIndex {
  readonly all: Shape[] = [];
  readonly #byHash = new Map<number, Shape[]>();
  #last: Shape | null = null;

  /** Adds a row with so many letters of these classes. */
  add(row: number, hash: number, classes: Uint8Array, letters: number): void {
    let shape = this.#last;
    if (shape === null || !hasClasses(shape, classes, letters)) {
      const sameHash = this.#byHash.get(hash) ?? [];
      if (sameHash.length === 0) this.#byHash.set(hash, sameHash);
      shape = sameHash.find((one) => hasClasses(one, classes, letters)) ?? null;
      if (shape === null) {
        shape = { classes: classes.slice(0, letters), rows: [] };
        sameHash.push(shape);
        this.all.push(shape);
      }
      this.#last = shape;
    }
    shape.rows.push(row);
  }
}

function hasClasses(shape: Shape, classes: Uint8Array, letters: number): boolean {
  if (shape.classes.length !== letters) return false;
  for (let letter = 0; letter < letters; letter++) if (shape.classes[letter] !== classes[letter]) return false;
  return true;
}
