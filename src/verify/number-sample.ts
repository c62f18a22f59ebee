import type { Drift } from "./column-profile.ts";

/** Two distributions over the same steps, as shares; the outermost steps hold what lies beyond them. */
export interface Shapes {
  readonly source: readonly number[];
  readonly target: readonly number[];
}

/** Deviations that the steps reach to either side of the mean. */
const REACH = 3;

/** Numbers that are kept to compare distributions. */
const KEPT = 2_048;

/** Mean and deviation of a stream of numbers (Welford), and a fair sample of it. */
export class NumberSample {
  readonly #kept: number[] = [];
  #count = 0;
  #mean = 0;
  #squares = 0;

  /** Leaves out what is no finite number. */
  add(number: number): void {
    if (!Number.isFinite(number)) return;
    this.#count++;
    const step = number - this.#mean;
    this.#mean += step / this.#count;
    this.#squares += step * (number - this.#mean);
    if (this.#kept.length < KEPT) this.#kept.push(number);
    else {
      const slot = Math.floor(Math.random() * this.#count);
      if (slot < KEPT) this.#kept[slot] = number;
    }
  }

  driftTo(other: NumberSample): Drift | null {
    if (this.#count === 0 || other.#count === 0) return null;
    const [own, theirs] = [this.#deviation(), other.#deviation()];
    const shift = other.#mean - this.#mean;
    return {
      meanShift: shift === 0 ? 0 : own === 0 ? Math.sign(shift) * Number.POSITIVE_INFINITY : shift / own,
      spread: own === theirs ? 1 : own === 0 ? Number.POSITIVE_INFINITY : theirs / own,
      distance: distanceOf(this.#kept, other.#kept),
    };
  }

  /** How many of these, and of another sample's, lie in each of `bins` equal steps from three deviations of these below their mean to three above. */
  shapesOf(other: NumberSample, bins: number): Shapes | null {
    if (this.#count === 0 || other.#count === 0) return null;
    const [deviation, mean] = [this.#deviation(), this.#mean];
    const share = (kept: readonly number[]) => {
      const counts = new Array<number>(bins).fill(0);
      for (const number of kept) {
        const place = deviation === 0 ? Math.sign(number - mean) * REACH : (number - mean) / deviation;
        const bin = Math.floor(((place + REACH) / (2 * REACH)) * bins);
        counts[Math.min(bins - 1, Math.max(0, bin))]!++;
      }
      return counts.map((count) => count / kept.length);
    };
    return { source: share(this.#kept), target: share(other.#kept) };
  }

  #deviation(): number {
    return Math.sqrt(this.#squares / this.#count);
  }
}

/** The largest difference of two cumulative distributions. */
function distanceOf(some: readonly number[], others: readonly number[]): number {
  const [one, other] = [some, others].map((numbers) => Float64Array.from(numbers).sort()) as [Float64Array, Float64Array];
  let [at, there, most] = [0, 0, 0];
  while (at < one.length && there < other.length) {
    const next = Math.min(one[at]!, other[there]!);
    while (one[at] === next) at++;
    while (other[there] === next) there++;
    most = Math.max(most, Math.abs(at / one.length - there / other.length));
  }
  return most;
}
