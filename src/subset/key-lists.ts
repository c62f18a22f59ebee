import { LeastDraws } from "./least-draws.ts";
import { RecordCursor } from "./record-cursor.ts";
import { RecordSorter } from "./record-sorter.ts";
import type { SpillFile, SpillRegion } from "./spill-file.ts";
import { SpillWriter } from "./spill-writer.ts";

/** Rows of a table by its key: the number of the key, and the row. */
export interface NumberedKeys {
  readonly pairs: readonly SpillRegion[];
}

/** A parent's keys in order, each different one with a number. */
export interface ParentKeys extends NumberedKeys {
  /** The hashes of the different keys, in the order of their numbers. */
  readonly hashes: readonly SpillRegion[];
}

const HASHED_WIDTH = 3;
const DRAWN_WIDTH = 5;
const PAIR = 2;

/** Takes the keys of rows as a table goes by, and sorts them. A record is a hash and a row, and a draw where some of a key's rows are drawn. */
export class KeyList {
  readonly #file: SpillFile;
  readonly #sorter: RecordSorter;

  constructor(file: SpillFile, capacity: number, isDrawn = false) {
    this.#file = file;
    this.#sorter = new RecordSorter(file, isDrawn ? DRAWN_WIDTH : HASHED_WIDTH, capacity);
  }

  add(high: number, low: number, row: number): void {
    this.#sorter.add(high, low, row);
  }

  addDrawn(high: number, low: number, row: number, drawnHigh: number, drawnLow: number): void {
    this.#sorter.add(high, low, row, drawnHigh, drawnLow);
  }

  /** Numbers the different keys. */
  asParents(): ParentKeys {
    const cursor = new RecordCursor(this.#file, this.#sorter.sorted(), HASHED_WIDTH);
    const [hashes, pairs] = [new SpillWriter(this.#file), new SpillWriter(this.#file)];
    let [key, high, low] = [-1, 0, 0];
    while (cursor.next()) {
      const { numbers, at } = cursor;
      if (key < 0 || numbers[at] !== high || numbers[at + 1] !== low) {
        [high, low] = [numbers[at]!, numbers[at + 1]!];
        hashes.add(high, low);
        key++;
      }
      pairs.add(key, numbers[at + 2]!);
    }
    return { hashes: hashes.ended(), pairs: pairs.ended() };
  }

  /** The rows whose key is one of the parents', by its number; of each key no more than `max`, those with the least draws. */
  among({ hashes }: ParentKeys, max: number | null = null): NumberedKeys {
    const width = max === null ? HASHED_WIDTH : DRAWN_WIDTH;
    const cursor = new RecordCursor(this.#file, this.#sorter.sorted(), width);
    const parents = new RecordCursor(this.#file, hashes, PAIR);
    const pairs = new SpillWriter(this.#file);
    const drawn = max === null ? null : new LeastDraws(max);
    const passOn = (key: number) => {
      for (const row of drawn?.taken() ?? []) pairs.add(key, row);
    };
    let key = parents.next() ? 0 : -1;
    while (key >= 0 && cursor.next()) {
      const { numbers, at } = cursor;
      while (key >= 0 && isBefore(parents, numbers[at]!, numbers[at + 1]!)) {
        passOn(key);
        key = parents.next() ? key + 1 : -1;
      }
      if (key < 0) break;
      if (parents.numbers[parents.at] !== numbers[at] || parents.numbers[parents.at + 1] !== numbers[at + 1]) continue;
      if (drawn === null) pairs.add(key, numbers[at + 2]!);
      else drawn.add(numbers[at + 2]!, numbers[at + 3]!, numbers[at + 4]!);
    }
    if (key >= 0) passOn(key);
    return { pairs: pairs.ended() };
  }

  /** So many rows with the least hashes, which are draws here. */
  *least(count: number): Generator<number> {
    const cursor = new RecordCursor(this.#file, this.#sorter.sorted(), HASHED_WIDTH);
    for (let taken = 0; taken < count && cursor.next(); taken++) yield cursor.numbers[cursor.at + 2]!;
  }
}

/** Goes through the rows of numbered keys. */
export function eachPair(file: SpillFile, { pairs }: NumberedKeys, visit: (key: number, row: number) => void): void {
  const cursor = new RecordCursor(file, pairs, PAIR);
  while (cursor.next()) visit(cursor.numbers[cursor.at]!, cursor.numbers[cursor.at + 1]!);
}

function isBefore({ numbers, at }: RecordCursor, high: number, low: number): boolean {
  return numbers[at]! < high || (numbers[at] === high && numbers[at + 1]! < low);
}
