/** Keeps so many rows with the least draws. */
export class LeastDraws {
  readonly #most: number;
  /** The greatest first: it goes when a lesser one comes. */
  #heap: [high: number, low: number, row: number][] = [];

  constructor(most: number) {
    this.#most = most;
  }

  add(row: number, high: number, low: number): void {
    const own: [number, number, number] = [high, low, row];
    const heap = this.#heap;
    if (heap.length < this.#most) {
      heap.push(own);
      for (let index = heap.length - 1; index > 0; ) {
        const above = (index - 1) >> 1;
        if (compareDraws(heap[above]!, heap[index]!) >= 0) break;
        [heap[above], heap[index]] = [heap[index]!, heap[above]!];
        index = above;
      }
      return;
    }
    if (compareDraws(own, heap[0]!) >= 0) return;
    heap[0] = own;
    for (let index = 0; ; ) {
      const left = index * 2 + 1;
      if (left >= heap.length) return;
      const greatest = left + 1 < heap.length && compareDraws(heap[left + 1]!, heap[left]!) > 0 ? left + 1 : left;
      if (compareDraws(heap[greatest]!, heap[index]!) <= 0) return;
      [heap[index], heap[greatest]] = [heap[greatest]!, heap[index]!];
      index = greatest;
    }
  }

  /** Those that were kept; the next begin anew. */
  taken(): readonly number[] {
    const rows = this.#heap.map(([, , row]) => row);
    this.#heap = [];
    return rows;
  }
}

function compareDraws(one: readonly number[], other: readonly number[]): number {
  return one[0]! - other[0]! || one[1]! - other[1]! || one[2]! - other[2]!;
}
