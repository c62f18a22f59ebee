/** Hashes that are counted at a time: what is told is short by one in so many at most. */
const COUNTERS = 256;

/** How often the most frequent of many hashes comes, in bounded memory (Misra and Gries, 1982). */
export class CommonValues {
  readonly #counts = new Map<number, number>();
  #all = 0;

  add(high: number, low: number): void {
    this.#all++;
    const hash = high * 2 ** 20 + (low >>> 12);
    const count = this.#counts.get(hash);
    if (count !== undefined) this.#counts.set(hash, count + 1);
    else if (this.#counts.size < COUNTERS) this.#counts.set(hash, 1);
    else this.#forgetOneOfEach();
  }

  /** Share of all that is the most frequent: exact for up to 256 different ones, else too low by 0.4 % at most. */
  get mostShare(): number {
    return this.#all === 0 ? 0 : Math.max(0, ...this.#counts.values()) / this.#all;
  }

  #forgetOneOfEach(): void {
    for (const [hash, count] of this.#counts) {
      if (count === 1) this.#counts.delete(hash);
      else this.#counts.set(hash, count - 1);
    }
  }
}
