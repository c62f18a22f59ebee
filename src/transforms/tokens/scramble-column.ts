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
export interface UnitColumn {
  readonly units: Uint16Array;
  /** Where each value begins, and one more where the last one ends. */
  readonly starts: Int32Array;
}

/** Changes the letters of a column: `change` gets the values of each shape. Undefined for a value with a letter that has no class, or with too many. */
export function changeLetters(
  values: ColumnValues,
  change: (column: UnitColumn, shape: Shape) => void,
): (string | null | undefined)[] {
  const masked: (string | null | undefined)[] = [];
  for (let from = 0; from < values.length; ) {
    let size = 0;
    let to = from;
    do size += values[to++]?.length ?? 0;
    while (to < values.length && size + (values[to]?.length ?? 0) <= MAX_UNITS);
    masked.push(...changeSome(values.slice(from, to), size, change));
    from = to;
  }
  return masked;
}

function changeSome(
  values: ColumnValues,
  size: number,
  change: (column: UnitColumn, shape: Shape) => void,
): (string | null | undefined)[] {
  const units = new Uint16Array(size);
  const starts = new Int32Array(values.length + 1);
  const masked: (string | null | undefined)[] = values.slice();
  const shapes = new ShapeIndex(units);
  let all = 0;
  let end = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    starts[row] = end;
    if (value === null) continue;
    let letters = 0;
    let hash = 0;
    let isKnown = true;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      units[end++] = code;
      const found = CLASS_OF[code]!;
      if (found >= 0) {
        letters++;
        hash = (Math.imul(hash, 31) + found + 1) | 0;
      } else if (code >= 0x80 && LETTER.test(String.fromCodePoint(value.codePointAt(index)!))) isKnown = false;
      all |= code;
    }
    if (!isKnown || letters > MAX_LETTERS) masked[row] = undefined;
    else if (letters > 0) shapes.add(row, hash, letters, starts[row]!);
  }
  starts[values.length] = end;
  for (const shape of shapes.all) change({ units, starts }, shape);
  // A letter of Latin-1 stays one, so the text stays as narrow as it was.
  const bytes = Buffer.from((all < 0x100 ? Uint8Array.from(units) : units).buffer);
  const text = bytes.toString(all < 0x100 ? "latin1" : "utf16le");
  for (const { rows } of shapes.all) for (const row of rows) masked[row] = text.slice(starts[row], starts[row + 1]);
  return masked;
}

/** The shapes of a column, found by a hash of their classes: a text to name each value's shape would take longer than all the rest. */
class ShapeIndex {
  readonly all: Shape[] = [];
  readonly #byHash = new Map<number, Shape[]>();
  readonly #units: Uint16Array;
  #last: Shape | null = null;

  constructor(units: Uint16Array) {
    this.#units = units;
  }

  add(row: number, hash: number, letters: number, start: number): void {
    let shape = this.#last;
    if (shape === null || !this.#hasShape(start, letters, shape)) {
      const sameHash = this.#byHash.get(hash) ?? [];
      if (sameHash.length === 0) this.#byHash.set(hash, sameHash);
      shape = sameHash.find((one) => this.#hasShape(start, letters, one)) ?? null;
      if (shape === null) {
        shape = { classes: this.#classesFrom(start, letters), rows: [] };
        sameHash.push(shape);
        this.all.push(shape);
      }
      this.#last = shape;
    }
    shape.rows.push(row);
  }

  #hasShape(start: number, letters: number, { classes }: Shape): boolean {
    if (classes.length !== letters) return false;
    const units = this.#units;
    for (let letter = 0, index = start; letter < letters; index++) {
      const found = CLASS_OF[units[index]!]!;
      if (found >= 0 && found !== classes[letter++]) return false;
    }
    return true;
  }

  #classesFrom(start: number, letters: number): Uint8Array {
    const classes = new Uint8Array(letters);
    for (let letter = 0, index = start; letter < letters; index++) {
      const found = CLASS_OF[this.#units[index]!]!;
      if (found >= 0) classes[letter++] = found;
    }
    return classes;
  }
}
