/** Hashes that are counted at a time: what is told is short by one in so many at most. */
const COUNTERS = 256;

/** Twice as many, so that a hash is found in a step or two. */
const SLOTS = COUNTERS * 2;

/** How often the most frequent of many hashes comes, in bounded memory (Misra and Gries, 1982). */
export class CommonValues {
  #highs = new Int32Array(SLOTS);
  #lows = new Int32Array(SLOTS);
  /** 0 marks a free slot. */
  #counts = new Float64Array(SLOTS);
  #used = 0;
  #all = 0;

  add(high: number, low: number): void {
    this.#all++;
    const slot = this.#slotOf(high | 0, low | 0);
    if (this.#counts[slot] === 0) {
      if (this.#used === COUNTERS) {
        this.#forgetOneOfEach();
        return;
      }
      this.#highs[slot] = high;
      this.#lows[slot] = low;
      this.#used++;
    }
    this.#counts[slot]!++;
  }

  /** Share of all that is the most frequent: exact for up to 256 different ones, else too low by 0.4 % at most. */
  get mostShare(): number {
    return this.#all === 0 ? 0 : Math.max(...this.#counts) / this.#all;
  }

  #slotOf(high: number, low: number): number {
    let slot = high & (SLOTS - 1);
    while (this.#counts[slot] !== 0 && (this.#highs[slot] !== high || this.#lows[slot] !== low)) slot = (slot + 1) & (SLOTS - 1);
    return slot;
  }

  #forgetOneOfEach(): void {
    const [highs, lows, counts] = [this.#highs, this.#lows, this.#counts];
    this.#highs = new Int32Array(SLOTS);
    this.#lows = new Int32Array(SLOTS);
    this.#counts = new Float64Array(SLOTS);
    this.#used = 0;
    for (let from = 0; from < SLOTS; from++) {
      if (counts[from]! <= 1) continue;
      const slot = this.#slotOf(highs[from]!, lows[from]!);
      this.#highs[slot] = highs[from]!;
      this.#lows[slot] = lows[from]!;
      this.#counts[slot] = counts[from]! - 1;
      this.#used++;
    }
  }
}
