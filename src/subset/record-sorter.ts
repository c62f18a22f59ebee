import { RecordCursor } from "./record-cursor.ts";
import type { SpillFile, SpillRegion } from "./spill-file.ts";
import { SpillWriter } from "./spill-writer.ts";

/** Runs that are merged at a time: each has a cursor's buffer of 64 KiB. */
const MOST_RUNS = 128;
const DIGIT_BITS = 16;

/** Sorts records, of which the first two numbers are the key, by an external merge sort: memory for `capacity` records, twice, and the rest in a file. */
export class RecordSorter {
  readonly #file: SpillFile;
  readonly #width: number;
  readonly #most: number;
  #records: Uint32Array;
  #length = 0;
  #runs: (readonly SpillRegion[])[] = [];

  constructor(file: SpillFile, width: number, capacity: number) {
    this.#file = file;
    this.#width = width;
    this.#most = capacity * width;
    this.#records = new Uint32Array(Math.min(this.#most, 1024 * width));
  }

  add(...record: readonly number[]): void {
    if (this.#length === this.#records.length) this.#makeRoom();
    for (let part = 0; part < this.#width; part++) this.#records[this.#length++] = record[part]!;
  }

  /** All records in the order of their keys. Nothing can be added behind it. */
  sorted(): readonly SpillRegion[] {
    this.#endRun();
    this.#records = new Uint32Array(0);
    while (this.#runs.length > 1) {
      const merged: (readonly SpillRegion[])[] = [];
      for (let from = 0; from < this.#runs.length; from += MOST_RUNS)
        merged.push(mergeRuns(this.#file, this.#runs.slice(from, from + MOST_RUNS), this.#width));
      this.#runs = merged;
    }
    return this.#runs[0] ?? [];
  }

  #makeRoom(): void {
    if (this.#length === this.#most) {
      this.#endRun();
      return;
    }
    const grown = new Uint32Array(Math.min(this.#most, this.#length * 2));
    grown.set(this.#records);
    this.#records = grown;
  }

  #endRun(): void {
    if (this.#length === 0) return;
    this.#runs.push([this.#file.append(sortRecords(this.#records.subarray(0, this.#length), this.#width))]);
    this.#length = 0;
  }
}

/** Sorts by the first two numbers, the first before the second: from the last digit to the first, each time keeping the order of equals. */
function sortRecords(records: Uint32Array, width: number): Uint32Array {
  let from: Uint32Array = records;
  let to: Uint32Array = new Uint32Array(records.length);
  const counts = new Uint32Array(1 << DIGIT_BITS);
  for (const [part, shift] of [
    [1, 0],
    [1, 16],
    [0, 0],
    [0, 16],
  ] as const) {
    counts.fill(0);
    for (let at = part; at < from.length; at += width) counts[(from[at]! >>> shift) & 0xffff]!++;
    for (let digit = 0, sum = 0; digit < counts.length; digit++) {
      const count = counts[digit]!;
      counts[digit] = sum;
      sum += count;
    }
    for (let at = 0; at < from.length; at += width) {
      let place = counts[(from[at + part]! >>> shift) & 0xffff]!++ * width;
      for (let index = at; index < at + width; index++) to[place++] = from[index]!;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Merges sorted runs into one by a heap of their cursors. */
function mergeRuns(file: SpillFile, runs: readonly (readonly SpillRegion[])[], width: number): readonly SpillRegion[] {
  if (runs.length === 1) return runs[0]!;
  const heap = runs.map((run) => new RecordCursor(file, run, width)).filter((cursor) => cursor.next());
  for (let index = heap.length >> 1; index >= 0; index--) sink(heap, index);
  const writer = new SpillWriter(file);
  while (heap.length > 0) {
    const [first] = heap as [RecordCursor];
    writer.addRecord(first.numbers, first.at, width);
    if (!first.next()) {
      const last = heap.pop()!;
      if (heap.length === 0) break;
      heap[0] = last;
    }
    sink(heap, 0);
  }
  return writer.ended();
}

function sink(heap: RecordCursor[], from: number): void {
  for (let index = from; ; ) {
    const left = index * 2 + 1;
    if (left >= heap.length) return;
    const least = left + 1 < heap.length && isBefore(heap[left + 1]!, heap[left]!) ? left + 1 : left;
    if (!isBefore(heap[least]!, heap[index]!)) return;
    [heap[index], heap[least]] = [heap[least]!, heap[index]!];
    index = least;
  }
}

function isBefore(one: RecordCursor, other: RecordCursor): boolean {
  const [a, b] = [one.numbers[one.at]!, other.numbers[other.at]!];
  return a < b || (a === b && one.numbers[one.at + 1]! < other.numbers[other.at + 1]!);
}
