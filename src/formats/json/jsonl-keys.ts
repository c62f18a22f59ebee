/** The names that objects may have, found again from their bytes. Most files write the same names in the same order in every line: that is the fast way. */
export class JsonlKeys {
  readonly names: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  /** As most writers write them, quotes included. */
  readonly #written: readonly Buffer[];
  /** The name that followed each, and the first of a line, when last looked. */
  readonly #next: Int32Array;
  #former = 0;

  constructor(names: readonly string[]) {
    this.names = names;
    this.#places = new Map(names.map((name, index) => [name, index]));
    this.#written = names.map((name) => Buffer.from(JSON.stringify(name)));
    this.#next = new Int32Array(names.length + 1).map((_, index) => index);
  }

  /** Before the first name of a line. */
  begin(): void {
    this.#former = 0;
  }

  /** The place of the name whose literal is `bytes[from, to)`, -1 for one that is not known. */
  find(bytes: Buffer, from: number, to: number): number {
    const expected = this.#next[this.#former]!;
    const written = this.#written[expected];
    const isExpected = written !== undefined && written.length === to - from && isEqual(bytes, from, written);
    const place = isExpected ? expected : (this.#places.get(nameOf(bytes, from, to)) ?? -1);
    if (place >= 0) {
      this.#next[this.#former] = place;
      this.#former = place + 1;
    }
    return place;
  }
}

/** What a name's literal stands for: two spellings of one name are one name. */
export function nameOf(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString("utf8", from, to);
  return text.includes("\\") ? JSON.parse(text) : text.slice(1, -1);
}

function isEqual(bytes: Buffer, from: number, other: Buffer): boolean {
  for (let index = 0; index < other.length; index++) if (bytes[from + index] !== other[index]) return false;
  return true;
}
