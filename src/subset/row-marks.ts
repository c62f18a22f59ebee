/** Words of a page: two million rows in 256 KiB. */
const PAGE_BITS = 16;
const PAGE_WORDS = 1 << PAGE_BITS;

/** Which rows of a table are marked, by their ordinals: a bit each, in pages that are made when a mark falls into them. */
export class RowMarks {
  readonly #pages: (Uint32Array | undefined)[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  has(row: number): boolean {
    const word = row >>> 5;
    return ((this.#pages[word >>> PAGE_BITS]?.[word & (PAGE_WORDS - 1)] ?? 0) & (1 << (row & 31))) !== 0;
  }

  /** Marks a row. False where it was marked before. */
  add(row: number): boolean {
    const word = row >>> 5;
    const index = word >>> PAGE_BITS;
    let page = this.#pages[index];
    if (page === undefined) {
      page = new Uint32Array(PAGE_WORDS);
      this.#pages[index] = page;
    }
    const bit = 1 << (row & 31);
    if ((page[word & (PAGE_WORDS - 1)]! & bit) !== 0) return false;
    page[word & (PAGE_WORDS - 1)]! |= bit;
    this.#count++;
    return true;
  }
}
