import { LETTER_CLASSES, SIZE_OF } from "./letter-classes.ts";

/** The arithmetic of long numbers takes the square of their length: a cell of a megabyte would take hours. */
export const MAX_LETTERS = 10_000;

/** Letters of the shapes that are kept from one column to the next, with what is made ready for each: 300 bytes a letter. */
const MAX_KEPT_LETTERS = 1 << 17;

/** What the letters of a value are, one class after the other, and the values of a column that have these. */
export class Shape {
  readonly classes: Uint8Array;
  /** Rows of this shape, and where their values begin among the code units of the column. */
  rows: number[] = [];
  starts: number[] = [];

  constructor(classes: Uint8Array) {
    this.classes = classes;
  }

  has(classes: Uint8Array, letters: number): boolean {
    if (this.classes.length !== letters) return false;
    for (let letter = 0; letter < letters; letter++) if (this.classes[letter] !== classes[letter]) return false;
    return true;
  }
}

/** The shapes of columns, found by a hash of their classes: a text to name each value's shape would take longer than all the rest. */
export class ShapeIndex {
  /** The classes of the letters of the value that is added next. */
  readonly classes = new Uint8Array(MAX_LETTERS);
  /** The shapes of the column at hand. */
  used: Shape[] = [];
  readonly #byHash = new Map<number, Shape[]>();
  #letters = 0;
  #last: Shape | null = null;

  /** Forgets the values of the column before. */
  begin(): void {
    for (const shape of this.used) {
      shape.rows = [];
      shape.starts = [];
    }
    this.used = [];
    this.#last = null;
    if (this.#letters <= MAX_KEPT_LETTERS) return;
    this.#byHash.clear();
    this.#letters = 0;
  }

  /** Adds the row whose classes are written, and whether they begin like those of the row before it. */
  add(row: number, start: number, hash: number, letters: number, isLikeLast: boolean): void {
    let shape = this.#last;
    if (shape === null || !isLikeLast || shape.classes.length !== letters) shape = this.#shapeOf(hash, letters);
    if (shape.rows.length === 0) this.used.push(shape);
    shape.rows.push(row);
    shape.starts.push(start);
    this.#last = shape;
  }

  /** The classes that are written are of no use. */
  forget(): void {
    this.#last = null;
  }

  #shapeOf(hash: number, letters: number): Shape {
    const sameHash = this.#byHash.get(hash) ?? [];
    if (sameHash.length === 0) this.#byHash.set(hash, sameHash);
    const known = sameHash.find((shape) => shape.has(this.classes, letters));
    if (known !== undefined) return known;
    const shape = new Shape(this.classes.slice(0, letters));
    sameHash.push(shape);
    this.#letters += letters;
    return shape;
  }
}

/** How many values have these classes. */
export function sizeOf(classes: Uint8Array): bigint {
  return classes.reduce((product, found) => product * BigInt(SIZE_OF[found]!), 1n);
}

/** The classes of a shape, a character each. */
export function nameOf(classes: Uint8Array): string {
  let name = "";
  for (const found of classes) name += LETTER_CLASSES[found]!.name;
  return name;
}
