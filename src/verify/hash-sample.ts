/** Slots that a sample starts with, and the most that it may have: 40 MB. */
const FEW_SLOTS = 1 << 10;
const MOST_SLOTS = 1 << 22;

/** Above this share of used slots a search takes too many steps. */
const FULL = 0.7;

/**
 * Hashes of 64 bits, each with a tag, in bounded memory. As long as there is room it is a plain set. Then it keeps every second hash, every fourth and so on: always
 * those whose last bits are 0, so two samples keep the same ones and can be compared, and a set is as large as what is kept times `every`.
 */
export class HashSample {
  readonly #mostSlots: number;
  #slots = FEW_SLOTS;
  #highs = new Int32Array(FEW_SLOTS);
  #lows = new Int32Array(FEW_SLOTS);
  /** 0 marks a free slot. */
  #tags = new Uint16Array(FEW_SLOTS);
  #size = 0;
  #every = 1;

  /** `mostSlots` is a power of two, from 1,024. */
  constructor(mostSlots: number = MOST_SLOTS) {
    this.#mostSlots = mostSlots;
  }

  /** One of so many hashes is kept. */
  get every(): number {
    return this.#every;
  }

  get size(): number {
    return this.#size;
  }

  /** How many different hashes were added: exact as long as all are kept. */
  get estimate(): number {
    return this.#size * this.every;
  }

  /** Whether the sample would know of this hash. */
  keeps(low: number): boolean {
    return (low & (this.#every - 1)) === 0;
  }

  /** Adds a hash where it is kept. False where it was there already: its first tag stays. Tags are from 1 to 65,535. */
  add(high: number, low: number, tag = 1): boolean {
    if (!this.keeps(low)) return true;
    const slot = this.#slotOf(high, low);
    if (this.#tags[slot] !== 0) return false;
    this.#put(slot, high, low, tag);
    if (this.#size > this.#slots * FULL) this.#makeRoom();
    return true;
  }

  /** The tag that a hash was added with, 0 where it was not, or is not kept. */
  tagOf(high: number, low: number): number {
    return this.keeps(low) ? this.#tags[this.#slotOf(high, low)]! : 0;
  }

  /** Drops hashes until only one of `every` is kept. */
  thinTo(every: number): void {
    while (this.every < every) this.#thin();
  }

  /** How many of these hashes another sample does not have, of those that both would keep. */
  missingIn(other: HashSample): { readonly missing: number; readonly compared: number; readonly every: number } {
    const every = Math.max(this.every, other.every);
    let [missing, compared] = [0, 0];
    for (const [high, low] of this.hashes()) {
      if ((low & (every - 1)) !== 0) continue;
      compared++;
      if (other.tagOf(high, low) === 0) missing++;
    }
    return { missing, compared, every };
  }

  *hashes(): Generator<readonly [high: number, low: number]> {
    for (let slot = 0; slot < this.#slots; slot++) if (this.#tags[slot] !== 0) yield [this.#highs[slot]!, this.#lows[slot]!];
  }

  /** The slot of a hash, or the free one that it would take. */
  #slotOf(high: number, low: number): number {
    const [highs, lows, tags, last] = [this.#highs, this.#lows, this.#tags, this.#slots - 1];
    const [wantedHigh, wantedLow] = [high | 0, low | 0];
    // The low bits of `low` are all 0 in a thinned sample.
    for (let slot = high & last; ; slot = (slot + 1) & last) {
      const there = highs[slot]!;
      // The other arrays are asked last: each costs a read from far memory, and most of the slots that are passed hold another hash, or none.
      if (there === wantedHigh ? tags[slot] === 0 || lows[slot] === wantedLow : there === 0 && tags[slot] === 0) return slot;
    }
  }

  #put(slot: number, high: number, low: number, tag: number): void {
    this.#highs[slot] = high;
    this.#lows[slot] = low;
    this.#tags[slot] = tag;
    this.#size++;
  }

  #makeRoom(): void {
    if (this.#slots < this.#mostSlots) this.#rebuild(this.#slots * 2);
    else while (this.#size > this.#slots * FULL) this.#thin();
  }

  #thin(): void {
    this.#every *= 2;
    this.#rebuild(this.#slots);
  }

  #rebuild(slots: number): void {
    const [highs, lows, tags] = [this.#highs, this.#lows, this.#tags];
    this.#slots = slots;
    this.#highs = new Int32Array(slots);
    this.#lows = new Int32Array(slots);
    this.#tags = new Uint16Array(slots);
    this.#size = 0;
    for (let from = 0; from < tags.length; from++) {
      if (tags[from] === 0 || !this.keeps(lows[from]!)) continue;
      this.#put(this.#slotOf(highs[from]!, lows[from]!), highs[from]!, lows[from]!, tags[from]!);
    }
  }
}
